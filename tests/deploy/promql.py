"""What the server serves for Prometheus, and the names that a PromQL expression uses of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Family, kind, labels.
SERVED: dict[str, tuple[str, frozenset[str]]] = {
    name: (kind, frozenset(labels.split()))
    for name, kind, labels in (
        ("figure_check", "counter", "hop kind relation"),
        ("figure_repair", "counter", "rung outcome"),
        ("svodka_rpc_seconds", "histogram", "method code"),
        ("svodka_rpcs_in_flight", "gauge", "method"),
        ("svodka_queue_tokens", "gauge", "lane"),
        ("svodka_queue_requests", "gauge", "lane"),
        ("svodka_refused", "counter", "lane reason"),
        ("svodka_batch_tokens", "histogram", ""),
        ("svodka_batch_prompts", "histogram", ""),
        ("svodka_batch_seconds", "histogram", ""),
        ("svodka_stage_seconds", "histogram", "stage"),
        ("svodka_model_load_seconds", "gauge", "model"),
        ("svodka_model_up", "gauge", "model"),
        ("svodka_model_restarts", "counter", "model"),
        ("svodka_build_info", "gauge", "version"),
        ("svodka_certificate_expiry_seconds", "gauge", ""),
        ("process_virtual_memory_bytes", "gauge", ""),
        ("process_resident_memory_bytes", "gauge", ""),
        ("process_start_time_seconds", "gauge", ""),
        ("process_cpu_seconds", "counter", ""),
        ("process_open_fds", "gauge", ""),
        ("process_max_fds", "gauge", ""),
        ("python_gc_objects_collected", "counter", "generation"),
        ("python_gc_objects_uncollectable", "counter", "generation"),
        ("python_gc_collections", "counter", "generation"),
    )
}
ONLY_WITH_TLS = frozenset({"svodka_certificate_expiry_seconds"})

_SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
# Prometheus adds these to all that it scrapes, and makes `up` of its own for each target.
_OF_TARGETS = frozenset({"job", "instance", "namespace", "pod"})
SERIES: dict[str, frozenset[str]] = {"up": _OF_TARGETS} | {
    name + suffix: labels | _OF_TARGETS | ({"le"} if suffix == "_bucket" else set())
    for name, (kind, labels) in SERVED.items()
    for suffix in _SUFFIXES[kind]
}

_STRING = re.compile(r'"(?:\\.|[^"\\])*"')
_SELECTOR = re.compile(r"([a-zA-Z_:][\w:]*)\s*\{([^}]*)\}")
_MATCHER = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
_RANGE = re.compile(r"\[[^\]]*\]")
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
_NAME = re.compile(r"(?<![\w:.$])([a-zA-Z_:][\w:]*+)(?!\s*\()")
_WORDS = frozenset({"and", "or", "unless", "offset", "bool", "by", "group_left", "group_right"})


@dataclass(frozen=True, kw_only=True)
class Used:
    """What an expression reads."""

    series: frozenset[str]
    matched: frozenset[tuple[str, str]]  # a series, and a label that its selector asks for
    grouped: frozenset[str]  # labels that it groups or joins by


def used(expression: str) -> Used:
    """The names that a PromQL expression uses; it is taken to be well formed, which is promtool's to say."""
    bare = re.sub(r"#[^\n]*", "", _STRING.sub('""', expression))
    matched = {(series, label) for series, matchers in _SELECTOR.findall(bare) for label in _MATCHER.findall(matchers)}
    grouped = {label.strip() for labels in _GROUPING.findall(bare) for label in labels.split(",") if label.strip()}
    rest = _GROUPING.sub(" ", _RANGE.sub(" ", re.sub(r"\{[^}]*\}", " ", bare)))
    series = {name for name in _NAME.findall(rest) if name not in _WORDS}
    return Used(series=frozenset(series), matched=frozenset(matched), grouped=frozenset(grouped))


def unknown(expression: str) -> list[str]:
    """What an expression uses that the server does not serve, told in words; at best nothing."""
    names = used(expression)
    told = [f"there is no series {series}" for series in sorted(names.series - SERIES.keys())]
    told += [f"{series} has no label {label}" for series, label in sorted(names.matched) if label not in SERIES.get(series, {label})]
    labels = frozenset[str]().union(*(SERIES.get(series, frozenset()) for series in names.series))
    return told + [f"nothing has the label {label}" for label in sorted(names.grouped - labels)]
