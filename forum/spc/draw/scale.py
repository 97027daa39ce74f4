"""From values and days to places on the page, and the numbers beside the axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

from forum.spc.amounts import number

#: A letter of 13 pixels is about so wide, and a bold one so; a little more than in our font, since others may stand in for it.
LETTER, BOLD_LETTER = 7.0, 7.4
_SIZES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))


@dataclass(frozen=True)
class Scale:
    """Where days and values stand. A value beyond the range is drawn at its edge."""

    left: float
    right: float
    top: float
    bottom: float
    first: int
    last: int
    low: float
    high: float

    def x(self, day: date) -> float:
        """The place of a day."""
        span = self.last - self.first
        return round(self.left + (self.right - self.left) * ((day.toordinal() - self.first) / span if span else 0.5), 1)

    def y(self, value: float) -> float:
        """The place of a value, kept inside the plot."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.bottom - (self.bottom - self.top) * share, 1)


def value_range(values: Sequence[float], within: tuple[float, float] | None = None) -> tuple[float, float]:
    """The least and largest of values, kept within bounds, and apart also where all are equal."""
    low, high = min(values), max(values)
    if within:
        low, high = min(max(low, within[0]), within[1]), max(min(high, within[1]), within[0])
    size = max(abs(low), abs(high))
    if high - low > max(size * 1e-9, 1e-290):
        return low, high
    reach = size * 0.1 if size > 1e-280 else 1.0
    return low - reach, high + reach


def nice_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers that span low to high."""
    step = 10.0 ** floor(log10((high - low) / about))
    step = next((step * k for k in (1, 2, 2.5, 5, 10) if (high - low) / (step * k) <= about), step * 10)
    return [k * step for k in range(floor(low / step + 1e-9), ceil(high / step - 1e-9) + 1)]


def tick_texts(ticks: Sequence[float], unit: str = "") -> list[str]:
    """The ticks in words as short as they can be told apart: "£1.5m", "45%", "0.25"."""
    size, letters = next(((s, w) for s, w in _SIZES if max(map(abs, ticks)) >= s), (1.0, ""))
    step = (ticks[1] - ticks[0]) / size if len(ticks) > 1 else 1.0
    decimals = max(0, 1 - floor(log10(step)))
    texts = [number(t / size, decimals) if decimals <= 6 else f"{t / size:.3g}" for t in ticks]
    before, after = ("£" if unit.startswith("£") else ""), ("%" if unit == "%" else "")
    signs = [("-", t[1:]) if t.startswith("-") else ("", t) for t in texts]
    return [f"{sign}{before}{t}{letters if t != '0' else ''}{after}" for sign, t in signs]


def shortened(text: str, room: float) -> str:
    """A bold text with an ellipsis where it is wider than so many pixels."""
    most = max(int(room / BOLD_LETTER), 4)
    return text if len(text) <= most else text[: most - 1].rstrip(" .,;:–-") + "…"


def width_of(text: str, size: int = 13, bold: bool = False) -> float:
    """About how wide a text is."""
    return len(text) * (BOLD_LETTER if bold else LETTER) * size / 13
