"""Figures that a small translator takes for others are asked for in digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svodka.easing import with_figures_eased
from svodka.figures import CheckVerdict, compare

CASES = [
    pytest.param("the twenty-first century, on the thirtieth day", "en", "the 21st century, on the 30th day", id="ranks"),
    pytest.param("his fourth win, the Seventh Fleet, twelfth", "en", "his fourth win, the 7th Fleet, 12th", id="ranks from fifth on"),
    pytest.param("two fifths, the fifth of May, July fourth", "en", "two fifths, the fifth of May, July fourth", id="parts; dates"),
    pytest.param("двадцатый день шестнадцатого века", "ru", "20-й день XVI века", id="Russian ranks and centuries"),
    pytest.param("пятая, шестого, седьмыми, второй", "ru", "5-я, 6-го, 7-ми, второй", id="their endings"),
    pytest.param("в седьмой раз, в девятом часу", "ru", "в седьмой раз, в девятом часу", id="not all"),
    pytest.param("Полмиллиона человек, полтора миллиарда рублей", "ru", "500 тысяч человек, 1,5 млрд рублей", id="Russian halves"),
    pytest.param("полтора года, два с половиной часа, полчаса", "ru", "1,5 года, 2,5 часа, полчаса", id="of spans"),
    pytest.param("выросли в полтора раза, втрое, впятеро", "ru", "выросли в 1,5 раза, в 3 раза, в 5 раз", id="Russian multiples"),
    pytest.param("Шестидневная, двухлетняя, двадцатилетний", "ru", "6-дневная, двухлетняя, 20-летний", id="Russian spans"),
    pytest.param("стометровая башня, двухметровый забор", "ru", "100-метровая башня, двухметровый забор", id="Russian measures"),
    pytest.param("от двадцати до тридцати лет, от 5 до 6", "ru", "от 20 до 30 лет, от 5 до 6", id="Russian ranges"),
    pytest.param("50-ти гектаров, 12-ти минут, 90-х годов, 3-х раз", "ru", "50 гектаров, 12 минут, 90-х годов, 3-х раз", id="endings"),
    pytest.param("783 кв. км, 300 кв. миль", "ru", "783 км², 300 квадратных миль", id="squares"),
    pytest.param("35-миллиметровый негатив", "ru", "35-мм негатив", id="millimetres"),
    pytest.param("в 19 и 20 веках, в 19 веке", "ru", "в XIX и XX веках, в 19 веке", id="two centuries"),
    pytest.param("Семеро альпинистов, семерых, трое", "ru", "7 альпинистов, 7, трое", id="people"),
    pytest.param("в девяностых, восьмидесятые годы", "ru", "в 90-х, 80-е годы", id="decades"),
    pytest.param("a 17th-century or sixteenth-century house", "en", "a 17th century or 16th century house", id="centuries"),
    pytest.param("the XX century, the first-century wall", "en", "the 20th century, the 1st century wall", id="Roman ones"),
    pytest.param("groups of four to six, two to three days", "en", "groups of 4 to 6, 2 to 3 days", id="from one to another"),
    pytest.param("from 4 to six, nine to five, half to two", "en", "from 4 to six, nine to five, half to two", id="not both spelled"),
    pytest.param("Half a million people, a quarter of a million", "en", "500,000 people, 250,000", id="parts of a million"),
    pytest.param("half a billion dollars, half of it", "en", "$500 million, half of it", id="parts of a billion; other parts"),
    pytest.param("two and a half years, an hour and a half", "en", "2.5 years, 1.5 hours", id="halves"),
    pytest.param("Half an hour, two and a half", "en", "Half an hour, 2.5", id="half an hour"),
    pytest.param("Prices tripled, will triple.", "en", "Prices increased 3 times, will increase 3 times.", id="multiples"),
    pytest.param("more than tripled, the tripled price", "en", "more than tripled, the tripled price", id="not all"),
    pytest.param("Twice as many, twice a day", "en", "Two times as many, twice a day", id="twice"),
    pytest.param("won seven times, lost four times", "en", "won 7 times, lost four times", id="times, from five on"),
    pytest.param("rose tenfold, a five-fold rise, doubled", "en", "rose 10-fold, a 5-fold rise, doubled", id="folds"),
    pytest.param("a two-year-old girl, a one-year-old", "en", "a 2-year-old girl, a 1-year-old", id="ages"),
    pytest.param("a six-day trip, a half-hour talk, six days", "en", "a 6-day trip, a 30-minute talk, six days", id="spans"),
    pytest.param("He came at 7pm and left at 11:30 p.m.", "en", "He came at 19:00 and left at 23:30.", id="hours after noon"),
    pytest.param("at half past five, a quarter to eight, at ten to five", "en", "at 5:30, 7:45, at 4:50", id="hours in words"),
    pytest.param("в половине шестого, без четверти восемь", "ru", "в 5:30, в 7:45", id="Russian hours"),
    pytest.param("в полшестого, в полдень, в семь часов", "ru", "в 5:30, в полдень, в семь часов", id="more of them"),
    pytest.param("at 9 a.m., 12 p.m. and noon", "en", "at 9 a.m., 12:00 and noon", id="other hours"),
    pytest.param("from November to February, Monday to Friday", "en", "from November to February, Monday to Friday", id="dates"),
    pytest.param("шестнадцатого столетия, XX века", "ru", "шестнадцатого столетия, XX века", id="other centuries"),
    pytest.param("a third to a fifth, fifth to ninth place", "en", "a third to a fifth, 5th to 9th place", id="ranks from one to another"),
]


@pytest.mark.parametrize(("text", "lang", "asked"), CASES)
def test_such_figures_are_asked_for_in_digits(text: str, lang: str, asked: str) -> None:
    assert with_figures_eased(text, lang) == asked


@pytest.mark.parametrize(("text", "lang"), [case.values[:2] for case in CASES])
def test_they_stay_the_same_figures(text: str, lang: str) -> None:
    asked = with_figures_eased(text, lang)
    assert compare(text, asked, source_lang=lang, target_lang=lang).verdict is CheckVerdict.OK


@given(st.lists(st.sampled_from([case.values[0] for case in CASES if case.values[1] == "en"]), max_size=4))
def test_so_they_do_side_by_side(texts: list[str]) -> None:
    text = ". ".join(texts)
    assert compare(text, with_figures_eased(text, "en"), source_lang="en", target_lang="en").verdict is CheckVerdict.OK


@given(st.text(max_size=80), st.sampled_from(["en", "ru"]))
def test_any_text_can_be_eased(text: str, lang: str) -> None:
    assert bool(with_figures_eased(text, lang)) == bool(text)
