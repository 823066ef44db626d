"""Names of people and places, and how another language writes them."""

from svodka.names.asking import with_names_transcribed
from svodka.names.gazetteer import russian_name
from svodka.names.listed import with_listed_names
from svodka.names.transcription import transcribe

__all__ = ["russian_name", "transcribe", "with_listed_names", "with_names_transcribed"]
