"""The rules that hold the package together: imports run one way, public names are sorted, importing does no work."""

import importlib
import pkgutil
import subprocess
import sys

import pytest
from importlinter.api import read_configuration
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import svodka

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(svodka.__path__, "svodka.")
    if ".v1" not in module.name and not module.name.endswith("__main__")
)


def test_imports_run_one_way() -> None:
    assert read_configuration()["contracts_options"]
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS


@pytest.mark.parametrize("name", MODULES)
def test_public_names_are_listed_sorted_and_there(name: str) -> None:
    module = importlib.import_module(name)
    names = getattr(module, "__all__", [])
    assert list(names) == sorted(names, key=lambda n: (not n.isupper(), not n[0].isupper(), n)) or list(names) == sorted(names)
    assert not [missing for missing in names if not hasattr(module, missing)]


@pytest.mark.parametrize("heavy", ["torch", "transformers", "ctranslate2", "pymorphy3", "grpc"])
def test_the_figure_engine_imports_nothing_heavy(heavy: str) -> None:
    assert not _imports("svodka.figures", heavy)


@pytest.mark.parametrize("heavy", ["torch", "transformers", "ctranslate2", "pymorphy3", "numpy"])
def test_the_client_imports_nothing_of_the_models(heavy: str) -> None:
    assert not _imports("svodka.client", heavy)


def _imports(module: str, other: str) -> bool:
    code = f"import sys, {module}; print({other!r} in sys.modules)"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "True\n"
