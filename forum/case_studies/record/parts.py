"""What a case study holds besides narrative: choices, dates, rows and grids."""

from collections.abc import Mapping

from forum.case_studies.record.fields import FULL, QUICK, STANDARD
from forum.records.items import CHOICE, CHOICES, GRID, MONTH, NAMES, ROWS, Column, Options, Part
from forum.taxonomy.models import BARRIER, CARE_MODEL, ELEMENT, OUTCOME, STATUS
from forum.taxonomy.queries import ListOf

SECTORS = ListOf("sector")
HELPED = Options(given={"helped": "It helped", "hindered": "It hindered", "no-matter": "It made no difference"})
_ONE_YES = Options(given={"yes": "Yes", "no": "No"})
_LEVELS = ListOf("involvement-level")

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

_ELEMENTS = "Choose 1 to 3 leadership elements"

# fmt: off
PARTS: tuple[Part, ...] = (
    Part("organisations", NAMES, "Where did it happen?", "Where", "All partners, not only yours.", "quick-share", QUICK, True, ("SQUIRE 7",), most=12, one="partner", missing="Say where it happened: name at least one organisation"),
    Part("elements", CHOICES, "Leadership elements", "Leadership elements", "Which of the seven did this most depend on? Choose 1 to 3.", "quick-share", QUICK, True, options=ListOf(ELEMENT), most=3, missing=_ELEMENTS, many=_ELEMENTS),
    Part("care_models", CHOICES, "Care model", "Care model", section="setting", depth=STANDARD, required=True, options=ListOf(CARE_MODEL), most=6),
    Part("sectors", CHOICES, "Which sectors took part?", "Sectors", "We want learning from beyond the NHS too: tick all that shared the work.", "setting", STANDARD, options=SECTORS, most=8),
    Part("settings", CHOICES, "In which parts of the system?", "Parts of the system", section="setting", depth=STANDARD, required=True, options=ListOf("system-part"), most=9),
    Part("practice_status", CHOICE, "What is its current status?", "Current status", section="setting", depth=STANDARD, required=True, options=ListOf(STATUS)),
    Part("started", MONTH, "When did it start?", "Started", "Year and month, such as 2025-03. An estimate is fine.", "setting", STANDARD, True),
    Part("stopped", MONTH, "If it stopped, when?", "Stopped", "Year and month, such as 2026-01.", "setting", STANDARD),
    Part("outcome", CHOICE, "How did it turn out?", "How it turned out", section="setting", depth=STANDARD, options=ListOf(OUTCOME)),
    Part("involvement", GRID, "Who was involved, at what level?", "Involvement", "One answer for each stage. “Not involved” is an honest answer.", "involvement", STANDARD, True, ("GRIPP2 2",), columns=(Column("level", "Level", options=_LEVELS, needed=True),), keys=STAGES),
    Part("gripp2", GRID, "Patient involvement, reported", "Patient involvement in detail", "The five questions of the GRIPP2 short form.", "involvement", FULL, True, _codes(GRIPP2), columns=(Column("text", "Answer", 400, lines=3),), keys=_asks(GRIPP2)),
    Part("core_team", ROWS, "Core team", "Core team", "At least two people, so that the case outlives one job. A role is enough if somebody would rather not be named.", "team", STANDARD, True, columns=(
        Column("name", "Name or role", 80, needed=True), Column("organisation", "Organisation", 120), Column("role", "Part in the work", 80),
        Column("from", "From", hint="Year and month", month=True), Column("to", "To", hint="Leave empty if still in post", month=True),
    ), one="person"),
    Part("costs", ROWS, "What it took", "What it took", "Rough numbers help more than none. “Not known” is an answer.", "costs", STANDARD, True, columns=(
        Column("kind", "Kind", options=_COSTS, needed=True), Column("amount", "How much", 80, needed=True, hint="Such as 0.4 WTE band 6, £12,000, or not known"),
        Column("year", "Year", 10), Column("note", "Note", 400),
    ), one="cost"),
    Part("barriers", ROWS, "Barriers and enablers", "Barriers and enablers", "What stood in the way, and what helped.", "context", STANDARD, columns=(
        Column("barrier", "Which", options=ListOf(BARRIER), needed=True), Column("effect", "Effect", options=HELPED, needed=True), Column("note", "What happened"),
    ), one="barrier or enabler"),
    Part("context", GRID, "Context that mattered", "Context that mattered", "What did you have that others may not?", "context", FULL, True, ("SQUIRE 7",), columns=(Column("effect", "Effect", options=HELPED, needed=True), Column("note", "How", 300)), keys=_CONTEXT),
    Part("expected", MONTH, "If you have no figures yet: when do you expect them?", "Figures expected", "Year and month. “Too early to tell” is respected here.", "figures", STANDARD),
    Part("references", ROWS, "References", "References", "Guidance or papers: a DOI, a NICE number such as NG27, or a web address.", "aim", FULL, True, ("SQUIRE 4",), columns=(Column("reference", "DOI, NICE number or address", 300, needed=True), Column("title", "What it is", 200), Column("part", "What it is to this work", options=_REFERENCES)), most=40, one="reference"),
    Part("tidier", GRID, "The intervention in detail", "The intervention in detail", "The TIDieR checklist, items 3 to 12. Answer those that apply.", "detail", FULL, True, _codes(TIDIER), columns=(Column("text", "Answer", 500, lines=3),), keys=_asks(TIDIER)),
    Part("core_parts", ROWS, "Core parts", "Core parts: keep these", "What should nobody change when they do this?", "detail", FULL, True, columns=(Column("text", "Core part", needed=True),), most=10, one="core part"),
    Part("adaptable_parts", ROWS, "Adaptable parts", "Adaptable parts: change these to fit", "What can be changed to fit another place?", "detail", FULL, True, columns=(Column("text", "Adaptable part", needed=True),), most=10, one="adaptable part"),
    Part("cycles", ROWS, "Tests of change", "Tests of change", "One row for each Plan, Do, Study, Act cycle.", "tests", FULL, True, columns=(
        Column("plan", "Plan", 300, needed=True, lines=2), Column("do", "Do", 300, lines=2), Column("study", "Study", 300, lines=2), Column("act", "Act", 300, lines=2),
        Column("from", "From", month=True, hint="Year and month"), Column("to", "To", month=True, hint="Year and month"), Column("decision", "Decision", options=_DECISIONS),
    ), one="cycle"),
    Part("design", CHOICE, "Which design is closest?", "Design", section="study", depth=FULL, required=True, items=("SQUIRE 9",), options=_DESIGNS),
    Part("nasss", GRID, "Readiness for spread", "Readiness for spread", "The seven domains of the NASSS framework: the more of them are complex, the harder it is to spread.", "spread", FULL, True, columns=(Column("level", "How hard", options=_COMPLEXITY, needed=True), Column("note", "Why")), keys=_NASSS),
    Part("risks", ROWS, "Risks and mitigations", "Risks and mitigations", "Each risk with what makes it smaller.", "spread", FULL, True, columns=(Column("risk", "Risk", needed=True, lines=2), Column("mitigation", "What makes it smaller", needed=True, lines=2)), one="risk"),
    Part("ethics_kind", CHOICE, "What kind of work was it?", "Kind of work", section="declarations", depth=FULL, required=True, items=("SQUIRE 12",), options=_ETHICS),
    Part("industry", CHOICE, "Did a company give money, goods or staff?", "Company involvement", "If so, say who and what under funding.", "declarations", STANDARD, options=_ONE_YES),
    Part("regulators", CHOICES, "Does it raise a question for a regulator?", "Matters for regulators", section="declarations", depth=FULL, options=_REGULATORS, most=7),
    Part("licence", CHOICE, "Licence", "Licence", "How may others use the text and pictures?", "sharing", STANDARD, options=LICENCES),
    Part("visibility", CHOICE, "Who may read it?", "Who may read it", "Everyone, unless there is a reason.", "sharing", STANDARD, options=VISIBILITIES),
)
# fmt: on

#: What others who tried it answer as well.
CONTEXT = next(part for part in PARTS if part.name == "context")
