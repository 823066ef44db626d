"""`svodka summarize`: one article in, both summaries and the ledger of its figures out."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from svodka.cli.console import (
    ConfigOption,
    KeepOption,
    TargetOption,
    TermOption,
    TlsCaOption,
    TlsCertOption,
    TlsKeyOption,
    TokenFileOption,
    connection,
    glossary,
    read_text,
)
from svodka.types import Policy

if TYPE_CHECKING:
    from pathlib import Path

    from svodka.v1 import summary_pb2

__all__ = ["PolicyName", "headline", "summarize"]

# A first line that a blank one sets apart from a text.
_HEADLINE = re.compile(r"\s*(\S[^\r\n]*)\r?\n[^\S\n]*\n\s*\S")


class PolicyName(StrEnum):
    """Policies as the command line spells them."""

    REPORT = "report"
    REPAIR = "repair"
    STRICT = "strict"


def summarize(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="The article, plain text in UTF-8; a first line followed by an empty one is its title.")
    ],
    target: TargetOption = None,
    tls_ca: TlsCaOption = None,
    tls_cert: TlsCertOption = None,
    tls_key: TlsKeyOption = None,
    token_file: TokenFileOption = None,
    title: Annotated[str | None, typer.Option(help="The headline; default: the file's first line, if an empty one follows it.")] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the article (en, ru); default: detected.")] = None,
    to: Annotated[list[str] | None, typer.Option(help="Language of a summary; may be given twice. Default: both.")] = None,
    sentences: Annotated[int | None, typer.Option(min=1, help="Sentences of a summary, at most.")] = None,
    characters: Annotated[int | None, typer.Option(min=1, help="Characters of the summary in the article's language, at most.")] = None,
    policy: Annotated[PolicyName, typer.Option(help="What to do about figures that do not agree.")] = PolicyName.REPAIR,
    keep: KeepOption = None,
    term: TermOption = None,
    profile: Annotated[str | None, typer.Option(help="Profile to use.")] = None,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for a server.")] = 300.0,
    json: Annotated[bool, typer.Option("--json", help="Print the response in protobuf JSON.")] = False,
    config: ConfigOption = None,
) -> None:
    """Summarize one article in English and Russian, with a ledger of its figures."""
    from svodka.v1 import summary_pb2

    server = connection(target, tls_ca=tls_ca, tls_cert=tls_cert, tls_key=tls_key, token_file=token_file)
    # The text goes whole, headline included, so that the offsets of the answer are those of the file.
    text = read_text(file)
    request = summary_pb2.SummarizeRequest(
        title=headline(text) if title is None else title,
        text=text,
        language=lang or "",
        target_languages=to or (),
        length=summary_pb2.Length(max_sentences=sentences or 0, max_characters=characters or 0),
        policy=summary_pb2.Policy.Value(Policy[policy.name].value),
        profile=profile or "",
        do_not_translate=keep or (),
        glossary=[summary_pb2.GlossaryTerm(source=source, target=wanted) for source, wanted in glossary(term)],
    )
    if server is not None:
        from svodka.client import Client

        with Client(server, timeout=timeout) as client:
            response = client.summarize(request)
    else:
        response = _in_process(request, config)
    _print(response, as_json=json)


def headline(text: str) -> str:
    """A text's first line, where an empty one follows it; empty otherwise."""
    found = _HEADLINE.match(text)
    return found[1].strip() if found else ""


def _in_process(request: summary_pb2.SummarizeRequest, config: Path | None) -> summary_pb2.SummarizeResponse:
    from svodka import answers
    from svodka.backend import open_pipeline
    from svodka.settings import load_settings
    from svodka.wire import requests

    settings = load_settings({"profile": request.profile or None}, config)
    requests.summary_order(request, settings)  # a wrong request need not wait for the models
    _, pipeline = open_pipeline(settings)
    return answers.summarize(pipeline, request, settings)


def _print(response: summary_pb2.SummarizeResponse, *, as_json: bool) -> None:
    if as_json:
        from google.protobuf.json_format import MessageToJson

        typer.echo(MessageToJson(response, ensure_ascii=False, always_print_fields_with_no_presence=True))
        return
    from svodka.cli import report

    report.show(response)
