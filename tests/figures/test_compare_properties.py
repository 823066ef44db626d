"""What holds of every comparison, over texts that nobody wrote."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svodka.figures import CheckVerdict, Mode, Relation, compare, extract

settings.register_profile("figures", deadline=None, max_examples=60)
settings.load_profile("figures")

MONTHS = (
    ("January", "января"), ("February", "февраля"), ("April", "апреля"), ("July", "июля"), ("August", "августа"), ("December", "декабря"),
)  # fmt: skip
WEEKDAYS = (
    ("Monday", "в понедельник"),
    ("Tuesday", "во вторник"),
    ("Thursday", "в четверг"),
    ("Friday", "в пятницу"),
    ("Sunday", "в воскресенье"),
)
SCALES = (("million", "млн"), ("billion", "млрд"), ("trillion", "трлн"))
CURRENCIES = (("$", "долларов"), ("€", "евро"), ("£", "фунтов стерлингов"))
UNITS = (("kilometers", "километров"), ("meters", "метров"), ("tonnes", "тонн"), ("hectares", "гектаров"))
SIGNS = (("", ""), ("-", "-"))


@dataclass(frozen=True)
class Sentence:
    """A sentence in both languages, with the one number and the one choice that it states."""

    english: str
    russian: str
    choices: tuple[tuple[str, str], ...]
    number: int
    choice: int

    def text(self, lang):
        template, place = (self.english, 0) if lang == "en" else (self.russian, 1)
        number = f"{self.number:,}".replace(",", "," if lang == "en" else " ")
        return template.format(number=number, choice=self.choices[self.choice % len(self.choices)][place])


TEMPLATES = (
    Sentence("The plant in Omsk employs {number} workers.", "На заводе в Омске {number} рабочих.", (("", ""),), 0, 0),
    Sentence("Prices rose {choice}{number}%.", "Цены выросли на {choice}{number}%.", SIGNS, 0, 0),
    Sentence("The deal is worth ${number} {choice}.", "Сумма сделки {number} {choice} долларов.", SCALES, 0, 0),
    Sentence("The fine is {choice}{number}.", "Штраф составит {number} {choice}.", CURRENCIES, 0, 0),
    Sentence("The pipe needs {number} {choice}.", "На трубу нужно {number} {choice}.", UNITS, 0, 0),
    Sentence("It was signed on {choice} 14 before {number} guests.", "Договор подписан 14 {choice} при {number} гостях.", MONTHS, 0, 0),
    Sentence("On {choice} it drew {number} visitors.", "Туда {choice} пришли {number} человек.", WEEKDAYS, 0, 0),
)
SENTENCES = st.builds(replace, st.sampled_from(TEMPLATES), number=st.integers(31, 999), choice=st.integers(0, 59))
ARTICLES = st.lists(SENTENCES, min_size=1, max_size=6)
LANGUAGES = st.sampled_from(("en", "ru"))


def written(article, lang):
    return " ".join(sentence.text(lang) for sentence in article)


def check(source, target, source_lang, target_lang, mode=Mode.TRANSLATION):
    return compare(source, target, source_lang=source_lang, target_lang=target_lang, mode=mode)


@given(st.text(max_size=200), LANGUAGES)
def test_a_text_agrees_with_itself(text, lang):
    assert {pair.relation for pair in check(text, text, lang, lang).pairs} <= {Relation.PRESERVED}


FRAGMENTS = st.sampled_from(
    [
        "5",
        "five",
        "пять",
        "1,5",
        "2:1",
        "-3",
        "10-12",
        "7 p.m.",
        "May",
        "мая",
        "%",
        "$",
        "млн",
        "тыс.",
        "№",
        "F-16",
        "XX век",
        "18th",
        "и",
        ",",
        ".",
        "до",
    ]
)


@given(st.lists(FRAGMENTS, max_size=30).map(" ".join), LANGUAGES, st.sampled_from(Mode))
def test_a_heap_of_figures_agrees_with_itself(text, lang, mode):
    comparison = check(text, text, lang, lang, mode)
    assert {pair.relation for pair in comparison.pairs} <= {Relation.PRESERVED}
    assert comparison.verdict is CheckVerdict.OK


@given(ARTICLES, LANGUAGES, LANGUAGES, st.sampled_from(Mode))
def test_a_right_translation_passes(article, source_lang, target_lang, mode):
    assert check(written(article, source_lang), written(article, target_lang), source_lang, target_lang, mode).verdict is CheckVerdict.OK


@given(ARTICLES, st.data(), LANGUAGES, LANGUAGES, st.sampled_from(Mode))
def test_another_digit_is_seen(article, data, source_lang, target_lang, mode):
    place = data.draw(st.integers(0, len(article) - 1))
    number = data.draw(st.integers(31, 999).filter(lambda other: all(other != sentence.number for sentence in article)))
    altered = [*article[:place], replace(article[place], number=number), *article[place + 1 :]]
    assert (
        check(written(article, source_lang), written(altered, target_lang), source_lang, target_lang, mode).verdict is not CheckVerdict.OK
    )


@pytest.mark.parametrize(
    "template", [template for template in TEMPLATES if len(template.choices) > 1], ids=lambda template: template.english
)
@given(
    numbers=st.lists(st.integers(31, 999), min_size=1, max_size=4, unique=True),
    choice=st.integers(0, 59),
    step=st.integers(1, 59),
    data=st.data(),
)
def test_another_scale_currency_unit_month_weekday_or_sign_is_seen(template, numbers, choice, step, data):
    if step % len(template.choices) == 0:
        step += 1
    article = [replace(template, number=number, choice=choice) for number in numbers]
    place = data.draw(st.integers(0, len(article) - 1))
    altered = [*article[:place], replace(article[place], choice=choice + step), *article[place + 1 :]]
    source_lang, target_lang = data.draw(LANGUAGES), data.draw(LANGUAGES)
    assert check(written(article, source_lang), written(altered, target_lang), source_lang, target_lang).verdict is not CheckVerdict.OK


@given(ARTICLES, st.data(), LANGUAGES, LANGUAGES)
def test_a_sentence_lost_or_added_is_seen_in_a_translation(article, data, source_lang, target_lang):
    place = data.draw(st.integers(0, len(article) - 1))
    whole, short = written(article, source_lang), written([*article[:place], *article[place + 1 :]], target_lang)
    if sum(sentence.number == article[place].number for sentence in article) == 1:
        assert check(whole, short, source_lang, target_lang).verdict is CheckVerdict.MISMATCH
        assert check(short, whole, target_lang, source_lang).verdict is CheckVerdict.MISMATCH


@given(ARTICLES, ARTICLES, LANGUAGES, LANGUAGES)
def test_every_figure_stands_in_the_comparison_exactly_once(left, right, source_lang, target_lang):
    source, target = written(left, source_lang), written(right, target_lang)
    pairs = check(source, target, source_lang, target_lang).pairs
    assert sorted(pair.source.start for pair in pairs if pair.source) == [figure.start for figure in extract(source, source_lang)]
    assert [pair.target.start for pair in pairs if pair.target] == [figure.start for figure in extract(target, target_lang)]


@given(ARTICLES, ARTICLES, LANGUAGES, LANGUAGES)
def test_a_summary_is_told_by_its_own_figures(left, right, source_lang, target_lang):
    source, target = written(left, source_lang), written(right, target_lang)
    pairs = check(source, target, source_lang, target_lang, Mode.SUMMARY).pairs
    assert [pair.target.start for pair in pairs if pair.target] == [figure.start for figure in extract(target, target_lang)]
    assert all(pair.target for pair in pairs)


@given(ARTICLES, ARTICLES, LANGUAGES, LANGUAGES, st.sampled_from(Mode))
def test_only_what_is_preserved_goes_without_a_reason(left, right, source_lang, target_lang, mode):
    for pair in check(written(left, source_lang), written(right, target_lang), source_lang, target_lang, mode).pairs:
        assert bool(pair.reason) is (pair.relation is not Relation.PRESERVED)
