import pytest

from svodka.errors import InvalidRequest, UnsupportedLanguage
from svodka.language import detect, resolve


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The forum opened on Monday.", "en"),
        ("Oil prices rose 5% after OPEC.", "en"),
        ("Форум открылся в понедельник.", "ru"),
        ("ЦБ РФ повысил ставку до 21%.", "ru"),
        ("Компания Apple представила iPhone 15 Pro Max в Купертино.", "ru"),
        ("Подробности читайте на сайте: https://example.com/news/economy/the-long-english-path", "ru"),
    ],
)
def test_reads_english_and_russian(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le forum s'est ouvert lundi à Paris.", "fr"),
        ("Форум відкрився у понеділок під Києвом.", "uk"),
        ("Форумът се открива в понеделник.", "bg"),
        ("Форум је отворен у понедељак.", "sr"),
        ("12345 678", "und"),
        ("https://example.com/en/news", "und"),
    ],
)
def test_names_the_language_that_it_does_not_read(text: str, language: str) -> None:
    with pytest.raises(UnsupportedLanguage) as caught:
        detect(text)
    assert caught.value.detected == language


def test_a_stated_language_is_taken() -> None:
    assert resolve("ru-RU", "OK") == "ru"
    assert resolve("en_GB", "OK") == "en"


def test_an_unknown_stated_language_is_refused_by_its_field() -> None:
    with pytest.raises(InvalidRequest, match="'de' is not supported; say en or ru") as caught:
        resolve("de", "Guten Tag", field="source_language")
    assert caught.value.violations[0].field == "source_language"
