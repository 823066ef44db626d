"""What becomes of memory that a model has freed, where the C library is glibc; elsewhere that library decides. A leaf."""

from __future__ import annotations

import ctypes

__all__ = ["give_memory_back", "keep_memory"]

# Names of options and the largest value that an option takes, as glibc's malloc.h has them.
_TRIM_THRESHOLD, _MMAP_MAX, _NEVER = -1, -4, 2**31 - 1


def keep_memory() -> None:
    """Let each step of a search have the memory that the one before it freed.

    The kernel clears all memory that it gives: that took a third of the time of a wide step.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_MMAP_MAX, 0)
        set_option(_TRIM_THRESHOLD, _NEVER)


def give_memory_back() -> None:
    """Give what is free back to the kernel."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
