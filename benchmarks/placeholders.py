"""Which stand-ins for figures a translator brings through: the share of sentences in which each of its stand-ins stands exactly once.

    python benchmarks/placeholders.py FILE.en-ru.tsv [--limit 40] [--beam 1]

FILE has a source and its human translation a line, tab-separated; both directions are run, on sentences that state one to three figures.
The figures themselves are measured beside the forms that may stand in for them: what no form beats needs no protection.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from svodka.figures import CheckVerdict, compare, extract
from svodka.inference.protocols import Search
from svodka.inference.runtime import load_profile
from svodka.repair.surrogates import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svodka.figures import Figure

# Forms by the number of the figure in its sentence, from 1.
_MARKS: dict[str, Callable[[int], str]] = {
    "X1": lambda number: f"X{number}",
    "[1]": lambda number: f"[{number}]",
    "<1>": lambda number: f"<{number}>",
    "{1}": lambda number: f"{{{number}}}",
    "#1#": lambda number: f"#{number}#",
    "QZA": lambda number: f"QZ{chr(64 + number)}",
    "4711": lambda number: str(4711 + 1010 * number),
}
_MOST_FIGURES = 3


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int, default=40)
    parser.add_argument("--beam", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    translator = load_profile("embedded", threads=options.threads).translator
    rows = [line.partition("\t")[::2] for line in options.file.read_text(encoding="utf-8").splitlines()]
    for column, source, target in ((0, "en", "ru"), (1, "ru", "en")):
        texts = [" ".join(row[column].split()) for row in rows]
        read = [(text, found) for text in texts if 1 <= len(found := extract(text, source)) <= _MOST_FIGURES][: options.limit]
        print(f"\n## {source}-{target}, {len(read)} sentences, beam {options.beam}\n")
        asked = [text for text, _ in read]
        answers = [found[0].text for found in translator.translate(asked, source=source, target=target, search=Search(beam=options.beam))]
        intact = [
            compare(text, answer, source_lang=source, target_lang=target).verdict is CheckVerdict.OK
            for text, answer in zip(asked, answers, strict=True)
        ]
        print(f"{'figures as they are':22} {_share(intact)}")
        for name, mark in _MARKS.items():
            marks = [[mark(number) for number in range(1, len(found) + 1)] for _, found in read]
            asked = [_written(text, found, given) for (text, found), given in zip(read, marks, strict=True)]
            answers = [
                found[0].text for found in translator.translate(asked, source=source, target=target, search=Search(beam=options.beam))
            ]
            print(f"{name:22} {_share([all(a.count(m) == 1 for m in given) for a, given in zip(answers, marks, strict=True)])}")
        _measure_figures(translator, read, source, target, options.beam)


def _measure_figures(translator: object, read: Sequence[tuple[str, Sequence[Figure]]], source: str, target: str, beam: int) -> None:
    """The stand-ins of the repair ladder, which are figures themselves."""
    chosen = [(text, found, made) for text, found in read if (made := stand_ins(found, source, [])) is not None]
    asked = [_written(text, found, [surrogate.written for surrogate in made]) for text, found, made in chosen]
    answers = [found[0].text for found in translator.translate(asked, source=source, target=target, search=Search(beam=beam))]
    survived = [
        all(sum(figure.value == surrogate.figure.value for figure in extract(answer, target)) == 1 for surrogate in made)
        for answer, (_, _, made) in zip(answers, chosen, strict=True)
    ]
    print(f"{'figures of the ladder':22} {_share(survived)}")


def _written(text: str, figures: Sequence[Figure], forms: Sequence[str]) -> str:
    for figure, form in reversed(list(zip(figures, forms, strict=True))):
        text = f"{text[: figure.start]}{form}{text[figure.end :]}"
    return text


def _share(found: Sequence[bool]) -> str:
    return f"{sum(found)} of {len(found)} ({sum(found) / max(1, len(found)):.1%})"


if __name__ == "__main__":
    main()
