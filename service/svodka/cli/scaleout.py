"""`svodka ray`: the service, and batches, on a Ray cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from svodka.cli.console import ConfigOption, complain

__all__ = ["app"]

_SOME_FAILED = 1

app = typer.Typer(no_args_is_help=True, help="On a Ray cluster: the one that RAY_ADDRESS names, or one on this machine. Needs svodka[ray].")


@app.command("serve")
def serve(
    replicas: Annotated[int | None, typer.Option(min=1, help="So many replicas, always; instead of the next two.")] = None,
    min_replicas: Annotated[int, typer.Option(min=1, help="Replicas that are always there.")] = 1,
    max_replicas: Annotated[int | None, typer.Option(min=1, help="Replicas at the most; default: as many as at the least.")] = None,
    target_calls: Annotated[float | None, typer.Option(help="Calls a replica above which there are to be more; default 8.")] = None,
    port: Annotated[int | None, typer.Option(min=1, help="Port to listen on, at all addresses; default 50051.")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads of inference of a replica, and cores that it asks for; default 1.")] = None,
    log_format: Annotated[str | None, typer.Option(help="json or text.")] = None,
    config: ConfigOption = None,
) -> None:
    """Serve SummaryService behind Ray Serve until SIGTERM or SIGINT."""
    from svodka import logs
    from svodka.scaleout.application import scale
    from svodka.scaleout.cluster import serve_until_stopped
    from svodka.settings import load_settings

    settings = load_settings({"port": port, "threads": threads, "log_format": log_format}, config)
    logs.configure(settings)
    least = replicas or min_replicas
    size = {"min_replicas": least, "max_replicas": replicas or max_replicas or least}
    serve_until_stopped(settings, scale(size if target_calls is None else {**size, "target_calls": target_calls}))


@app.command("batch")
def batch(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", help="One SummarizeRequest a line, in protobuf JSON.")],
    folder: Annotated[Path, typer.Argument(metavar="OUT_DIR", help="Gets a file for each part of IN, with one SummarizeResponse a line.")],
    actors: Annotated[int, typer.Option(min=1, help="Processes that answer, each with the models in its memory.")] = 1,
    retry_errors: Annotated[bool, typer.Option("--retry-errors", help="Ask again for the articles that OUT_DIR has errors for.")] = False,
    threads: Annotated[int | None, typer.Option(help="Threads of inference of a process, and cores that it asks for; default 1.")] = None,
    config: ConfigOption = None,
) -> None:
    """Summarize many articles on Ray Data. Kill it at any moment and run it again: every article is answered once.

    Exit status: 0 all are answered; 1 some failed, and OUT_DIR says why; 2 wrong usage or input.
    """
    from svodka import logs
    from svodka.batch.articles import identify
    from svodka.batch.outcome import Outcome
    from svodka.cli.progress import Display, told
    from svodka.errors import InvalidRequest
    from svodka.scaleout.corpus import answer_corpus
    from svodka.settings import load_settings

    settings = load_settings({"threads": threads}, config)
    logs.configure(settings)
    articles = len(identify(source))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidRequest.field(str(folder), error.strerror or str(error)) from error
    with Display(articles) as display:
        tally = answer_corpus(source, folder, settings, actors=actors, retry_errors=retry_errors, show=display.show)
    complain(f"{tally.total()} of {articles} articles answered: {told(tally)}")
    if tally[Outcome.FAILED]:
        raise typer.Exit(_SOME_FAILED)
