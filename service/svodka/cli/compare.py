"""`svodka compare`: translations side by side, of a text by several translators, or of whole files of systems' outputs."""

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
    read_text,
)
from svodka.cli.summarize import headline
from svodka.errors import InvalidRequest
from svodka.types import LANGUAGES, Policy

if TYPE_CHECKING:
    from svodka.channel import Connection
    from svodka.v1 import translation_pb2

__all__ = ["compare"]

# What is compared where fewer than two translators are named: what the repairs of figures are worth.
_DEFAULTS = ("repaired=embedded", "as it comes=embedded,policy=report")


def compare(
    file: Annotated[str | None, typer.Argument(metavar="FILE|-", help="The text, UTF-8.", show_default=False)] = None,
    with_: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="NAME=PROFILE[,beam=N][,policy=report|repair]", help="A translator; may be repeated."),
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FILE", help="A translation that is there: a line a sentence, or running text; may be repeated."),
    ] = None,
    reference: Annotated[str | None, typer.Option(metavar="FILE", help="A translation to measure the others against (chrF, BLEU).")] = None,
    table: Annotated[
        str | None,
        typer.Option(metavar="FILE.tsv", help="Compare systems' outputs: a header, then a source and a translation by each system a line."),
    ] = None,
    reference_column: Annotated[str | None, typer.Option(help="With --table: the column of the reference.")] = None,
    similarity: Annotated[bool, typer.Option(help="With --table: measure similarity to the source, which takes most of the time.")] = True,
    lang: Annotated[str | None, typer.Option(help="Language of the text (en, ru); default: detected.")] = None,
    to: Annotated[str | None, typer.Option(help="Language of the translations; default: the other one.")] = None,
    summary: Annotated[bool, typer.Option("--summary", help="Compare translations of the article's summary, not of all of it.")] = False,
    sentences: Annotated[int | None, typer.Option(min=1, help="With --summary: its sentences, at most.")] = None,
    target: TargetOption = None,
    tls_ca: TlsCaOption = None,
    tls_cert: TlsCertOption = None,
    tls_key: TlsKeyOption = None,
    token_file: TokenFileOption = None,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for a server.")] = 300.0,
    json: Annotated[bool, typer.Option("--json", help="Print the response in protobuf JSON.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="OUT.html", help="Write a report in one HTML file.")] = None,
    config: ConfigOption = None,
) -> None:
    """Compare translations, sentence by sentence: figures, similarity to the source, chrF and BLEU against a reference.

    Without --with and --given: the embedded translator with repairs of figures and without.
    """
    server = connection(target, tls_ca=tls_ca, tls_cert=tls_cert, tls_key=tls_key, token_file=token_file)
    if (file is None) == (table is None):
        raise typer.BadParameter("give a FILE, or a --table", param_hint="FILE")
    for option, tag in (("--lang", lang), ("--to", to)):
        if tag is not None and tag not in LANGUAGES:
            raise typer.BadParameter(f"{tag!r} is not supported; there is en and ru", param_hint=option)
    if table is not None:
        response = _tabled(table, reference_column, (lang, to), config, similarity=similarity)
    else:
        request = _request(file or "-", with_ or [], given or [], reference, (lang, to), length=(sentences or 0) if summary else None)
        response = _asked(request, server, timeout, config)
    _print(response, file or table or "", as_json=json, html=html)


def _request(
    file: str, with_: list[str], given: list[str], reference: str | None, languages: tuple[str | None, str | None], *, length: int | None
) -> translation_pb2.CompareTranslationsRequest:
    from svodka.v1 import summary_pb2, translation_pb2

    text = read_text(file)
    named = [_translator(option) for option in with_]
    if len(with_) + len(given) < 2:
        named += [_translator(option) for option in _DEFAULTS]
    return translation_pb2.CompareTranslationsRequest(
        text=text,
        title=headline(text) if length is not None else "",
        source_language=languages[0] or "",
        target_language=languages[1] or "",
        translators=[*named, *(_given(option) for option in given)],
        reference=read_text(reference) if reference else "",
        summary=length is not None,
        length=summary_pb2.Length(max_sentences=length or 0),
    )


def _translator(option: str) -> translation_pb2.Translator:
    from svodka.v1 import summary_pb2, translation_pb2

    name, _, rest = option.partition("=")
    profile, *settings = rest.split(",")
    if not name.strip() or not profile.strip():
        raise typer.BadParameter(f"{option!r}: write NAME=PROFILE[,beam=N][,policy=report|repair]", param_hint="--with")
    translator = translation_pb2.Translator(name=name.strip(), profile=profile.strip())
    for setting in settings:
        match setting.strip().partition("="):
            case ("beam", "=", number) if number.isascii() and number.isdecimal() and len(number) < 4:
                translator.beam = int(number)
            case ("policy", "=", ("report" | "repair") as policy):
                translator.policy = summary_pb2.Policy.Value(Policy[policy.upper()].value)
            case _:
                raise typer.BadParameter(f"{setting!r} is neither beam=N nor policy=report|repair", param_hint="--with")
    return translator


def _given(option: str) -> translation_pb2.Translator:
    from svodka.v1 import translation_pb2

    name, _, file = option.partition("=")
    if not name.strip() or not file:
        raise typer.BadParameter(f"{option!r}: write NAME=FILE", param_hint="--given")
    return translation_pb2.Translator(name=name.strip(), given=read_text(file))


def _asked(
    request: translation_pb2.CompareTranslationsRequest, server: Connection | None, timeout: float, config: Path | None
) -> translation_pb2.CompareTranslationsResponse:
    if server is not None:
        from svodka.client import Client

        with Client(server, timeout=timeout) as client:
            return client.compare_translations(request)
    from svodka import answers
    from svodka.backend import open_pipeline
    from svodka.settings import load_settings
    from svodka.wire import requests

    settings = load_settings({"more_profiles": [translator.profile for translator in request.translators if translator.profile]}, config)
    requests.comparison_order(request, settings)  # a wrong request need not wait for the models
    pipelines = {profile: open_pipeline(settings, profile)[1] for profile in settings.profiles}
    return answers.compare(pipelines, request, settings)


def _tabled(
    file: str, reference_column: str | None, languages: tuple[str | None, str | None], config: Path | None, *, similarity: bool
) -> translation_pb2.CompareTranslationsResponse:
    from svodka.cli.progress import counted
    from svodka.compare import compare_table, read_table
    from svodka.language import resolve
    from svodka.settings import load_settings
    from svodka.wire.comparisons import compare_response

    table = read_table(read_text(file), name=file, reference_column=reference_column)
    source = resolve(languages[0], "\n".join(table.sources), field="--lang", text_field=file)
    wanted = languages[1] or next(language for language in LANGUAGES if language != source)
    if wanted == source:
        raise typer.BadParameter("the source is in that language already", param_hint="--to")
    encoder = None
    if similarity:
        from svodka.inference.runtime import load_encoder

        settings = load_settings({}, config)
        encoder = load_encoder(
            settings.profile,
            models_dir=settings.models_dir,
            catalogue_file=settings.catalogue_file,
            cache_dir=settings.cache_dir,
            threads=settings.threads,
        )
    with counted("texts embedded") as watch:
        comparison = compare_table(table, source_lang=source, target_lang=wanted, encoder=encoder, watch=watch)
    return compare_response(comparison, profile="")


def _print(response: translation_pb2.CompareTranslationsResponse, name: str, *, as_json: bool, html: Path | None) -> None:
    from svodka.wire.comparisons import sheet

    shown = sheet(response)
    if html is not None:
        from svodka.compare.report import page

        try:
            html.write_text(page(shown, title="Standard input" if name == "-" else Path(name).name), encoding="utf-8")
        except OSError as error:
            raise InvalidRequest.field(str(html), error.strerror or str(error)) from error
        complain(f"the report is in {html}")
    if as_json:
        from google.protobuf.json_format import MessageToJson

        typer.echo(MessageToJson(response, ensure_ascii=False, always_print_fields_with_no_presence=True))
    elif html is None:
        from svodka.cli.sheets import show_sheet

        show_sheet(shown)
