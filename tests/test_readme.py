"""README names what there is."""

from pathlib import Path

import pytest

from svodka.figures import compare
from svodka.inference.catalogue import load_catalogue
from svodka.inference.origins import HubSource
from svodka.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_every_setting_stands_in_the_table_with_its_default(setting: str) -> None:
    (row,) = [line for line in README.splitlines() if line.startswith(f"| `SVODKA_{setting.upper()}` |")]
    default = Settings.model_fields[setting].default
    shown = row.split("|")[2].strip().strip("`")
    if default not in (None, ()):
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


def test_the_models_of_a_hub_stand_in_their_table(models_dir: Path) -> None:
    of_hub = {name: model for name, model in load_catalogue(models_dir).models.items() if isinstance(model.source, HubSource)}
    table = README.partition("| model | repository | licence | size | pinned to a commit |\n")[2].partition("\n\n")[0].splitlines()[1:]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table]
    assert [row[0].strip("`") for row in rows] == list(of_hub)
    for (_, repo, licence, size, pinned), model in zip(rows, of_hub.values(), strict=True):
        assert (repo, licence) == (model.source.repo, model.licence.name)
        assert size == f"{(model.size or 0) / 1e9:.1f} GB"
        assert pinned.startswith("yes") == model.source.pinned


def test_the_profiles_of_a_hub_stand_in_their_table(models_dir: Path) -> None:
    catalogue = load_catalogue(models_dir)
    table = README.partition("| profile | summaries | translation | to pull | commercial use |\n")[2].partition("\n\n")[0].splitlines()[1:]
    rows = {row[0].strip("`"): row for row in ([cell.strip() for cell in line.strip("|").split("|")] for line in table)}
    assert set(rows) == {name for name in catalogue.profiles if not name.startswith("embedded")}
    for name, row in rows.items():
        models = [model for model in catalogue.models_of(name).values() if isinstance(model.source, HubSource)]
        assert row[3] == f"{sum(model.size or 0 for model in models) / 1e9:.1f} GB"
        assert (row[4] == "yes") == all(model.licence.commercial_use for model in models)


def test_the_catalogue_of_the_users_own_is_one(models_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    example = "format = 1" + README.partition("```toml\nformat = 1")[2].partition("```")[0]
    path.write_text(example, encoding="utf-8")
    assert "ours" in load_catalogue(models_dir, path).profiles
