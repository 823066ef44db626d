"""How fast the figure engine is: reading, reading and comparing, and, where they are installed, other programs on the same text in one run.

    python benchmarks/figures_speed.py [--articles FILE.tsv] [--repeat 5]

The file holds source and target separated by a tab, one sentence a line; without it the sentences below are repeated. Other programs are
measured where they can be imported: quantulum3 (reads English quantities) and translate-toolkit (its `numbers` check of a pair).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from svodka.figures import compare, extract

if TYPE_CHECKING:
    from collections.abc import Callable

ENGLISH = (
    "The company said on Monday that it had sold 1.2 million phones in the first quarter, up 15% from a year earlier.",
    "More than 500 people were taken to hospital after the fire, which broke out at about 7:30 p.m. on Aug. 9, 2014.",
    "The central bank raised its key rate by 25 basis points to 5.5 percent, the highest level since 2008, officials said.",
    "The road is 300 km (190 miles) long and will cost between 30 and 40 billion rubles, according to the ministry.",
    "Residents said that they had never seen such weather, and that they were waiting for help from the city council.",
)
RUSSIAN = (
    "Компания сообщила в понедельник, что продала 1,2 млн телефонов в первом квартале, на 15% больше, чем годом ранее.",
    "Более 500 человек были доставлены в больницу после пожара, который начался около 19:30 9 августа 2014 года.",
    "Центральный банк повысил ключевую ставку на 25 базисных пунктов до 5,5 процента, самого высокого уровня с 2008 года.",
    "Протяженность дороги — 300 км (190 миль), ее строительство обойдется в сумму от 30 до 40 млрд рублей, по данным министерства.",
    "Жители рассказали, что никогда не видели такой погоды и что ждут помощи от городского совета.",
)
WORDS = 1000


def _articles(path: Path | None) -> list[tuple[str, str]]:
    """Pairs of articles of about a thousand English words."""
    if path is None:
        pairs = list(zip(ENGLISH, RUSSIAN, strict=True)) * 11
    else:
        pairs = [(cells[0], cells[1]) for line in path.read_text("utf-8").splitlines() if len(cells := line.split("\t")) > 1]
    articles, sources, targets, words = [], [], [], 0
    for source, target in pairs:
        sources.append(source)
        targets.append(target)
        words += len(source.split())
        if words >= WORDS:
            articles.append((" ".join(sources), " ".join(targets)))
            sources, targets, words = [], [], 0
    return articles[:20]


def _best(action: Callable[[], object], repeat: int) -> float:
    """The shortest of several runs, in milliseconds."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def _report(name: str, milliseconds: list[float]) -> None:
    print(f"{name:42} {sum(milliseconds) / len(milliseconds):9.2f} ms an article of {WORDS} words")


def _start_up() -> float:
    code = "from svodka.figures import extract; extract('5 apples', 'en'); extract('5 яблок', 'ru')"
    return _best(lambda: subprocess.run([sys.executable, "-c", code], check=True), 3)  # noqa: S603


def _others(articles: list[tuple[str, str]]) -> None:
    if find_spec("quantulum3") is not None:
        parser = import_module("quantulum3.parser")
        _report("quantulum3 reads English", [_best(lambda text=source: parser.parse(text), 1) for source, _ in articles[:3]])
    if find_spec("translate") is not None:
        checks = import_module("translate.filters.checks")
        checker = checks.StandardChecker(checks.CheckerConfig(targetlanguage="ru"))
        runs = [_best(lambda one=source, two=target: _passes(checker.numbers, one, two), 3) for source, target in articles]
        _report("translate-toolkit compares digits", runs)


def _passes(check: Callable[[str, str], object], source: str, target: str) -> bool:
    """Runs a check of translate-toolkit, which raises where the pair fails."""
    try:
        check(source, target)
    except import_module("translate.filters.checks").FilterFailure:
        return False
    return True


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    articles = _articles(arguments.articles)
    for source, target in articles:  # warm up
        compare(source, target, source_lang="en", target_lang="ru")
    _report("svodka reads English", [_best(lambda text=source: extract(text, "en"), arguments.repeat) for source, _ in articles])
    _report("svodka reads Russian", [_best(lambda text=target: extract(text, "ru"), arguments.repeat) for _, target in articles])
    both = [_best(lambda pair=pair: compare(*pair, source_lang="en", target_lang="ru"), arguments.repeat) for pair in articles]
    _report("svodka reads and compares both", both)
    _others(articles)
    print(f"{'start-up with a first reading':42} {_start_up():9.0f} ms")


if __name__ == "__main__":
    main()
