"""Third step, by a summarization model: what it writes is held against the article, sentence by sentence, and made right or replaced."""

from svodka.abstract.summariser import AbstractiveSummariser

__all__ = ["AbstractiveSummariser"]
