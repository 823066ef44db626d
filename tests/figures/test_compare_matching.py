"""Pairing and relations over figures built by hand: what the comparison does whatever the reading does."""

from fractions import Fraction

import pytest

from svodka.figures.compare import compare
from svodka.figures.types import CheckVerdict, Clock, Comparison, Date, Figure, Kind, Mode, Qualifier, Range, Relation, Score


def figure(text, kind, value, *, at=0, **fields):
    value = Fraction(value) if isinstance(value, int) else value
    return Figure(kind=kind, value=value, text=text, start=at, end=at + len(text), rule="by hand", **fields)


def relate(sources, targets, *, source="", target="", mode=Mode.TRANSLATION) -> Comparison:
    return compare(source, target, source_lang="en", target_lang="ru", mode=mode, source_figures=sources, target_figures=targets)


def relations(comparison):
    return [pair.relation for pair in comparison.pairs]


SAME = [
    (figure("20", Kind.CARDINAL, 20), figure("20", Kind.CARDINAL, 20), Relation.PRESERVED),
    (figure("200,000", Kind.CARDINAL, 200_000), figure("200 тыс.", Kind.CARDINAL, 200_000), Relation.REFORMATTED),
    (figure("1,500", Kind.CARDINAL, 1500), figure("1 500", Kind.CARDINAL, 1500), Relation.PRESERVED),
    (
        figure("$8 billion", Kind.MONEY, 8 * 10**9, unit="USD"),
        figure("8 миллиардов долларов", Kind.MONEY, 8 * 10**9, unit="USD"),
        Relation.PRESERVED,
    ),
    (figure("20th century", Kind.CENTURY, 20), figure("XX век", Kind.CENTURY, 20), Relation.REFORMATTED),
    (figure("18th", Kind.ORDINAL, 18), figure("18", Kind.CARDINAL, 18), Relation.REFORMATTED),
    (figure("1 in 5", Kind.RATIO, Fraction(1, 5)), figure("20%", Kind.PERCENT, 20), Relation.REFORMATTED),
    (figure("1980s", Kind.DECADE, 1980), figure("80-е", Kind.DECADE, 80), Relation.REFORMATTED),
    (figure("7 p.m.", Kind.TIME, Clock(hour=19)), figure("7 часов", Kind.TIME, Clock(hour=7, open_half=True)), Relation.REFORMATTED),
    (figure("29-year-old", Kind.AGE, 29), figure("29 лет", Kind.DURATION, 29, unit="year"), Relation.REFORMATTED),
    (figure("48 hours", Kind.DURATION, 48, unit="hour"), figure("двое суток", Kind.DURATION, 2, unit="day"), Relation.CONVERTED),
    (figure("F-16", Kind.IDENTIFIER, "F-16"), figure("F16", Kind.IDENTIFIER, "F16"), Relation.PRESERVED),
    (figure("Су-27", Kind.IDENTIFIER, "Су-27"), figure("Su-27", Kind.IDENTIFIER, "Su-27"), Relation.PRESERVED),
    (figure("No. 5", Kind.IDENTIFIER, "№ 5"), figure("пятый", Kind.ORDINAL, 5), Relation.REFORMATTED),
    (figure("2:1", Kind.SCORE, Score(points=(2, 1))), figure("2:1", Kind.SCORE, Score(points=(2, 1))), Relation.PRESERVED),
]


@pytest.mark.parametrize(("source", "target", "relation"), SAME, ids=lambda value: getattr(value, "text", value))
def test_the_same_quantity_is_recognised(source, target, relation):
    comparison = relate([source], [target])
    assert relations(comparison) == [relation]
    assert comparison.verdict is CheckVerdict.OK


DIFFERENT = [
    (figure("8 billion", Kind.CARDINAL, 8 * 10**9), figure("8 млн", Kind.CARDINAL, 8 * 10**6), "8 billion became 8 million (8 млн)"),
    (figure("Monday", Kind.DATE, Date(weekday=1)), figure("среду", Kind.DATE, Date(weekday=3)), "Monday became Wednesday (среду)"),
    (figure("€30", Kind.MONEY, 30, unit="EUR"), figure("$30", Kind.MONEY, 30, unit="USD"), "currency EUR became USD (€30 → $30)"),
    (figure("$30", Kind.MONEY, 30, unit="USD"), figure("30", Kind.CARDINAL, 30), "currency USD was lost ($30 → 30)"),
    (figure("-5", Kind.CARDINAL, -5), figure("5", Kind.CARDINAL, 5), "-5 became 5: the sign was lost"),
    (
        figure("19:30", Kind.TIME, Clock(hour=19, minute=30)),
        figure("7:30", Kind.TIME, Clock(hour=7, minute=30, open_half=True)),
        "19:30 became 7:30: the half of the day was lost or changed",
    ),
    (figure("F-16", Kind.IDENTIFIER, "F-16"), figure("F-18", Kind.IDENTIFIER, "F-18"), "F-16 became F-18"),
    (figure("2:1", Kind.SCORE, Score(points=(2, 1))), figure("1:2", Kind.SCORE, Score(points=(1, 2))), "2:1 became 1:2"),
]


@pytest.mark.parametrize(("source", "target", "reason"), DIFFERENT, ids=lambda value: getattr(value, "text", None))
def test_a_change_is_seen_and_explained(source, target, reason):
    comparison = relate([source], [target])
    assert relations(comparison) == [Relation.CHANGED]
    assert comparison.verdict is CheckVerdict.MISMATCH
    assert comparison.pairs[0].reason == reason


def test_a_lost_qualifier_is_reported_and_forgiven():
    comparison = relate([figure("500", Kind.CARDINAL, 500, qualifier=Qualifier.MORE_THAN)], [figure("500", Kind.CARDINAL, 500)])
    assert comparison.verdict is CheckVerdict.OK
    assert (comparison.pairs[0].minor, comparison.pairs[0].reason) == (True, "“more than” was lost")


def test_a_date_told_in_two_pieces_is_one_date():
    whole = figure("Monday, Aug. 9", Kind.DATE, Date(weekday=1, month=8, day=9))
    pieces = [figure("9 августа", Kind.DATE, Date(month=8, day=9)), figure("понедельник", Kind.DATE, Date(weekday=1), at=20)]
    comparison = relate([whole], pieces)
    assert comparison.verdict is CheckVerdict.OK
    assert [pair.target for pair in comparison.pairs] == pieces


def test_a_range_told_as_two_numbers_is_the_range():
    whole = figure("30–50", Kind.RANGE, Range(low=Fraction(30), high=Fraction(50), of=Kind.CARDINAL))
    assert relate([whole], [figure("30", Kind.CARDINAL, 30), figure("50", Kind.CARDINAL, 50, at=9)]).verdict is CheckVerdict.OK
    assert relate([whole], [figure("30", Kind.CARDINAL, 30), figure("60", Kind.CARDINAL, 60, at=9)]).verdict is CheckVerdict.MISMATCH


def test_a_summary_may_leave_out_but_not_add():
    article = [figure("82", Kind.CARDINAL, 82, counted="company"), figure("$5", Kind.MONEY, 5, unit="USD", at=30)]
    assert relate(article, [article[0]], mode=Mode.SUMMARY).verdict is CheckVerdict.OK
    assert relate(article, [figure("83", Kind.CARDINAL, 83)], mode=Mode.SUMMARY).verdict is CheckVerdict.MISMATCH


def test_a_number_that_counts_something_else_is_no_support():
    article = [figure("82", Kind.CARDINAL, 82, counted="company")]
    comparison = relate(article, [figure("82", Kind.CARDINAL, 82, counted="человек")], mode=Mode.SUMMARY)
    assert comparison.verdict is CheckVerdict.MISMATCH
    assert comparison.pairs[0].reason == "82 stands in the article for “company”, not for “человек”"


def test_thousands_of_like_figures_are_compared():
    many = [figure("7", Kind.CARDINAL, 7, at=2 * place) for place in range(3000)]
    assert relate(many, many).verdict is CheckVerdict.OK
    odd = [figure("8", Kind.CARDINAL, 8 + place, at=2 * place) for place in range(3000)]
    assert relate(many, odd).verdict is CheckVerdict.MISMATCH
