"""Taking in what a file of this site says beside a record: measures, pictures and files, and what other slices added to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from forum.access.actors import Member
from forum.case_studies.attachments import actions as attachments
from forum.case_studies.attachments.actions import Description, Imported, check_words
from forum.case_studies.attachments.storage import keep_bytes
from forum.case_studies.editing import actions as drafting
from forum.case_studies.measure_owner import OWNER
from forum.case_studies.models import CaseStudy
from forum.case_studies.record.markdown_file import FILES, MEASURES
from forum.case_studies.transfer.read_file import ImportedText, file_at
from forum.documents.uploads import Refused, accept
from forum.kernel.clock import today
from forum.kernel.errors import Invalid
from forum.kernel.numbers import whole
from forum.kernel.text import clean, one_line
from forum.kernel.wording import plural
from forum.measures import actions as measuring
from forum.measures.record import findings, from_words, gaps
from forum.records.schema import Record
from forum.web.annexes import Annex, annexes_of

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Along:
    """What goes along with a record, looked at and ready to be stored; `left_out` says in words what is not taken."""

    measures: tuple[Record, ...] = ()
    files: tuple[Imported, ...] = ()
    annexes: tuple[tuple[Annex, tuple[Any, ...]], ...] = ()
    left_out: tuple[str, ...] = ()


def read_along(text: ImportedText) -> Along:
    """Look at it, and store the bytes of pictures. May take a moment: call outside a transaction."""
    out: list[str] = []
    measures = tuple(record for row in text.along.get(MEASURES, ()) if (record := _measure(row, out)))
    files = tuple(file for row in text.along.get(FILES, ()) if text.folder and (file := _file(row, text, text.folder, out)))
    annexes = []
    for annex in annexes_of(CaseStudy):
        ready = annex.read(text.along.get(annex.name, ()))
        out += ready.left_out
        annexes.append((annex, ready.things))
    return Along(measures, files, tuple(annexes), tuple(out))


def begin(actor: Member, values: Record, along: Mapping[str, Rows]) -> tuple[CaseStudy, str]:
    """A draft of a file that a member brings in, with its measures; and in words what stayed behind, "" for nothing.

    Call inside `transaction()`.
    """
    case, out = drafting.begin(actor, values), list[str]()
    measures = [record for row in along.get(MEASURES, ()) if (record := _measure(row, out))]
    if measuring.bring((CaseStudy.kind, case.id), actor.id, measures):
        OWNER.changed(actor, case, ())
    if files := len(along.get(FILES, ())):
        out.append(plural(files, "picture or file: add it on its page", "pictures and files: add them on their page"))
    return case, "; ".join(out)


def _measure(row: Mapping[str, Any], out: list[str]) -> Record | None:
    try:
        record = from_words(row)
    except (ValueError, TypeError, AttributeError) as problem:
        why = str(problem) if isinstance(problem, ValueError) else "it cannot be read"
        out.append(f"the measure “{one_line(str(row.get('name', '')))}”: {why}")
        return None
    sure = [f"take out “{f.match}”" for f in findings(record) if f.severity == "block"]
    if wrong := [*(gap.message for gap in gaps(record)), *sure]:
        out.append(f"the measure “{record.get('name', '')}”: {wrong[0]}")
        return None
    return record


def _file(row: Mapping[str, Any], text: ImportedText, folder: Path, out: list[str]) -> Imported | None:
    name = one_line(str(row.get("name", "")))
    try:
        found = file_at(folder, str(row.get("file", "")))
        if found is None:
            raise Refused("it is not beside the text")
        until = date.fromisoformat(row["until"]) if row.get("until") else None
        if until is not None and until < today():
            raise Refused("the consent for it has ended")
        accepted = accept(found.read_bytes(), name)
        alt, caption = (one_line(clean(str(row.get(part) or ""))) for part in ("alt", "caption"))
        check_words(Description(alt, caption, None), accepted.kind == "picture")
    except (ValueError, OSError, Invalid) as problem:
        out.append(f"“{name}”: {problem}")
        return None
    held = text.address or "the site that it came from" if row.get("consent") == "recorded" else ""
    return Imported(accepted, keep_bytes(accepted.data), alt, caption, held, until, whole(str(row.get("number", ""))) or 0)


def take_measures_and_files(actor: Member, case: CaseStudy, along: Along) -> None:
    """Store them. Call inside `transaction()`, before it is published."""
    if measuring.bring((CaseStudy.kind, case.id), actor.id, along.measures):
        OWNER.changed(actor, case, ())
    attachments.import_files(case, actor.id, along.files)


def take_annexes(case: CaseStudy, along: Along) -> None:
    """Store what other slices added. Call inside `transaction()`, once it is settled whether it is published."""
    for annex, things in along.annexes:
        annex.take(case, things)
