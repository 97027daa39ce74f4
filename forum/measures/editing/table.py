"""A table that somebody uploads or pastes, between the file and the figures: what was read of it, and what they change about that.

The form carries the table with it, so that another sheet or column can be chosen without sending the file again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from forum.kernel.clock import today
from forum.kernel.errors import Invalid
from forum.measures.editing.forms import MeasureForm
from forum.measures.record import is_table, lines_read
from forum.tables.columns import FIGURES, TEXT
from forum.tables.files import Unreadable, sheets_of_file
from forum.tables.reading import ANSWERS, RATE, SHARE, read
from forum.tables.results import Point, Question, Reading, Refused, Wanted
from forum.tables.sheet import Line, Sheet, table_of
from forum.tables.text import sheet_of_text

LARGEST = 2 * 1024 * 1024
#: Characters of a table that the form carries, and lines of each sheet.
MOST_CARRIED, MOST_LINES = 400_000, 4_000
#: The selects of "What we read", in their order: field → what its choices are.
SELECTS = ("read_sheet", "read_series", "read_date", "read_value", "read_numerator", "read_denominator", "read_dates", "read_scale")


@dataclass(frozen=True)
class Taken:
    """A table that was read: which selects are shown, and all that the page says of it."""

    reading: Reading
    selects: tuple[str, ...]
    first: tuple[Point, ...]

    @property
    def total(self) -> int:
        return len(self.reading.points)


def take(form: MeasureForm) -> Taken | None:
    """Read the file that was sent, or the table that was pasted, into the form's figures; None where there is no table.

    What is wrong, and what has to be chosen, stands beside the field it is about: then the figures stay as they were typed.
    """
    sent, pasted = request.files.get("file"), form.figures.data or ""
    new, as_table = False, is_table(pasted, form.value_kind.data or "")
    try:
        if sent and sent.filename:
            sheets, new = _of_file(sent.read()), True
            form.table.data = _carried(sheets)
        elif as_table:
            sheets = [sheet_of_text(pasted)]
            new = form.table.data != _carried(sheets)
            form.table.data = _carried(sheets)
        elif form.table.data:
            sheets = _sheets(form.table.data)
        else:
            return None
        if new:
            for name in SELECTS:
                form[name].data = ""
        found = read(sheets, _measure(form, sheets), _wanted(form), today())
    except (Refused, Unreadable) as problem:
        form.blame(Invalid(str(problem), "file" if sent and sent.filename else "figures"))
        return None
    # Two bare columns that can be read in one way take one press.
    plain = new and found.table.bare and not found.questions and not found.left_out
    taken = None if plain else Taken(found, _offer(form, sheets, found), found.points[:5])
    if found.open is not None:
        form.blame(Invalid(found.open.words, _field(found.open)))
    elif new or as_table or request.form.get("action") == "read":
        form.figures.data = lines_read(found)
        form.decimals.data = str(_decimals(found.points)) if new else form.decimals.data
    if plain:
        form.table.data = ""
    return taken


def _of_file(data: bytes) -> list[Sheet]:
    if len(data) > LARGEST:
        size = f"{len(data) / 1024 / 1024:.1f} MB"
        raise Unreadable(f"The file has {size}; at most 2 MB are taken. Keep the sheet that is needed, or save that as CSV.")
    return sheets_of_file(data)


def _carried(sheets: Sequence[Sheet]) -> str:
    """The sheets as the form carries them. Raises `Unreadable` for far too much."""
    rows = [[s.name, [[li.number, int(li.hidden), *li.cells] for li in s.lines[:MOST_LINES]], sorted(s.hidden)] for s in sheets]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    if len(text) > MOST_CARRIED:
        raise Unreadable("There is far more in it than one series of figures. Keep the sheet and the columns that are needed.")
    return text


def _sheets(text: str) -> list[Sheet]:
    try:
        return [
            Sheet(str(name), tuple(_line(*line) for line in lines), frozenset(map(int, hidden)))
            for name, lines, hidden in json.loads(text)
        ]
    except (ValueError, TypeError) as error:
        raise Unreadable("The table that this page carried is not whole. Upload or paste it again.") from error


def _line(number: int, hidden: int, *cells: str) -> Line:
    return Line(int(number), tuple(map(str, cells)), bool(hidden))


def _measure(form: MeasureForm, sheets: Sequence[Sheet]) -> str:
    """What the figures are, by the form; before that is answered a column of percentages is taken for them."""
    kind = form.value_kind.data or ""
    if not kind:
        tables = [table for sheet in sheets if (table := table_of(sheet)) is not None]
        only = [c for c in tables[0].columns if c.kind == FIGURES] if tables else []
        kind = SHARE if len(only) == 1 and only[0].share else "count"
    return kind if kind in {SHARE, RATE} else "count"


def _wanted(form: MeasureForm) -> Wanted:
    """What the selects say; an empty one leaves it to the table."""
    series = [line.partition("=") for line in (form.read_series.data or "").split("|") if line]
    names = ("sheet", "date", "value", "numerator", "denominator", "dates", "scale")
    chosen = {name: form[f"read_{name}"].data or "" for name in names}
    if bool(chosen["numerator"]) != bool(chosen["denominator"]):
        chosen["numerator"] = chosen["denominator"] = ""
    return Wanted(**chosen, where=tuple((name, value) for name, _, value in series))


def _field(question: Question) -> str:
    """The select that answers a question."""
    return "read_series" if question.about == "where" else f"read_{question.about or 'value'}"


def _offer(form: MeasureForm, sheets: Sequence[Sheet], found: Reading) -> tuple[str, ...]:
    """Fill the selects with what can be chosen, and with what was."""
    columns = [c for c in found.table.columns if c.named or not found.table.headed]
    figures = {c.name: c.name for c in columns if c.kind != TEXT}
    parts = "numerator" in found.read or (found.open is not None and _field(found.open) == "read_numerator")
    choices: dict[str, dict[str, str]] = {}
    if len(sheets) > 1:
        choices["read_sheet"] = {s.name: s.name for s in sheets if not s.empty}
    if not found.table.turned and " and " not in found.read.get("date", ""):
        choices["read_date"] = {c.name: c.name for c in columns}
    choices["read_value"] = {"": "Worked out from the two below" if parts else "Choose", **figures}
    if parts or form.value_kind.data in {SHARE, RATE}:
        for name in ("read_numerator", "read_denominator"):
            choices[name] = {"": "None", **figures}
    for question in found.questions:
        _of_question(choices, question)
    for name, picked in choices.items():
        form[name].choices = picked
        said = found.sheet if name == "read_sheet" else found.read.get(name.removeprefix("read_"), form[name].data or "")
        form[name].data = said if said in picked else form[name].data
    for name in ("read_series", "read_dates", "read_scale"):
        answer = form[name].data
        if answer and name not in choices:
            where = " and ".join(part.partition("=")[2] for part in answer.split("|"))
            form[name].choices = choices[name] = {answer: ANSWERS.get(answer, where), "": "Choose again"}
    return tuple(name for name in SELECTS if name in choices)


def _of_question(choices: dict[str, dict[str, str]], question: Question) -> None:
    name = _field(question)
    if name in {"read_dates", "read_scale"}:
        choices[name] = {"": "Choose", **{choice.option[0][1]: choice.words for choice in question.choices}}
    elif name == "read_series":
        by = {"|".join(value for _, value in choice.option): choice.words for choice in question.choices}
        choices[name] = {"": "Choose", **by}


def _decimals(points: Sequence[Point]) -> int:
    """The decimals that the figures have, so that 0.42 is not shown as 0; what was worked out has one."""
    if any(p.denominator is not None for p in points):
        return 1
    texts = [f"{p.value:.12g}" for p in points if p.value is not None]
    return min(4, max((len(t.partition(".")[2]) for t in texts if "e" not in t), default=0))


def target_of(found: Reading) -> float | None:
    """Return the target that stands beside the figures, where there is one."""
    target = found.offered.get("target")
    return target if isinstance(target, float) else None
