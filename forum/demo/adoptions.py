"""Loading who tried the demo's case studies elsewhere: through the same actions as people use, then dated as the content says."""

from collections.abc import Iterable, Mapping
from typing import Any

from forum.access.actors import Member
from forum.adoptions.actions import AdoptionDraft, core_parts, share, verify
from forum.adoptions.measure_owner import OWNER
from forum.adoptions.record import normal
from forum.case_studies.models import CaseStudy
from forum.demo.dating import moment
from forum.demo.measures import add_measures
from forum.kernel.db import db, transaction
from forum.records.schema import Record


def load_adoption(
    people: Mapping[str, Member],
    row: Mapping[str, Any],
    case_id: int,
    places: Mapping[str, str],
    measures: Iterable[Mapping[str, Any]],
) -> None:
    """One record with its own figures, and its confirmation a week later. `places` maps slugs to names."""
    case = db.session.get_one(CaseStudy, case_id)
    draft = AdoptionDraft(values_of(row, core_parts(case), places))
    with transaction():
        adoption = share(people[row["author"]], case.id, draft)
        adoption.created_at = adoption.saved_at = moment(row["shared"])
    add_measures(people[row["author"]], OWNER, adoption.id, measures)
    if row.get("verified_by"):
        with transaction():
            adoption = verify(people[row["verified_by"]], adoption.id, True, "I have seen it at work there.")
            adoption.verified_at = moment(row["shared"], 7)


def values_of(row: Mapping[str, Any], parts: list[str], places: Mapping[str, str]) -> Record:
    """A row of the content as a record."""
    kept = [parts[number - 1] for number in row.get("kept", [])]
    return normal({**row, "organisations": [places[slug] for slug in row["organisations"]], "kept": kept})
