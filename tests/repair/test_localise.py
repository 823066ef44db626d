"""Putting a figure in the place of another: its form, the words beside it."""

from __future__ import annotations

import pytest

from svodka.figures import extract
from svodka.repair.localise import forms, on_weekday, put


def _figure(text: str, lang: str):
    (figure,) = extract(text, lang)
    return figure


@pytest.mark.parametrize(
    ("text", "wanted", "result"),
    [
        ("Это стоило 8 млн долларов.", "It cost $8 billion.", "Это стоило 8 млрд долларов."),
        ("Суд заседал 18 октября.", "The court sat on 8 October.", "Суд заседал 8 октября."),
        ("Голосование пройдёт в среду.", "The vote is on Monday.", "Голосование пройдёт в понедельник."),
        ("Голосование пройдёт в среду.", "The vote is on Tuesday.", "Голосование пройдёт во вторник."),
        ("Голосование пройдёт во вторник.", "The vote is on Friday.", "Голосование пройдёт в пятницу."),
        ("Это было в конце 1980-х годов.", "It was the late 1990s.", "Это было в конце 1990-х годов."),
        ("В них 85 компаний.", "There are 82 companies.", "В них 82 компании."),
        ("Их 82 компании.", "There are 21 companies.", "Их 21 компания."),
        ("К 82 компаниям.", "There are 85 companies.", "К 85 компаниям."),
        ("Там 85 раненых.", "There are 82 wounded.", "Там 82 раненых."),
        ("Ставка выросла на 2 процента.", "The rate rose by 3 percentage points.", "Ставка выросла на 3 процентных пункта."),
    ],
)
def test_russian(text: str, wanted: str, result: str) -> None:
    stood, right = _figure(text, "ru"), _figure(wanted, "en")
    assert put(text, stood, right, forms(right, "ru", stood)[0], "ru") == result


@pytest.mark.parametrize(
    ("text", "wanted", "result"),
    [
        ("It cost $8 million.", "Это стоило 8 млрд долларов.", "It cost $8 billion."),
        ("The vote is on Wednesday.", "Голосование пройдёт в понедельник.", "The vote is on Monday."),
        ("The Il-86 crashed.", "Ил-76 разбился.", "The Il-76 crashed."),
    ],
)
def test_english(text: str, wanted: str, result: str) -> None:
    stood, right = _figure(text, "en"), _figure(wanted, "ru")
    assert put(text, stood, right, forms(right, "en", stood)[0], "en") == result


def test_the_first_word_of_a_sentence_stays_capital() -> None:
    stood, right = _figure("Две трети ушли.", "ru"), _figure("Three-quarters left.", "en")
    assert put("Две трети ушли.", stood, right, forms(right, "ru", stood)[0], "ru") == "Три четверти ушли."


def test_a_qualifier_is_not_said_twice() -> None:
    assert forms(_figure("More than $8 billion was paid.", "en"), "ru")[0] == "8 млрд долларов"


def test_weekdays_have_their_preposition() -> None:
    assert on_weekday(_figure("It was Tuesday.", "en")) == "во вторник"
    assert on_weekday(_figure("It was Wednesday, 5 May 2021.", "en")) == "в среду, 5 мая 2021 года"
