"""Times of day: "7 p.m.", "19:30", "в 19.30", "в семь вечера", "half past seven", "noon", and ranges of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from svodka.figures.chars import is_digits
from svodka.figures.rules.base import Hit, Reader
from svodka.figures.rules.range import range_link
from svodka.figures.types import Clock, Kind, Range

__all__ = ["clock", "clock_before_hour", "clock_range", "minutes_of_hour", "minutes_to_hour", "named_time", "spoken_minutes"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Face:
    """Hours and minutes as written; `sure` where they can be nothing but a time."""

    hour: int
    minute: int
    end: int
    second: int | None = None
    sure: bool = False
    marked: bool = False
    padded: bool = False
    lone: bool = False


def _face(reader: Reader, i: int) -> _Face | None:
    """The hour and minutes at `i`: "7", "7:30", "19.30", "19 часов 30 минут", "seven"."""
    return _written(reader, i) or _spoken(reader, i)


def _written(reader: Reader, i: int) -> _Face | None:
    tokens = reader.tokens
    if (zoned := _military(reader, i)) is not None:
        return zoned
    hour, mark, minute = tokens.word(i), tokens.word(i + 1), tokens.word(i + 2)
    if (
        not hour
        or not is_digits(hour)
        or len(hour) > 2
        or mark not in (":", ".", "-", "h", "ч")
        or len(minute) != 2
        or not is_digits(minute)
    ):
        return None
    if not tokens.joined(i + 1) or not tokens.joined(i + 2) or int(hour) > 24 or int(minute) > 59:
        return None
    if mark == "-" and not (reader.lex.habits.clock_point and minute == "00"):
        return None
    end, second = i + 3, None
    if tokens.word(end) == mark == ":" and tokens.joined(end) and len(tokens.word(end + 1)) == 2 and tokens.word(end + 1).isdigit():
        second, end = int(tokens.words[end + 1]), end + 2
        if second > 59:
            return None
    if (
        tokens.joined(end)
        and tokens.word(end) in (".", ",", ":", "/")
        and tokens.joined(end + 1)
        and is_digits(tokens.word(end + 1) or "-")
    ):
        return None
    return _Face(hour=int(hour), minute=int(minute), second=second, end=end, sure=mark in ":hч", marked=True, padded=hour[0] == "0")


def _military(reader: Reader, i: int) -> _Face | None:
    """Four digits before a zone: "0230 UTC"."""
    word = reader.tokens.word(i)
    if (
        len(word) != 4
        or not is_digits(word)
        or int(word[:2]) > 24
        or int(word[2:]) > 59
        or reader.lex.zones.match(reader.tokens, i + 1) is None
    ):
        return None
    return _Face(hour=int(word[:2]), minute=int(word[2:]), end=i + 1, sure=True, marked=True, padded=True)


def _spoken(reader: Reader, i: int) -> _Face | None:
    number = reader.number(i)
    sets = reader.lex.sets
    if number is None or number.ordinal or number.plural or number.whole is None or not 0 <= number.whole <= 24:
        hour = reader.tokens.word(i)
        return _Face(hour=1, minute=0, end=i + 1, lone=True) if hour in sets.lone_hours else None
    if number.scale is not None or number.suffix:
        return None
    end, minute = number.end, 0
    named = reader.tokens.word(end) in sets.hour_words
    if named:
        end += 1
        if reader.tokens.word(end) == "." and reader.tokens.joined(end) and reader.tokens.words[end - 1] == "ч":
            end += 1
        minutes = reader.number(end)
        stated = minutes is not None and not minutes.ordinal and reader.tokens.word(minutes.end) in sets.minute_words
        if minutes is not None and stated and minutes.whole is not None and 0 <= minutes.whole <= 59:
            minute, end = minutes.whole, minutes.end + 1
    return _Face(hour=int(number.value), minute=minute, end=end)


def clock(reader: Reader, i: int) -> Hit | None:
    """A time of day, as far as the marks or the words around it make it one."""
    face = _face(reader, i)
    if face is None:
        return None
    found = _halved(reader, i, face)
    if found is not None:
        return _hit(reader, i, *found)
    if face.lone:
        return None
    named = reader.lex.clock.match(reader.tokens, face.end)
    if named is not None and named[0].what == "hour":
        return _hit(reader, i, _clock(face, open_half=0 < face.hour <= 12), named[1])
    if _reads_as_time(reader, i, face):
        return _hit(reader, i, _clock(face, open_half=_open(reader, face)), face.end)
    return None


def _halved(reader: Reader, i: int, face: _Face) -> tuple[Clock, int] | None:
    """The time with its half of the day: "7 p.m.", "7 часов вечера"."""
    named = reader.lex.clock.match(reader.tokens, face.end)
    if named is None or named[0].what != "half":
        return None
    half = named[0].value
    hours = reader.lex.sets.hour_words | reader.lex.sets.lone_hours
    bare = not face.marked and reader.tokens.word(face.end - 1) not in hours
    if half == "day" and bare and face.minute == 0 and face.hour != 12:
        return None  # "3 дня" are three days
    if half == "night" and bare and reader.tokens.word(i - 1) not in reader.lex.sets.at_words:
        return None  # "две ночи" are two nights
    hour = _hour(face.hour, half)
    return None if hour is None else (Clock(hour=hour, minute=face.minute, second=face.second), named[1])


def _hour(hour: int, half: str) -> int | None:
    """An hour on the clock of 24: "7 p.m." is 19, "12 ночи" is 0, "3 ночи" is 3, "11 ночи" is 23."""
    if hour > 12:
        return hour if half in ("pm", "day") or hour == 24 else None
    if half == "am":
        return hour % 12
    if half == "pm":
        return hour % 12 + 12
    if half == "day":
        return hour if hour >= 10 else hour + 12
    return hour % 12 if hour <= 6 or hour == 12 else hour + 12


def _clock(face: _Face, *, open_half: bool) -> Clock:
    return Clock(hour=face.hour, minute=face.minute, second=face.second, open_half=open_half)


def _open(reader: Reader, face: _Face) -> bool:
    """Whether morning and evening are both possible: "at 7", "at 7:30" in English; Russian clocks count to 24."""
    return 0 < face.hour <= 12 and not face.padded and face.second is None and (reader.lex.habits.month_first or not face.marked)


def _reads_as_time(reader: Reader, i: int, face: _Face) -> bool:
    tokens, lex = reader.tokens, reader.lex
    before = tokens.word(i - 1)
    zoned = lex.zones.match(tokens, face.end) is not None
    if face.sure:
        return zoned or before in lex.sets.at_words or tokens.word(i + 1) != ":" or not _is_score(reader, i)
    hours = tokens.word(face.end - 1) in lex.sets.hour_words or tokens.word(face.end - 1) in lex.sets.minute_words
    if tokens.word(i + 1) == "." and face.end == i + 3 and tokens.word(face.end) in lex.sets.hour_letters:
        return lex.habits.clock_point or face.hour > 12  # "в 22.00 ч.", "at 20.45 hrs"
    if tokens.word(i + 1) in (".", "-") and face.end == i + 3:
        if reader.unit_at(face.end) or lex.scales.match(tokens, face.end) is not None:
            return False
        clean = lex.grammar.counted(tokens, face.end) is None or tokens.word(face.end) in lex.sets.clock_before
        if not lex.habits.clock_point:  # "at 5.30 on Monday"
            sharp = before in lex.sets.at_alone and face.minute % 5 == 0
            return zoned or (sharp and (not tokens.word(face.end).isalpha() or tokens.word(face.end) in lex.sets.clock_before))
        return zoned or (before in lex.sets.at_words and clean)
    if hours:
        spans = tokens.word(i - 2) in lex.sets.clock_not_after or lex.grammar.governed(tokens, face.end)
        if face.hour == 24:
            return zoned  # "в 24 часа" is a time to do something in
        appointed = before in lex.sets.appointed_on and tokens.word(i - 2) in lex.sets.appointed
        return zoned or appointed or (before in lex.sets.at_hour_words and not spans and not _goes_on_as_duration(reader, face.end))
    if zoned and before in lex.sets.at_words:
        return True
    follows = tokens.word(face.end)
    return before in lex.sets.at_alone and 1 <= face.hour <= 12 and (follows in lex.sets.clock_before or follows in ("", ".", ","))


def _goes_on_as_duration(reader: Reader, end: int) -> bool:
    return reader.tokens.word(end) in reader.lex.sets.duration_after


def _is_score(reader: Reader, i: int) -> bool:
    """Whether a word of sport stands near two numbers that could also be a time."""
    near = reader.words[max(0, i - 4) : i] + reader.words[i + 3 : i + 5]
    return not reader.lex.sets.score_words.isdisjoint(near)


def _hit(reader: Reader, start: int, value: Clock, end: int) -> Hit:
    zone = reader.lex.zones.match(reader.tokens, end)
    if zone is None:
        return Hit(start=start, end=end, kind=Kind.TIME, value=value)
    return Hit(start=start, end=zone[1], kind=Kind.TIME, value=replace(value, zone=zone[0] if zone[0] != "local" else None))


def named_time(reader: Reader, i: int) -> Hit | None:
    """A time with a name: "noon", "в полночь"."""
    found = reader.lex.clock.match(reader.tokens, i)
    if found is None or found[0].what not in ("time", "open"):
        return None
    hour, minute = found[0].value.split(":")
    if found[0].what == "open":
        face = _Face(hour=int(hour), minute=int(minute), end=found[1])
        halved = _halved(reader, i, face)
        return _hit(reader, i, *halved) if halved is not None else _hit(reader, i, _clock(face, open_half=True), found[1])
    return _hit(reader, i, Clock(hour=int(hour), minute=int(minute)), found[1])


def minutes_to_hour(reader: Reader, i: int) -> Hit | None:
    """Minutes before or after an hour: "ten to six", "twenty past four"."""
    minutes = reader.number(i)
    if (
        minutes is None
        or minutes.ordinal
        or minutes.value not in (5, 10, 20, 25)
        or reader.tokens.word(i - 1) not in reader.lex.sets.at_words
        or reader.tokens.word(i - 1) in reader.lex.sets.openers_from  # "doubled its offices from five to ten"
    ):
        return None
    word = reader.tokens.word(minutes.end)
    sign = 1 if word in reader.lex.sets.past_words else -1 if word in reader.lex.sets.to_words else 0
    hour = reader.number(minutes.end + 1)
    if not sign or hour is None or hour.ordinal or not 1 <= hour.value <= 12 or hour.value.denominator != 1:
        return None
    found = reader.amount(minutes.end + 1)
    if found is not None and found.factor is not None and reader.tokens.word(found.end - 1) not in reader.lex.sets.hour_words:
        return None  # "from five to ten degrees"
    at = (int(hour.value) * 60 + sign * int(minutes.value)) % 720
    face = _Face(hour=at // 60, minute=at % 60, end=hour.end)
    halved = _halved(reader, i, face)
    return _hit(reader, i, *halved) if halved is not None else _hit(reader, i, _clock(face, open_half=True), hour.end)


def minutes_of_hour(reader: Reader, i: int) -> Hit | None:
    """Minutes of the hour that runs: «пятнадцать минут восьмого»."""
    minutes, sets = reader.number(i), reader.lex.sets
    if minutes is None or minutes.ordinal or minutes.whole is None or not 1 <= minutes.whole < 60:
        return None
    if not sets.minute_words or reader.tokens.word(minutes.end) not in sets.minute_words:
        return None
    hour = reader.number(minutes.end + 1)
    if hour is None or not hour.ordinal or not hour.words or not 1 <= hour.value <= 12 or not reader.words[hour.end - 1].endswith("го"):
        return None
    face = _Face(hour=int(hour.value) - 1 or 12, minute=minutes.whole, end=hour.end, marked=True)
    halved = _halved(reader, i, face)
    return _hit(reader, i, *halved) if halved is not None else _hit(reader, i, _clock(face, open_half=True), hour.end)


def spoken_minutes(reader: Reader, i: int) -> Hit | None:
    """An hour and minutes in words: "seven thirty", "к двум тридцати"."""
    hour = reader.number(i)
    if hour is None or not hour.words or hour.ordinal or hour.whole is None or not 1 <= hour.whole <= 12:
        return None
    at = reader.hyphen(hour.end)
    minute = reader.number(at)
    if minute is None or not minute.words or minute.ordinal or minute.whole is None or minute.whole % 5 or not 10 <= minute.whole < 60:
        return None
    told = reader.tokens.word(i - 1) in reader.lex.sets.at_words | reader.lex.sets.time_told or at > hour.end
    found = reader.amount(at)
    if not told or (found is not None and found.factor is not None):
        return None
    face = _Face(hour=hour.whole, minute=minute.whole, end=minute.end)
    halved = _halved(reader, i, face)
    return _hit(reader, i, *halved) if halved is not None else _hit(reader, i, _clock(face, open_half=True), minute.end)


def clock_before_hour(reader: Reader, i: int) -> Hit | None:
    """A time told by the hour it is near: "half past seven", "quarter to five", "половина восьмого", "без четверти пять"."""
    found = reader.lex.nearly_hours.match(reader.tokens, i)
    if found is None:
        return None
    shift, after = found
    number = reader.number(after)
    if number is None or number.value.denominator != 1 or not 1 <= number.value <= 12:
        return None
    if number.ordinal is not (reader.lex.habits.bare_scales and shift in (-30, 15)):
        return None
    minutes = (int(number.value) * 60 + (shift if shift != 15 or not number.ordinal else -45)) % 720
    end = number.end
    if reader.tokens.word(end) in reader.lex.sets.hour_words:
        end += 1
    if (before := reader.lex.numbers.get(reader.tokens.word(i - 1))) is not None and before.ordinal:
        return None  # «первую половину второго дня»
    face = _Face(hour=minutes // 60, minute=minutes % 60, end=end, marked=True)
    halved = _halved(reader, i, face)
    return _hit(reader, i, *halved) if halved is not None else _hit(reader, i, _clock(face, open_half=True), end)


def clock_range(reader: Reader, i: int) -> Hit | None:
    """Two times: "7-9 p.m.", "с 9 до 18 часов", "between 7 and 9 a.m.", "19:00–21:00"."""
    face = _face(reader, i)
    if face is None:
        return None
    own = _halved(reader, i, face)
    end = face.end if own is None else own[1]
    link = range_link(reader, i, end)
    if link is None:
        return None
    if link[1] in reader.lex.sets.list_words and link[1] not in ("and", "и"):
        return None  # "at 7 or 7:30" are two times
    second = clock(reader, link[0]) or named_time(reader, link[0]) or _hours_end(reader, link[0])
    if second is None or not isinstance(second.value, Clock):
        return None
    high = second.value
    if own is not None:
        low = own[0]
    elif second.end > link[0] and _halved(reader, i, replace(face, end=_half_at(reader, link[0]))) is not None:
        halved = _halved(reader, i, replace(face, end=_half_at(reader, link[0])))
        low = halved[0] if halved is not None else high
        if (low.hour, low.minute) > (high.hour, high.minute) and low.hour >= 12:
            low = replace(low, hour=low.hour - 12)
    else:
        low = _clock(face, open_half=high.open_half)
    return Hit(start=i, end=second.end, kind=Kind.RANGE, value=Range(low=replace(low, zone=high.zone), high=high, of=Kind.TIME))


def _half_at(reader: Reader, i: int) -> int:
    face = _face(reader, i)
    return i if face is None else face.end


def _hours_end(reader: Reader, i: int) -> Hit | None:
    """The second end of "с 9 до 18 часов"."""
    face = _face(reader, i)
    if face is None or reader.tokens.word(face.end - 1) not in reader.lex.sets.hour_words:
        return None
    opener = reader.lex.sets.range_to
    if reader.tokens.word(i - 1) not in opener or reader.tokens.word(i - 3) not in reader.lex.sets.since_words:
        return None
    return Hit(start=i, end=face.end, kind=Kind.TIME, value=_clock(face, open_half=False))
