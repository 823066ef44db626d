"""Requests of the contract, validated, as values: everything that can be told wrong before a text is read is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svodka.errors import FieldViolation, InvalidRequest
from svodka.figures.types import Mode
from svodka.language import primary
from svodka.types import LANGUAGES, ComparisonOrder, Contender, Length, Policy, SummaryOrder, Term, TranslationOrder
from svodka.v1 import figures_pb2, summary_pb2

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svodka.settings import Settings
    from svodka.v1 import translation_pb2

__all__ = ["check_mode", "comparison_order", "require_text", "summary_order", "translation_order"]

_MODES = {
    figures_pb2.CHECK_MODE_UNSPECIFIED: Mode.TRANSLATION,
    figures_pb2.CHECK_MODE_TRANSLATION: Mode.TRANSLATION,
    figures_pb2.CHECK_MODE_SUMMARY: Mode.SUMMARY,
}
_POLICIES = {
    summary_pb2.POLICY_UNSPECIFIED: Policy.REPAIR,
    summary_pb2.REPORT: Policy.REPORT,
    summary_pb2.REPAIR: Policy.REPAIR,
    summary_pb2.STRICT: Policy.STRICT,
}
# More terms, or longer ones, are a mistake of the client's.
_MAX_TERMS, _MAX_TERM_CHARACTERS = 100, 200
_MAX_ID_CHARACTERS = 200
# More columns can be read by nobody.
_MAX_TRANSLATORS, _MAX_NAME_CHARACTERS, _MAX_BEAM = 8, 80, 16


def summary_order(request: summary_pb2.SummarizeRequest, settings: Settings, deadline: float | None = None) -> SummaryOrder:
    """What a SummarizeRequest asks, to be answered by `deadline` on the clock of time.monotonic.

    Raises:
        InvalidRequest: with every violation that can be told before the text is read.
    """
    faults = [
        *_text_faults("text", request.text, settings.max_text_characters),
        *_word_faults(request.text, settings.max_article_words),
        *_term_faults("do_not_translate", [(term, term) for term in request.do_not_translate]),
        *_term_faults("glossary", [(term.source, term.target) for term in request.glossary]),
        *_target_faults(request.target_languages),
        *_length_faults(request.length, settings.max_summary_sentences),
        *_enum_faults("policy", request.policy, _POLICIES),
    ]
    if len(request.title) > settings.max_title_characters:
        faults.append(_too_long("title", len(request.title), settings.max_title_characters))
    if len(request.request_id) > _MAX_ID_CHARACTERS:
        faults.append(_too_long("request_id", len(request.request_id), _MAX_ID_CHARACTERS))
    if faults:
        raise InvalidRequest(*faults)
    return SummaryOrder(
        text=request.text,
        title=request.title,
        language=request.language or None,
        targets=tuple(dict.fromkeys(primary(tag) for tag in request.target_languages)) or LANGUAGES,
        length=_length(request.length, settings),
        policy=_POLICIES[request.policy],
        terms=_terms(request),
        deadline=deadline,
    )


def translation_order(request: translation_pb2.TranslateRequest, settings: Settings, deadline: float | None = None) -> TranslationOrder:
    """What a TranslateRequest asks, to be answered by `deadline` on the clock of time.monotonic.

    Raises:
        InvalidRequest: with every violation that can be told before the text is read.
    """
    faults = [
        *_text_faults("text", request.text, settings.max_translation_characters),
        *_term_faults("do_not_translate", [(term, term) for term in request.do_not_translate]),
        *_term_faults("glossary", [(term.source, term.target) for term in request.glossary]),
        *_enum_faults("policy", request.policy, _POLICIES),
    ]
    if primary(request.target_language) not in LANGUAGES:
        faults.append(_unsupported("target_language", request.target_language))
    if faults:
        raise InvalidRequest(*faults)
    return TranslationOrder(
        text=request.text,
        source=request.source_language or None,
        target=primary(request.target_language),
        policy=_POLICIES[request.policy],
        terms=_terms(request),
        deadline=deadline,
    )


def comparison_order(
    request: translation_pb2.CompareTranslationsRequest, settings: Settings, deadline: float | None = None
) -> ComparisonOrder:
    """What a CompareTranslationsRequest asks, to be answered by `deadline` on the clock of time.monotonic.

    Raises:
        InvalidRequest: with every violation that can be told before the text is read.
    """
    limit = settings.max_translation_characters
    faults = [
        *_text_faults("text", request.text, settings.max_text_characters if request.summary else limit),
        *_word_faults(request.text, settings.max_article_words),
        *_length_faults(request.length, settings.max_summary_sentences),
        *_translators_faults(request.translators, settings),
    ]
    if len(request.reference) > limit:
        faults.append(_too_long("reference", len(request.reference), limit))
    if len(request.title) > settings.max_title_characters:
        faults.append(_too_long("title", len(request.title), settings.max_title_characters))
    if request.target_language and primary(request.target_language) not in LANGUAGES:
        faults.append(_unsupported("target_language", request.target_language))
    if faults:
        raise InvalidRequest(*faults)
    return ComparisonOrder(
        text=request.text,
        title=request.title,
        source=request.source_language or None,
        target=primary(request.target_language) or None,
        contenders=tuple(_contender(translator) for translator in request.translators),
        reference=request.reference if request.reference.strip() else "",
        length=_length(request.length, settings) if request.summary else None,
        deadline=deadline,
    )


def require_text(field: str, text: str, limit: int) -> str:
    """A text of a request, within its limit.

    Raises:
        InvalidRequest: it is empty or too long.
    """
    if faults := _text_faults(field, text, limit):
        raise InvalidRequest(*faults)
    return text


def check_mode(value: int) -> Mode:
    """The mode of a CheckFiguresRequest.

    Raises:
        InvalidRequest: the number is none of the contract's.
    """
    if faults := _enum_faults("mode", value, _MODES):
        raise InvalidRequest(*faults)
    return _MODES[figures_pb2.CheckMode.ValueType(value)]


def _text_faults(field: str, text: str, limit: int) -> list[FieldViolation]:
    if not text.strip():
        return [FieldViolation(field=field, description="is empty; send a text in English or Russian")]
    return [_too_long(field, len(text), limit)] if len(text) > limit else []


def _too_long(field: str, length: int, limit: int) -> FieldViolation:
    return FieldViolation(field=field, description=f"has {length} characters; the limit is {limit}")


def _word_faults(text: str, limit: int) -> list[FieldViolation]:
    words = len(text.split())
    return [FieldViolation(field="text", description=f"has {words} words; the limit is {limit}")] if words > limit else []


def _unsupported(field: str, tag: str) -> FieldViolation:
    return FieldViolation(field=field, description=f"{tag!r} is not supported; there is en and ru")


def _target_faults(tags: Iterable[str]) -> list[FieldViolation]:
    return [_unsupported(f"target_languages[{index}]", tag) for index, tag in enumerate(tags) if primary(tag) not in LANGUAGES]


def _terms(request: summary_pb2.SummarizeRequest | translation_pb2.TranslateRequest) -> tuple[Term, ...]:
    kept = [Term(source=term, target=term) for term in request.do_not_translate]
    return (*kept, *(Term(source=term.source, target=term.target) for term in request.glossary))


def _term_faults(field: str, terms: Sequence[tuple[str, str]]) -> list[FieldViolation]:
    if len(terms) > _MAX_TERMS:
        return [FieldViolation(field=field, description=f"has {len(terms)} terms; the limit is {_MAX_TERMS}")]
    return [
        FieldViolation(field=f"{field}[{index}]", description=f"must have 1 to {_MAX_TERM_CHARACTERS} characters")
        for index, sides in enumerate(terms)
        if any(not side.strip() or len(side) > _MAX_TERM_CHARACTERS for side in sides)
    ]


def _contender(translator: translation_pb2.Translator) -> Contender:
    given = translator.given if translator.WhichOneof("source") == "given" else None
    return Contender(
        name=translator.name, profile=translator.profile, given=given, policy=_POLICIES[translator.policy], beam=translator.beam
    )


def _translators_faults(translators: Sequence[translation_pb2.Translator], settings: Settings) -> list[FieldViolation]:
    if not 2 <= len(translators) <= _MAX_TRANSLATORS:
        told = f"has {len(translators)}; a comparison takes 2 to {_MAX_TRANSLATORS}"
        return [FieldViolation(field="translators", description=told)]
    faults = []
    for place, translator in enumerate(translators):
        field = f"translators[{place}]"
        if not 0 < len(translator.name.strip()) <= len(translator.name) <= _MAX_NAME_CHARACTERS:
            faults.append(FieldViolation(field=f"{field}.name", description=f"must have 1 to {_MAX_NAME_CHARACTERS} characters"))
        if translator.name in {other.name for other in translators[:place]}:
            faults.append(FieldViolation(field=f"{field}.name", description=f"{translator.name!r} is the name of another one"))
        if translator.WhichOneof("source") == "given":
            faults += _text_faults(f"{field}.given", translator.given, settings.max_translation_characters)
        elif translator.profile and translator.profile not in settings.profiles:
            told = f"no profile {translator.profile!r}; there is {', '.join(settings.profiles)}"
            faults.append(FieldViolation(field=f"{field}.profile", description=told))
        if not 0 <= translator.beam <= _MAX_BEAM:
            faults.append(FieldViolation(field=f"{field}.beam", description=f"is {translator.beam}; say 1 to {_MAX_BEAM}"))
        faults += _enum_faults(f"{field}.policy", translator.policy, _POLICIES)
    return faults


def _length(length: summary_pb2.Length, settings: Settings) -> Length:
    return Length(
        max_sentences=length.max_sentences or min(settings.summary_sentences, settings.max_summary_sentences),
        max_characters=length.max_characters or None,
    )


def _length_faults(length: summary_pb2.Length, max_sentences: int) -> list[FieldViolation]:
    faults = []
    if not 0 <= length.max_sentences <= max_sentences:
        faults.append(FieldViolation(field="length.max_sentences", description=f"is {length.max_sentences}; say 1 to {max_sentences}"))
    if length.max_characters < 0:
        faults.append(FieldViolation(field="length.max_characters", description=f"is {length.max_characters}; say 1 or more"))
    return faults


def _enum_faults(field: str, value: int, known: Iterable[int]) -> list[FieldViolation]:
    return [] if value in set(known) else [FieldViolation(field=field, description=f"{value} is no value of this contract")]
