"""Names of people and places, and how another language writes them."""

from svodka.names.asking import with_names_transcribed
from svodka.names.gazetteer import russian_name
from svodka.names.transcription import transcribe

__all__ = ["russian_name", "transcribe", "with_names_transcribed"]
