"""What the charts and diagrams of Office files say: their figures, as the file keeps them beside the drawing, and their words."""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import from_excel

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
#: What a table of a text has room for.
MOST_ROWS, MOST_SERIES = 200, 12


def chart_figures(part: bytes) -> tuple[str, list[list[str]]]:
    """Return a chart's title, and its figures as rows of a table with a heading; no rows where it has none, or too many to read."""
    root = _parsed(part)
    if root is None:
        return "", []
    head = root.find(f".//{_CHART}chart/{_CHART}title")
    title = _words(head) if head is not None else ""
    series = [_series(e) for e in root.iter(f"{_CHART}ser")]
    places = sorted({at for _, first, values in series for at in (*first, *values)})
    if not places or len(places) > MOST_ROWS or len(series) > MOST_SERIES:
        return title, []
    first = {at: name for _, names, _ in reversed(series) for at, name in names.items()}
    heading = ["", *(name for name, _, _ in series)]
    return title, [heading, *([first.get(at, str(at + 1)), *(values.get(at, "") for _, _, values in series)] for at in places)]


def diagram_words(part: bytes) -> list[str]:
    """Return what the shapes of a diagram (SmartArt) say, in order."""
    root = _parsed(part)
    points = root.iter(f"{_DIAGRAM}pt") if root is not None else ()
    return [words for point in points if point.get("type") in {None, "node", "asst"} and (words := _words(point))]


def _parsed(part: bytes) -> Element | None:
    try:
        return ElementTree.fromstring(part)
    except ElementTree.ParseError:
        # A drawing that is not there, or not whole, says nothing; the gap in the text says that it stood here.
        return None


def _words(element: Element) -> str:
    return " ".join(" ".join(e.text or "" for e in element.iter(f"{_DRAWING}t")).split())


def _series(element: Element) -> tuple[str, dict[int, str], dict[int, str]]:
    """A series: its name, and by place what its points are called and their values."""
    name = element.find(f"{_CHART}tx")
    said = " ".join(e.text or "" for e in name.iter(f"{_CHART}v")) if name is not None else ""
    return said.strip(), _cells(element, "cat", "xVal"), _cells(element, "val", "yVal")


def _cells(element: Element, *names: str) -> dict[int, str]:
    holder = next((found for name in names if (found := element.find(f"{_CHART}{name}")) is not None), None)
    if holder is None:
        return {}
    format_ = next((e.text or "" for e in holder.iter(f"{_CHART}formatCode")), "")
    # Of names on several levels the last, lowest, is each point's own.
    levels = list(holder.iter(f"{_CHART}lvl"))
    points = (levels[0] if levels else holder).iter(f"{_CHART}pt")
    return {int(p.get("idx", "0")): _shown(p.findtext(f"{_CHART}v", ""), format_) for p in points if p.get("idx", "0").isdigit()}


def _shown(text: str, format_: str) -> str:
    """A value as the chart shows it: a date for a day's number, a percentage for a fraction; else the number without noise."""
    if not re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", text):
        return text
    number = float(text)
    if is_date_format(format_) and 0 < number < 200_000:
        return str(from_excel(number))[:10]
    return f"{100 * number:.10g}%" if "%" in format_ else f"{number:.10g}"
