"""Models behind small protocols: the catalogue of what there is, its preparation, and the runtimes that load it.

Only the protocols are named here, so that a look at the catalogue does not load an inference library.
"""

from __future__ import annotations

from svodka.inference.protocols import Encoder, Generator, Hypothesis, Translator

__all__ = ["Encoder", "Generator", "Hypothesis", "Translator"]
