"""Numbers, units and intervals as they stand in a sentence or beside an axis."""

#: The intervals of a series, each with its noun for one and for many.
EVERY = {
    "day": ("day", "days"),
    "week": ("week", "weeks"),
    "4 weeks": ("four-week period", "four-week periods"),
    "month": ("month", "months"),
    "quarter": ("quarter", "quarters"),
    "year": ("year", "years"),
}
_LARGE = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))


def nouns(every: str) -> tuple[str, str]:
    """Return what one and what many points of a series are called; "" for an interval that nobody named."""
    return EVERY.get(every, ("point", "points"))


def number(value: float, decimals: int = 1) -> str:
    """As it stands in a text: thousands parted, no needless noughts."""
    text = f"{value:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def amount(value: float, unit: str = "", decimals: int = 1) -> str:
    """A number with its unit: "£1,200", "45%", "3.2 days"."""
    return _with(number(value, decimals), unit)


def brief(value: float, unit: str = "", decimals: int = 1) -> str:
    """A number with its sign alone, where there is no room for a word: "£1.2m", "45%", "3.2"."""
    size, letters = next(((s, w) for s, w in _LARGE if abs(value) >= s), (1.0, ""))
    text = (
        f"{value:.3g}"
        if value and abs(value) < 0.5 * 10**-decimals
        else number(value / size, max(decimals, 1) if letters else decimals)
    )
    return _with(text + letters, unit[:1] if unit[:1] in {"£", "%"} else "")


def _with(text: str, unit: str) -> str:
    unit = unit.strip()
    if unit.startswith("£"):
        text = f"-£{text[1:]}" if text.startswith("-") else f"£{text}"
        unit = unit[1:].strip()
    if not unit:
        return text
    return f"{text}%" if unit == "%" else f"{text} {unit}"
