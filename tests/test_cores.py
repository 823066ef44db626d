"""The cores that a container was given."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from svodka.cores import available_cores

if TYPE_CHECKING:
    from pathlib import Path

HERE = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("cpu.max", "max 100000\n", HERE),
        ("cpu.max", "100000 100000\n", 1),
        ("cpu.max", "50000 100000\n", 1),
        ("cpu.max", "150000 100000\n", min(2, HERE)),
        ("cpu.max", "100000000 100000\n", HERE),
        ("cpu.max", "of another kernel\n", HERE),
    ],
)
def test_a_quota_bounds_the_cores(tmp_path: Path, file: str, text: str, expected: int) -> None:
    (tmp_path / file).write_text(text)
    assert available_cores(tmp_path) == expected


@pytest.mark.parametrize(("quota", "expected"), [("-1\n", HERE), ("100000\n", 1)])
def test_the_older_cgroup_is_read_too(tmp_path: Path, quota: str, expected: int) -> None:
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(quota)
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert available_cores(tmp_path) == expected


def test_without_a_cgroup_the_affinity_counts(tmp_path: Path) -> None:
    assert available_cores(tmp_path) == HERE
