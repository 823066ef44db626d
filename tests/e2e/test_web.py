"""The page in a real browser, before the real server with the real models."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

    from e2e.conftest import RunningServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.models, pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH")]

# The models are slow on few cores, and an answer may wait for another.
_ANSWER_MS = 240_000
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
FRENCH = "Le premier ministre a présenté son budget devant les députés, qui en débattront toute la semaine prochaine."
ATTACK = "<img src=x onerror=alert(1)>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """A way through the page: who reads it, on what, and what is given."""

    locale: str
    viewport: dict[str, int]
    dark: bool
    article: str
    wrong: str  # a translation of it whose last figure is wrong
    lit: tuple[str, str, str]  # a figure in the article, in English, in Russian
    verdicts: frozenset[str]


FLOWS = {
    "desktop, English": Flow(
        locale="en-GB",
        viewport=DESKTOP,
        dark=False,
        article="The forum opened on Monday, 14 August 2023. More than 1,500 companies take part in it.",
        wrong="Форум открылся в понедельник, 14 августа 2023 года. В нём участвуют более 1600 компаний.",
        lit=("1,500", "1,500", "1500"),
        verdicts=frozenset({"Verified", "Verified after repair", "Not verified"}),
    ),
    "phone, Russian": Flow(
        locale="ru-RU",
        viewport=PHONE,
        dark=True,
        article="Форум открылся в понедельник, 14 августа 2023 года. В нём участвуют 150 компаний.",
        wrong="The forum opened on Monday, 14 August 2023. Some 160 companies take part.",
        lit=("150", "150", "150"),
        verdicts=frozenset({"Проверено", "Проверено после исправления", "Не подтверждено"}),
    ),
}


@pytest.fixture(scope="module")
def address(server: RunningServer) -> Iterator[str]:
    """A page, in a process of its own, before the server."""
    command = [sys.executable, "-m", "svodka", "web", "--port", "0", "--target", server.address]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SVODKA_")}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            yield re.search(r"http://\S+(?=,)", process.stderr.readline())[0]
        finally:
            process.terminate()
            assert process.stderr.read() == ""  # of articles least of all


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # A container's root has no sandbox to hand over to.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()


@contextlib.contextmanager
def opened(browser: Browser, url: str, flow: Flow) -> Iterator[Page]:
    """A page of which nothing may be complained in the console."""
    scheme = "dark" if flow.dark else "light"
    context = browser.new_context(viewport=flow.viewport, locale=flow.locale, color_scheme=scheme, reduced_motion="reduce")
    complaints: list[str] = []
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    yield page
    context.close()
    assert complaints == []


def faults(page: Page) -> list[str]:
    """What axe-core finds that is serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['html']}: {node['failureSummary']}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the side."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def whole(page: Page) -> None:
    """In either width and either language nothing sticks out or is at fault; the page is left as it was."""
    size, language = page.viewport_size, page.locator("html").get_attribute("lang")
    for viewport in (DESKTOP, PHONE):
        page.set_viewport_size(viewport)
        for tag in ("en", "ru"):
            page.locator(f"[data-language={tag}]").click()
            assert fits(page), (viewport, tag)
        assert faults(page) == []
    page.set_viewport_size(size)
    page.locator(f"[data-language={language}]").click()


def figure(place: Locator, text: str) -> Locator:
    return place.locator("mark", has_text=text).first


@pytest.fixture(scope="module", params=FLOWS, ids=list(FLOWS))
def flow(request: pytest.FixtureRequest) -> Flow:
    return FLOWS[request.param]


@pytest.fixture(scope="module")
def page(browser: Browser, address: str, flow: Flow) -> Iterator[Page]:
    """A page on which the flow's article is answered; the tests of this module go on from each other, for an answer is dear."""
    with opened(browser, address, flow) as page:
        page.locator("#server.ready").wait_for()
        assert page.locator("html").get_attribute("lang") == flow.locale[:2]
        assert faults(page) == []
        page.locator("#text").fill(flow.article)
        page.locator("#summarize").click()
        page.locator("#stages [aria-current=step]").wait_for()
        assert faults(page) == []
        page.locator("#verdict-title").wait_for(timeout=_ANSWER_MS)
        yield page


def test_an_article_gets_both_summaries_the_ledger_and_a_verdict(page: Page, flow: Flow) -> None:
    assert page.locator("#verdict-title").text_content() in flow.verdicts
    assert page.locator(".pane.article .text").text_content() == flow.article
    own, other = ("en", "ru") if flow.locale.startswith("en") else ("ru", "en")
    assert page.locator(f".summary .text[lang={own}]").text_content() == flow.article
    assert figure(page.locator(f".summary .text[lang={other}]"), "1").count() == 1
    assert page.locator(".ledger tbody tr").count() == 2
    whole(page)


def test_a_figure_that_is_chosen_lights_up_its_counterparts(page: Page, flow: Flow) -> None:
    article, english, russian = (
        page.locator(selector) for selector in (".pane.article .text", ".summary .text[lang=en]", ".summary .text[lang=ru]")
    )
    marks = [figure(place, text) for place, text in zip((article, english, russian), flow.lit, strict=True)]
    marks[0].click()
    for mark in marks:
        assert mark.get_attribute("aria-pressed") == "true"
    assert page.locator(".ledger tr.lit").count() == 1
    assert page.locator("#inspector").is_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert page.locator(".lit").count() == 0
    assert not page.locator("#inspector").is_visible()
    marks[2].focus()
    page.keyboard.press("Enter")
    assert marks[1].get_attribute("aria-pressed") == "true"
    page.keyboard.press("Enter")
    assert page.locator(".lit").count() == 0


def test_the_answer_can_be_downloaded(page: Page, flow: Flow, tmp_path: Path) -> None:
    with page.expect_download() as download:
        page.locator("#download-json").click()
    download.value.save_as(tmp_path / "summary.json")
    answer = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert len(answer["summaries"]) == 2
    assert len(answer["ledger"]) == 2


def test_translations_are_compared_and_the_report_opens(page: Page, browser: Browser, flow: Flow, tmp_path: Path) -> None:
    page.locator("#to-compare").click()
    assert page.locator("#compare-text").input_value() == flow.article
    page.locator("#add-given").click()
    page.locator("#translator-2-name").fill(ATTACK)
    page.locator("#translator-2-given").fill(flow.wrong)
    assert faults(page) == []
    page.locator("#compare-go").click()
    page.locator("#totals-title").wait_for(timeout=_ANSWER_MS)
    assert page.locator(".totals tbody tr").count() == 3
    assert page.locator(".totals tbody tr").nth(2).locator("td.bad").count() == 1
    assert page.locator(".rows tbody tr").count() == 2
    assert page.locator("#comparison img").count() == 0
    changed = page.locator(".rows td.wrong mark.changed").last
    changed.click()
    assert page.locator(".rows mark.lit").count() >= 2
    page.keyboard.press("Escape")
    whole(page)
    with page.expect_download() as download:
        page.locator("#compare-report").click()
    report = tmp_path / "report.html"
    download.value.save_as(report)
    with opened(browser, report.as_uri(), flow) as opened_report:
        assert opened_report.locator("#rows tbody tr").count() == 2
        assert opened_report.locator("#rows mark.changed").count() >= 1
        assert faults(opened_report) == []
    page.locator("#tab-summary").click()


def test_a_refusal_names_the_field_in_plain_words(page: Page, flow: Flow) -> None:
    page.locator("#another").click()
    page.locator("#summarize").click()
    assert page.locator("#summary-fault .fault").is_visible()
    page.locator("#text").fill(FRENCH)
    page.locator("#summarize").click()
    told = page.locator("#summary-fault li")
    told.wait_for()
    name = {"en": "Article", "ru": "Статья"}[flow.locale[:2]]
    assert told.text_content().startswith(f"{name}: the detected language is 'fr'")
    assert page.locator("#text").get_attribute("aria-invalid") == "true"
    whole(page)


def test_a_text_comes_from_a_file_an_address_or_an_example(page: Page, flow: Flow, tmp_path: Path) -> None:
    good, bad = tmp_path / "article.txt", tmp_path / "picture.txt"
    good.write_text(flow.article, encoding="utf-8")
    bad.write_bytes(b"\xff\xfe\x00")
    page.locator("#file").set_input_files(good)
    page.locator("#summary-fault:empty").wait_for(state="attached")
    page.locator("#counted:not(:empty)").wait_for()
    assert page.locator("#text").input_value() == flow.article
    page.locator("#file").set_input_files(bad)
    page.locator("#summary-fault .fault").wait_for()
    assert page.locator("#text").input_value() == flow.article
    allowed = {"access-control-allow-origin": "*"}
    page.route("https://news.example/a.txt", lambda route: route.fulfill(body="Fetched.", content_type="text/plain", headers=allowed))
    page.locator("#open-address").click()
    page.locator("#address").fill("https://news.example/a.txt")
    page.locator("#fetch").click()
    page.locator("#summary-fault:empty").wait_for(state="attached")
    assert page.locator("#text").input_value() == "Fetched."
    page.locator(f"[data-example={flow.locale[:2]}]").click()
    page.locator("#counted").filter(has_text=re.compile(r"\d{3}|\d\d")).wait_for()
    assert len(page.locator("#text").input_value()) > 500


def test_an_article_on_its_way_can_be_called_back(page: Page, server: RunningServer) -> None:
    page.locator("#summarize").click()
    page.locator("#stages .done").nth(2).wait_for()  # the server is translating
    page.locator("#cancel").click()
    page.locator("#progress").wait_for(state="hidden")
    assert page.locator("#ask").is_visible()
    assert page.locator("#summary-fault .fault").count() == 0
    server.logged("answered", method="SummarizeStream", code="CANCELLED")
