"""What is read, what is rejected and why, what is made up."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from svodka.errors import SettingsError
from svodka.figures import Case, CheckVerdict, as_printed, compare
from svodka.inference.wording import Wording
from training.data import Pair, read_pairs, read_training_pairs
from training.examples import HELD_OUT_FILE, TRAIN_FILE, Examples
from training.filters import Limits, Rejected, sift
from training.glossed import marked
from training.prepare import REPORT_FILE, encoder_of, prepare
from training.settings import Settings, load_settings
from training.slots import SLOTS
from training.synthetic import make_pairs
from training.witness import Witness

if TYPE_CHECKING:
    from pathlib import Path

    from training.model import Origin

LIMITS = Limits(max_ratio=2.5, held_back=frozenset({"лодка затонула"}))


def pair(source: str, target: str, source_lang: str = "en", target_lang: str = "ru") -> Pair:
    return Pair(source=source, target=target, source_lang=source_lang, target_lang=target_lang, origin="train.made")


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        pytest.param("The dog ran home.", "", "empty", id="no-translation"),
        pytest.param("The dog ran home.", "...", "empty", id="punctuation-alone"),
        pytest.param("The boat has sunk!", "Лодка затонула!", "stands in a file that is held back", id="held-back"),
        pytest.param("Yes.", "Да, конечно, мы непременно приедем к вам в гости.", "lengths too different", id="longer-by-far"),
        pytest.param("The dog ran home.", "Der Hund lief heim.", "in another script", id="no-Cyrillic"),
        pytest.param("Собака убежала.", "Собака убежала.", "in another script", id="no-Latin"),
        pytest.param("The print was indivisible.", "Печать была indivдибельной.", "mixes scripts in a word", id="mixed"),
        pytest.param("Rosneft, Gazprom, BP, Да", "Rosneft, Gazprom, BP, Да", "in another script", id="names-alone"),
        pytest.param("They sold 20 cars.", "Они продали 30 машин.", "figures disagree", id="another-number"),
    ],
)
def test_a_bad_pair_is_rejected_with_its_reason(source: str, target: str, reason: str) -> None:
    (outcome,) = sift([pair(source, target)], LIMITS)
    assert isinstance(outcome, Rejected)
    assert outcome.reason == reason


@pytest.mark.parametrize(
    ("source", "target", "figures"),
    [
        pytest.param("The dog ran home.", "Собака убежала домой.", False, id="plain"),
        pytest.param("They sold 20 cars.", "Они продали двадцать машин.", True, id="figures-in-words"),
        pytest.param("Yes.", "Ещё бы, а как же!", False, id="short-and-free"),
        pytest.param("Microsoft bought Nokia.", "Компания Microsoft купила Nokia.", False, id="names-in-Latin"),
    ],
)
def test_a_good_pair_is_kept_and_marked(source: str, target: str, figures: bool) -> None:
    (outcome,) = sift([pair(source, target)], LIMITS)
    assert isinstance(outcome, Pair)
    assert outcome.figures is figures


@pytest.mark.parametrize(
    ("text", "lang", "printed"),
    [
        pytest.param("Более 30,000 предложений", "ru", "Более 30 000 предложений", id="Russian-thousands"),
        pytest.param("На 0.75% ВВП, или 1.5 миллиарда долларов", "ru", "На 0,75% ВВП, или 1,5 миллиарда долларов", id="Russian-decimals"),
        pytest.param("About 40 000 asylum seekers", "en", "About 40,000 asylum seekers", id="English-thousands"),
        pytest.param("It grew by 2,5 % there", "en", "It grew by 2.5% there", id="English-decimals"),
        pytest.param("По статье 212.1 УК РФ", "ru", "По статье 212.1 УК РФ", id="an-article-of-law"),
        pytest.param("Встреча 14.08.2023 в 10.30", "ru", "Встреча 14.08.2023 в 10.30", id="a-date-and-a-time"),
        pytest.param("In 2019, 400 people came", "en", "In 2019, 400 people came", id="two-numbers"),
    ],
)
def test_numbers_are_written_in_the_digits_of_the_language(text: str, lang: str, printed: str) -> None:
    assert as_printed(text, lang) == printed


def test_a_pair_that_stood_there_before_is_rejected_in_either_direction() -> None:
    first = pair("The dog ran home.", "Собака убежала домой.")
    again = pair("Собака убежала домой", "the dog ran home", "ru", "en")
    other = pair("The dog ran home.", "Пёс убежал домой.")
    outcomes = list(sift([first, again, other], LIMITS))
    assert [isinstance(outcome, Rejected) for outcome in outcomes] == [False, True, False]


def test_shuffled_pairs_are_told_by_a_witness_and_find_their_own() -> None:
    sources = ["The mayor of the city closed the old bridge.", "Heavy snow fell in the mountains overnight."]
    targets = ["Мэр города закрыл старый мост через реку.", "Ночью в горах выпал сильный снег."]
    known = ["Городской мэр закрыл старый мост.", "Сильный снег выпал в горах за ночь."]
    witness = Witness([pair(*both) for both in zip(sources, known, strict=True)], least_agreement=0.1)
    shuffled = [pair(sources[0], targets[1]), pair(sources[1], targets[0])]
    assert all(witness.contradicts(found) for found in shuffled)
    right = [pair(*both) for both in zip(sources, targets, strict=True)]
    assert list(witness.realigned(shuffled)) == right
    assert not any(witness.contradicts(found) for found in right)


def test_a_file_must_say_its_languages(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not end in its languages"):
        list(read_pairs(tmp_path / "train.tsv"))


@pytest.mark.parametrize("name", ["dev.news.en-ru.tsv", "systems.news.google.en-ru.tsv", "train.by-microsoft.en-ru.tsv"])
def test_what_must_not_be_trained_on_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a\tб\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="must not be trained on"):
        list(read_training_pairs(tmp_path, [f"{name[:5]}*.tsv"]))


def test_settings_refuse_patterns_that_reach_too_far(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[data]\nfiles = ["*.tsv"]\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape("data.files") + ".*would read what must not be trained on"):
        load_settings(path)


def test_the_settings_of_the_repository_are_valid(request: pytest.FixtureRequest) -> None:
    for path in sorted((request.config.rootpath / "training").glob("settings*.toml")):
        assert load_settings(path).data.witness == "train.bergamot-base.*.tsv"


def test_made_up_pairs_agree_in_their_figures_and_come_in_both_directions() -> None:
    pairs = list(make_pairs(300, seed=1))
    assert len({found.source for found in pairs}) == 300
    assert {found.source_lang for found in pairs} == {"en", "ru"}
    assert not [found for found in pairs if "{" in found.source + found.target]
    verdicts = {
        compare(found.source, found.target, source_lang=found.source_lang, target_lang=found.target_lang).verdict for found in pairs
    }
    assert verdicts == {CheckVerdict.OK}
    assert pairs == list(make_pairs(300, seed=1))
    assert pairs != list(make_pairs(300, seed=2))


def test_templates_ask_for_known_slots_the_same_ones_in_both_languages(request: pytest.FixtureRequest) -> None:
    tables = tomllib.loads((request.config.rootpath / "training" / "templates.toml").read_text(encoding="utf-8"))
    templates = [*tables["clauses"], *tables["times"]]
    assert len({template["en"] for template in templates}) == len({template["ru"] for template in templates}) == len(templates)
    for template in templates:
        slots = {lang: re.findall(r"\{(\w+)(?::(\w+))?\}", template[lang]) for lang in ("en", "ru")}
        names = {lang: Counter(name for name, _ in found) for lang, found in slots.items()}
        assert names["en"] == names["ru"], template
        assert set(names["en"]) <= SLOTS.keys(), template
        assert {case for _, case in slots["ru"]} <= {"", *Case}, template
        assert {case for _, case in slots["en"]} <= {""}, template


def test_preparing_writes_both_directions_with_weights_and_a_report(settings: Settings, origin: Origin, data: Path, tmp_path: Path) -> None:
    with (data / "train.made.en-ru.tsv").open("a", encoding="utf-8") as file:
        file.write("The boat sank.\tЛодка утонула.\nThey won 3 games.\tОни выиграли 4 игры.\n")
    report = prepare(settings, origin, data, tmp_path / "work")
    assert report["files"] == {"train.made": {"kept": 12, "rejected": {"stands in a file that is held back": 1, "figures disagree": 1}}}
    assert report["made up"] == 4
    assert json.loads((tmp_path / "work" / REPORT_FILE).read_text(encoding="utf-8")) == report
    examples, measured = Examples.load(tmp_path / "work" / TRAIN_FILE), Examples.load(tmp_path / "work" / HELD_OUT_FILE)
    assert len(examples) == 2 * (12 - 1) + 4
    assert len(measured) == 2 * 1
    assert report["examples"] == {"en-ru": 13, "ru-en": 13}
    assert set(examples.weights.tolist()) == {1.0, 2.0}


@pytest.mark.parametrize(
    ("source", "target", "glossary"),
    [
        pytest.param("The lighthouse is old.", "Маяк старый.", "confirmed", id="the same word"),
        pytest.param("They left lighthouses and a tomb.", "Они покинули гробницу и маяки.", "confirmed", id="two, in other cases"),
        pytest.param("The lighthouse and the tomb are old.", "Маяк и гора старые.", "contradicted", id="one of two"),
        pytest.param("The lighthouse is old.", "Башня старая.", "contradicted", id="another word"),
        pytest.param("The house is old.", "Дом старый.", "", id="not in the glossary"),
    ],
)
def test_a_pair_tells_whether_it_confirms_the_glossary(source: str, target: str, glossary: str) -> None:
    told = marked(pair(source, target))
    assert told.glossary == glossary
    assert told.reversed().glossary == ""
    assert marked(told.reversed()) == told.reversed()


@pytest.mark.parametrize(("glossary", "asked"), [("confirmed", "The маяк"), ("", "The маяк"), ("contradicted", "The lighthouse")])
def test_what_a_target_contradicts_is_not_told(origin: Origin, glossary: Literal["", "confirmed", "contradicted"], asked: str) -> None:
    told = encoder_of(replace(origin, wording=Wording(glossed=("en-ru",))))
    assert told.encode(replace(pair("The lighthouse", "Маяк"), glossary=glossary)) == encoder_of(origin).encode(pair(asked, "Маяк"))


def test_pairs_that_confirm_the_glossary_are_shown_more_often(settings: Settings, origin: Origin, data: Path, tmp_path: Path) -> None:
    with (data / "train.made.en-ru.tsv").open("a", encoding="utf-8") as file:
        file.write("The lighthouse is old.\tМаяк старый.\nA tomb is old.\tГора стара.\n")
    data_settings = settings.data.model_copy(update={"glossary_weight": 7.0})
    report = prepare(settings.model_copy(update={"data": data_settings}), origin, data, tmp_path / "work")
    assert report["glossary"] == {"confirmed": 1, "contradicted": 1}
    assert Examples.load(tmp_path / "work" / TRAIN_FILE).weights.tolist().count(7.0) == 1


def test_an_example_is_the_prompt_and_then_the_answer_with_its_line_break(
    settings: Settings, origin: Origin, data: Path, tmp_path: Path
) -> None:
    prepare(settings, origin, data, tmp_path / "work")
    examples = Examples.load(tmp_path / "work" / TRAIN_FILE)
    pieces = origin.checkpoint.vocabulary.pieces
    row = [pieces[token] for token in examples.example(0)]
    prompt, answer = row[: examples.prompts[0]], row[examples.prompts[0] :]
    assert prompt[:4] == ["<bos>", "e", "n", ":"]
    assert "".join(prompt[-4:]) == "\nru:"
    assert answer[0] == "▁"
    assert answer[-1] == "\n"
    assert np.array_equal(examples.answer_ids(), np.unique(examples.answer_ids()))
