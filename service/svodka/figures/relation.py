"""What became of a figure whose counterpart is known, and why, in a sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from svodka.figures.convert import amount
from svodka.figures.senses import parts
from svodka.figures.types import Clock, Date, Figure, Kind, Mode, Pair, Qualifier, Range, Relation, Value
from svodka.figures.wording import became, describe, qualifier_words

__all__ = ["changed", "converted", "rounded", "same"]

_ABOVE = {Qualifier.MORE_THAN, Qualifier.AT_LEAST}
_BELOW = {Qualifier.LESS_THAN, Qualifier.UP_TO, Qualifier.NEARLY}
_SIDES = _ABOVE | _BELOW
_NEAR = {Qualifier.ABOUT, Qualifier.NEARLY}
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"(?<![A-Za-zА-Яа-яЁё])[IVXLCDMХІ]+(?![A-Za-zА-Яа-яЁё])")
_COUNTED_OFF = {Kind.ORDINAL, Kind.CENTURY, Kind.CARDINAL, Kind.DATE}
_GROUPED = re.compile(r"(?<=\d)[,. \u00a0\u202f\u2009'’](?=\d)")


def same(source: Figure, target: Figure) -> Pair:
    """The same quantity on both sides."""
    qualifier = _qualifier_reason(source, target)
    if (other_unit := converted(source, target)) is not None:
        return other_unit
    if _is_turned_round(source.qualifier, target.qualifier):
        return Pair(source=source, target=target, relation=Relation.CHANGED, reason=qualifier)
    alike = _alike(source, target)
    if alike and not qualifier:
        return Pair(source=source, target=target, relation=Relation.PRESERVED)
    reason = qualifier if alike else f"“{source.text}” is written “{target.text}”" + (f"; {qualifier}" if qualifier else "")
    return Pair(source=source, target=target, relation=Relation.REFORMATTED, reason=reason, minor=bool(qualifier))


def _alike(source: Figure, target: Figure) -> bool:
    """Whether nothing but the language differs."""
    if source.kind is not target.kind or (isinstance(source.value, Clock) and source.value != target.value):
        return False
    return _notation(source) == _notation(target)


def _notation(figure: Figure) -> tuple[object, ...]:
    """How a number is written, apart from what each language demands: its digits, or none; Roman or not."""
    plain = _GROUPED.sub("", figure.text)
    return (sorted(_DIGITS.findall(plain)), figure.kind in _COUNTED_OFF and bool(_ROMAN.search(plain)))


def _qualifier_reason(source: Figure, target: Figure) -> str:
    before, after = source.qualifier, target.qualifier
    if before == after or _agree(before, after):
        return ""
    if after is None and before is not None:
        return f"“{qualifier_words(before)}” was lost"
    if before is None and after is not None:
        return f"“{qualifier_words(after)}” was added"
    return f"“{qualifier_words(before)}” became “{qualifier_words(after)}”" if before and after else ""


def _agree(before: Qualifier | None, after: Qualifier | None) -> bool:
    """Qualifiers that translations tell for each other: "more than" / «не менее», "nearly" / «около»."""
    return before is not None and after is not None and any({before, after} <= group for group in (_ABOVE, _BELOW, _NEAR))


def _is_turned_round(before: Qualifier | None, after: Qualifier | None) -> bool:
    """Whether a bound became its opposite: "just over twelve minutes" is never «менее 12 минут»."""
    return before is not None and after is not None and any(before in side and after in _SIDES - side for side in (_ABOVE, _BELOW))


# Half a thousand: the precision of a figure told in thousands.
_SCALED = 500


def rounded(source: Figure, target: Figure, mode: Mode) -> Pair | None:
    """The target rounds the source properly; None where it does not.

    A summary may round as it likes ("13.4%" → "13%"). A translation may not drop digits in silence: there the rounded figure
    must be a large one told in a scale ("1,234,567" → «1,2 млн») or say "about".
    """
    before, after = source.value, target.value
    if source.kind is not target.kind or source.unit != target.unit or not isinstance(before, Fraction) or not isinstance(after, Fraction):
        return None
    half = target.precision
    if half is None or half <= (source.precision or 0) or before == 0 or after == 0:
        return None
    if abs(before - after) > half:
        return None
    if mode is Mode.TRANSLATION and (abs(before - after) * 20 > abs(before) or (half < _SCALED and target.qualifier is None)):
        return None
    reason = f"{describe(source)} is rounded to {describe(target)}"
    return Pair(source=source, target=target, relation=Relation.ROUNDED, reason=reason)


def converted(source: Figure, target: Figure) -> Pair | None:
    """The target tells the same measure in another unit; None where it does not."""
    if _unit(source) == _unit(target):
        return None
    ends = list(zip(_ends(source), _ends(target), strict=False))
    if len(_ends(source)) != len(_ends(target)) or not all(_agrees_converted(before, after) for before, after in ends):
        return None
    return Pair(source=source, target=target, relation=Relation.CONVERTED, reason=f"{describe(source)} is {describe(target)}")


def _unit(figure: Figure) -> str | None:
    return figure.unit or ("year" if figure.kind is Kind.AGE else None)


def _ends(figure: Figure) -> tuple[Figure, ...]:
    return parts(figure) if isinstance(figure.value, Range) else (figure,)


def _agrees_converted(source: Figure, target: Figure) -> bool:
    before, after = amount(source), amount(target)
    if before is None or after is None or before.dimension != after.dimension:
        return False
    return abs(before.value - after.value) <= before.tolerance + after.tolerance


def changed(source: Figure, target: Figure) -> Pair:
    """The counterpart says something else; or perhaps the same, where a date that may be read in two ways agrees in the other."""
    doubt = source.doubt or target.doubt
    if doubt and _day_and_month_turned(source.value, target.value):
        return Pair(source=source, target=target, relation=Relation.UNCERTAIN, reason=f"{doubt}: “{source.text}” → “{target.text}”")
    return Pair(source=source, target=target, relation=Relation.CHANGED, reason=_change(source, target))


def _day_and_month_turned(before: Value, after: Value) -> bool:
    if not isinstance(before, Date) or not isinstance(after, Date) or None in {before.day, before.month}:
        return False
    return replace(before, day=before.month, month=before.day) == after


def _change(source: Figure, target: Figure) -> str:
    before, after = source.value, target.value
    heart = became(source, target)
    if isinstance(before, Fraction) and isinstance(after, Fraction):
        return _number_change(source, target, before, after, heart)
    if isinstance(before, Date) and isinstance(after, Date):
        return _date_change(before, after) or heart
    if isinstance(before, Clock) and isinstance(after, Clock) and (before.hour - after.hour) % 12 == 0 and before.minute == after.minute:
        return f"{heart}: the half of the day was lost or changed"
    return heart


def _number_change(source: Figure, target: Figure, before: Fraction, after: Fraction, heart: str) -> str:
    if before == after:
        return _unit_change(source, target) or heart
    if before == -after:
        return f"{heart}: the sign was {'lost' if before < 0 else 'added'}"
    return heart


def _unit_change(source: Figure, target: Figure) -> str:
    if source.kind is Kind.MONEY and target.kind is Kind.MONEY:
        return f"currency {source.unit} became {target.unit} ({source.text} → {target.text})"
    if source.kind is Kind.MONEY:
        return f"currency {source.unit} was lost ({source.text} → {target.text})"
    if target.kind is Kind.MONEY:
        return f"currency {target.unit} was added ({source.text} → {target.text})"
    if source.unit and target.unit and source.unit != target.unit:
        return f"unit {source.unit} became {target.unit} ({source.text} → {target.text})"
    return ""


def _date_change(before: Date, after: Date) -> str:
    """Which field of a date was lost, added or changed, where it is one."""
    fields = [name for name in ("weekday", "day", "month", "season", "year") if getattr(before, name) != getattr(after, name)]
    if len(fields) != 1:
        return ""
    name = fields[0]
    if getattr(after, name) is None:
        return f"the {name} was lost"
    if getattr(before, name) is None:
        return f"the {name} was added"
    return ""
