"""`svodka batch`: a file of articles in, a file of answers out; a run that was stopped goes on where it was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from svodka.cli.console import (
    ConfigOption,
    TargetOption,
    TlsCaOption,
    TlsCertOption,
    TlsKeyOption,
    TokenFileOption,
    complain,
    connection,
)
from svodka.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svodka.v1 import summary_pb2

__all__ = ["batch"]

_SOME_FAILED = 1
# What shells show for a program that Ctrl-C ended.
_INTERRUPTED = 130


def batch(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", help="One SummarizeRequest a line, in protobuf JSON.")],
    out: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="Gets one SummarizeResponse a line; what it has is not asked again.")],
    target: TargetOption = None,
    tls_ca: TlsCaOption = None,
    tls_cert: TlsCertOption = None,
    tls_key: TlsKeyOption = None,
    token_file: TokenFileOption = None,
    retry_errors: Annotated[bool, typer.Option("--retry-errors", help="Ask again for the articles that OUT has errors for.")] = False,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds without any answer after which the stream counts as broken.")] = 300.0,
    reconnects: Annotated[int, typer.Option(min=0, help="Times in a row that a broken stream is opened again.")] = 8,
    config: ConfigOption = None,
) -> None:
    """Summarize many articles. Kill it at any moment and run it again: every article is answered once.

    Exit status: 0 all are answered; 1 some failed, and OUT says why; 2 wrong usage or input, or the server cannot be reached.
    """
    from svodka.batch.articles import identify
    from svodka.batch.journal import Journal
    from svodka.batch.outcome import Outcome
    from svodka.batch.run import run
    from svodka.cli.progress import Display, told

    if out.exists() and source.exists() and out.samefile(source):
        raise InvalidRequest.field(str(out), "is the file of the articles; name another one for the answers")
    server = connection(target, tls_ca=tls_ca, tls_cert=tls_cert, tls_key=tls_key, token_file=token_file)
    ids = identify(source)
    with Journal(out, retry_errors=retry_errors) as journal, Display(len(ids)) as display:

        def ask(requests: Iterator[summary_pb2.SummarizeRequest]) -> Iterator[summary_pb2.SummarizeResponse]:
            if server is not None:
                from svodka.batch.stream import Patience, answer_there

                patience = Patience(silence=timeout, reconnects=reconnects)
                return answer_there(requests, server, patience, display.say)
            from svodka import logs
            from svodka.batch.local import answer_here
            from svodka.settings import load_settings

            settings = load_settings({}, config)
            logs.configure(settings)
            return answer_here(requests, settings)

        try:
            tally = run(source, ids, journal, ask, display.show)
        except KeyboardInterrupt:
            display.say("stopped; the same command goes on from here")
            raise typer.Exit(_INTERRUPTED) from None
    complain(f"{tally.total()} of {len(ids)} articles answered: {told(tally)}")
    if tally[Outcome.FAILED]:
        raise typer.Exit(_SOME_FAILED)
