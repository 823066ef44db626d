"""Svodka: short summaries of a news article in English and Russian, with every figure checked."""

__version__ = "0.1.0"
__all__ = ["__version__"]
