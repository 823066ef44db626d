from pathlib import Path

import pytest

from svodka.errors import SettingsError
from svodka.settings import load_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SVODKA_CONFIG", "SVODKA_CACHE_DIR", "SVODKA_PORT", "SVODKA_BEAM"):
        monkeypatch.delenv(name, raising=False)


def test_listens_on_loopback_unless_told() -> None:
    assert load_settings().host == "127.0.0.1"


def test_arguments_beat_the_environment_and_the_environment_beats_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "svodka.toml"
    file.write_text("port = 1\nbeam = 2\nsummary_sentences = 5\n")
    monkeypatch.setenv("SVODKA_BEAM", "3")
    monkeypatch.setenv("SVODKA_PORT", "2")
    settings = load_settings({"port": 3, "host": None}, file)
    assert (settings.port, settings.beam, settings.summary_sentences, settings.host) == (3, 3, 5, "127.0.0.1")


def test_the_environment_can_name_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("port = 7\n")
    monkeypatch.setenv("SVODKA_CONFIG", str(tmp_path / "s.toml"))
    assert load_settings().port == 7


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("SVODKA_PORT", "abc", r"setting 'port' \(SVODKA_PORT\) = 'abc'"),
        ("SVODKA_PORT", "70000", r"setting 'port' \(SVODKA_PORT\) = '70000'"),
        ("SVODKA_BEAM", "0", r"setting 'beam' \(SVODKA_BEAM\) = '0'"),
        ("SVODKA_PROT", "1", r"there is no setting SVODKA_PROT \(its value is '1'\)"),
        ("SVODKA_CONFIG", "/nowhere/svodka.toml", "there is no settings file /nowhere/svodka.toml"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=message):
        load_settings()


@pytest.mark.parametrize(("content", "message"), [("beem = 3\n", "'beem'"), ("port = \n", "svodka.toml: ")])
def test_a_wrong_file_is_told(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "svodka.toml"
    file.write_text(content)
    with pytest.raises(SettingsError, match=message):
        load_settings(config_file=file)
