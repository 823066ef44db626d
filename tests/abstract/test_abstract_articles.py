"""What is taken for wrong, and what is not, in summaries of real articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes import FakeEncoder, FakeTranslator, ToldGenerator, ladder, summariser_entry
from svodka import article as articles
from svodka.abstract import AbstractiveSummariser
from svodka.pipeline import Pipeline
from svodka.types import Length, Policy, SummaryOrder, Verdict

VOTES = "Alice Brown won 120 votes and Carol Smith won 340 votes in the north of the town on Tuesday. The count took until the morning."
VOTES_RU = (
    "Кандидат Иванов набрал 120 голосов, а его соперник Петров набрал 340 голосов. Подсчёт шёл до утра, сообщили в городской комиссии."
)


@pytest.mark.parametrize(
    ("text", "told", "changed"),
    [
        (VOTES, "Alice Brown won 340 votes, Carol Smith won 120 votes.", True),
        (VOTES, "Carol Smith won 120 votes and Alice Brown 340.", True),
        (VOTES, "Carol Smith won 340 votes, Alice Brown won 120 votes.", False),
        (VOTES, "Alice Brown, with 120 votes, lost to Carol Smith, who had 340.", False),
        (VOTES_RU, "Иванов набрал 340 голосов, Петров — 120 голосов.", True),
        (VOTES_RU, "Петров набрал 340 голосов, Иванов — 120 голосов.", False),
    ],
)
def test_figures_that_stand_by_each_other_s_names_give_way(text: str, told: str, changed: bool) -> None:
    language = articles.read(text).language
    model = AbstractiveSummariser(summariser_entry(), ToldGenerator(lambda _: [told]), FakeEncoder(), language=language)
    pipeline = Pipeline(summariser=model, ladder=ladder(FakeTranslator()))
    for policy, verdict in ((Policy.REPAIR, Verdict.REPAIRED), (Policy.REPORT, Verdict.UNVERIFIED)):
        order = SummaryOrder(text=text, targets=(language,), length=Length(max_sentences=2), policy=policy)
        answer = pipeline.summarise(order)
        assert answer.verdict is (verdict if changed else Verdict.VERIFIED)
        assert (answer.summaries[0].text == told) is (not changed or policy is Policy.REPORT)


SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
OTHER_DIGITS = str.maketrans("123456789", "234567891")


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_no_sentence_of_a_real_article_gets_through_with_other_digits(seed: Path) -> None:
    article = articles.read(seed.read_text(encoding="utf-8"))
    figures = [figure for figure in article.figures if figure.text.translate(OTHER_DIGITS) not in article.text]
    assert figures
    for figure in figures:
        sentence = next(sentence for sentence in article.sentences if sentence.end > figure.start)
        start, end = figure.start - sentence.start, figure.end - sentence.start
        wrong = " ".join(f"{sentence.text[:start]}{figure.text.translate(OTHER_DIGITS)}{sentence.text[end:]}".split())
        generator = ToldGenerator(lambda _, wrong=wrong: [wrong])
        summariser = AbstractiveSummariser(summariser_entry(), generator, FakeEncoder(), language=article.language)
        told = summariser.summarise(article, Length(max_sentences=9))
        assert wrong not in told.summary.text
        assert ("quote", "repaired") in {(repair.rung, repair.outcome.value) for repair in told.repairs}


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_nothing_speaks_against_what_a_real_article_says_itself(seed: Path) -> None:
    article = articles.read(seed.read_text(encoding="utf-8"))
    said = [" ".join(sentence.text.split()) for sentence in article.sentences if sentence.text.endswith(".")]
    generator = ToldGenerator(lambda _: [" ".join(said)])
    summariser = AbstractiveSummariser(summariser_entry(most=5000), generator, FakeEncoder(), language=article.language)
    told = summariser.summarise(article, Length(max_sentences=50))
    assert told.repairs == ()
    assert [sentence.text for sentence in told.summary.sentences] == said
    assert all(article.sentences[sentence.sources[0]].text.split() == sentence.text.split() for sentence in told.summary.sentences)
