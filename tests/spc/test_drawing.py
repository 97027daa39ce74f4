"""Charts as shapes: at every size of series, and nothing that a strict policy would refuse."""

import re
from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from forum.spc.draw.drawing import ChartStyle, Drawing, Phase, draw
from forum.spc.draw.png import png
from forum.spc.draw.scale import width_of
from forum.spc.draw.svg import svg
from forum.spc.summary import say
from forum.spc.xmr import Settings, read

FONT = Path(__file__).resolve().parents[2] / "static/vendor/fonts/source-sans-3.woff2"
LONG = (
    "Senior nurse rota changed on all 4 wards",
    "Two-minute huddle starts at each handover",
    "New electronic charts for all of the site",
)
START = date(2023, 1, 1)
EVIL = "\"><script>alert(1)</script>&'"


def series(values: list[float]) -> list[tuple[date, float]]:
    return [(START + timedelta(days=30 * n), v) for n, v in enumerate(values)]


def days_of(chart_days: list[tuple[date, float]], name: str) -> list[tuple[date, float]]:
    """Some series have a long gap before their last point."""
    (day, value), rest = chart_days[-1], chart_days[:-1]
    return [*rest, (day + timedelta(days=900), value)] if name == "gaps" else chart_days


def wave(count: int) -> list[float]:
    return [50 + (n * 7 % 11) - 5 for n in range(count)]


SERIES = {
    "one": [5.0],
    "five": wave(5),
    "six": wave(6),
    "twelve": wave(12),
    "thirteen": wave(13),
    "twenty": wave(20),
    "sixty": wave(60),
    "four hundred": wave(400),
    "flat": [5.0] * 20,
    "noughts": [0.0] * 20,
    "huge": [v * 1e12 for v in wave(20)],
    "tiny": [v * 1e-9 for v in wave(20)],
    "denormal": [0.0] * 13 + [1e-320],
    "gaps": wave(13),
    "negative": [v - 50 for v in wave(20)],
    "at a hundred": [100.0] * 15 + [99.0] * 5,
}


@pytest.mark.parametrize("width", [760, 380])
@pytest.mark.parametrize("name", list(SERIES))
def test_every_shape_stands_on_the_page(name: str, width: int) -> None:
    how = Settings("increase", target=60)
    chart = read(days_of(series(SERIES[name]), name), how)
    drawing = draw(chart, how, ChartStyle(width, "%", percent=True, phases=[Phase(START + timedelta(days=90), "New rota")]))
    picture = svg(drawing, EVIL, say(chart, how), "c1")
    root = ElementTree.fromstring(picture)
    assert not re.search(r"<script|style=|<style|\son\w+=", picture)
    assert root.attrib["role"] == "img"
    for dot in drawing.dots:
        assert 0 <= dot.x <= drawing.width, name
        assert 0 <= dot.y <= drawing.height, name
    for band in drawing.bands:
        assert 0 <= band.x <= band.x + band.width <= drawing.width, name
        assert 0 <= band.y <= band.y + band.height <= drawing.height, name
    for line in drawing.lines:
        assert all(-1 <= x <= drawing.width + 1 and -1 <= y <= drawing.height + 1 for x, y in line.points), (name, line)
    assert len(drawing.dots) == len(chart.points)
    assert Image.open(BytesIO(png(drawing, "A title", "A note"))).width == width * 2


def test_special_causes_have_shapes_of_their_own() -> None:
    how = Settings("decrease")
    chart = read(series([*wave(40), 55.0, *[44.0] * 8]), how)
    drawing = draw(chart, how)
    assert {m.style for m in drawing.dots} >= {"common_cause", "improvement"}
    assert "<polygon" in svg(drawing, "T", "D", "c")


def test_a_run_chart_shows_no_limits_and_no_special_cause() -> None:
    how = Settings("increase")
    drawing = draw(read(series([1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9, 9]), how), how)
    assert {m.style for m in drawing.dots} == {"common_cause"}
    assert not drawing.bands
    assert [line.style for line in drawing.lines if line.style != "axis"] == ["median", "data"]


def three_phases(last: int, width: int = 760) -> Drawing:
    """Twenty points, fifteen lower ones, and so many lower still."""
    values = [*wave(20), *(v - 20 for v in wave(15)), *(v - 40 for v in wave(last))]
    cuts = [START + timedelta(days=30 * n) for n in (20, 35)]
    how = Settings("decrease", recalculate=cuts)
    phases = [Phase(day, label) for day, label in zip([START + timedelta(days=300), *cuts], LONG, strict=True)]
    return draw(read(series(values), how), how, ChartStyle(width, phases=phases))


@pytest.mark.parametrize(("last", "bands", "medians"), [(4, 2, 0), (6, 2, 1), (13, 3, 0)])
def test_each_group_shows_what_its_points_allow(last: int, bands: int, medians: int) -> None:
    drawing = three_phases(last)
    assert len(drawing.bands) == bands
    looks = [line.style for line in drawing.lines]
    assert (looks.count("mean"), looks.count("limit"), looks.count("median")) == (bands, 2 * bands, medians)
    names = {w.text.split()[0] for w in drawing.labels if w.style == "limit"}
    assert names == ({"Average", "Upper", "Lower"} if last == 13 else {"Median"} if medians else set())


@pytest.mark.parametrize("width", [760, 380])
@pytest.mark.parametrize("last", [4, 13])
def test_names_of_phases_neither_meet_nor_leave_the_picture(width: int, last: int) -> None:
    drawing = three_phases(last, width)
    boxes = []
    for words in (w for w in drawing.labels if w.style == "phase"):
        wide = width_of(words.text, bold=True)
        boxes.append((words.x - (wide if words.anchor == "end" else 0), words.x + (0 if words.anchor == "end" else wide), words.y))
        assert words.text.endswith("…") == bool(words.title)
    assert len(boxes) == 3
    assert all(x1 >= 0 and x2 <= width and y > 0 for x1, x2, y in boxes)
    for n, (a1, a2, y) in enumerate(boxes):
        assert all(a2 < b1 or b2 < a1 or abs(y - other) >= 14 for b1, b2, other in boxes[:n])
    titles = [line.title for line in drawing.lines if line.style == "phase"]
    assert all(title.endswith(label) for title, label in zip(titles, LONG, strict=True))


def test_names_beside_the_plot_stand_apart() -> None:
    how = Settings("increase", target=50.1)
    drawing = draw(read(series([50.0, 50.1] * 10), how), how, ChartStyle(scale=(0, 100)))
    heights = sorted(w.y for w in drawing.labels if w.style in {"limit", "target"})
    assert len(heights) == 4
    assert all(b - a >= 14 for a, b in pairwise(heights))
    assert heights[-1] <= drawing.height


def test_points_left_out_provisional_and_noted() -> None:
    days = [day for day, _ in series(wave(20))]
    how = Settings("increase", left_out=[days[3]])
    style = ChartStyle(unit="days", provisional=[days[19]], notes={days[5]: "Ward closed & moved"})
    drawing = draw(read(series(wave(20)), how), how, style)
    dots = {m.date: m for m in drawing.dots}
    assert dots[days[3]].style == "left_out"
    assert dots[days[3]].title.endswith(" days, left out of the limits")
    assert (dots[days[19]].hollow, dots[days[5]].noted) == (True, True)
    assert dots[days[5]].title.endswith("days. Ward closed & moved")


def test_targets_are_steps() -> None:
    days = [day for day, _ in series(wave(20))]
    how = Settings("increase", target=1)
    style = ChartStyle(
        targets=[
            (days[10], 55),
            (days[0] - timedelta(days=90), 40),
            (days[0] - timedelta(days=30), 50),
            (days[-1] + timedelta(days=9), 9),
        ]
    )
    drawing = draw(read(series(wave(20)), how), how, style)
    (line,) = [line for line in drawing.lines if line.style == "target"]
    assert len(line.points) == 4
    assert len({y for _, y in line.points}) == 2
    assert [w.text for w in drawing.labels if w.style == "target"] == ["Target 55"]


def test_small_multiples_share_a_scale() -> None:
    how = Settings("increase", target=60)
    pictures = [
        draw(read(series(v), how), how, ChartStyle(compact=True, scale=(0, 100), percent=True, unit="%"))
        for v in (wave(20), [v + 30 for v in wave(20)], [v * 9 for v in wave(20)])
    ]
    for drawing in pictures:
        assert (drawing.width, drawing.height) == (300, 150)
        assert {w.style for w in drawing.labels} == {"label"}
        ticks = [w.text for w in drawing.labels if w.anchor == "end" and w.text.endswith("%")]
        assert 2 <= len(ticks) <= 3
        assert all(0 <= m.y <= 150 and m.size < 1 for m in drawing.dots)
    assert pictures[0].dots[0].y > pictures[1].dots[0].y


def test_special_and_noted_points_are_links() -> None:
    days = [day for day, _ in series(wave(21))]
    how = Settings("decrease")
    drawing = draw(read(series([*wave(20), 99.0]), how), how, ChartStyle(notes={days[2]: EVIL + "\x00"}))
    picture = svg(drawing, EVIL, EVIL, "c", standalone=True, links="#point-")
    root = ElementTree.fromstring(picture)
    assert root.attrib["role"] == "group"
    links = root.findall("{http://www.w3.org/2000/svg}a")
    assert [a.attrib["href"] for a in links] == [f"#point-{days[2]}", f"#point-{days[20]}"]
    assert links[1].attrib["aria-label"].endswith("99, concern: above the upper limit")
    assert links[0].attrib["aria-label"].endswith(EVIL)
    assert "<a " not in svg(drawing, "T", "D", "c")


def test_pictures_in_the_font_of_the_site(tmp_path: Path) -> None:
    """What is no font does not stop the picture."""
    drawing, broken = three_phases(4), tmp_path / "broken.woff2"
    broken.write_bytes(b"no font")
    plain, ours, fallback = (png(drawing, "A title", "A note " * 60, font) for font in (None, FONT, broken))
    assert plain == fallback
    assert plain != ours
    assert Image.open(BytesIO(ours)).width == 1520


def test_a_date_without_a_figure_breaks_the_line_and_is_no_zero() -> None:
    points = [(START + timedelta(days=30 * n), 5.0 + n % 2) for n in range(14) if n != 6]
    gone = START + timedelta(days=180)
    chart = read(points, Settings())
    whole, broken = draw(chart, Settings()), draw(chart, Settings(), ChartStyle(gaps={gone: "suppressed: <5"}))
    assert [len(line.points) for line in whole.lines if line.style == "data"] == [13]
    assert [len(line.points) for line in broken.lines if line.style == "data"] == [6, 7]
    (cross,) = [dot for dot in broken.dots if dot.date == gone]
    assert "no figure (suppressed: <5)" in cross.title
    assert len(broken.dots) == len(whole.dots) + 1
