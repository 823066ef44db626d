"""Names of people and places, and how another language writes them."""

from svodka.names.asking import with_names_transcribed
from svodka.names.transcription import transcribe

__all__ = ["transcribe", "with_names_transcribed"]
