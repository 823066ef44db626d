import pytest

from promql import ONLY_WITH_TLS, SERVED, unknown, used
from svodka.metrics import Metrics


def test_the_table_has_what_the_server_serves() -> None:
    served = {family.name: family.type for family in Metrics().registry.collect()}
    assert {name: SERVED[name][0] for name in served if name in SERVED} == served
    ours = {name for name in SERVED if name.startswith("svodka_")} - ONLY_WITH_TLS
    assert not ours & served.keys() or ours <= served.keys()


@pytest.mark.parametrize(
    ("expression", "series", "grouped"),
    [
        ("up", {"up"}, set()),
        ('sum by (a, b) (rate(x_total{job=~"$job",c!="d e"}[5m])) / on (a) group_left y > 0.5', {"x_total", "y"}, {"a", "b"}),
        ("histogram_quantile(0.95, sum by (le) (rate(x_bucket[$__rate_interval]))) or vector(0)", {"x_bucket"}, {"le"}),
        ("x unless on (job) y and z > 0.8 * 8192 # not w", {"x", "y", "z"}, {"job"}),
        ("x offset 5m == bool 1e3", {"x"}, set()),
    ],
)
def test_names_are_read_from_expressions(expression: str, series: set[str], grouped: set[str]) -> None:
    names = used(expression)
    assert (names.series, names.grouped) == (series, grouped)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ('sum by (lane) (rate(svodka_refused_total{job="svodka",reason="full"}[5m]))', []),
        ("rate(svodka_refused[5m])", ["there is no series svodka_refused"]),
        ('svodka_queue_tokens{stage="read"}', ["svodka_queue_tokens has no label stage"]),
        ("sum by (le) (svodka_queue_tokens)", ["nothing has the label le"]),
    ],
)
def test_what_is_not_served_is_told(expression: str, told: list[str]) -> None:
    assert unknown(expression) == told
