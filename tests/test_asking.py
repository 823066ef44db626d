"""What models take amiss is asked for as they know it."""

from __future__ import annotations

import pytest

from fakes import FakeTranslator
from svodka.asking import in_digits, in_full
from svodka.decoding import GuardedTranslator


@pytest.mark.parametrize(
    ("text", "lang", "asked"),
    [
        pytest.param("Fifteen of these rocks fell.", "en", "15 of these rocks fell.", id="a count"),
        pytest.param("Up to thirty people had twenty-five cars.", "en", "Up to 30 people had 25 cars.", id="two, one compound"),
        pytest.param("One hundred and twenty people left.", "en", "120 people left.", id="words and an and"),
        pytest.param("Двадцать одна машина, до сорока человек.", "ru", "21 машина, до 40 человек.", id="Russian, in its cases"),
        pytest.param("Seven of ten cars", "en", "Seven of ten cars", id="small ones stay"),
        pytest.param(
            "a dozen, fifteen hundred, two thousand houses", "en", "a dozen, fifteen hundred, two thousand houses", id="round ones stay"
        ),
        pytest.param("полторы тысячи домов", "ru", "полторы тысячи домов", id="so do halves"),
        pytest.param("5,000,000 people, about 1,200,000 poor", "en", "5 million people, about 1.2 million poor", id="zeros"),
        pytest.param("It cost $12,000,000 of $2,500,000,000.", "en", "It cost $12 million of $2.5 billion.", id="zeros of money"),
        pytest.param("Их 5 000 000, на 12 000 000 рублей", "ru", "Их 5 млн, на 12 млн рублей", id="zeros in Russian"),
        pytest.param("120,000 of 1,234,000 people, the 1,000,000th", "en", "120,000 of 1,234,000 people, the 1,000,000th", id="few zeros"),
        pytest.param("Eighteen percent, twenty-five years", "en", "18 percent, 25 years", id="with units"),
        pytest.param("восемнадцать процентов за двадцать пять лет", "ru", "18 процентов за 25 лет", id="with units in Russian"),
        pytest.param("the Thirty Years War, five percent", "en", "the Thirty Years War, five percent", id="names; small ones with units"),
        pytest.param("15 of 30 people, 2.5 million", "en", "15 of 30 people, 2.5 million", id="digits stay as they are"),
    ],
)
def test_exact_counts_are_asked_for_in_few_digits(text: str, lang: str, asked: str) -> None:
    assert in_digits(text, lang) == asked
    translator = FakeTranslator()
    GuardedTranslator(translator).translate([text], source=lang, target="ru" if lang == "en" else "en")
    assert [sentence for sentence, *_ in translator.asked] == [asked]


@pytest.mark.parametrize(
    ("text", "lang", "asked"),
    [
        pytest.param("В I кв. 2024 г. ВВП вырос.", "ru", "В 1 квартале 2024 г. ВВП вырос.", id="Roman and short"),
        pytest.param("Выручка за III кв. 2023 года", "ru", "Выручка за 3 квартал 2023 года", id="in another case"),
        pytest.param("во 2-м кв 2024 и в IV квартале", "ru", "во 2-м квартале 2024 и в 4 квартале", id="an ending; in full"),
        pytest.param("дом 3 кв. 12, 2 кв. км", "ru", "дом 3 кв. 12, 2 кв. км", id="flats and squares"),
        pytest.param("Profit rose in Q1 2024.", "en", "Profit rose in the first quarter of 2024.", id="English"),
        pytest.param("$800m (up 5% y/y), up 3%", "en", "$800m (a rise of 5% year on year), up 3%", id="courses"),
        pytest.param("ВВП вырос на 5,4% г/г, 0,3% м/м.", "ru", "ВВП вырос на 5,4% год к году, 0,3% месяц к месяцу.", id="in Russian"),
        pytest.param("from 356 BCE", "en", "from 356 BC", id="an era"),
        pytest.param("In 1000 B.C., not 356 B.C.E. or 323 B.C.", "en", "In 1000 BC, not 356 BC or 323 BC.", id="with points"),
        pytest.param("at eleven kph (5 kph)", "en", "at eleven km/h (5 km/h)", id="speeds"),
        pytest.param("a fee of US$30, or $10", "en", "a fee of $30, or $10", id="American dollars"),
        pytest.param("US$30 are A$46", "en", "US$30 are A$46", id="among others"),
        pytest.param("Some 70 percent of some 30 of some", "en", "About 70 percent of about 30 of some", id="some"),
        pytest.param("6ft 2in, 300ft, in 5 ft", "en", "6 feet 2 inches, 300 feet, in 5 ft", id="feet"),
        pytest.param("in the top-ten places", "en", "in the top ten places", id="the top ten"),
        pytest.param("(1,000 mi), 12 sq mi, Mi 5", "en", "(1,000 miles), 12 square miles, Mi 5", id="miles"),
        pytest.param("3136 mm2, 5 m3, m2", "en", "3136 mm², 5 m³, m2", id="powers"),
        pytest.param("in Nov-Feb, Mar", "en", "in November to February, Mar", id="months"),
        pytest.param("in the Q4 of 2023, in Q3", "en", "in the fourth quarter of 2023, in Q3", id="with an article; without a year"),
    ],
)
def test_what_is_written_short_is_asked_for_in_full(text: str, lang: str, asked: str) -> None:
    assert in_full(text, lang) == asked
