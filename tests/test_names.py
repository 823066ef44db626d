"""How names are written in another alphabet, and that a small translator is asked for them so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import FakeGenerator
from svodka.errors import SentenceTooLong
from svodka.figures import extract
from svodka.figures.tables import table as table_of
from svodka.inference.entries import Limits
from svodka.inference.translator import PromptTranslator
from svodka.inference.wording import Wording
from svodka.names import russian_name, transcribe, with_listed_names, with_names_transcribed
from svodka.names.pinyin import by_palladius
from svodka.names.transcription import Chunk
from training.data import Pair
from training.name_pairs import NamePair, name_pairs
from training.transcription import learn, write_table

if TYPE_CHECKING:
    from pathlib import Path


class Pieces(FakeGenerator):
    """Whose tokens have four letters at most, so that long words are rare ones."""

    def count_tokens(self, text: str) -> int:
        return sum(-(-len(word) // 4) for word in text.split())


COMMON = frozenset({"the", "river", "bridge", "hungarian", "london"})


@pytest.mark.parametrize(
    ("name", "russian"),
    [
        ("Palermo", "Палермо"),
        ("Nagasaki", "Нагасаки"),
        ("Bucharest", "Бухарест"),
        ("Giovanni", "Джованни"),
        ("Ovechkin", "Овечкин"),
        ("Whitehall", "Уайтхолл"),
        ("Khrushchev", "Хрущев"),
        ("Larsen", "Ларсен"),
        ("Barça", "Барса"),
    ],
)
def test_names_are_written_as_the_press_does(name: str, russian: str) -> None:
    assert transcribe(name) == russian


@pytest.mark.parametrize(
    ("name", "russian"),
    [
        ("Athens", "Афины"),
        ("Vienna", "Вена"),
        ("Maldives", "Мальдивы"),
        ("Greenland", "Гренландия"),
        ("Icelandic", "исландский"),
        ("Nigerien", "нигерский"),
        ("Nigerian", "нигерийский"),
        ("Pompano", None),
        ("Cook Islands", None),
        ("Helsinki", "Хельсинки"),
        ("Chechen", "чеченский"),
        ("Pahlavi", "Пехлеви"),  # the person, before the language
        ("Atikokan", None),
        ("Beijing", "Пекин"),
        ("Delaware", "Делавэр"),
        ("Kamchatka", "Камчатка"),
        ("Germans", "немцы"),
        ("Olympics", "Олимпиада"),
        ("Judaism", "иудаизм"),
        ("Zelenskyy", "Зеленский"),
        ("Kremlin", "Кремль"),
        ("Boeing", "Боинг"),
    ],
)
def test_places_and_peoples_are_called_as_russian_calls_them(name: str, russian: str | None) -> None:
    assert russian_name(name) == russian


@pytest.mark.parametrize("table", ["peoples.en-ru", "places.en-ru", "press.en-ru", "written.en-ru"])
def test_tables_of_names_hold_one_word_for_one_in_order(table: str) -> None:
    pairs = [tuple(row) for row in table_of(table, "svodka.names")]
    names = [name for name, _ in pairs]
    assert names == sorted(set(names))
    for name, called in pairs:
        assert re.fullmatch(r"[A-Z][a-zß-ſ]+", name), name
        assert re.fullmatch(r"[А-ЯЁа-яё][А-ЯЁа-яё-]+", called), called


@pytest.mark.parametrize(
    ("name", "russian"),
    [
        ("Zhang", "Чжан"),
        ("Jinping", "Цзиньпин"),
        ("Xiaoping", "Сяопин"),
        ("Zhangjiakou", "Чжанцзякоу"),
        ("Wenzhou", "Вэньчжоу"),
        ("Xinhua", "Синьхуа"),
        ("Fengyun", "Фэнъюнь"),
        ("Qingdao", "Циндао"),
        ("Hui", None),  # may be of another language
        ("Manila", None),
        ("Mexico", None),
        ("Maxi", None),
        ("Zhitikara", None),
        ("Zhukov", None),
        ("Antequera", None),
        ("", None),
    ],
)
def test_chinese_names_are_written_by_the_system_of_palladius(name: str, russian: str | None) -> None:
    assert by_palladius(name) == russian


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=40))
def test_whatever_has_latin_letters_gets_cyrillic_ones_alone(name: str) -> None:
    written = transcribe(name.capitalize())
    assert written
    assert all("а" <= letter <= "я" for letter in written.lower())


@pytest.mark.parametrize("name", ["R2D2", "Москва", "O'Neil", "", "A" * 41, "ß"])
def test_what_has_other_letters_is_not_written(name: str) -> None:
    assert transcribe(name) is None


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        pytest.param("In Palermo he met Giovanni.", "In Палермо he met Джованни.", id="names"),
        pytest.param("Giovanni left on Wednesday, 14 August.", "Джованни left on Wednesday, 14 August.", id="no dates"),
        pytest.param("The River and the Bridge", "The River and the Bridge", id="no common words"),
        pytest.param("The Hungarian left London.", "The Hungarian left London.", id="no peoples, no well-known places"),
        pytest.param("UNESCO sent a Boeing-747 and an iPad to Ann.", "UNESCO sent a Boeing-747 and an iPad to Ann.", id="no designations"),
        pytest.param("In Athens they held an Icelandic sailor.", "In Афины they held an исландский sailor.", id="known by other names"),
        pytest.param("Georgia left Palermo", "Georgia left Палермо", id="no name of two places"),
        pytest.param("Saudi Arabia left Palermo", "Saudi Аравия left Палермо", id="nor the first word of one"),
        pytest.param("A Tanzanian left the Maldives", "A танзанийский left the Мальдивы", id="peoples that are rare"),
        pytest.param("Palermo's mayor", "Палермо's mayor", id="a genitive"),
        pytest.param("Vučić met Kaczyński.", "Вучич met Качиньский.", id="letters with marks"),
        pytest.param("Zhang left Zhangjiakou, Zhanna stayed.", "Чжан left Чжанцзякоу, Жанна stayed.", id="Chinese names, and no others"),
    ],
)
def test_names_of_a_sentence_are_asked_for_in_cyrillic(sentence: str, asked: str) -> None:
    assert with_names_transcribed(sentence, lambda word: word.lower() in COMMON) == asked


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        pytest.param(
            "The Strait of Hormuz and the Bering Strait", "The Ормузский пролив and the Берингов пролив", id="names of several words"
        ),
        pytest.param("South Korea, the South Korean coast", "Южная Корея, the южнокорейский coast", id="with their adjectives"),
        pytest.param("The HIV test of the U.N.", "The ВИЧ test of the ООН", id="acronyms"),
        pytest.param("Alzheimer’s disease", "болезнь Альцгеймера", id="with any apostrophe"),
        pytest.param("Lake Victoria’s towns", "озеро Виктория’s towns", id="in the genitive"),
        pytest.param("a South Korea-based firm", "a South Korea-based firm", id="no parts of other words"),
        pytest.param("the UNO and HIVs", "the UNO and HIVs", id="nor of acronyms"),
        pytest.param("the strait of Hormuz", "the strait of Hormuz", id="as they are spelled"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_listed_names_of_a_sentence_are_asked_for_in_russian(sentence: str, asked: str) -> None:
    assert with_listed_names(sentence) == asked


@given(
    st.lists(st.sampled_from(["the Black Sea", "$8 billion", "on Good Friday,", "the UN", "60%", "of South Africa", "in 2019"]), max_size=6)
)
def test_no_figure_changes_where_names_are_listed(parts: list[str]) -> None:
    sentence = " ".join(parts)
    assert [figure.value for figure in extract(with_listed_names(sentence), "en")] == [figure.value for figure in extract(sentence, "en")]


@pytest.mark.parametrize("table", ["listed.en-ru", "acronyms.en-ru"])
def test_listed_names_are_in_order_and_hold_no_figures(table: str) -> None:
    pairs = [tuple(row) for row in table_of(table, "svodka.names")]
    names = [name for name, _ in pairs]
    assert names == sorted(set(names))
    for name, called in pairs:
        assert re.fullmatch(r"[^\W\d_](?:[^\W\d_]|[ .'’&-])*", name), name
        assert re.fullmatch(r"(?:[А-ЯЁа-яё]|[ .«»,'—-])+", called), called
        assert not extract(name, "en"), name
        assert not extract(called, "ru"), called


@pytest.mark.parametrize(
    ("source", "target", "asked"), [("en", "ru", "English: In Палермо\nRussian:"), ("ru", "en", "Russian: In Palermo\nEnglish:")]
)
def test_a_translator_is_asked_so_where_the_catalogue_says_it(source: str, target: str, asked: str) -> None:
    generator = Pieces()
    prompts = {"en-ru": "English: {sentence}\nRussian:", "ru-en": "Russian: {sentence}\nEnglish:"}
    limits = Limits(max_input_tokens=80, max_output_ratio=2.0)
    translator = PromptTranslator(generator, prompts=prompts, limits=limits, wording=Wording(transcribed=("en-ru",)))
    translator.translate(["In Palermo"], source=source, target=target)
    assert generator.prompts == [asked]


def test_a_sentence_that_is_too_long_is_refused_in_its_own_words() -> None:
    limits = Limits(max_input_tokens=5, max_output_ratio=2.0)
    translator = PromptTranslator(
        Pieces(), prompts={"en-ru": "English: {sentence}\nRussian:"}, limits=limits, wording=Wording(transcribed=("en-ru",))
    )
    with pytest.raises(SentenceTooLong, match="In Palermo he met"):
        translator.translate(["In Palermo he met Giovanni"], source="en", target="ru")


def _pair(english: str, russian: str) -> Pair:
    return Pair(source=english, target=russian, source_lang="en", target_lang="ru", origin="train.made")


def test_names_are_found_in_sentences_in_the_nominative() -> None:
    pairs = [
        _pair("They saw Larsen and a river.", "Они видели Ларсена и реку."),
        _pair("Larsen left.", "Ларсен ушёл."),
        _pair("Rivers are long, said Marta.", "Реки длинны, сказала Марта."),
        _pair("He asked Marta for rivers and rivers.", "Он попросил у Марты рек и рек."),
    ]
    assert set(name_pairs(pairs)) == {NamePair("larsen", "ларсен", 2), NamePair("marta", "марта", 2)}


def test_letters_are_learnt_from_names(tmp_path: Path) -> None:
    names = {"marta": "марта", "tamara": "тамара", "lara": "лара", "shama": "шама", "marsha": "марша", "alma": "алма", "sharlat": "шарлат"}
    counts = learn([NamePair(name, spelling, 4) for name, spelling in names.items()])
    assert all(1 <= len(run) <= 3 for run in counts)
    letters = {chunk for run in counts for chunk in run}
    assert {Chunk("m", "м"), Chunk("t", "т")} <= letters
    assert not any(len(chunk.latin) > 2 for chunk in letters)
    write_table(counts, tmp_path / "table.tsv")
    assert len((tmp_path / "table.tsv").read_text(encoding="utf-8").splitlines()) == len(counts) + 1
