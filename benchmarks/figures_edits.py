"""Edits of a translation's text: alterations that make a figure wrong, rewritings that leave it right.

Every edit works on the letters, by patterns of its own, and knows nothing of how the engine reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

__all__ = ["ALTERATIONS", "REWRITINGS", "Edit"]

# The text with the edit made, or None where it does not apply.
Maker = Callable[[str, str, Random], str | None]


@dataclass(frozen=True, slots=True)
class Edit:
    """A named edit."""

    name: str
    apply: Maker


# A run of digits that is a number of its own: not in an address, an entity or a name with letters.
_RUN = re.compile(r"(?<![\w.,#&/-])\d+(?![\w/])(?:[.,]\d+)?")
_WORD = r"(?<![^\W\d_])(?:%s)(?![^\W\d_])"

_CYCLES = {
    "ru": (
        # Forms that stand for each other in a sentence without breaking its grammar.
        ["два", "три", "четыре"],
        ["две", "три", "четыре"],
        ["двух", "трёх", "четырёх"],
        ["двух", "трех", "четырех", "пяти", "шести", "семи", "восьми", "девяти", "десяти"],
        [
            "пять",
            "шесть",
            "семь",
            "восемь",
            "девять",
            "десять",
            "одиннадцать",
            "двенадцать",
            "тринадцать",
            "двадцать",
            "тридцать",
            "сорок",
            "пятьдесят",
        ],
        ["двоих", "троих", "четверых"],
        ["второй", "третьей", "четвертой", "пятой", "шестой"],
        ["второго", "третьего", "четвертого", "пятого", "шестого"],
        ["третий", "пятый", "девятый", "десятый"],
        ["двадцать", "тридцать", "сорок", "шестьдесят", "семьдесят", "восемьдесят"],
        ["двести", "триста", "четыреста"],
        ["пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот"],
    ),
    "en": (
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"],
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        ["third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"],
        ["twice", "thrice"],
    ),
}
_SCALES = {
    "ru": (
        ["тысяча", "миллион", "миллиард"],
        ["тысячи", "миллиона", "миллиарда"],
        ["тысяч", "миллионов", "миллиардов"],
        ["тыс", "млн", "млрд", "трлн"],
    ),
    "en": (["thousand", "million", "billion", "trillion"], ["m", "bn", "tn"]),
}
_CURRENCIES = {
    "ru": (
        ["доллар", "евро", "рубль"],
        ["доллара", "евро", "рубля"],
        ["долларов", "евро", "рублей"],
        ["долларами", "евро", "рублями"],
        ["долл", "евро", "руб"],
        ["$", "€", "£"],
        ["фунтов", "франков"],
        ["центов", "пенсов"],
    ),
    "en": (["dollars", "euros", "pounds", "rubles"], ["dollar", "euro", "pound", "ruble"], ["$", "€", "£"], ["cents", "pence"]),
}
_MONTHS = {
    "ru": (
        ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"],
        ["январе", "феврале", "марте", "апреле", "мае", "июне", "июле", "августе", "сентябре", "октябре", "ноябре", "декабре"],
    ),
    "en": (
        ["January", "February", "April", "June", "July", "August", "September", "October", "November", "December"],
        ["Jan", "Feb", "Aug", "Sept", "Oct", "Nov", "Dec"],
    ),
}
_WEEKDAYS = {
    "ru": (
        ["понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье"],
        ["понедельника", "вторника", "среды", "четверга", "пятницы", "субботы", "воскресенья"],
    ),
    "en": (["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],),
}
_MEASURES = {
    "ru": (
        ["километров", "метров", "миль", "футов"],
        ["километра", "метра", "фута"],
        ["км", "м", "см", "мм"],
        ["тонн", "килограммов", "граммов"],
        ["кг", "г"],
        ["часов", "минут", "секунд"],
        ["часа", "минуты", "секунды"],
        ["лет", "дней", "недель", "месяцев"],
        ["года", "дня", "месяца"],
    ),
    "en": (
        ["kilometers", "meters", "miles", "feet", "inches"],
        ["km", "m", "cm", "mm"],
        ["tons", "kilograms", "pounds", "ounces"],
        ["hours", "minutes", "days", "weeks", "months", "years"],
        ["hour", "minute", "day", "week", "month", "year"],
    ),
}


def _cycle(table: Mapping[str, Sequence[Sequence[str]]], beside: bool = False) -> Maker:
    """Another word of the same group for one word; `beside`: only after a number."""

    def make(text: str, lang: str, chance: Random) -> str | None:
        sites = []
        for group in table[lang]:
            for word in group:
                body = re.escape(word) if not word.isalpha() else _WORD % word
                pattern = rf"(?<=\d[\s\u00a0-])(?<!\d\d\d\d[\s\u00a0-]){body}" if beside and word.isalpha() else body
                sites += [(found.start(), found.end(), [other for other in group if other != word]) for found in re.finditer(pattern, text)]
        if not sites:
            return None
        start, end, others = chance.choice(sites)
        return text[:start] + chance.choice(others) + text[end:]

    return make


def _change_digit(text: str, _lang: str, chance: Random) -> str | None:
    runs = list(_RUN.finditer(text))
    if not runs:
        return None
    run = chance.choice(runs)
    places = [place for place in range(run.start(), run.end()) if text[place].isdigit()]
    place = chance.choice(places)
    digits = [digit for digit in "0123456789" if digit != text[place] and not (digit == "0" and place == run.start())]
    return text[:place] + chance.choice(digits) + text[place + 1 :]


def _drop_digit(text: str, _lang: str, chance: Random) -> str | None:
    runs = [run for run in _RUN.finditer(text) if run[0].isdigit() and len(run[0]) > 1 and run[0][1] != "0"]
    if not runs:
        return None
    run = chance.choice(runs)
    place = chance.randrange(run.start(), run.end())
    return text[:place] + text[place + 1 :]


def _add_zero(text: str, _lang: str, chance: Random) -> str | None:
    runs = [run for run in _RUN.finditer(text) if run[0].isdigit()]
    if not runs:
        return None
    place = chance.choice(runs).end()
    return text[:place] + "0" + text[place:]


def _shift_point(text: str, _lang: str, chance: Random) -> str | None:
    runs = list(re.finditer(r"(?<![\w.,])(\d+)[.,](\d)(?![\d.,])", text))
    if not runs:
        return None
    run = chance.choice(runs)
    return text[: run.start()] + run[1] + run[2] + text[run.end() :]


def _transpose(text: str, _lang: str, chance: Random) -> str | None:
    runs = [run for run in _RUN.finditer(text) if run[0].isdigit() and len(run[0]) > 1 and run[0][-1] != run[0][-2] and run[0][-1] != "0"]
    if not runs:
        return None
    run = chance.choice(runs)
    return text[: run.end() - 2] + run[0][-1] + run[0][-2] + text[run.end() :]


def _swap(text: str, _lang: str, _chance: Random) -> str | None:
    runs = [run for run in _RUN.finditer(text) if run[0].isdigit()]
    if len(runs) < 2 or runs[0][0] == runs[1][0]:
        return None
    first, second = runs[0], runs[1]
    return text[: first.start()] + second[0] + text[first.end() : second.start()] + first[0] + text[second.end() :]


def _drop_number(text: str, _lang: str, chance: Random) -> str | None:
    runs = list(_RUN.finditer(text))
    if not runs:
        return None
    run = chance.choice(runs)
    return re.sub(r"\s{2,}", " ", text[: run.start()] + text[run.end() :])


def _drop_percent(text: str, _lang: str, _chance: Random) -> str | None:
    percent = r"(?:%|процент\w*|percent|per cent)"
    # "from 5% to 7%" may lose its first sign and be right.
    found = re.search(rf"(?<=\d)\s?{percent}(?!-)(?!\s\S+\s\d+(?:[.,]\d+)?\s?{percent})", text)
    return None if found is None else text[: found.start()] + text[found.end() :]


def _drop_sign(text: str, _lang: str, _chance: Random) -> str | None:
    found = re.search(r"(?<![\w\d])(?:минус |minus |[-−])(?=\d)", text)
    return None if found is None else text[: found.start()] + text[found.end() :]


def _other_half(text: str, lang: str, _chance: Random) -> str | None:
    found = re.search(r"(?<![\d:])(\d{1,2}):(\d\d)(?![\d:])(?! (?:вечера|утра|дня|ночи))", text)
    if found is None or int(found[1]) > 23 or lang == "en":
        return None
    return f"{text[: found.start()]}{(int(found[1]) + 12) % 24}:{found[2]}{text[found.end() :]}"


def _points(text: str, lang: str, _chance: Random) -> str | None:
    found = re.search(r"(?<=\d)\s?(?:%|процент(?!н)\w*|percent(?!age)|per cent)(?!-)", text)
    words = {"ru": " процентного пункта", "en": " percentage points"}[lang]
    return None if found is None else text[: found.start()] + words + text[found.end() :]


ALTERATIONS: tuple[Edit, ...] = (
    Edit("another digit", _change_digit),
    Edit("a digit lost", _drop_digit),
    Edit("a zero more", _add_zero),
    Edit("the point lost", _shift_point),
    Edit("digits transposed", _transpose),
    Edit("two numbers swapped", _swap),
    Edit("a number lost", _drop_number),
    Edit("the sign lost", _drop_sign),
    Edit("the percent lost", _drop_percent),
    Edit("percentage points", _points),
    Edit("another number word", _cycle(_CYCLES)),
    Edit("another scale", _cycle(_SCALES)),
    Edit("another currency", _cycle(_CURRENCIES, beside=True)),
    Edit("another month", _cycle(_MONTHS)),
    Edit("another weekday", _cycle(_WEEKDAYS)),
    Edit("another unit", _cycle(_MEASURES, beside=True)),
    Edit("the other half day", _other_half),
)

_NUMBER_WORDS = {
    "ru": [
        "два",
        "три",
        "четыре",
        "пять",
        "шесть",
        "семь",
        "восемь",
        "девять",
        "десять",
        "одиннадцать",
        "двенадцать",
        "тринадцать",
        "четырнадцать",
        "пятнадцать",
    ],
    "en": ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"],
}


def _to_words(text: str, lang: str, chance: Random) -> str | None:
    runs = [
        run for run in re.finditer(r"(?<![\w.,:$€£#&/-])(?<!\d[ \u00a0])(\d{1,2})(?= [a-zа-яё]{4,})(?! \d)", text) if 2 <= int(run[1]) <= 15
    ]
    if not runs:
        return None
    run = chance.choice(runs)
    if re.match(r" (?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)", text[run.end() :]):
        return None
    return text[: run.start()] + _NUMBER_WORDS[lang][int(run[1]) - 2] + text[run.end() :]


def _to_digits(text: str, lang: str, _chance: Random) -> str | None:
    forms = {
        "ru": {
            "две": 2,
            "двух": 2,
            "двумя": 2,
            "трех": 3,
            "трёх": 3,
            "тремя": 3,
            "четырех": 4,
            "пяти": 5,
            "шести": 6,
            "семи": 7,
            "восьми": 8,
        }
        | {"десяти": 10, "двадцать": 20, "двадцати": 20, "тридцать": 30, "сорок": 40},
        "en": {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
    }[lang] | {word: place + 2 for place, word in enumerate(_NUMBER_WORDS[lang])}
    names = "|".join(sorted(forms, key=len, reverse=True))
    after = r"(?= (?!тысяч|миллион|миллиард|с половиной|сот|hundred|thousand|million|billion|or|and|или|и|из|до|of)[a-zа-яё]{4,})"
    found = re.search(rf"(?<![-\w] )(?<![\w-])(?:{names})(?![-\w]){after}", text)
    if found is None or re.search(r"\w* (?:пять|шесть|семь|три|два|of|one|two|three)$", text[found.end() : found.end() + 20]):
        return None
    return text[: found.start()] + str(forms[found[0]]) + text[found.end() :]


def _percent_word(text: str, lang: str, _chance: Random) -> str | None:
    word = {"ru": " процентов", "en": " percent"}[lang]
    if "%" in text:
        return re.sub(r"\s?%", word, text, count=1)
    return re.sub(r"(?<=\d) (?:процент(?:а|ов|ам|ами|ах|)|percent|per cent)(?!\w)", "%", text, count=1)


def _short_scale(text: str, lang: str, _chance: Random) -> str | None:
    if lang == "en":
        return re.sub(r"(?<=\d) (million|billion)(?= [a-z])", lambda found: {"million": "m", "billion": "bn"}[found[1]], text, count=1)
    pattern = re.compile(r"(?<=\d) (тысяч|миллион|миллиард|триллион)(?:а|и|у|ов|ам|ами|)(?!\w)")
    return pattern.sub(
        lambda found: " " + {"тысяч": "тыс.", "миллион": "млн", "миллиард": "млрд", "триллион": "трлн"}[found[1]], text, count=1
    )


def _long_scale(text: str, lang: str, _chance: Random) -> str | None:
    """1,5 млн → 1 500 000."""
    names = {
        "ru": {"тыс.": 3, "тысяч": 3, "тысячи": 3, "млн": 6, "миллионов": 6, "миллиона": 6, "млрд": 9, "миллиардов": 9},
        "en": {"thousand": 3, "million": 6, "billion": 9},
    }[lang]
    point, gap = {"ru": (",", " "), "en": (".", ",")}[lang]
    scales = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    number = rf"(\d{{1,3}})(?:{re.escape(point)}(\d{{1,2}}))?"
    found = re.search(rf"(?<![\w.,+–-])(?<!\d )(?<!до )(?<!to ){number} ({scales})(?![\w.]| \d)", text)
    if found is None:
        return None
    places = names[found[3]]
    digits = found[1] + (found[2] or "").ljust(places, "0")
    grouped = f"{int(digits):,}".replace(",", gap)
    return text[: found.start()] + grouped + text[found.end() :]


def _to_scale(text: str, lang: str, _chance: Random) -> str | None:
    """200,000 → 200 тыс."""
    word = {"ru": "тыс.", "en": "thousand"}[lang]
    found = re.search(r"(?<![\w.,–-])(?<!\d )(\d{1,3})[ \u00a0,]000(?![\w.,-]|[ \u00a0]\d)", text)
    return None if found is None else f"{text[: found.start()]}{found[1]} {word}{text[found.end() :]}"


def _other_gap(text: str, lang: str, chance: Random) -> str | None:
    pattern = {"ru": r"(?<![\d.,])(\d{1,3})[ \u00a0](\d{3})(?![\d.,])(?![ \u00a0]\d)", "en": r"(?<![\d.,])(\d{1,3}),(\d{3})(?![\d.,])"}[
        lang
    ]
    gap = {"ru": chance.choice(("", "\u00a0", "\u202f")), "en": chance.choice(("", " ", "\u202f"))}[lang]
    return re.sub(pattern, lambda found: found[1] + gap + found[2], text, count=1)


def _other_clock(text: str, lang: str, _chance: Random) -> str | None:
    if lang == "en":
        found = re.search(r"(?<![\d:])(\d{1,2})(?::(\d\d))? ([ap])\.?m\.?(?!\w)", text)
        if found is None or not 1 <= int(found[1]) <= 12:
            return None
        hour = int(found[1]) % 12 + (12 if found[3] == "p" else 0)
        return f"{text[: found.start()]}{hour}:{found[2] or '00'}{text[found.end() :]}"
    found = re.search(r"(?<![\d:.])(\d{1,2})[:.](\d\d)(?![\d:.]|\s?(?:утра|вечера|дня|ночи))", text)
    if found is None or not 13 <= int(found[1]) <= 23 or ":" not in found[0]:
        return None
    minutes = "" if found[2] == "00" else f":{found[2]}"
    return f"{text[: found.start()]}{int(found[1]) - 12}{minutes} {'дня' if int(found[1]) < 17 else 'вечера'}{text[found.end() :]}"


def _money_sign(text: str, lang: str, _chance: Random) -> str | None:
    """8 млн долларов → $8 млн; $8 million → 8 million dollars."""
    if lang == "ru":
        scale = r" (?:тыс\.|млн|млрд|миллион\w*|миллиард\w*)"
        other = r"(?! \w*(?:анад|встрал|онконг|ингапур|овозел))"
        pattern = rf"(?<![\w.,–-])(?<!\d )(\d{{1,3}}(?:,\d+)?)({scale})? доллар(?:а|ов|){other}(?!\w)"
        return re.sub(pattern, lambda found: f"${found[1]}{found[2] or ''}", text, count=1)
    pattern = r"(?<![\w.,–-])\$(\d{1,3}(?:[.,]\d+)?)( (?:million|billion|trillion))?(?![\w,.]\w|-| (?:million|billion|trillion))"
    return re.sub(pattern, lambda found: f"{found[1]}{found[2] or ''} dollars", text, count=1)


def _date_digits(text: str, lang: str, _chance: Random) -> str | None:
    """9 августа 2014 года → 09.08.2014; August 9, 2014 → 9 August 2014."""
    if lang == "ru":
        months = _MONTHS["ru"][0]
        found = re.search(rf"(?<!\d)(?<!\d[-–])(?<! и )(\d{{1,2}}) ({'|'.join(months)}) (\d{{4}})(?: года?| г\.)?(?!\w)", text)
        return found and f"{text[: found.start()]}{int(found[1]):02}.{months.index(found[2]) + 1:02}.{found[3]}{text[found.end() :]}"
    found = re.search(
        r"(?<!\w)(January|February|March|April|May|June|July|August|September|October|November|December) (\d{1,2}), (\d{4})", text
    )
    return found and f"{text[: found.start()]}{found[2]} {found[1]} {found[3]}{text[found.end() :]}"


def _ordinal_year(text: str, lang: str, _chance: Random) -> str | None:
    if lang == "en":
        return None
    return re.sub(
        r"(?<!\d)((?:19|20)\d\d)(?= году?(?!\w))",
        lambda found: f"{found[1]}-м" if text[found.end() :].startswith(" году") else found[0],
        text,
        count=1,
    )


def _adjective(text: str, lang: str, _chance: Random) -> str | None:
    """5-летний → пятилетний."""
    if lang == "en":
        return re.sub(
            r"(?<!\w)(two|three|four|five|six|seven|eight|nine|ten)-(?=year|day|hour|month|week|minute)",
            lambda found: f"{_NUMBER_WORDS['en'].index(found[1]) + 2}-",
            text,
            count=1,
        )
    stems = dict(zip(range(2, 11), ["двух", "трех", "четырех", "пяти", "шести", "семи", "восьми", "девяти", "десяти"], strict=True))
    found = re.search(r"(?<!\w)([2-9]|10)-(летн|дневн|часов|месячн|недельн|минутн|этажн|метров|процентн)", text)
    return found and f"{text[: found.start()]}{stems[int(found[1])]}{found[2]}{text[found.end() :]}"


REWRITINGS: tuple[Edit, ...] = (
    Edit("digits as words", _to_words),
    Edit("words as digits", _to_digits),
    Edit("% and percent", _percent_word),
    Edit("scale shortened", _short_scale),
    Edit("scale written out", _long_scale),
    Edit("thousands as a scale", _to_scale),
    Edit("another separator", _other_gap),
    Edit("another clock", _other_clock),
    Edit("sign or word of money", _money_sign),
    Edit("another date form", _date_digits),
    Edit("the year as ordinal", _ordinal_year),
    Edit("compound adjective", _adjective),
)
