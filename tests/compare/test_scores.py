"""Scores of whole translations and their intervals."""

from __future__ import annotations

import pytest
from sacrebleu import corpus_bleu, corpus_chrf

from svodka.compare import scores

REFERENCES = [f"The {word} firm paid {number} dollars for its ships." for number in range(10) for word in ("old", "new", "third", "last")]
TEXTS = [text.replace("paid", "gave") if at % 3 else text for at, text in enumerate(REFERENCES)]


def test_corpus_scores_are_those_of_sacrebleu() -> None:
    assert scores.bleu(TEXTS, REFERENCES).value == pytest.approx(corpus_bleu(TEXTS, [REFERENCES]).score)
    assert scores.chrf(TEXTS, REFERENCES).value == pytest.approx(corpus_chrf(TEXTS, [REFERENCES]).score)


@pytest.mark.parametrize("score", [scores.bleu(TEXTS, REFERENCES), scores.chrf(TEXTS, REFERENCES), scores.mean([0.0, 1.0] * 20)])
def test_the_interval_holds_the_score_and_is_no_wider_than_the_scores_can_be(score: scores.Score) -> None:
    assert score.low is not None
    assert score.high is not None
    assert 0 <= score.low < score.value < score.high <= 100


def test_the_interval_of_a_share_is_about_that_of_the_normal_distribution() -> None:
    score = scores.mean([0.0] * 200 + [1.0] * 200)
    assert (score.low, score.high) == pytest.approx((0.451, 0.549), abs=0.005)


def test_the_same_texts_have_the_same_interval() -> None:
    assert scores.mean([0.0, 0.5, 1.0] * 20) == scores.mean([0.0, 0.5, 1.0] * 20)


def test_no_interval_is_told_of_few_passages_or_of_passages_that_are_all_alike() -> None:
    assert scores.mean([0.0, 1.0] * (scores.LEAST // 2 - 1)).low is None
    assert scores.bleu(TEXTS[:5], REFERENCES[:5]).low is None
    assert scores.mean([0.0] * 100).low is None
    assert scores.mean([0.0] * 100).high is None


def test_one_passage_has_a_bleu_even_where_it_has_fewer_than_four_words() -> None:
    assert scores.bleu(["It rained."], ["It rained."]).value == pytest.approx(100.0)
