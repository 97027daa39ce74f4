"""The pages of the form: which section asks what. A field says its section; the order here is the order for author and reader."""

from dataclasses import dataclass

from forum.case_studies.record.values import ITEMS
from forum.records.items import Item

QUICK_SHARE = "quick-share"


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form. `why` tells the author what filling it brings."""

    slug: str
    title: str
    why: str

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for item in ITEMS.values() if item.section == self.slug)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.items)


SECTIONS: tuple[Section, ...] = (
    Section(QUICK_SHARE, "The quick share", "Nine questions: enough for others to learn from it."),
    Section("plain-summary", "Plain-language summary", "So that patients, carers and councillors can read it too."),
    Section("setting", "Current status, and who receives it", "So that leaders of places like yours find it."),
    Section("involvement", "Patients, carers and the public", "Shows at what level people were involved, stage by stage."),
    Section("team", "Core team", "Somebody to call, even after one of you has moved on."),
    Section("costs", "What it took", "The question that leaders ask first."),
    Section("figures", "Figures", "What you measure, or when you expect to."),
    Section("context", "Barriers, enablers and context", "Tells others what they would need to have."),
    Section("aim", "Aim, reasons and references", "What you set out to do, and what it was built on."),
    Section("detail", "The intervention in detail", "Enough to do it again, and to know what may be changed."),
    Section("tests", "Tests of change", "How you got there, one cycle after another."),
    Section("study", "How it was studied", "Lets a reader judge how sure the result is."),
    Section("findings", "What it means", "Equity, side effects, limits and conclusions."),
    Section("spread", "Spread", "What makes it easy or hard to take elsewhere."),
    Section("declarations", "Approvals, funding and regulators", "What a journal or a board asks before it prints."),
    Section("original", "The imported text", "What else an imported text says, and what its file says about itself."),
    Section("sharing", "Licence and readers", "How others may use it, and who may read it."),
)

BY_SLUG: dict[str, Section] = {s.slug: s for s in SECTIONS}

#: Asked beside the nine as well, folded away: they make even a quick share easy to find.
QUICK_EXTRAS = ("outcome", "practice_status", "started", "care_models")
