"""The repair ladder: what is tried, one rung after another, until the figures of a translation agree."""

from svodka.repair.ladder import Ladder

__all__ = ["Ladder"]
