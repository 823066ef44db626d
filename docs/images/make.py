"""Draws the pictures of the page and of its report that the documentation shows: a real server, a real browser, real models."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).parent
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
ANSWER_MS = 300_000
# Our translation of the first sentences of the page's English example, with two figures wrong on purpose.
GIVEN = (
    "Первые пассажирские поезда прошли по тоннелю под гаванью Порт-Эллери в понедельник, 14 августа 2023 года, на два года позже срока. "
    "Длина тоннеля — 7,4 километра, он обошёлся в 2,3 млн долларов: примерно на 18% больше, чем парламент одобрил в 2017 году. "
    "Поездка от берега до берега занимает четыре минуты вместо 45 по дороге."
)


@contextlib.contextmanager
def started(*arguments: str, tells: str) -> Iterator[str]:
    """A command of svodka's, until the end of the block; what the first line of its standard error says that `tells` fits."""
    command = [sys.executable, "-m", "svodka", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            yield next(found[1] for line in process.stderr or () if (found := re.search(tells, line)))
        finally:
            process.terminate()


def opened(browser: Browser, address: str, locale: str, viewport: dict[str, int], *, dark: bool = False) -> Page:
    """A page in a window of its own."""
    context = browser.new_context(
        viewport={"width": viewport["width"], "height": viewport["height"]},
        locale=locale,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    return page


def answered(browser: Browser, address: str, locale: str) -> Page:
    """The page with the answer to its example of a language."""
    page = opened(browser, address, locale, DESKTOP)
    page.locator("#server.ready").wait_for(timeout=ANSWER_MS)
    page.locator(f"[data-example={locale[:2]}]").click()
    page.locator("#counted:not(:empty)").wait_for()
    page.locator("#summarize").click()
    page.locator("#verdict-title").wait_for(timeout=ANSWER_MS)
    return page


def draw(page: Page, name: str) -> None:
    """What the window shows, in 256 colours, which nobody tells from all of them in a page of text."""
    page.mouse.move(0, 0)
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        colours = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        colours.save(FOLDER / f"{name}.png", optimize=True)


def main() -> None:
    """Draw all of them."""
    with (
        started("serve", "--port", "0", "--log-format", "json", tells=r'"port": (\d+)') as port,
        started("web", "--port", "0", "--target", f"127.0.0.1:{port}", tells=r"at (http://\S+),") as address,
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as folder,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = answered(browser, address, "en-GB")
        page.locator(".summary .text[lang=en] mark", has_text="billion").click()
        draw(page, "page")
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        page.keyboard.press("Escape")
        page.evaluate("scrollTo(0, 0)")
        draw(page, "page-phone")
        page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})
        page.locator("#to-compare").click()
        page.locator("#add-given").click()
        page.locator("#translator-2-name").fill("the desk's")
        page.locator("#translator-2-given").fill(GIVEN)
        page.locator("#compare-go").click()
        page.locator("#totals-title").wait_for(timeout=ANSWER_MS)
        page.evaluate("document.getElementById('comparison').scrollIntoView()")
        page.locator(".rows td.wrong mark.changed").first.click()
        draw(page, "comparison")
        with page.expect_download() as download:
            page.locator("#compare-report").click()
        report = Path(folder) / "report.html"
        download.value.save_as(report)
        draw(opened(browser, report.as_uri(), "en-GB", DESKTOP), "report")
        dark = answered(browser, address, "ru-RU")
        dark.emulate_media(color_scheme="dark")
        draw(dark, "page-dark")
        browser.close()


if __name__ == "__main__":
    main()
