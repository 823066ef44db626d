import pytest

from svodka.adequacy import faults
from svodka.types import Term

SOURCE = "The forum opened near the capital on Monday morning."
GOOD = "Форум открылся недалеко от столицы в понедельник утром."


def test_a_good_translation_has_no_faults() -> None:
    assert faults(SOURCE, GOOD, target_lang="ru") == ()
    assert faults(GOOD, SOURCE, target_lang="en") == ()


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("", "the translation is empty"),
        ("  ", "the translation is empty"),
        ("Форум, что-то там, что-то там, что-то там, что-то там.", "the translation repeats itself"),
        ("Форум форум форум форум открылся.", "the translation repeats itself"),
        (SOURCE, "the sentence is not translated"),
        ("Форум opened near the capital on Monday.", "the sentence is not translated"),
        ("Форум посвящён indivдибельных вопросам безопасности.", "the word 'indivдибельных' mixes two scripts"),
    ],
)
def test_names_what_is_wrong(target: str, fault: str) -> None:
    assert faults(SOURCE, target, target_lang="ru") == (fault,)


def test_an_unfinished_translation_is_told() -> None:
    assert faults(SOURCE, GOOD, target_lang="ru", finished=False) == ("the translation stops before its end",)


def test_names_in_latin_letters_are_no_fault() -> None:
    assert faults("Apple and Microsoft shares rose.", "Акции Apple и Microsoft выросли.", target_lang="ru") == ()


def test_identifiers_and_digits_need_no_translation() -> None:
    assert faults("F-16, COVID-19, 2023.", "F-16, COVID-19, 2023.", target_lang="ru") == ()


def test_a_term_that_must_stay_is_missed() -> None:
    patriot, kubinka = (Term(source=name, target=name) for name in ("Patriot", "Kubinka"))
    assert faults("The Patriot centre opened.", "Центр «Патриот» открылся.", target_lang="ru", terms=(patriot,)) == (
        "the term 'Patriot' is lost",
    )
    assert faults("The Patriot centre opened.", "Центр Patriot открылся.", target_lang="ru", terms=(patriot, kubinka)) == ()


def test_nothing_from_nothing_is_right() -> None:
    assert faults("", "", target_lang="ru") == ()


def test_a_translation_of_half_the_letters_has_lost_a_part() -> None:
    long = f"{SOURCE} It will be open to the public for a week, the organisers said."
    assert faults(long, "Форум открылся утром.", target_lang="ru") == ("a part of the sentence is lost",)
    assert faults("The forum opened near the capital today.", GOOD * 2, target_lang="ru") == (
        "the translation says more than the sentence",
    )


@pytest.mark.parametrize(
    ("source", "target", "lang", "found"),
    [
        ("Ил-76 упал у озера.", "The Ил-76 fell near the lake.", "en", ("not translated: Ил",)),
        ("He bought bread and butter at the shop.", "Он купил в магазине bread и butter.", "ru", ("not translated: bread, butter",)),
        ("The sapiens exhibit opened today.", "Выставка sapiens открылась сегодня.", "ru", ()),
        ("More is told at https://example.org/news today.", "Подробнее об этом сказано сегодня на https://example.org/news.", "ru", ()),
        ("Apple sold the iPhone to the whole world.", "Apple продала iPhone всему миру.", "ru", ()),
    ],
)
def test_words_left_in_the_other_language(source: str, target: str, lang: str, found: tuple[str, ...]) -> None:
    assert faults(source, target, target_lang=lang) == found


@pytest.mark.parametrize(
    ("source", "target", "lang", "found"),
    [
        ("Dozens of residents complained to the post office.", "Сотни жителей жаловались на почту.", "ru", ("“Dozens” became “Сотни”",)),
        ("Тысячи людей вышли на улицы города.", "Millions of people took to the streets.", "en", ("“Тысячи” became “Millions”",)),
        ("Dozens of residents complained to the post office.", "Десятки жителей жаловались на почту.", "ru", ()),
        ("Tens of thousands of people live there.", "Там живут тысячи человек.", "ru", ("“Tens of thousands” became “тысячи”",)),
        ("Dozens of people paid 5 million roubles.", "Десятки человек заплатили 5 миллионов рублей.", "ru", ()),
        ("Dozens of people paid 5 million roubles.", "Люди заплатили 5 миллионов рублей.", "ru", ()),
    ],
)
def test_vague_numbers_keep_their_magnitude(source: str, target: str, lang: str, found: tuple[str, ...]) -> None:
    assert faults(source, target, target_lang=lang) == found
