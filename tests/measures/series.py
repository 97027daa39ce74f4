"""Measures for property tests: figures, gaps, notes, targets and phases of any kind."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from forum.kernel.clock import today
from forum.measures.fields import VALUE_KINDS
from forum.measures.record import normal

LINES = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=30)
FIGURES = st.floats(-1e9, 1e9) | st.integers(-(10**6), 10**6).map(float) | st.sampled_from([96.39500000000001, 2024.0, 0.1 + 0.2])
REASONS = st.sampled_from(["missing", "not available", "suppressed: <5", "suppressed", "not applicable"])


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    days = [d.isoformat() for d in draw(st.lists(st.dates(date(1990, 1, 1), today()), min_size=1, max_size=30, unique=True))]
    share = draw(st.sampled_from([0.0, 0.5, 1.0]))
    points, without, remarks = [], [], []
    for n, day in enumerate(sorted(days)):
        if n and draw(st.integers(0, 5)) == 0:
            without.append([day, draw(REASONS)])
            continue
        below = draw(st.integers(1, 10**6)) if draw(st.floats(0, 1, exclude_max=True)) < share else None
        points.append([day, draw(FIGURES), None if below is None else float(draw(st.integers(0, below))), below])
        remarks += draw(st.lists(st.fixed_dictionaries({"date": st.just(day), "what": st.just("note"), "text": LINES}), max_size=1))
    return normal(
        {
            "name": draw(LINES),
            "unit": draw(LINES),
            "value_kind": draw(st.sampled_from(list(VALUE_KINDS))),
            "targets": draw(st.lists(st.fixed_dictionaries({"value": FIGURES.map(repr), "since": st.sampled_from(["", *days])}), max_size=3)),
            "phases": draw(st.lists(st.fixed_dictionaries({"label": LINES, "start": st.sampled_from(days)}), max_size=3)),
            "points": points,
            "no_figures": without,
            "remarks": remarks,
        }
    )  # fmt: skip
