"""`svodka translate`: one sentence a line in, one a line out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from svodka.cli.console import STRICT_FAILED, ConfigOption, KeepOption, TermOption, complain, glossary, read_text
from svodka.cli.summarize import PolicyName
from svodka.types import LANGUAGES, Policy, Term

if TYPE_CHECKING:
    from svodka.types import TranslatedSentence

__all__ = ["translate"]

# Lines that are translated, and printed, together.
_BLOCK = 64


def translate(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="One sentence a line, UTF-8.")],
    source: Annotated[str, typer.Option("--from", help="Language of the lines: en or ru.")],
    to: Annotated[str, typer.Option(help="Language to translate into: en or ru.")],
    model: Annotated[str | None, typer.Option(help="Profile whose translator is used.")] = None,
    policy: Annotated[PolicyName, typer.Option(help="What to do about figures that do not agree.")] = PolicyName.REPAIR,
    no_guard: Annotated[bool, typer.Option("--no-guard", help="The model's best hypothesis as it is, unchecked.")] = False,
    keep: KeepOption = None,
    term: TermOption = None,
    config: ConfigOption = None,
) -> None:
    """Translate lines. As many lines come out as went in; what is wrong with one is told on standard error by its number."""
    from svodka.backend import open_pipeline
    from svodka.settings import load_settings

    for option, tag in (("--from", source), ("--to", to)):
        if tag not in LANGUAGES:
            raise typer.BadParameter(f"{tag!r} is not supported; there is en and ru", param_hint=option)
    if source == to:
        raise typer.BadParameter("the lines are in that language already", param_hint="--to")
    terms = tuple(Term(source=given, target=wanted) for given, wanted in (*((name, name) for name in keep or ()), *glossary(term)))
    lines = read_text(file).splitlines()
    _, pipeline = open_pipeline(load_settings({"profile": model}, config))
    chosen = Policy.REPORT if no_guard else Policy[policy.name]
    failed = False
    for start in range(0, len(lines), _BLOCK):
        block = lines[start : start + _BLOCK]
        for number, sentence in enumerate(pipeline.translate_lines(block, source, to, chosen, terms), start=start + 1):
            typer.echo(" ".join(sentence.text.split()))
            failed |= not no_guard and _tell(number, sentence)
    if failed and chosen is Policy.STRICT:
        raise typer.Exit(STRICT_FAILED)


def _tell(number: int, sentence: TranslatedSentence) -> bool:
    from svodka import guard

    problems = [*guard.complaints(sentence.check), *sentence.faults]
    if problems:
        complain(f"line {number} is not verified: {'; '.join(problems)}")
    return bool(problems)
