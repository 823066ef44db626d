import pytest

from fakes import FakeEncoder
from svodka import article as articles
from svodka.errors import InvalidRequest
from svodka.summarise import ExtractiveSummariser
from svodka.types import Length

TEXT = (
    "The dam at Kestrel Bay failed on Monday and flooded the lower town. "
    "The flood at Kestrel Bay killed 14 people and left 2,300 homes under water. "
    "Rescue crews worked through the night. "
    "The mayor said the flood was the worst in 80 years. "
    "Repairs to the dam will cost $40 million, the council said. "
    "The dam failed on Monday at Kestrel Bay and flooded the lower town."
)


def _choose(text: str, **length: int) -> tuple[int, ...]:
    return ExtractiveSummariser(FakeEncoder()).choose(articles.read(text), Length(**length))


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_gives_as_many_sentences_as_asked_in_the_article_s_order(count: int) -> None:
    chosen = _choose(TEXT, max_sentences=count)
    assert len(chosen) == count
    assert list(chosen) == sorted(set(chosen))


def test_an_article_shorter_than_asked_comes_whole() -> None:
    assert _choose(TEXT, max_sentences=50) == tuple(range(6))


def test_does_not_say_a_thing_twice() -> None:
    assert not {0, 5} <= set(_choose(TEXT, max_sentences=3))


def test_keeps_within_characters() -> None:
    article = articles.read(TEXT)
    for limit in (60, 90, 150, 250):
        chosen = ExtractiveSummariser(FakeEncoder()).choose(article, Length(max_sentences=6, max_characters=limit))
        assert 0 < len(" ".join(article.sentences[index].text for index in chosen)) <= limit


def test_refuses_a_limit_that_no_sentence_fits() -> None:
    with pytest.raises(InvalidRequest, match="10 is too few: the shortest sentence of the article has 38 characters"):
        _choose(TEXT, max_sentences=3, max_characters=10)


def test_prefers_sentences_with_the_figures_that_matter() -> None:
    text = "Officials spoke about the matter for long. Officials said the matter cost $40 million. Officials spoke again about the matter."
    assert _choose(text, max_sentences=1) == (1,)


@pytest.mark.parametrize("title", ["", "Dam fails at Kestrel Bay and kills 14"])
def test_the_headline_that_a_text_begins_with_is_no_part_of_its_summary(title: str) -> None:
    headline = "Dam fails at Kestrel Bay and kills 14"
    article = articles.read(f"{headline}\n\n{TEXT}", title=title)
    assert article.sentences[0].text == headline
    assert 0 not in ExtractiveSummariser(FakeEncoder()).choose(article, Length(max_sentences=7))


def test_a_text_that_is_nothing_but_a_headline_is_its_own_summary() -> None:
    assert ExtractiveSummariser(FakeEncoder()).choose(articles.read(TEXT[:66], title=TEXT[:66]), Length(max_sentences=3)) == (0,)
