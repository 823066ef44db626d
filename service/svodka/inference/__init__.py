"""Models behind small protocols: the catalogue of what there is, its preparation, and the runtimes that load it."""

from __future__ import annotations

from svodka.inference.protocols import Encoder, Generator, Hypothesis, Translator
from svodka.inference.runtime import LoadedProfile, load_profile

__all__ = ["Encoder", "Generator", "Hypothesis", "LoadedProfile", "Translator", "load_profile"]
