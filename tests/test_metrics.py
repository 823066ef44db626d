import urllib.request

import pytest

from fakes import FakeEncoder, FakeTranslator, ladder
from svodka.compare import Comparer
from svodka.errors import NotVerified, SettingsError
from svodka.metrics import Metrics
from svodka.pipeline import Pipeline
from svodka.summarise import ExtractiveSummariser
from svodka.types import ComparisonOrder, Contender, Length, Policy, SummaryOrder, TranslationOrder

SENTENCE = "The firm paid $8 billion for 82 ships on 8 October."
WRONG = "Фирма заплатила 8 млн долларов за 82 корабля 8 октября."
LOST = "Фирма заплатила за корабли немалые деньги прошлой осенью."


def _pipeline(answer: str) -> Pipeline:
    return Pipeline(summariser=ExtractiveSummariser(FakeEncoder()), ladder=ladder(FakeTranslator({SENTENCE: [answer]})))


def _order(policy: Policy = Policy.REPAIR) -> SummaryOrder:
    return SummaryOrder(text=SENTENCE, length=Length(max_sentences=1), policy=policy)


def _value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_repairs_and_figures_are_counted() -> None:
    pipeline = _pipeline(WRONG)
    pipeline.summarise(_order())
    metrics = pipeline.metrics
    assert _value(metrics, "figure_repair_total", rung="edit", outcome="repaired") == 1
    assert _value(metrics, "figure_check_total", hop="en-ru", kind="money", relation="PRESERVED") == 1
    assert _value(metrics, "figure_check_total", hop="article-ru", kind="date", relation="PRESERVED") == 1


def test_translations_are_counted() -> None:
    pipeline = _pipeline(WRONG)
    pipeline.translate(TranslationOrder(text=SENTENCE, target="ru", policy=Policy.REPORT))
    assert _value(pipeline.metrics, "figure_check_total", hop="en-ru", kind="money", relation="CHANGED") == 1


def test_compared_translations_are_counted_unless_they_were_given() -> None:
    pipeline = _pipeline(WRONG)
    contenders = (Contender(name="ours", policy=Policy.REPORT), Contender(name="theirs", given=LOST))
    comparer = Comparer(summariser=pipeline.summariser, ladder=pipeline.ladder, metrics=pipeline.metrics)
    comparer.compare(ComparisonOrder(text=SENTENCE, target="ru", contenders=contenders))
    assert _value(pipeline.metrics, "figure_check_total", hop="en-ru", kind="money", relation="CHANGED") == 1
    assert _value(pipeline.metrics, "figure_check_total", hop="en-ru", kind="money", relation="MISSING") is None


def test_a_refused_answer_is_counted_too() -> None:
    pipeline = _pipeline(LOST)
    with pytest.raises(NotVerified):
        pipeline.summarise(_order(Policy.STRICT))
    assert _value(pipeline.metrics, "figure_check_total", hop="en-ru", kind="money", relation="MISSING") == 1
    assert _value(pipeline.metrics, "figure_repair_total", rung="fallback", outcome="failed") == 1


def test_prometheus_reads_them() -> None:
    pipeline = _pipeline(WRONG)
    pipeline.summarise(_order())
    port = pipeline.metrics.serve("127.0.0.1", 0)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        assert 'figure_repair_total{outcome="repaired",rung="edit"} 1.0' in answer.read().decode()
    with pytest.raises(SettingsError, match=f"cannot listen on 127.0.0.1:{port}"):
        Metrics().serve("127.0.0.1", port)
    pipeline.metrics.close()


def test_a_certificate_s_end_is_asked_for_anew_each_time() -> None:
    metrics = Metrics()
    assert _value(metrics, "svodka_certificate_expiry_seconds") is None
    left = [20.0, 10.0]
    metrics.certificate(lambda: left.pop(0))
    assert [_value(metrics, "svodka_certificate_expiry_seconds") for _ in range(2)] == [20, 10]
