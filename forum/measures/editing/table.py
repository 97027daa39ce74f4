"""A table that somebody uploads or pastes, between the file and the figures: what was read of it, and what they change about that.

The form carries the table with it, so that another sheet or column can be chosen without sending the file again.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from forum.kernel.clock import today
from forum.kernel.errors import Invalid
from forum.measures.editing.forms import MeasureForm
from forum.measures.record import is_table, lines_read
from forum.tables.columns import FIGURES, TEXT
from forum.tables.files import Unreadable, sheets_of_file
from forum.tables.finding import first_lines, table_of
from forum.tables.reading import ANSWERS, AS_ONE, MOST_EACH, RATE, SHARE, TURN, One, each, fitting, read
from forum.tables.results import Point, Question, Reading, Refused, Wanted
from forum.tables.sheet import NO_HEADING, Line, Sheet, Table
from forum.tables.text import sheet_of_text

LARGEST = 2 * 1024 * 1024
#: Characters of a table that the form carries, and lines of each sheet.
MOST_CARRIED, MOST_LINES = 400_000, 4_000
#: The selects of "What we read", in their order.
SELECTS = (
    "read_sheet",
    "read_series",
    "read_date",
    "read_value",
    "read_numerator",
    "read_denominator",
    "read_dates",
    "read_scale",
    "read_decimals",
)
#: Chosen instead of one series: a measure of each.
EACH = "*each*"
#: Lines and columns of the sheet that are shown, and characters of a cell.
MOST_SHOWN, WIDEST_SHOWN, LONGEST_CELL = 8, 8, 30


@dataclass(frozen=True)
class Row:
    """A line of the sheet as it is shown: what it sends when it is chosen as the heading, and whether it is that already."""

    number: int
    cells: tuple[str, ...]
    sends: str
    head: bool


@dataclass(frozen=True)
class Taken:
    """A table that was looked at: which selects are shown, and all that the page says of it.

    `reading` is None where it was refused. `each` has the series where a measure of each is chosen.
    """

    reading: Reading | None
    selects: tuple[str, ...]
    rows: tuple[Row, ...]
    no_heading: Row | None
    each: tuple[One, ...] = ()

    @property
    def first(self) -> tuple[Point, ...]:
        return self.reading.points[:5] if self.reading and not self.each else ()

    @property
    def open(self) -> Question | None:
        """The question that has to be answered first."""
        if self.reading is None or (self.each and self.reading.open is self.reading.several):
            return next((q for one in self.each if one.reading and (q := one.reading.open)), None)
        return self.reading.open

    @property
    def told(self) -> tuple[Question, ...]:
        """What was decided without a select to change it, besides that the table was turned."""
        questions = self.reading.questions if self.reading else ()
        return tuple(q for q in questions if q.chosen not in {"", TURN, AS_ONE} and not any(c.option for c in q.choices))


def take(form: MeasureForm, several: bool = False) -> Taken | None:
    """Read the file that was sent, or the table that was pasted, into the form's figures; None where there is no table.

    What is wrong, and what has to be chosen, stands beside the field it is about: then the figures stay as they were typed.
    `several` says that a measure of each series can be made.
    """
    as_table = is_table(form.figures.data or "", form.value_kind.data or "")
    try:
        sheets, new = _sent(form, as_table)
    except Unreadable as problem:
        form.blame(Invalid(str(problem), _came_by()))
        return None
    if not sheets:
        return None
    if new:
        for name in (*SELECTS, "read_heading"):
            form[name].data = ""
    anew = new or as_table or bool(form.read_open.data) or request.form.get("action") == "read"
    form.read_open.data = ""
    try:
        taken = _read(form, sheets, several)
    except Refused as problem:
        form.blame(Invalid(str(problem), _came_by()))
        return _refused(form, sheets)
    found = taken.reading
    assert found is not None
    # Two bare columns that can be read in one way take one press; what is saved as it was typed comes back so.
    plain = new and found.table.bare and not found.questions and not found.left_out
    if plain and request.form.get("action") == "save":
        form.table.data = ""
        return None
    if taken.open is not None:
        form.read_open.data = "1"
        form.blame(Invalid(taken.open.words, _field(taken.open)))
    elif taken.each:
        _take_each(form, taken, anew, as_table)
    elif anew:
        form.figures.data = lines_read(found)
        form.decimals.data = str(_decimals(found.points)) if new or not as_table else form.decimals.data
    if plain:
        form.table.data = ""
        return None
    return taken


def _read(form: MeasureForm, sheets: Sequence[Sheet], several: bool) -> Taken:
    """Read the table by what the form says. Raises `Refused`."""
    measure, wanted = _measure(form, sheets), fitting(sheets, _wanted(form, sheets))
    chosen = several and EACH in {form.read_value.data, (form.read_series.data or "").rpartition("|")[2]}
    found, series = each(sheets, measure, wanted, today()) if several else (read(sheets, measure, wanted, today()), ())
    if chosen and not 1 < len(series) <= MOST_EACH:
        # It holds one series now, or far too many: the question is asked anew.
        chosen = False
    sheet = next((s for s in sheets if s.name == found.sheet), sheets[0])
    asked = [*found.questions, *(q for one in series[:1] if chosen and one.reading for q in one.reading.questions)]
    selects = _offer(form, sheets, found, asked, len(series), chosen)
    return Taken(found, selects, *_rows(sheet, found.table, bool(wanted.heading)), series if chosen else ())


def _refused(form: MeasureForm, sheets: Sequence[Sheet]) -> Taken:
    """What is shown of a table that cannot be read as it is: its first lines, and what may be chosen instead."""
    sheet = next((s for s in sheets if s.name == form.read_sheet.data), next((s for s in sheets if not s.empty), sheets[0]))
    try:
        wanted = fitting(sheets, _wanted(form, sheets))
    except Refused:
        wanted = Wanted()
    table = table_of(sheet, wanted.heading)
    choices: dict[str, dict[str, str]] = {}
    if len(sheets) > 1:
        choices["read_sheet"] = {s.name: s.name for s in sheets if not s.empty}
    if table is not None and table.headed and not table.turned:
        named = {c.name: c.name for c in table.columns if c.named}
        choices |= {name: {"": "Choose", **named} for name in ("read_date", "read_value")}
    for name, picked in choices.items():
        form[name].choices = picked
    return Taken(None, tuple(name for name in SELECTS if name in choices), *_rows(sheet, table, bool(wanted.heading)))


def _rows(sheet: Sheet, table: Table | None, chosen: bool) -> tuple[tuple[Row, ...], Row]:
    """The first lines of a sheet, and those that are a heading or may be one; and the choice of none."""
    heads = table.heads if table else ()
    others = {other.line for other in table.others[:3]} if table else set()
    first = first_lines(sheet, MOST_SHOWN)
    known = {line.number for line in first}
    more = [line for line in sheet.lines if line.number in {*heads, *others} - known]
    lowest = max(heads, default=0)
    rows = []
    for line in [*first, *more]:
        cells = tuple(f"{c[:LONGEST_CELL]}…" if len(c) > LONGEST_CELL else c for c in line.cells[:WIDEST_SHOWN])
        # What was found by itself stays so: it may be a heading of two lines.
        sends = "" if line.number == lowest and not chosen else f"{line.number} {sheet.name}".strip()
        rows.append(Row(line.number, cells, sends, line.number in heads))
    none = table is not None and not heads
    return tuple(rows), Row(0, (), "" if none and not chosen else f"{NO_HEADING} {sheet.name}".strip(), none)


def _take_each(form: MeasureForm, taken: Taken, anew: bool, as_table: bool) -> None:
    """Of a measure of each, the figures stay in the table: the box of figures holds the paste they came from, or nothing."""
    if anew:
        form.decimals.data = str(_decimals([p for one in taken.each if one.reading for p in one.reading.points]))
    if as_table:
        return
    ours = {lines_read(reading) for reading in (taken.reading, *(one.reading for one in taken.each)) if reading}
    if anew or (form.figures.data or "").strip() in {"", *ours}:
        form.figures.data = ""
    else:
        form.blame(Invalid("There are figures here besides a measure of each. Empty this box, or choose one series", "figures"))


def _came_by() -> str:
    """The field by which a table came."""
    sent = request.files.get("file")
    return "file" if sent and sent.filename else "figures"


def _sent(form: MeasureForm, as_table: bool) -> tuple[list[Sheet], bool]:
    """The sheets of the file that was sent, of the table that was pasted, or else of the one that the form carries; none of these
    gives none. Also whether they are new. Raises `Unreadable`."""
    file, carried = request.files.get("file"), form.table.data or ""
    if file and file.filename:
        sheets = _of_file(file.read())
    elif as_table:
        sheets = [sheet_of_text(form.figures.data or "")]
    else:
        return (_sheets(carried), False) if carried else ([], False)
    form.table.data = _carried(sheets)
    return sheets, bool(file and file.filename) or carried != form.table.data


def _of_file(data: bytes) -> list[Sheet]:
    if len(data) > LARGEST:
        size = f"{len(data) / 1024 / 1024:.1f} MB"
        raise Unreadable(f"The file has {size}; at most 2 MB are taken. Keep the sheet that is needed, or save that as CSV.")
    return sheets_of_file(data)


def _carried(sheets: Sequence[Sheet]) -> str:
    """The sheets as the form carries them. Raises `Unreadable` for far too much."""
    rows = [[s.name, [_numbered(li) for li in s.lines[:MOST_LINES]], sorted(s.hidden), s.separator] for s in sheets]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    if len(text) > MOST_CARRIED:
        raise Unreadable("There is far more in it than one series of figures. Keep the sheet and the columns that are needed.")
    return text


def _sheets(text: str) -> list[Sheet]:
    try:
        return [
            Sheet(str(name), tuple(_line(*line) for line in lines), frozenset(map(int, hidden)), str(separator))
            for name, lines, hidden, separator in json.loads(text)
        ]
    except (ValueError, TypeError) as error:
        raise Unreadable("The table that this page carried is not whole. Upload or paste it again.") from error


def _numbered(line: Line) -> list[object]:
    return [line.number, int(line.hidden), *(" ".join(cell.split()) for cell in line.cells)]


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


def _wanted(form: MeasureForm, sheets: Sequence[Sheet]) -> Wanted:
    """What the selects say; an empty one leaves it to the table."""
    parts = re.split(r"(?<!\\)\|", form.read_series.data or "")
    series = [part.replace("\\|", "|").partition("=") for part in parts if part and part != EACH]
    names = ("sheet", "date", "value", "numerator", "denominator", "dates", "scale", "decimals")
    chosen = {name: form[f"read_{name}"].data or "" for name in names}
    chosen["value"] = "" if chosen["value"] == EACH else chosen["value"]
    chosen["sheet"] = chosen["sheet"] if any(s.name == chosen["sheet"] for s in sheets) else ""
    row, _, of = (form.read_heading.data or "").partition(" ")
    # A heading that was chosen in another sheet is none of this one.
    chosen["heading"] = row if of == chosen["sheet"] or len(sheets) == 1 else ""
    if bool(chosen["numerator"]) != bool(chosen["denominator"]):
        chosen["numerator"] = chosen["denominator"] = ""
    return Wanted(**chosen, where=tuple((name, value) for name, _, value in series))


def _field(question: Question) -> str:
    """The select that answers a question."""
    return "read_series" if question.about == "where" else f"read_{question.about or 'value'}"


def _offer(
    form: MeasureForm, sheets: Sequence[Sheet], found: Reading, asked: Sequence[Question], series: int, each_of: bool
) -> tuple[str, ...]:
    """Fill the selects with what can be chosen, and with what was. Of `series` series a measure of each can be made."""
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
    for question in asked:
        _of_question(choices, question)
        if question.chosen and _field(question) in {"read_series", "read_dates", "read_scale", "read_decimals"}:
            form[_field(question)].description = question.words
    if found.several is not None:
        _offer_each(form, choices, found.several, series)
    for name, picked in choices.items():
        form[name].choices = picked
        said = found.sheet if name == "read_sheet" else found.read.get(name.removeprefix("read_"), form[name].data or "")
        chosen = each_of and EACH in (form[name].data or "")
        form[name].data = said if said in picked and not chosen else form[name].data
    for name in ("read_series", "read_dates", "read_scale", "read_decimals"):
        answer = form[name].data
        if answer and name not in choices:
            where = " and ".join(part.partition("=")[2] for part in answer.split("|"))
            form[name].choices = choices[name] = {answer: ANSWERS.get(answer, where), "": "Choose again"}
    return tuple(name for name in SELECTS if name in choices)


def _offer_each(form: MeasureForm, choices: dict[str, dict[str, str]], several: Question, series: int) -> None:
    """Offer a measure of each beside the single series, or say why it is not offered."""
    name = _field(several)
    if series > MOST_EACH:
        form[name].description = f"A measure of each can be made of at most {MOST_EACH} series."
    elif series > 1:
        before = next((key.rpartition("|")[0] for key in choices[name] if "|" in key), "") if name == "read_series" else ""
        key = f"{before}|{EACH}" if before else EACH
        choices[name] = {"": choices[name][""], key: f"A measure of each ({series})", **choices[name]}


def _of_question(choices: dict[str, dict[str, str]], question: Question) -> None:
    name = _field(question)
    if name in {"read_dates", "read_scale", "read_decimals"}:
        choices[name] = {"": "Choose", **{choice.option[0][1]: choice.words for choice in question.choices}}
    elif name == "read_series":
        escaped = [("|".join(value.replace("|", "\\|") for _, value in c.option), c.words) for c in question.choices]
        # An answer that narrows nothing down is the empty one.
        choices[name] = {"": "Choose"} | dict(escaped)


def _decimals(points: Sequence[Point]) -> int:
    """The decimals that the figures have, so that 0.42 is not shown as 0; what was worked out has one."""
    if any(p.denominator is not None for p in points):
        return 1
    texts = [f"{p.value:.12g}" for p in points if p.value is not None]
    return min(4, max((len(t.partition(".")[2]) for t in texts if "e" not in t), default=0))


def target_of(taken: Taken) -> float | None:
    """Return the target that stands beside the figures, where there is one."""
    target = taken.reading.offered.get("target") if taken.reading else None
    return target if isinstance(target, float) else None
