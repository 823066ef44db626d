"""Key figures: what a reader would miss first comes first."""

from hypothesis import given
from hypothesis import strategies as st

from svodka.figures import extract, key_figures

ARTICLE = (
    "The bank lost $3 billion in the second quarter, it said on Monday. It employs 4,500 people in two cities. "
    "Its head, who spoke at 10 a.m., has worked there since 1998. "
    + "The talks went on behind closed doors, and nobody would say what they were about. " * 5
    + "Loans worth $40 million went unpaid in May, and 7 clerks left. The $3 billion loss is its largest."
)


def ranked(text, lang="en", **options):
    return [figure.text for figure in key_figures(text, lang, **options)]


def test_money_of_the_lead_that_is_repeated_comes_first():
    assert ranked(ARTICLE)[0] == "$3 billion"


def test_every_value_is_told_once_by_its_first_mention():
    figures = key_figures(ARTICLE, "en")
    assert [figure.start for figure in figures if figure.text == "$3 billion"] == [ARTICLE.index("$3 billion")]


def test_large_counts_outrank_small_ones_and_weekdays():
    order = ranked(ARTICLE)
    assert order.index("4,500") < order.index("7")
    assert order.index("4,500") < order.index("Monday")


def test_the_title_lifts_a_figure():
    plain, titled = ranked(ARTICLE), ranked(ARTICLE, title="Seven clerks leave bank")
    assert titled.index("7") < plain.index("7")
    assert titled.index("7") < titled.index("$40 million")


def test_the_lead_lifts_a_figure():
    late = ". ".join(["Nothing was said of it"] * 30)
    assert ranked(f"It sold 310 cars. {late}. It sold 320 vans.")[0] == "310"


def test_repetition_lifts_a_figure():
    text = "Nothing. " * 60 + "It has 31 shops. It has 47 lorries. The 47 lorries are old. All 47 lorries broke down."
    assert ranked(text) == ["47", "31"]


def test_russian_is_ranked_the_same_way():
    text = "Завод получил 500 млрд рублей, сообщили в среду. На нём два цеха и 1200 рабочих."
    assert ranked(text, "ru")[:2] == ["500 млрд рублей", "1200"]


def test_known_figures_are_taken_as_they_are():
    figures = extract(ARTICLE, "en")
    assert key_figures(ARTICLE, "en", figures=figures[:1]) == figures[:1]


def test_no_figures_no_key_figures():
    assert key_figures("Nothing was said.", "en") == ()


@given(st.text(max_size=300), st.text(max_size=60), st.sampled_from(("en", "ru")))
def test_any_text_is_ranked_completely(text, title, lang):
    figures = extract(text, lang)
    key = key_figures(text, lang, title=title)
    assert set(key) <= set(figures)
    assert {(figure.kind, figure.value) for figure in figures} >= {(figure.kind, figure.value) for figure in key}
    assert bool(key) == bool(figures)
