"""The words of an adoption in plain text, part by part, with where each stands on its page: for search and its excerpts.

Words that the record takes from the case study, such as its core parts, are left out: the case study may have to withhold them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from forum.adoptions.record import ENDED, RESULTS, STAGES, TRIED, heading
from forum.case_studies.passages import measure_passages
from forum.case_studies.record.parts import CONTEXT, HELPED
from forum.kernel.references import Passage
from forum.kernel.wording import year_month
from forum.records.schema import Record
from forum.taxonomy.models import BARRIER
from forum.taxonomy.queries import label


def passages(record: Record, places: Iterable[str], measures: Iterable[tuple[int, Mapping[str, Any]]] = ()) -> list[Passage]:
    """Return what it tells under each heading in the order of the page, and its facts. What the page leaves out is left out
    here."""
    found = [*_told(record), *measure_passages(measures), *_how_close(record), _facts(record, places)]
    return [passage for passage in found if passage.text]


def _told(record: Record) -> Iterator[Passage]:
    stage = record["stage"]
    yield Passage(record.get("message", ""), heading("message"), "#message")
    if stage in ENDED:
        reasons = ", ".join(label(BARRIER, slug) or slug for slug in record.get("reasons", []))
        yield Passage(record.get("reason_text", ""), ended_heading(stage), "#ended")
        yield Passage(reasons, ended_heading(stage), "#ended", facts=True)
    yield Passage(record.get("result_text", ""), heading("result_text"), "#result")


def ended_heading(stage: str) -> str:
    return "Why they stopped" if stage in TRIED else "Why they decided not to"


def _how_close(record: Record) -> Iterator[Passage]:
    yield Passage(_lines(record.get("changed"), record.get("why")), "How closely they followed it", "#close")
    rows = record.get("context", [])
    notes = (f"{CONTEXT.keys[r['key']]}: {HELPED.label(r.get('effect', ''))} {r.get('note', '')}".strip() for r in rows)
    yield Passage(_lines(*notes), "What was different there", "#context", facts=True)


def _facts(record: Record, places: Iterable[str]) -> Passage:
    stage, result = record["stage"], record.get("result", "")
    came_of_it = RESULTS.get(result, "") if stage in TRIED else ""
    dates = [year_month(record.get(name, "")) for name in ("started", "ended")]
    facts = [*places, record.get("place", ""), STAGES.get(stage, stage), came_of_it, *dates]
    return Passage(", ".join(fact for fact in facts if fact), "At a glance", "#glance", facts=True)


def _lines(*texts: str | None) -> str:
    return "\n".join(text for text in texts if text)
