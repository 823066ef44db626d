"""What a name with a number in it may be told as: «Метеор-1В» for "Meteor-1B", "777s" for «777»."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from fractions import Fraction

from svodka.figures.sound import consonants
from svodka.figures.types import Date, Figure

__all__ = ["Sense", "identifier_senses"]

Sense = tuple[Hashable, ...]

_LOOKALIKE = str.maketrans("АВЕКМНОРСТУХЁІЈЅ", "ABEKMHOPCTYXEIJS")
_CYRILLIC = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
_LATIN = "A|B|V|G|D|E|E|ZH|Z|I|Y|K|L|M|N|O|P|R|S|T|U|F|KH|TS|CH|SH|SHCH||Y||E|YU|YA"
_SOUND = str.maketrans(dict(zip(_CYRILLIC, _LATIN.split("|"), strict=True)))
_NUMBER_SIGN = re.compile(r"^(?:№|NO\.?|NUMBER|#)\s*")
_PIECES = re.compile(r"[^\W\d_]+|\d+")
_SHORT = 2


_ATTACKS = "9/11"  # a name in English, «11 сентября» in Russian


def identifier_senses(figure: Figure, identifier: str) -> tuple[Sense, ...]:
    """An identifier by its pieces: digits as they are, letters as they look or sound, a name by its consonants alone.

    «Метеор-1В» is "Meteor-1B", «Су-27» is "Su-27", «Пушкинская-10» is "Pushkinskaya-10"; a leading plus is part of a phone number.
    """
    bare = _NUMBER_SIGN.sub("", identifier.upper())
    pieces = _PIECES.findall(bare)
    plus = ("+",) if bare.startswith("+") else ()
    looks: Sense = ("identifier", *plus, *(_letters(piece, _LOOKALIKE) for piece in pieces))
    sounds: Sense = ("identifier", *plus, *(_letters(piece, _SOUND) for piece in pieces))
    mixed: Sense = ("identifier", *plus, *(_letters(piece, _LOOKALIKE if len(piece) == 1 else _SOUND) for piece in pieces))
    return tuple(dict.fromkeys((looks, sounds, mixed, *_identifier_habits(figure, bare, pieces))))


def _identifier_habits(figure: Figure, bare: str, pieces: list[str]) -> list[Sense]:
    if bare == _ATTACKS:
        return [("date", Date(month=9, day=11))]
    digits = [piece for piece in pieces if piece.isdecimal() and len(piece) <= _LONGEST]
    if len(digits) == 1 and pieces == [*digits, "S"]:
        # "existing 777s" are «777».
        return [("number", Fraction(int(digits[0])))]
    named = any(len(piece) > _SHORT for piece in pieces if not piece.isdecimal())
    habits: list[Sense] = []
    spelled = not any(sign.isdigit() for sign in figure.text)
    if len(digits) == 1 and (named or spelled or bare.isdecimal()):
        # "Ariane5" is «Ариан 5», whose number may read as a number; "No. 5" is the fifth; "a group of eight" need not be the G8.
        habits.append(("number", Fraction(int(digits[0]))))
    if named and digits:
        habits.append(("name in another alphabet", *digits))
    return habits


_LONGEST = 40


def _letters(piece: str, table: Mapping[int, int | str]) -> str:
    if len(piece) <= _SHORT or piece.isdecimal():
        return piece.translate(table)
    return consonants(piece)
