"""The way of a comparison, from request to response, with models that are told what to say."""

from __future__ import annotations

import time

import pytest

from fakes import FakeEncoder, FakeTranslator, ToldGenerator, summariser_entry
from svodka import answers, call
from svodka.abstract import AbstractiveSummariser
from svodka.compare.given import LOST
from svodka.cost import comparison_tokens
from svodka.errors import Cancelled, DeadlineExceeded, InvalidRequest
from svodka.pipeline import Pipeline
from svodka.repair import Ladder
from svodka.settings import Settings
from svodka.summarise import ExtractiveSummariser
from svodka.v1 import figures_pb2, summary_pb2, translation_pb2
from svodka.wire import comparisons, requests

MONEY, SHIPS = "The firm paid $8 billion for its new ships.", "It has 82 ships in the harbour of the town."
TEXT = f"{MONEY}\n{SHIPS}"
RIGHT, WRONG = "Фирма заплатила 8 млрд долларов за свои новые корабли.", "Фирма заплатила 8 млн долларов за свои новые корабли."
SHIPS_RU = "У неё 82 корабля в гавани города."
TRANSLATOR = {MONEY: (WRONG, RIGHT), SHIPS: (SHIPS_RU,)}
SETTINGS = Settings()


def _translator(name: str, *, given: str | None = None, **fields: object) -> translation_pb2.Translator:
    return translation_pb2.Translator(name=name, **({"given": given} if given is not None else {}), **fields)


REPAIRED, PLAIN = _translator("repaired"), _translator("plain", policy=summary_pb2.REPORT)


def _request(*translators: translation_pb2.Translator, text: str = TEXT, **fields: object) -> translation_pb2.CompareTranslationsRequest:
    return translation_pb2.CompareTranslationsRequest(text=text, translators=translators or (REPAIRED, PLAIN), **fields)


def _compare(*translators: translation_pb2.Translator, **fields: object) -> translation_pb2.CompareTranslationsResponse:
    encoder = FakeEncoder()
    pipeline = Pipeline(summariser=ExtractiveSummariser(encoder), ladder=Ladder(FakeTranslator(TRANSLATOR), encoder, beam=4))
    return answers.compare({SETTINGS.profile: pipeline}, _request(*translators, **fields), SETTINGS)


def test_the_same_translator_with_repairs_and_without() -> None:
    response = _compare()
    assert (response.source_language, response.target_language) == ("en", "ru")
    assert [passage.text for passage in response.passages] == [MONEY, SHIPS]
    assert [list(passage.sentences) for passage in response.passages] == [[0], [1]]
    repaired, plain = response.translations
    assert [passage.text for passage in repaired.passages] == [RIGHT, SHIPS_RU]
    assert [passage.text for passage in plain.passages] == [WRONG, SHIPS_RU]
    assert plain.passages[0].verdict == figures_pb2.CHECK_VERDICT_MISMATCH
    assert (repaired.totals.wrong, plain.totals.wrong) == (0, 1)
    assert repaired.translation.verdict == summary_pb2.REPAIRED
    assert plain.translation.verdict == summary_pb2.UNVERIFIED
    assert plain.translation.reasons[0].startswith("en-ru, sentence 1: ")
    assert [(entry.relation, entry.count) for entry in plain.totals.relations] == [(figures_pb2.PRESERVED, 1), (figures_pb2.CHANGED, 1)]
    assert plain.passages[0].HasField("similarity")
    assert not plain.passages[0].HasField("chrf")
    assert not plain.totals.HasField("bleu")


def test_a_summary_that_a_model_wrote_is_compared_where_it_stands() -> None:
    told, ships = "The firm paid 8 billion dollars for its ships.", "It has 82 ships."
    encoder = FakeEncoder()
    model = summariser_entry(limits={"max_input_tokens": 100})
    summariser = AbstractiveSummariser(model, ToldGenerator(lambda _: [f"{told} {ships}"]), encoder, language="en")
    translator = FakeTranslator({told: (WRONG, RIGHT), ships: ("У неё 82 корабля.",)})
    pipeline = Pipeline(summariser=summariser, ladder=Ladder(translator, encoder, beam=4))
    response = answers.compare({SETTINGS.profile: pipeline}, _request(summary=True, length=summary_pb2.Length(max_sentences=3)), SETTINGS)
    assert [passage.text for passage in response.passages] == [told, ships]
    assert [(span.start, span.text) for span in response.sentences] == [(0, told), (len(told) + 1, ships)]
    assert [translation.totals.wrong for translation in response.translations] == [0, 1]


def test_what_was_done_about_a_written_summary_is_told() -> None:
    told, wrong = "The firm paid 8 billion dollars for its ships.", "The firm paid 8 million dollars for its ships."
    encoder = FakeEncoder()
    model = summariser_entry(limits={"max_input_tokens": 100})
    summariser = AbstractiveSummariser(model, ToldGenerator(lambda _: [wrong, told]), encoder, language="en")
    pipeline = Pipeline(summariser=summariser, ladder=Ladder(FakeTranslator({told: (RIGHT,)}), encoder, beam=4))
    response = answers.compare({SETTINGS.profile: pipeline}, _request(summary=True, length=summary_pb2.Length(max_sentences=3)), SETTINGS)
    (repair,) = response.summary_repairs
    assert (repair.rung, repair.outcome) == ("rephrase", "repaired")
    assert "8 million" in repair.detail
    assert response.summary_reasons == []
    assert repair.detail in comparisons.sheet(response).summary_notes


def test_every_span_holds_the_text_that_it_names() -> None:
    given = f"{RIGHT} {SHIPS_RU} Погода стояла хорошая."
    response = _compare(PLAIN, _translator("given", given=given), reference=f"{RIGHT}\n{SHIPS_RU}")
    for span in response.sentences:
        assert TEXT[span.start : span.end] == span.text
    for translation in response.translations:
        whole = translation.translation
        assert whole.pairs
        for sentence in whole.sentences:
            if sentence.HasField("target"):
                assert whole.text[sentence.target.start : sentence.target.end] == sentence.target.text
        for pair in whole.pairs:
            assert TEXT[pair.source.span.start : pair.source.span.end] == pair.source.span.text
            assert whole.text[pair.target.span.start : pair.target.span.end] == pair.target.span.text
        for passage, shown in zip(response.passages, translation.passages, strict=True):
            for pair in shown.pairs:
                assert passage.text[pair.source.span.start : pair.source.span.end] == pair.source.span.text
                assert shown.text[pair.target.span.start : pair.target.span.end] == pair.target.span.text


def test_white_space_inside_a_sentence_moves_no_offset() -> None:
    text = "The firm paid\n$8 billion  for\u00a082 ships."
    given = "Фирма заплатила\t8 млрд долларов за  82 корабля."
    for translation in _compare(PLAIN, _translator("given", given=given), text=text).translations:
        assert len(translation.translation.pairs) == 2
        for pair in translation.translation.pairs:
            assert text[pair.source.span.start : pair.source.span.end] == pair.source.span.text
            assert translation.translation.text[pair.target.span.start : pair.target.span.end].split() == pair.target.span.text.split()


def test_given_translations_alone_ask_no_translator_and_are_measured_against_a_reference() -> None:
    good, bad = _translator("good", given=f"{RIGHT}\n{SHIPS_RU}"), _translator("bad", given=f"{WRONG}\n\n")
    order = requests.comparison_order(_request(good, bad), SETTINGS)
    assert comparison_tokens(order) < comparison_tokens(requests.comparison_order(_request(good, PLAIN), SETTINGS))
    response = _compare(_translator("good", given=f"{RIGHT}\n{SHIPS_RU}"), _translator("bad", given=f"{WRONG}\n{SHIPS_RU}"),
                        reference=f"{RIGHT}\n{SHIPS_RU}")  # fmt: skip
    assert [passage.reference for passage in response.passages] == [RIGHT, SHIPS_RU]
    better, worse = (translation.totals for translation in response.translations)
    assert better.bleu.value == pytest.approx(100.0)
    assert better.chrf.value == pytest.approx(100.0)
    assert worse.bleu.value < 100
    assert [passage.chrf for passage in response.translations[0].passages] == pytest.approx([100.0, 100.0])
    assert not better.bleu.HasField("low")


def test_a_given_translation_that_says_too_little_is_told_so() -> None:
    response = _compare(PLAIN, _translator("short", given=SHIPS_RU))
    (note,) = response.translations[1].notes
    assert note.startswith("1 lines for 2 sentences: split into 1 sentences, and aligned")
    assert LOST in [fault for passage in response.translations[1].passages for fault in passage.faults]


def test_the_summary_alone_is_compared_where_that_is_asked() -> None:
    response = _compare(summary=True, length=summary_pb2.Length(max_sentences=1))
    assert len(response.sentences) == 1
    assert [len(translation.passages) for translation in response.translations] == [1, 1]
    assert comparison_tokens(requests.comparison_order(_request(text=TEXT * 100), SETTINGS)) > comparison_tokens(
        requests.comparison_order(_request(text=TEXT * 100, summary=True), SETTINGS)
    )


WRONG_REQUESTS = {
    "one alone": (_request(PLAIN), "translators", "has 1; a comparison takes 2 to 8"),
    "too many": (_request(*(_translator(str(at)) for at in range(9))), "translators", "has 9; a comparison takes 2 to 8"),
    "the same name": (_request(PLAIN, PLAIN), "translators[1].name", "'plain' is the name of another one"),
    "no name": (_request(PLAIN, _translator(" ")), "translators[1].name", "must have 1 to 80 characters"),
    "unknown profile": (_request(PLAIN, _translator("a", profile="gpt")), "translators[1].profile", "no profile 'gpt'; there is embedded"),
    "wide beam": (_request(PLAIN, _translator("a", beam=17)), "translators[1].beam", "is 17; say 1 to 16"),
    "no such policy": (_request(PLAIN, _translator("a", policy=9)), "translators[1].policy", "9 is no value of this contract"),
    "nothing given": (_request(PLAIN, _translator("a", given="")), "translators[1].given", "is empty"),
    "much given": (
        _request(PLAIN, _translator("a", given="а" * 20_001)),
        "translators[1].given",
        "has 20001 characters; the limit is 20000",
    ),
    "long reference": (_request(reference="а" * 20_001), "reference", "has 20001 characters"),
    "long text": (_request(text="a" * 20_001), "text", "has 20001 characters; the limit is 20000"),
    "no text": (_request(text=""), "text", "is empty"),
    "another language": (_request(target_language="fr"), "target_language", "'fr' is not supported"),
}


@pytest.mark.parametrize(("request_", "field", "description"), WRONG_REQUESTS.values(), ids=WRONG_REQUESTS)
def test_what_is_wrong_is_told_by_its_field(request_: translation_pb2.CompareTranslationsRequest, field: str, description: str) -> None:
    with pytest.raises(InvalidRequest) as error:
        requests.comparison_order(request_, SETTINGS)
    (violation,) = error.value.violations
    assert violation.field == field
    assert violation.description.startswith(description)


def test_a_text_that_is_in_the_target_language_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="target_language: the text is in 'en' already"):
        _compare(target_language="en")


def test_a_beam_of_its_own_finds_what_a_narrow_one_does_not() -> None:
    response = _compare(_translator("narrow", beam=1), _translator("wide", beam=2))
    repairs = [[(repair.rung, repair.outcome) for repair in translation.translation.repairs] for translation in response.translations]
    assert ("rerank", "repaired") in repairs[1]
    assert ("rerank", "repaired") not in repairs[0]


def test_a_call_that_is_over_stops() -> None:
    cancelled = call.Call()
    cancelled.cancel()
    with call.working_for(cancelled), pytest.raises(Cancelled):
        _compare()
    with call.working_for(call.Call(deadline=time.monotonic())), pytest.raises(DeadlineExceeded):
        _compare()
