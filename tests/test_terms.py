import pytest

from svodka.terms import holds


@pytest.mark.parametrize(
    ("text", "term", "lang", "found"),
    [
        ("Центр Patriot открылся.", "Patriot", "ru", True),
        ("Участники Единого рынка встретились.", "Единый рынок", "ru", True),
        ("Рынок встретился с единым фронтом.", "Единый рынок", "ru", False),
        ("В Совете Федерации спорят.", "Совет Федерации", "ru", True),
        ("The markets met.", "market", "en", True),
        ("The Market met.", "Single Market", "en", False),
        ("", "Patriot", "ru", False),
    ],
)
def test_a_term_is_found_as_it_is_or_in_any_russian_case(text: str, term: str, lang: str, found: bool) -> None:
    assert holds(text, term, lang) is found
