"""What a case study holds besides narrative: choices, dates, rows and grids.

A value is plain data: a choice or a date is a `str`, several choices a `list[str]`, rows and grids a `list[dict[str, str]]`. A grid's rows
are given (`keys`); each of its stored rows names its own in "key".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from forum.case_studies.record.fields import FULL, QUICK, STANDARD
from forum.taxonomy.models import CARE_MODEL, ELEMENT, OUTCOME, STATUS
from forum.taxonomy.queries import label, terms

CHOICE, CHOICES, MONTH, NAMES, ROWS, GRID = "choice", "choices", "month", "names", "rows", "grid"


@dataclass(frozen=True, slots=True)
class Options:
    """A list to choose from: a list of the taxonomy by its `scheme`, or given here."""

    scheme: str = ""
    given: Mapping[str, str] = field(default_factory=dict)

    def labels(self) -> dict[str, str]:
        """slug → label, those that may be chosen now."""
        return {t.slug: t.label for t in terms(self.scheme)} if self.scheme else dict(self.given)

    def label(self, slug: str) -> str:
        """The words for a slug, also for one that may no longer be chosen; "" for one that never was."""
        return label(self.scheme, slug) if self.scheme else self.given.get(slug, "")


@dataclass(frozen=True, slots=True)
class Column:
    """One cell of a row. `needed` ones must be filled where any of the row is; `lines` > 1 is a box instead of a line."""

    name: str
    label: str
    longest: int = 200
    options: Options | None = None
    needed: bool = False
    lines: int = 1
    hint: str = ""
    month: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One structured part of the record; see `fields.Field` for what the common attributes mean."""

    name: str
    shape: str
    section: str
    question: str
    heading: str
    help: str = ""
    depth: str = STANDARD
    required: bool = False
    items: tuple[str, ...] = ()
    options: Options = Options()
    columns: tuple[Column, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    most: int = 20
    #: What one row is called: "Add another person".
    one: str = "row"


SECTORS = Options(scheme="sector")
HELPED = Options(given={"helped": "It helped", "hindered": "It hindered", "no-matter": "It made no difference"})
_ONE_YES = Options(given={"yes": "Yes", "no": "No"})
_LEVELS = Options(scheme="involvement-level")

#: Study designs in plain order of strength are avoided on purpose: which one fits depends on the question (SQUIRE 2.0, item 9).
_DESIGNS = Options(
    given={
        "before-after": "Before and after",
        "time-series": "Measured over time (run chart or SPC chart)",
        "comparison": "Compared with another place or group",
        "randomised": "Randomised",
        "qualitative": "Interviews, observation or other qualitative work",
        "mixed": "Several of these",
        "description": "A description, without an evaluation",
    }
)
_ETHICS = Options(
    given={
        "improvement": "Quality improvement",
        "service-evaluation": "Service evaluation",
        "audit": "Clinical audit",
        "research": "Research with ethics committee approval",
    }
)
_COSTS = Options(
    given={
        "staff": "Staff time",
        "one-off": "Money, one-off",
        "yearly": "Money, each year",
        "equipment": "Equipment",
        "training": "Training",
        "it": "IT",
        "estate": "Buildings and space",
        "other": "Other",
    }
)
_REGULATORS = Options(
    given={
        "cqc": "Care Quality Commission",
        "professional": "A professional regulator (GMC, NMC, HCPC and others)",
        "mhra": "Medicines and Healthcare products Regulatory Agency",
        "ico": "Information Commissioner",
        "ofsted": "Ofsted",
        "nhs-england": "NHS England oversight",
        "other": "Another one",
    }
)
STAGES = {"planning": "Planning", "delivery": "Delivery", "governance": "Governance", "evaluation": "Evaluation"}
_CONTEXT = {
    "leadership": "Leadership",
    "relationships": "Relationships",
    "data": "Data",
    "workforce": "Workforce",
    "money": "Money",
    "estate": "Buildings and space",
    "history": "History",
}
#: TIDieR checklist, items 3 to 12 (Hoffmann 2014): key → (item, question).
TIDIER = {
    "materials": ("TIDieR 3", "Materials: what was used, and where can it be had?"),
    "procedures": ("TIDieR 4", "Procedures: what was done, step by step?"),
    "who": ("TIDieR 5", "Who did it, with what training?"),
    "how": ("TIDieR 6", "How was it given: face to face, by phone, alone or in groups?"),
    "where": ("TIDieR 7", "Where, and what had to be there?"),
    "amount": ("TIDieR 8", "When and how much: how often, how long?"),
    "tailoring": ("TIDieR 9", "Tailoring: what was fitted to the person, and how?"),
    "modifications": ("TIDieR 10", "Modifications: what was changed on the way, and why?"),
    "fidelity-planned": ("TIDieR 11", "How did you plan to check that it was done as meant?"),
    "fidelity-actual": ("TIDieR 12", "How far was it done as meant?"),
}
#: GRIPP2 short form (Staniszewska 2017, table 2): key → (item, question).
GRIPP2 = {
    "aim": ("GRIPP2 1", "What was the aim of involving people?"),
    "methods": ("GRIPP2 2", "How were they involved?"),
    "results": ("GRIPP2 3", "What came of it, good and bad?"),
    "influence": ("GRIPP2 4", "What did it change in the work?"),
    "reflections": ("GRIPP2 5", "What went well, what did not, and what would you do differently?"),
}
#: The NASSS framework's domains (Greenhalgh 2017).
_NASSS = {
    "condition": "The condition",
    "technology": "The technology",
    "value": "The value: to whom, and is it worth it?",
    "adopters": "The people who must adopt it",
    "organisation": "The organisation",
    "wider-system": "The wider system",
    "time": "Change over time",
}
_COMPLEXITY = Options(given={"simple": "Simple", "complicated": "Complicated", "complex": "Complex"})
_REFERENCES = Options(
    given={
        "guidance": "Guidance that it follows",
        "earlier": "Earlier work",
        "evaluation": "An independent evaluation of this work",
    }
)
_DECISIONS = Options(given={"adopt": "Adopt", "adapt": "Adapt", "abandon": "Abandon"})


def _asks(items: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {key: question for key, (_item, question) in items.items()}


def _codes(items: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    return tuple(item for item, _question in items.values())


LICENCES = Options(
    given={
        "CC BY 4.0": "Creative Commons Attribution 4.0 (use with credit)",
        "OGL v3": "Open Government Licence v3 (public-sector authors)",
        "CC BY-NC-SA 4.0": "Creative Commons Attribution, non-commercial, share alike 4.0",
        "Link only": "Link only: others may read and cite it, not copy it",
    }
)
EVERYONE, MEMBERS = "everyone", "members"
VISIBILITIES = Options(given={EVERYONE: "Everyone", MEMBERS: "People who are signed in"})

# fmt: off
PARTS: tuple[Part, ...] = (
    Part("organisations", NAMES, "quick-share", "Where did it happen?", "Where", "All partners, not only yours.", QUICK, True, ("SQUIRE 7",), most=12, one="partner"),
    Part("elements", CHOICES, "quick-share", "Leadership elements", "Leadership elements", "Which of the seven did this most depend on? Choose 1 to 3.", QUICK, True, options=Options(scheme=ELEMENT), most=3),
    Part("care_models", CHOICES, "setting", "Care model", "Care model", depth=STANDARD, required=True, options=Options(scheme=CARE_MODEL), most=6),
    Part("sectors", CHOICES, "setting", "Which sectors took part?", "Sectors", "We want learning from beyond the NHS too: tick all that shared the work.", STANDARD, options=SECTORS, most=8),
    Part("settings", CHOICES, "setting", "In which parts of the system?", "Parts of the system", depth=STANDARD, required=True, options=Options(scheme="system-part"), most=9),
    Part("practice_status", CHOICE, "setting", "What is its current status?", "Current status", depth=STANDARD, required=True, options=Options(scheme=STATUS)),
    Part("started", MONTH, "setting", "When did it start?", "Started", "Year and month, such as 2025-03. An estimate is fine.", STANDARD, True),
    Part("stopped", MONTH, "setting", "If it stopped, when?", "Stopped", "Year and month, such as 2026-01.", STANDARD),
    Part("outcome", CHOICE, "setting", "How did it turn out?", "How it turned out", depth=STANDARD, options=Options(scheme=OUTCOME)),
    Part("involvement", GRID, "involvement", "Who was involved, at what level?", "Involvement", "One answer for each stage. “Not involved” is an honest answer.", STANDARD, True, ("GRIPP2 2",), columns=(Column("level", "Level", options=_LEVELS, needed=True),), keys=STAGES),
    Part("gripp2", GRID, "involvement", "Patient involvement, reported", "Patient involvement in detail", "The five questions of the GRIPP2 short form.", FULL, True, _codes(GRIPP2), columns=(Column("text", "Answer", 400, lines=3),), keys=_asks(GRIPP2)),
    Part("core_team", ROWS, "team", "Core team", "Core team", "At least two people, so that the case outlives one job. A role is enough if somebody would rather not be named.", STANDARD, True, columns=(
        Column("name", "Name or role", 80, needed=True), Column("organisation", "Organisation", 120), Column("role", "Part in the work", 80),
        Column("from", "From", hint="Year and month", month=True), Column("to", "To", hint="Leave empty if still in post", month=True),
    ), one="person"),
    Part("costs", ROWS, "costs", "What it took", "What it took", "Rough numbers help more than none. “Not known” is an answer.", STANDARD, True, columns=(
        Column("kind", "Kind", options=_COSTS, needed=True), Column("amount", "How much", 80, needed=True, hint="Such as 0.4 WTE band 6, £12,000, or not known"),
        Column("year", "Year", 10), Column("note", "Note", 400),
    ), one="cost"),
    Part("barriers", ROWS, "context", "Barriers and enablers", "Barriers and enablers", "What stood in the way, and what helped.", STANDARD, columns=(
        Column("barrier", "Which", options=Options(scheme="barrier"), needed=True), Column("effect", "Effect", options=HELPED, needed=True), Column("note", "What happened"),
    ), one="barrier or enabler"),
    Part("context", GRID, "context", "Context that mattered", "Context that mattered", "What did you have that others may not?", FULL, True, ("SQUIRE 7",), columns=(Column("effect", "Effect", options=HELPED, needed=True), Column("note", "How", 300)), keys=_CONTEXT),
    Part("expected", MONTH, "figures", "If you have no figures yet: when do you expect them?", "Figures expected", "Year and month. “Too early to tell” is respected here.", STANDARD),
    Part("references", ROWS, "aim", "References", "References", "Guidance or papers: a DOI, a NICE number such as NG27, or a web address.", FULL, True, ("SQUIRE 4",), columns=(Column("reference", "DOI, NICE number or address", 300, needed=True), Column("title", "What it is", 200), Column("part", "What it is to this work", options=_REFERENCES)), most=40, one="reference"),
    Part("tidier", GRID, "detail", "The intervention in detail", "The intervention in detail", "The TIDieR checklist, items 3 to 12. Answer those that apply.", FULL, True, _codes(TIDIER), columns=(Column("text", "Answer", 500, lines=3),), keys=_asks(TIDIER)),
    Part("core_parts", ROWS, "detail", "Core parts", "Core parts: keep these", "What should nobody change when they do this?", FULL, True, columns=(Column("text", "Core part", needed=True),), most=10, one="core part"),
    Part("adaptable_parts", ROWS, "detail", "Adaptable parts", "Adaptable parts: change these to fit", "What can be changed to fit another place?", FULL, True, columns=(Column("text", "Adaptable part", needed=True),), most=10, one="adaptable part"),
    Part("cycles", ROWS, "tests", "Tests of change", "Tests of change", "One row for each Plan, Do, Study, Act cycle.", FULL, True, columns=(
        Column("plan", "Plan", 300, needed=True, lines=2), Column("do", "Do", 300, lines=2), Column("study", "Study", 300, lines=2), Column("act", "Act", 300, lines=2),
        Column("from", "From", month=True, hint="Year and month"), Column("to", "To", month=True, hint="Year and month"), Column("decision", "Decision", options=_DECISIONS),
    ), one="cycle"),
    Part("design", CHOICE, "study", "Which design is closest?", "Design", depth=FULL, required=True, items=("SQUIRE 9",), options=_DESIGNS),
    Part("nasss", GRID, "spread", "Readiness for spread", "Readiness for spread", "The seven domains of the NASSS framework: the more of them are complex, the harder it is to spread.", FULL, True, columns=(Column("level", "How hard", options=_COMPLEXITY, needed=True), Column("note", "Why")), keys=_NASSS),
    Part("risks", ROWS, "spread", "Risks and mitigations", "Risks and mitigations", "Each risk with what makes it smaller.", FULL, True, columns=(Column("risk", "Risk", needed=True, lines=2), Column("mitigation", "What makes it smaller", needed=True, lines=2)), one="risk"),
    Part("ethics_kind", CHOICE, "declarations", "What kind of work was it?", "Kind of work", depth=FULL, required=True, items=("SQUIRE 12",), options=_ETHICS),
    Part("industry", CHOICE, "declarations", "Did a company give money, goods or staff?", "Company involvement", "If so, say who and what under funding.", STANDARD, options=_ONE_YES),
    Part("regulators", CHOICES, "declarations", "Does it raise a question for a regulator?", "Matters for regulators", depth=FULL, options=_REGULATORS, most=7),
    Part("licence", CHOICE, "sharing", "Licence", "Licence", "How may others use the text and pictures?", STANDARD, options=LICENCES),
    Part("visibility", CHOICE, "sharing", "Who may read it?", "Who may read it", "Everyone, unless there is a reason.", STANDARD, options=VISIBILITIES),
)
# fmt: on
