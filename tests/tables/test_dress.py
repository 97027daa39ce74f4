"""One series in any dress: separators, signs of numbers, forms of dates, order of columns. The same series, a question or words."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from forum.tables.reading import read
from forum.tables.results import Refused
from forum.tables.text import sheet_of_text
from tests.tables.test_reading import TODAY

#: How a number is written: thousands by, decimals by.
SIGNS = {"plain": ("", "."), "English": (",", "."), "German": (".", ","), "French": (" ", ",")}
FORMS = (
    "%d/%m/%Y",
    "%b %Y",
    "%B %y",
    "%Y-%m",
    "%m/%Y",
    "%d.%m.%y",
    "%b-%y",
    "%d %b %Y",
    "%Y%m",
    "%d/%m/%Y %H:%M",
    "%Y/%m/%d",
    "%m/%d/%Y",
)
BESIDE = {"Target": "4", "Comment": "as usual", "Occupied bed days": "812", "UCL": "99"}


def written(figure: float, decimals: int, way: str) -> str:
    thousands, point = SIGNS[way]
    return f"{figure:,.{decimals}f}".replace(",", "T").replace(".", point).replace("T", thousands)


@given(
    first=st.integers(0, 100),
    figures=st.lists(st.integers(0, 99_999_999), min_size=2, max_size=14),
    decimals=st.sampled_from([0, 0, 1, 2, 3]),
    way=st.sampled_from(sorted(SIGNS)),
    form=st.sampled_from(FORMS),
    separator=st.sampled_from(["\t", ";", "|", ","]),
    columns=st.permutations(["Month", "Falls", *BESIDE]),
    width=st.integers(0, 3),
    quoted=st.booleans(),
    headed=st.booleans(),
    around=st.booleans(),
)
@settings(max_examples=400, deadline=None)
def test_the_same_series_or_a_question_or_words(
    first: int,
    figures: list[int],
    decimals: int,
    way: str,
    form: str,
    separator: str,
    columns: list[str],
    width: int,
    quoted: bool,
    headed: bool,
    around: bool,
) -> None:
    if SIGNS[way][1] == "," and separator != ";" and decimals in {0, 3}:
        return  # 1,234 and 1.234 among themselves are read as people here write them
    known = [c for c in columns if c in {"Month", "Falls"} or columns.index(c) < width]
    days = [date(2015 + (first + n) // 12, (first + n) % 12 + 1, 1) for n in range(len(figures))]
    values = [figure / 10**decimals for figure in figures]

    def line(cells: list[str]) -> str:
        return separator.join(f'"{cell}"' if quoted and separator in cell else cell for cell in cells)

    lines = [line(known)] if headed else []
    for day, value in zip(days, values, strict=True):
        said = {**BESIDE, "Month": day.strftime(form), "Falls": written(value, decimals, way)}
        lines.append(line([said[name] for name in known]))
    if around:
        lines = ["Falls on Ward 7", *lines, line(["Total", written(sum(values), decimals, way)])]
    try:
        found = read([sheet_of_text("\n".join(lines))], "count", upto=TODAY)
    except Refused:
        return
    if found.questions:
        return
    assert [(p.date, p.value) for p in found.points] == list(zip(days, values, strict=True)), "\n".join(lines)
