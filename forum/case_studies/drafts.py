"""What an author is typing: kept as typed, complete or not, until it is sent."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from forum.case_studies.fields import BODY, FIELDS, Gap, answered, gaps
from forum.case_studies.models import CaseStudy
from forum.kernel.identifiability import Finding, check
from forum.kernel.markdown import render

#: More than any field allows, so that pasting too much loses nothing; beyond it the site refuses with a message.
LONGEST_KEPT = 60_000


@dataclass(frozen=True)
class Draft:
    """The form's values. `texts` by field name; organisations by name, as typed."""

    texts: Mapping[str, str]
    organisations: Sequence[str] = ()
    elements: Sequence[str] = ()
    care_models: Sequence[str] = ()
    practice_status: str = ""
    outcome: str = ""
    started: str = ""
    rest: str = field(default="")

    def gaps(self) -> list[Gap]:
        return gaps(self.texts, len(self.elements), len(self.organisations))

    def answered(self) -> tuple[int, int]:
        return answered(self.texts, len(self.elements), len(self.organisations))

    def findings(self) -> list[Finding]:
        """What may identify somebody, over all texts."""
        return check({**self.texts, **({"rest": self.rest} if self.rest else {})})

    def values(self) -> dict[str, Any]:
        """As stored in `CaseStudy.working`."""
        return asdict(self) | {"texts": dict(self.texts)}

    def html(self) -> dict[str, str]:
        """The texts rendered. Raises `TooComplex`. May take a moment: call outside a transaction."""
        rendered = {f.name: render(self.texts.get(f.name, ""), LONGEST_KEPT) for f in BODY if self.texts.get(f.name)}
        if self.rest:
            rendered["rest"] = render(self.rest, LONGEST_KEPT)
        return rendered


def stored(values: Mapping[str, Any]) -> Draft:
    """A draft from `CaseStudy.working`; fields that a later version added are simply empty."""
    known = {name: values[name] for name in Draft.__dataclass_fields__ if name in values}
    return Draft(**known)


def published(case: CaseStudy, organisations: Sequence[str], tags: Mapping[str, Sequence[str]]) -> Draft:
    """A draft that says what the published record says, to begin an edit with."""
    return Draft(
        texts={f.name: getattr(case, f.name) for f in FIELDS},
        organisations=list(organisations),
        elements=list(tags["element"]),
        care_models=list(tags["care-model"]),
        practice_status=case.practice_status,
        outcome=case.outcome,
        started=case.started,
        rest=case.rest,
    )


def finding_key(finding: Finding) -> str:
    """Names a finding from one check to the next, as long as its text stands."""

    return hashlib.sha256(f"{finding.kind}:{finding.field}:{finding.match}".encode()).hexdigest()[:16]
