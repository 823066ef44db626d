"""The rung of protected spans: the sentence is translated with stand-ins for its figures, and the right figures are put in their places."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from svodka.figures import extract
from svodka.figures.types import Figure, Kind
from svodka.repair.candidate import Proposal
from svodka.repair.corrections import corrections
from svodka.repair.localise import begins_with_weekday, forms, on_weekday, put
from svodka.repair.surrogates import Surrogate, stand_ins

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svodka.repair.candidate import Case
    from svodka.repair.tools import Tools
    from svodka.types import Term

__all__ = ["Protect"]

# «в среду» stands for "on Wednesday", but «5 мая» for "on 5 May".
_TERM = "term"
_ON_WEEKDAY = re.compile(r"\b[Вв]о?\s+$")


class Protect:
    """With stand-ins for the figures that were wrong, with stand-ins for all, and with bare numbers, which come through best."""

    name = "protect"
    shortens = False

    def propose(self, cases: Sequence[Case], tools: Tools) -> list[list[Proposal]]:
        """For each case, translations of the sentence with stand-ins, the right figures restored."""
        found = [list(_protected(case, tools)) for case in cases]
        asked = [sentence for protected in found for sentence, _ in protected]
        answers = iter(tools.translate(asked, n_best=tools.beam))
        proposals: list[list[Proposal]] = []
        for protected in found:
            restored: list[Proposal] = []
            for _, surrogates in protected:
                for answer in next(answers):
                    text = _restored(answer.text, surrogates, tools.target_lang)
                    if text is not None:
                        how = "stood in for " + ", ".join(repr(surrogate.real.text) for surrogate in surrogates)
                        restored.append(Proposal(text=text, score=answer.score, finished=answer.finished, how=how))
            proposals.append(restored)
        return proposals


def _protected(case: Case, tools: Tools) -> Iterator[tuple[str, list[Surrogate]]]:
    wrong = corrections(case.nearest[0].check)
    spoiled = {figure.start for figure in (*(right for _, right in wrong.swaps), *wrong.lost)}
    terms = list(_terms(case.source, tools.terms))
    free = [figure for figure in case.figures if not any(term.start < figure.end and figure.start < term.end for term in terms)]
    seen: set[str] = set()
    wrong_ones = [figure for figure in free if figure.start in spoiled]
    for chosen, plain in ((wrong_ones, False), (free, False), (wrong_ones or free, True)):
        protected = sorted([*chosen, *terms], key=lambda figure: figure.start)
        others = [figure for figure in free if figure not in chosen]
        surrogates = stand_ins(protected, tools.source_lang, others, plain=plain)
        if surrogates:
            sentence = _written(case.source, surrogates, tools.source_lang)
            if sentence not in seen:
                seen.add(sentence)
                yield sentence, surrogates


def _terms(source: str, terms: Sequence[Term]) -> Iterator[Figure]:
    """The client's terms in a sentence, as identifiers: what stands in for a code comes through as it is."""
    taken = 0
    places = sorted((found.start(), -found.end(), term.target) for term in terms for found in re.finditer(re.escape(term.source), source))
    for start, minus_end, target in places:
        if start >= taken:
            taken = -minus_end
            yield Figure(kind=Kind.IDENTIFIER, value=target, rule=_TERM, start=start, end=taken, text=source[start:taken])


def _written(source: str, surrogates: Sequence[Surrogate], lang: str) -> str:
    for surrogate in reversed(surrogates):
        before = source[: surrogate.real.start]
        if lang == "ru" and begins_with_weekday(surrogate.real):
            before = _ON_WEEKDAY.sub("", before)
        source = f"{before}{surrogate.written}{source[surrogate.real.end :]}"
    return source


def _restored(text: str, surrogates: Sequence[Surrogate], lang: str) -> str | None:
    """The translation with the real figures for their stand-ins; None where a stand-in got lost or came twice."""
    read = extract(text, lang)
    places: list[tuple[Figure, Surrogate]] = []
    for surrogate in surrogates:
        found = [figure for figure in read if figure.value == surrogate.figure.value]
        # Another kind has words of its own: for «17 лет назад», "17 seasons ago", «3 назад» would be left.
        if len(found) != 1 or not _alike(found[0].kind, surrogate.figure.kind):
            return None
        places.append((found[0], surrogate))
    for stood, surrogate in sorted(places, key=lambda place: -place[0].start):
        if lang == "ru" and begins_with_weekday(surrogate.real):
            text = f"{_ON_WEEKDAY.sub('', text[: stood.start])}{on_weekday(surrogate.real)}{text[stood.end :]}"
        else:
            real = replace(surrogate.real, kind=stood.kind) if surrogate.real.kind in _YEARS else surrogate.real
            form = str(real.value) if real.rule == _TERM else forms(real, lang, stood)[0]
            text = put(text, stood, real, form, lang)
    return text


# «ему 29 лет» is an age to who knows of whom it is told, «29 лет» a time.
_YEARS = frozenset({Kind.AGE, Kind.DURATION})


def _alike(kind: Kind, other: Kind) -> bool:
    return kind is other or {kind, other} <= _YEARS
