"""The command line: `svodka`. Results go to standard output, all else to standard error.

Exit status: 0 done; 1 the answer is not verified under `--policy strict`, a check that was asked for fails, or articles of a batch failed;
2 wrong usage or input, or no server.
"""

from __future__ import annotations

import sys

import typer

import svodka.cli.figures as figures_commands
import svodka.cli.models as models_commands
import svodka.cli.scaleout as scaleout_commands
from svodka import __version__
from svodka.cli import batch, compare, health, serve, summarize, token, translate, web
from svodka.cli.console import STRICT_FAILED, WRONG_INPUT, complain
from svodka.errors import NotVerified, SvodkaError

__all__ = ["main"]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


def _options(
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Print the version and stop."),
) -> None:
    """Short summaries of a news article in English and Russian, with every figure checked."""


def _build() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_options)
    app.command("serve")(serve.serve)
    app.command("summarize")(summarize.summarize)
    app.command("batch")(batch.batch)
    app.command("translate")(translate.translate)
    app.command("compare")(compare.compare)
    app.command("web")(web.web)
    app.command("health")(health.health)
    app.command("token")(token.token)
    app.add_typer(figures_commands.app, name="figures")
    app.add_typer(models_commands.app, name="models")
    app.add_typer(scaleout_commands.app, name="ray")
    return app


def main() -> None:
    """Run the command line; an error of Svodka's own is told in a line, without a traceback."""
    try:
        _build()()
    except NotVerified as error:
        complain(str(error))
        sys.exit(STRICT_FAILED)
    except SvodkaError as error:
        complain(str(error))
        sys.exit(WRONG_INPUT)
