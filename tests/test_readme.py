"""README names what there is."""

from pathlib import Path

import pytest

from svodka.figures import compare
from svodka.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_every_setting_stands_in_the_table_with_its_default(setting: str) -> None:
    (row,) = [line for line in README.splitlines() if line.startswith(f"| `SVODKA_{setting.upper()}` |")]
    default = Settings.model_fields[setting].default
    shown = row.split("|")[2].strip().strip("`")
    if default is not None:
        assert shown == _written(default)


def _written(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


def test_ci_runs_the_second_command_word_for_word() -> None:
    assert "```sh\n./scripts/test\n```" in README
    assert "./scripts/test\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines(keepends=True)


def _examples() -> list[list[str]]:
    table = README.partition("| source | target | |\n")[2].partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table]


@pytest.mark.parametrize(("source", "target", "said"), _examples())
def test_the_figure_engine_does_what_the_examples_say(source: str, target: str, said: str) -> None:
    comparison = compare(source, target, source_lang="en", target_lang="ru")
    assert comparison.verdict == said.split(":")[0].split(",")[0]
    told = " ".join((pair.relation + " " + pair.reason) for pair in comparison.pairs)
    for relation in ("REFORMATTED", "CONVERTED"):
        assert (relation in said) <= (relation in told)
