"""How many cores this process may really use: the scheduler's affinity, and the quota that a container was given."""

from __future__ import annotations

import math
import os
from pathlib import Path

__all__ = ["available_cores"]

_CGROUP = Path("/sys/fs/cgroup")


def available_cores(cgroup: Path = _CGROUP) -> int:
    """Whole cores, at least one; a quota of one and a half counts as two, for threads beyond the quota are only slowed down.

    The quota is that of cgroup v2 (`cpu.max`) or v1 (`cpu.cfs_quota_us`), as the Linux kernel documents them.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1  # the first is not on macOS
    quota = _quota(cgroup)
    return cores if quota is None else max(1, min(cores, math.ceil(quota)))


def _quota(cgroup: Path) -> float | None:
    try:
        if (cgroup / "cpu.max").is_file():
            quota, period = (cgroup / "cpu.max").read_text().split()
        else:
            quota, period = ((cgroup / "cpu" / f"cpu.cfs_{name}_us").read_text().strip() for name in ("quota", "period"))
        return None if quota in {"max", "-1"} else int(quota) / int(period)
    except (OSError, ValueError):  # no cgroup, or a kernel that writes it in another way
        return None
