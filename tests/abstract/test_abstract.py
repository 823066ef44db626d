"""A summary that a model writes, through the pipeline: whatever the model says, what comes out is right or is told to be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import FakeEncoder, FakeTranslator, ToldGenerator, ladder, summariser_entry
from svodka import article as articles
from svodka.abstract import AbstractiveSummariser
from svodka.call import Call, working_for
from svodka.errors import Cancelled, InvalidRequest, NotVerified
from svodka.pipeline import Pipeline
from svodka.summarise import ExtractiveSummariser, SummariserByLanguage
from svodka.types import Answer, Length, Policy, SummaryOrder, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svodka.inference.entries import ModelEntry

TEXT = (Path(__file__).parents[2] / "seeds" / "army-2023.en.txt").read_text(encoding="utf-8")
OPENED = "The Army-2023 forum opened near Moscow on Monday, 14 August 2023."
SAMPLES = "More than 1,500 Russian enterprises are presenting over 28,500 samples of products."
MONEY = "Contracts worth nearly 8 billion US dollars were signed at last year's forum."
MONEY_RU = "На прошлогоднем форуме были подписаны контракты почти на 8 миллиардов долларов США."
QUOTED = (
    "At last year's forum, the organisers said, contracts worth more than 500 billion roubles in total were signed, "
    "nearly 8 billion US dollars at the time."
)


def _pipeline(tell: Callable[[str], Sequence[str]], model: ModelEntry | None = None, translator: object = None) -> Pipeline:
    encoder = FakeEncoder()
    summariser = AbstractiveSummariser(model or summariser_entry(), ToldGenerator(tell), encoder, language="en")
    routed = SummariserByLanguage({"en": summariser}, otherwise=ExtractiveSummariser(encoder))
    return Pipeline(summariser=routed, ladder=ladder(translator or FakeTranslator()))


def _answer(*hypotheses: str, policy: Policy = Policy.REPAIR, text: str = TEXT, **length: int) -> Answer:
    order = SummaryOrder(text=text, targets=("en",), length=Length(**({"max_sentences": 5} | length)), policy=policy)
    return _pipeline(lambda _: hypotheses).summarise(order)


def _told(answer: Answer) -> list[tuple[str, int, str]]:
    return [(repair.rung, repair.sentence, repair.outcome.value) for repair in answer.repairs]


def test_what_the_article_bears_out_stays_as_the_model_wrote_it() -> None:
    answer = _answer(f"{OPENED} {SAMPLES} {MONEY}")
    assert answer.summaries[0].text == f"{OPENED} {SAMPLES} {MONEY}"
    assert (answer.verdict, answer.repairs, answer.reasons) == (Verdict.VERIFIED, (), ())
    (money,) = [entry for entry in answer.ledger if entry.value == "8000000000"]
    assert [(occurrence.where, occurrence.text) for occurrence in money.occurrences] == [
        ("article", "8 billion US dollars"),
        ("en", "8 billion US dollars"),
    ]


def test_each_sentence_names_those_of_the_article_that_it_renders() -> None:
    both = "The forum opened on 14 August 2023 with 82 foreign companies, up from 32 last year."
    answer = _answer(f"{both} {MONEY}")
    starts = [[answer.article.sentences[index].text[:24] for index in sentence.sources] for sentence in answer.summaries[0].sentences]
    assert starts == [["The international milita", "The number of foreign co"], ["At last year's forum, th"]]


LOOP = "The forum is being held, is being held, is being held at the Patriot centre."
HELD = "It is being held at the Patriot centre."


def _spaced(sentences: Sequence[str]) -> str:
    return " ".join(sentences).partition("✂")[0] + "✂" * any("✂" in sentence for sentence in sentences)


WRONG = {
    "8 million for 8 billion": MONEY.replace("billion", "million"),
    "another currency": MONEY.replace("US dollars", "roubles"),
    "an invented date": "The business programme of 16 August lists 250 events.",
    "an invented figure": "The Patriot congress and exhibition centre has 40,000 seats.",
    "swapped figures": "The number of foreign companies has fallen to 32 this year from 82 last year, of 28,500 enterprises.",
    "swapped counts": "Some 28,500 Russian enterprises are presenting over 1,500 samples of products.",
    "another magnitude": "The organisers said contracts worth hundreds of roubles, nearly 8 million US dollars, were signed.",
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_figure_gives_way_to_the_article_s_own_sentence(wrong: str) -> None:
    answer = _answer(f"{OPENED} {wrong}")
    assert answer.verdict is Verdict.REPAIRED
    assert wrong not in answer.summaries[0].text
    first, second = answer.summaries[0].sentences
    assert first.text == OPENED
    (index,) = second.sources
    assert second.text == " ".join(answer.article.sentences[index].text.split())
    assert _told(answer) == [("rephrase", 1, "failed"), ("quote", 1, "repaired")]


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_report_changes_nothing_and_tells(wrong: str) -> None:
    answer = _answer(f"{OPENED} {wrong}", f"{OPENED} {MONEY}", policy=Policy.REPORT)
    assert answer.summaries[0].text == f"{OPENED} {wrong}"
    assert (answer.verdict, answer.repairs) == (Verdict.UNVERIFIED, ())
    assert answer.reasons[0].startswith("article-en")


def test_another_hypothesis_comes_before_the_article_s_own_sentence() -> None:
    answer = _answer(f"{OPENED} {WRONG['8 million for 8 billion']}", "Nothing was said.", f"{SAMPLES} {MONEY}")
    assert answer.summaries[0].text == f"{OPENED} {MONEY}"
    assert answer.verdict is Verdict.REPAIRED
    assert _told(answer) == [("rephrase", 1, "repaired")]
    assert "8 million USD" in answer.repairs[0].detail


def test_what_would_be_said_twice_is_left_out() -> None:
    wrong = "Contracts worth 9 billion US dollars were signed at last year's forum."
    answer = _answer(f"{MONEY} {wrong} {OPENED}")
    assert answer.summaries[0].text == f"{MONEY} {OPENED}"
    assert _told(answer) == [("rephrase", 1, "failed"), ("leave_out", 1, "dropped")]
    assert answer.verdict is Verdict.REPAIRED


@pytest.mark.parametrize(
    ("hypotheses", "text", "told"),
    [
        ((f"{OPENED} {MONEY} It cost 3.✂",), f"{OPENED} {MONEY}", [("leave_out", 2, "dropped")]),
        (("The forum opened near✂", OPENED), OPENED, [("rephrase", 0, "repaired")]),
        (("", OPENED), OPENED, [("rephrase", 0, "repaired")]),
        ((f"{OPENED} {OPENED} {OPENED} {OPENED} The Army-20✂",), OPENED, [("leave_out", 1, "dropped")] * 4),
        (
            (f"{OPENED} {LOOP}", HELD),
            f"{OPENED} {HELD}",
            [("rephrase", 1, "repaired")],
        ),
        (
            (f"{OPENED} {LOOP}",),
            None,
            [("rephrase", 1, "failed"), ("quote", 1, "repaired")],
        ),
    ],
    ids=["cut", "nothing but cut", "first is empty", "says a sentence again", "loops, another does not", "loops"],
)  # fmt: skip
def test_what_is_no_sentence_does_not_stay(hypotheses: tuple[str, ...], text: str | None, told: list[tuple[str, int, str]]) -> None:
    answer = _answer(*hypotheses)
    assert answer.verdict is Verdict.REPAIRED
    assert _told(answer) == told
    assert answer.summaries[0].text == (text or answer.summaries[0].text)
    assert "held, is being" not in answer.summaries[0].text


@pytest.mark.parametrize(
    ("hypothesis", "reason"),
    [
        (f"{OPENED} It cost✂", "article-en, sentence 2: the model did not end it"),
        (f"{OPENED} {OPENED}", "article-en, sentence 2: it is said already"),
        ("The forum is held, is held, is held, is held at the centre.", "article-en, sentence 1: the sentence repeats itself"),
    ],
)
def test_report_tells_what_is_no_sentence(hypothesis: str, reason: str) -> None:
    answer = _answer(hypothesis, policy=Policy.REPORT)
    assert answer.summaries[0].text == hypothesis.removesuffix("✂")
    assert (answer.verdict, answer.reasons, answer.repairs) == (Verdict.UNVERIFIED, (reason,), ())


@pytest.mark.parametrize("policy", [Policy.REPAIR, Policy.REPORT])
@pytest.mark.parametrize("nothing", [("",), ("", " \n "), ("", "", "", "")])
def test_a_model_that_says_nothing_leaves_the_article_s_own_sentences(nothing: tuple[str, ...], policy: Policy) -> None:
    answer = _answer(*nothing, policy=policy, max_sentences=2)
    chosen = ExtractiveSummariser(FakeEncoder()).choose(answer.article, Length(max_sentences=2))
    assert [sentence.sources for sentence in answer.summaries[0].sentences] == [(index,) for index in chosen]
    assert answer.verdict is Verdict.REPAIRED
    assert _told(answer) == [("extract", 0, "repaired")]


SENTENCES = [OPENED, SAMPLES, MONEY, QUOTED, HELD, LOOP, *WRONG.values(), "Nothing else was said", ""]
HYPOTHESES = st.lists(st.lists(st.sampled_from([*SENTENCES, "It cost 3.✂"]), max_size=4).map(_spaced), min_size=1, max_size=4)
LENGTHS = st.builds(Length, max_sentences=st.integers(1, 6), max_characters=st.none() | st.integers(170, 700))


@settings(max_examples=60, deadline=None)
@given(HYPOTHESES, LENGTHS, st.sampled_from([30, 70, 110, 600]))
def test_whatever_a_model_says_the_answer_is_right_and_within_its_length(hypotheses: list[str], length: Length, most: int) -> None:
    order = SummaryOrder(text=TEXT, targets=("en",), length=length)
    answer = _pipeline(lambda _: hypotheses, summariser_entry(most=most)).summarise(order)
    (summary,) = answer.summaries
    assert answer.reasons == ()
    assert not [wrong for wrong in (LOOP, *WRONG.values()) if wrong in summary.text]
    assert 1 <= len(summary.sentences) <= length.max_sentences
    assert len(summary.text) <= (length.max_characters or 10_000)
    assert all(sentence.sources and set(sentence.sources) <= set(range(len(answer.article.sentences))) for sentence in summary.sentences)
    assert all(0 <= repair.sentence <= len(summary.sentences) for repair in answer.repairs)


def test_strict_takes_what_was_repaired() -> None:
    assert _answer(f"{OPENED} {WRONG['an invented date']}", policy=Policy.STRICT).verdict is Verdict.REPAIRED


def test_strict_refuses_what_the_translator_spoils_after_all() -> None:
    translator = FakeTranslator({MONEY: ("Контракты были подписаны.",)})
    order = SummaryOrder(text=TEXT, length=Length(max_sentences=3), policy=Policy.STRICT)
    with pytest.raises(NotVerified, match="en-ru, sentence 1: "):
        _pipeline(lambda _: [MONEY], translator=translator).summarise(order)


def test_the_repaired_summary_is_what_is_translated() -> None:
    translator = FakeTranslator({MONEY: (MONEY_RU,)})
    order = SummaryOrder(text=TEXT, length=Length(max_sentences=3))
    answer = _pipeline(lambda _: [WRONG["8 million for 8 billion"], MONEY], translator=translator).summarise(order)
    assert [summary.text for summary in answer.summaries] == [MONEY, MONEY_RU]
    assert answer.summaries[0].sentences[0].sources == answer.summaries[1].sentences[0].sources
    assert (answer.verdict, _told(answer)) == (Verdict.REPAIRED, [("rephrase", 0, "repaired")])


@pytest.mark.parametrize("limits", [{"max_sentences": 1}, {"max_sentences": 2}, {"max_sentences": 3, "max_characters": 170}])
def test_the_length_is_kept_with_whole_sentences_of_the_summary(limits: dict[str, int]) -> None:
    answer = _answer(f"{OPENED} {SAMPLES} {MONEY}", **limits)
    said = [sentence.text for sentence in answer.summaries[0].sentences]
    assert 1 <= len(said) <= limits["max_sentences"]
    assert len(answer.summaries[0].text) <= limits.get("max_characters", 1000)
    assert said == [sentence for sentence in (OPENED, SAMPLES, MONEY) if sentence in said]
    assert (answer.verdict, answer.repairs) == (Verdict.VERIFIED, ())


def test_a_quoted_sentence_for_which_there_is_no_room_is_not_squeezed_in() -> None:
    answer = _answer(f"{OPENED} {WRONG['8 million for 8 billion']}", max_characters=len(OPENED) + len(QUOTED))
    assert len(answer.summaries[0].sentences) == 1
    assert len(answer.summaries[0].text) <= len(OPENED) + len(QUOTED)


def test_where_no_sentence_of_the_model_fits_the_article_s_do() -> None:
    answer = _answer(f"{QUOTED[:-1]}, and the others were very glad of it indeed.", max_characters=150)
    assert answer.summaries[0].sentences[0].sources[0] != 0
    assert ("extract", 0, "repaired") in _told(answer)
    with pytest.raises(InvalidRequest, match="20 is too few"):
        _answer(OPENED, max_characters=20)


def test_a_long_article_is_read_to_its_end_in_pieces() -> None:
    read: list[str] = []

    def tell(text: str) -> list[str]:
        read.append(text)
        return [next(sentence for key, sentence in (("Putin", OPENED), ("28,500", SAMPLES), ("8 billion", MONEY)) if key in text)]

    order = SummaryOrder(text=TEXT, targets=("en",), length=Length(max_sentences=5))
    answer = _pipeline(tell, summariser_entry(most=110)).summarise(order)
    assert len(read) == 3
    assert " ".join(read) == " ".join(TEXT.split())
    assert MONEY in answer.summaries[0].text
    assert answer.verdict is Verdict.VERIFIED


def test_of_the_summaries_of_pieces_those_stay_for_which_there_is_room() -> None:
    order = SummaryOrder(text=TEXT, targets=("en",), length=Length(max_sentences=2))
    answer = _pipeline(lambda text: [f"{text.split('. ')[0]}."], summariser_entry(most=70)).summarise(order)
    assert len(answer.summaries[0].sentences) == 2
    assert answer.verdict is Verdict.VERIFIED


def test_a_sentence_that_is_too_long_for_the_model_is_never_cut() -> None:
    generator = ToldGenerator(lambda text: [text])
    article = articles.read(TEXT)
    longest = max(article.sentences, key=lambda sentence: len(sentence.text.split()))
    most = len(longest.text.split())  # the spare tokens are over it
    summariser = AbstractiveSummariser(summariser_entry(most=most), generator, FakeEncoder(), language="en")
    told = summariser.summarise(article, Length(max_sentences=20))
    assert longest.text in told.summary.text
    assert not any(longest.text[:40] in prompt for prompt in generator.prompts)
    assert all(len(prompt.split()) <= most for prompt in generator.prompts)
    (repair,) = [repair for repair in told.repairs if "the model takes" in repair.detail]
    assert (repair.rung, repair.outcome) == ("extract", "skipped")
    assert told.summary.sentences[repair.sentence].text == longest.text


def test_a_text_that_is_shorter_than_a_summary_is_its_own() -> None:
    generator = ToldGenerator(lambda _: pytest.fail("there is nothing to sum up"))
    summariser = AbstractiveSummariser(summariser_entry(), generator, FakeEncoder(), language="en")
    told = summariser.summarise(articles.read("It rose by 5% in May."), Length(max_sentences=3))
    assert told.summary.text == "It rose by 5% in May."
    assert [(repair.rung, repair.outcome) for repair in told.repairs] == [("extract", "skipped")]


def test_the_model_is_asked_as_the_catalogue_says() -> None:
    generator = ToldGenerator(lambda _: [OPENED])
    model = summariser_entry(prefix="summarize: ", no_repeat=3, codes={"en": "en_XX", "ru": "ru_RU"})
    AbstractiveSummariser(model, generator, FakeEncoder(), language="en").summarise(articles.read(TEXT), Length(max_sentences=3))
    (prompt,), (search,) = generator.prompts, generator.searches
    assert prompt == f"summarize: {' '.join(TEXT.split())}"
    assert (search.beam, search.n_best, search.no_repeat, search.direction) == (4, 4, 3, "en-en")
    assert generator.max_tokens == [90]


def test_another_language_has_its_own_sentences() -> None:
    text = "Форум начал работу в понедельник, 14 августа 2023 года. В нём участвуют 82 компании."
    order = SummaryOrder(text=text, targets=("ru",), length=Length(max_sentences=1))
    answer = _pipeline(lambda _: pytest.fail("the model is for English")).summarise(order)
    assert answer.summaries[0].text in text
    assert answer.verdict is Verdict.VERIFIED


def test_nothing_is_written_for_a_call_that_is_over() -> None:
    call = Call()
    call.cancel()
    with working_for(call), pytest.raises(Cancelled):
        _answer(OPENED)
