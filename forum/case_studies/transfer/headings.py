"""Putting the sections of a text into the fields of a case study, by their headings.

A text is taken apart only where its headings speak of the fields: else it stays whole, in its own order, and reads as its author
wrote it. What fits no field stays open under its own heading.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from forum.case_studies.record.fields import BY_NAME
from forum.case_studies.transfer.markup.footnotes import taken_out, together, used_in, with_notes
from forum.case_studies.transfer.markup.readable import plain_line

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r"^(=+|-{3,})[ \t]*$")
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
#: A line of nothing but strong words, of capitals, or a number and a few words: the headings of a text that marks none.
_STRONG = re.compile(r"^(?:\*\*([^*\n]{2,80})\*\*|__([^_\n]{2,80})__):?[ \t]*$")
_CAPITALS = re.compile(r"^(?=(?:[^A-Z\n]*[A-Z]){3})[A-Z0-9][A-Z0-9 ,/&'’()–-]{1,60}[A-Z0-9)?:][ \t]*$")
_COUNTED = re.compile(
    r"^(\d{1,2}(?:\.\d{1,2}){0,3}[.)]?[ \t]+[^\W\d_][^\n]{1,78}[^\W_.,;:!]|\d{1,2}[.)][ \t]+[^\W\d_]{3,80})[ \t]*$"
)
_NUMBER = re.compile(
    r"^(?:(?:step|part|phase|stage|section|chapter|round|iteration|sprint|cycle|version|option)[ ]+)?"
    r"(\d{1,3}(?:\.\d{1,3}){0,5})(?:[.):]+(?=\s|$)|[ ](?=[^\W\d_])|(?=$)|[ ]?[–—-][ ])",
    re.I,
)
_LETTER = re.compile(r"^(?:(?:step|part|phase|stage|section|appendix)[ ]+)?([A-H]|[IVX]{1,5})[.):][ ]", re.I)
#: The four fields that everybody reads first, in the order of the page, which numbered sections must follow as well.
MAIN = ("problem", "actions", "results", "advice")
#: A line longer than this is no heading, whatever stands before it, and searching it would take long.
LONGEST_HEADING = 200
#: A text with more sections than this is a list.
MOST_SECTIONS = 300
#: Up to this many words before the first heading are its beginning; more are a part of their own.
BEGINNING = 120

#: Which field a phrase in a heading means. Of several phrases the first in the heading counts; at one place, the higher row here.
FIELD_OF: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"\b(?:{pattern})(?!\w)", re.I))
    for name, pattern in (
        ("limitations", r"limitations?|limits of|caveats"),
        ("involvement_text", r"(?:patients?|public|carers?|users?|service users?|lived|people)(?: and (?:carer|public|family|patient))?s? (?:involvement|engagement|experience|voices?)|involving (?:patients|people|carers|users|the public)|co-?produc\w+|co-?design\w*|stakeholder (?:involvement|engagement)|who (?:was|were) involved"),
        ("equity", r"equity|equalit\w+|inequalit\w+|who benefited less"),
        ("unintended", r"unintended|side effects|balancing measures"),
        ("measuring", r"(?:what|how) (?:we|did we|you|did you) measured?|measures?|measurements?|metrics|(?:key performance )?indicators|kpis?"),
        ("known", r"literature(?: review)?|evidence base|what (?:is|was|we) already knew?n?|already known|existing (?:evidence|guidance|research)|previous work|related work"),
        ("rationale", r"rationale|theory of change|driver diagrams?|why (?:we|it|this) (?:thought|would|should) .{0,20}work"),
        ("hard", r"what was hard|setbacks|kept (?:us|you) going|challenges (?:faced|along|we faced|encountered)|barriers(?: and enablers| and facilitators)?|obstacles|what (?:went wrong|did(?:n['’]t| not) (?:work|go)\w*)"),
        ("advice", r"lessons?(?: learn(?:ed|t))?|recommend\w*|next steps?|what(?:['’]?s| is| comes| happens| to do| did we do| we did| will we do)? next|where next|future (?:work|considerations?|plans?|directions?|steps?|research|improvements?|developments?)|(?:key )?take-?aways?|key (?:learning|messages?) points?|advice|going forward|moving forward|further work|looking (?:ahead|forward)|in the future|the future|what (?:we['’]re|we are|we will|we['’]ll) (?:be )?do(?:ing)? (?:next|now)|what (?:we|i) would (?:do|tell|change)\b.*|what we would have done.*|(?:top )?tips|if you want to|for others|call to action|roadmap|ongoing work|what now"),
        ("results", r"(?:key |main |our |the |initial |early |research |project |user )*(?:results?|outcomes?|findings?|learnings?|insights?|outputs?|impacts?|benefits?|achievements?|conclusions?|themes)|what (?:we|i|they|did we|did you|users?|people|participants|the (?:team|data|users|research)) ?(?:['’]ve |have )?(?:found|find|learn(?:ed|t)?|discovered?|heard|saw|see|achieved|told us|said)|what else we learn(?:ed|t)|what happened|what (?:this|it|that) means|what (?:our |the )?(?:users|patients|people|participants|staff) (?:have to say|think)|responses?|what (?:worked|changed)|learn(?:ed|t)|we (?:found|learn(?:ed|t))|evaluation|feedback|usability testing|user research|(?:model |our )?performance$|success(?:es)?|difference (?:it|we|this) made?|discussion|value(?: added| for money)?$|evidence of (?:impact|benefit)|how (?:it|they|users) (?:went|responded|performed|reacted)"),
        ("actions", r"what (?:we|i|they|you|did (?:we|you|they)|have (?:we|you)) ?(?:['’]ve |have )?(?:did|do|done|built|build|made|make|changed?|tested|tried|designed|created|delivered|explored|introduced|implemented)|what (?:was|were) done|methods?|methodology|(?:our |the )?(?:approach(?:es)?|solutions?|interventions?|innovations?|proposals?|activities|design(?:s| concept| process| iterations?)?)|materials|^(?:the |our |early |desk |user |further |continued )*(?:research|discovery)(?: (?:and|&) (?:discovery|research|testing)| phase| activities| methods)?$|recruitment|^(?:pilot |the |our )?participants$|sample(?: size)?|what we(?:['’]re| are) doing(?: instead)?|how (?:we|i) \w+|how (?:it|this) work(?:s|ed)|(?:the |our )?process$|^data(?: sources?| and methods| collection| used)?$|data (?:sources?|collection|and methods)|implementation|delivery|the (?:work|project|model|service|pilot|programme|product|tool)|changes(?: we made)?|(?:the )?prototypes?|prototyping|^(?:\w+ )?development$|pipeline|iterations?|testing|experiments?|project (?:description|details)|action(?:s| taken| plan)?|^(?:the |our )?plan$|(?:our )?work(?: done| undertaken)?$"),
        ("problem", r"challenges?|problems?(?: statement| space| definition)?|background|context|^why\b.*|aims?(?: and objectives)?|purpose|introduction|intro|overview|objectives?|goals?|needs?|about(?: this| the project| us)?|hypothes[ie]s|opportunit(?:y|ies)|what (?:we|did we|we already) (?:know|knew|want(?:ed)? to (?:learn|find out|know|understand))|issues?|research questions?|summary(?! and next)|abstract|situation|motivation|where (?:we|are we|it) (?:start\w*|were|was|now|began)|starting point|scope|case for change|what was the (?:ask|problem|issue|need)|the ask|current (?:state|situation|process|practice)|^(?:the )?settings?$|key questions?|what we were asked.*|executive summary|description"),
    )
)  # fmt: skip
#: Words that say nothing of what a section is about.
_SMALL_WORDS = """a an and any are as at be by can did do does each for from had has have how i in into is it its key main more most my of on
    or our so some that the their them then they this to us was we were what when where which who why will with you your project
    section part step phase stage sprint round"""
_SMALL = frozenset(_SMALL_WORDS.split())
#: Horizontal rules at the top, with nothing above them.
_LINES_FIRST = re.compile(r"\A(?:\s{0,9}(?:-{3,}|\*{3,}|_{3,})[ \t]*(?:\n|\Z))+\s*")
#: After this, a heading only says more about the same: "What we did – a new rota".
_TAIL = re.compile(r":\s|\s[–—-]\s|\s?\(")
#: A heading with more words than this beside the phrase is about something of its own.
_MOST_OTHERS = 2


@dataclass
class Section:
    """A heading (none for the beginning) with everything below it down to the next of its level or above."""

    level: int
    heading: str
    lines: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip("\n")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the text that goes to one field. `own` says that its heading speaks of it; else it goes with what is before it."""

    field: str
    heading: str
    text: str
    own: bool = False

    @property
    def whole(self) -> str:
        return f"# {self.heading}\n\n{self.text}".strip("\n") if self.heading else self.text

    @property
    def words(self) -> int:
        return len(self.whole.split())


def sections(text: str) -> list[Section]:
    """The top-level sections, whichever heading level the text starts with; deeper ones travel inside."""
    flat = _flat(text)
    if len(flat) == 1:
        flat = _unmarked(text)
    return _nested(_numbered_below(flat))


def _flat(text: str) -> list[Section]:
    found = [Section(0, "", [])]
    fence = ""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and (not fence or mark.group(1).startswith(fence)):
            fence = "" if fence else mark.group(1)
        heading = None if fence or len(line) > 10 * LONGEST_HEADING else _HEADING.match(line)
        if heading:
            found.append(Section(len(heading.group(1)), heading.group(2), []))
        elif not fence and _UNDERLINE.match(line) and _is_title(lines, i, found[-1].lines):
            words = found[-1].lines.pop()
            found.append(Section(1 if line.startswith("=") else 2, words.strip(), []))
        else:
            found[-1].lines.append(line)
    return found


def _is_title(lines: list[str], i: int, kept: list[str]) -> bool:
    """Return whether the line before an underline is a heading: words that stand alone."""
    words = lines[i - 1].strip() if i else ""
    return bool(words) and kept[-1:] == [lines[i - 1]] and words[0] not in "|>-*+#" and (i < 2 or not lines[i - 2].strip())


def _unmarked(text: str) -> list[Section]:
    """The sections of a text without marked headings: lines that stand alone and are strong, capitals, or numbered from 1 on."""
    flat = _flat(text)
    lines = flat[0].lines
    last = max((i for i, line in enumerate(lines) if line.strip()), default=0)
    alone = [i for i, line in enumerate(lines[:last]) if line.strip() and _stands_alone(lines, i)]
    strong = [i for i in alone if _STRONG.match(lines[i]) or (_CAPITALS.match(lines[i]) and not lines[i + 1].strip())]
    said = [i for i, line in enumerate(lines) if line.strip()]
    strong = [i for i in strong if not _in_a_row(bisect_left(said, i), said, set(strong))]
    counted = [i for i in alone if _COUNTED.match(lines[i])]
    counted = counted if counted and (_number(lines[counted[0]]) or (0,))[0] in {0, 1} else []
    marked = set(strong if len(strong) > 1 else counted if len(counted) > 1 else [])
    found = [Section(0, "", [])]
    for i, line in enumerate(lines):
        if i in marked:
            m = _STRONG.match(line)
            found.append(Section(1, (m.group(1) or m.group(2)) if m else line.strip(), []))
        else:
            found[-1].lines.append(line)
    return found


def _in_a_row(place: int, said: list[int], strong: set[int]) -> bool:
    """Return whether a line is one of three or more strong ones in a row, as an address has them, and not the last of them."""
    after = [i in strong for i in said[place + 1 : place + 3]]
    return after[:1] == [True] and (after[1:] == [True] or (place > 0 and said[place - 1] in strong))


def _stands_alone(lines: list[str], i: int) -> bool:
    """Return whether a line has nothing right before and, where it is not strong, right after it."""
    return (i == 0 or not lines[i - 1].strip()) and (not lines[i + 1].strip() or bool(_STRONG.match(lines[i])))


def _numbered_below(flat: list[Section]) -> list[Section]:
    """Sections numbered 2.1 belong below one that is numbered 2, also where both have the same heading level."""
    level: dict[tuple[int, ...], int] = {}
    deeper = 0
    for section in flat:
        number = _number(section.heading)
        if number and len(number) > 1 and number[:-1] in level and section.level == level[number[:-1]]:
            deeper = 1
            section.level += len(number) - 1
        if number:
            level.setdefault(number, section.level)
    return flat if not deeper else [Section(min(s.level, 6), s.heading, s.lines) for s in flat]


def _nested(flat: list[Section]) -> list[Section]:
    top = min((s.level for s in flat if s.level), default=1)
    result: list[Section] = []
    for section in flat:
        if section.level <= top or not result:
            result.append(section)
        else:
            heading = f"{'#' * min(6, section.level - top + 1)} {section.heading}"
            result[-1].lines += ["", heading, "", *section.text.split("\n")]
    return [Section(s.level, s.heading, _spaced(s.lines)) for s in result]


def _spaced(lines: list[str]) -> list[str]:
    """The lines without a second empty one before a heading."""
    return [line for i, line in enumerate(lines) if line or i + 2 >= len(lines) or lines[i + 1] or not _HEADING.match(lines[i + 2])]


def _deeper(section: Section) -> str:
    """The section with its heading, as a part of what stands one level above it."""
    lines = [("#" + line if _HEADING.match(line) and not line.startswith("######") else line) for line in section.text.split("\n")]
    text = "\n".join(lines) if "```" not in section.text and "~~~" not in section.text else section.text
    return f"## {section.heading}\n\n{text}".strip("\n")


def _number(heading: str) -> tuple[int, ...] | None:
    """1.2 of "1.2 Method", "Step 1.2: Method"; a letter counts as a number; None for a heading without one."""
    words = heading[:LONGEST_HEADING].replace("*", "").strip()
    if found := _NUMBER.match(words):
        return tuple(int(n) for n in found.group(1).split("."))
    letter = _LETTER.match(words)
    return (ord(letter.group(1)[0].upper()),) if letter else None


def field_of(heading: str) -> str:
    """The field that a heading speaks of, "" where none does. A heading with a story of its own speaks of none."""
    words = plain_line(heading[:LONGEST_HEADING]).replace("’", "'")
    words = re.sub(r"^[\W\d_]+", "", _NUMBER.sub("", _LETTER.sub("", words, count=1), count=1))
    return _field_of(words) or _field_of(_TAIL.split(words, maxsplit=1)[0])


def _field_of(words: str) -> str:
    found = [(m.start(), order, name, m) for order, (name, pattern) in enumerate(FIELD_OF) if (m := pattern.search(words))]
    if not found:
        return ""
    *_, name, match = min(found, key=lambda f: f[:2])
    others = re.findall(r"[^\W\d_]+", f"{words[: match.start()]} {words[match.end() :]}")
    return name if sum(w.lower() not in _SMALL for w in others) <= _MOST_OTHERS else ""


def parts(text: str) -> list[Part]:
    """The text in parts, in its order, each with its field ("" for none) and with the footnotes that it uses."""
    bare, notes = taken_out(text)
    bodies = _parts(bare)
    if notes and not bodies:
        return [Part("", "", together(text))]
    found = [Part(p.field, p.heading, with_notes(p.text, notes, p.heading), p.own) for p in bodies]
    used = {name for p in bodies for name in used_in(p.whole, notes)}
    idle = [note for name, note in notes.items() if name not in used]
    if idle:
        last = found[-1]
        found[-1] = Part(last.field, last.heading, together("\n\n".join([last.text, *idle])), last.own)
    return found


def _parts(text: str) -> list[Part]:
    first, *others = sections(text)
    if len(others) > MOST_SECTIONS:
        return [Part("", "", text)]
    found = [p for section, field, own in _assigned(others) for p in _cut(section, field, own)]
    if first.text.strip():
        # In a text with parts, the beginning is the problem; a text without parts stays whole.
        found.insert(0, Part("problem" if any(p.field for p in found) else "", "", first.text))
    before = list(accumulate(found, lambda field, p: (p.field if p.heading else "") or field, initial=""))
    after = list(accumulate(reversed(found), lambda field, p: p.field or field, initial=""))[::-1]
    # A part that speaks of no field stays with its neighbours where the nearest ones that do are of one field.
    return [
        Part(before[i], p.heading, p.text) if p.heading and not p.field and before[i] == after[i + 1] else p
        for i, p in enumerate(found)
    ]


def _assigned(among: Sequence[Section]) -> Iterator[tuple[Section, str, bool]]:
    """Each section with its field. Numbered ones keep their order: one that would leave it goes with the one before it."""
    fields = [field_of(s.heading) for s in among]
    numbered = [_number(s.heading) is not None for s in among]
    run = sum(numbered) > 1
    begins = "problem" if run and any(field in MAIN for field, in_run in zip(fields, numbered, strict=True) if in_run) else ""
    current = ""
    for section, own, in_run in zip(among, fields, numbered, strict=True):
        field = own
        if run and in_run:
            ahead = own in MAIN and (current not in MAIN or MAIN.index(own) >= MAIN.index(current))
            field = own if ahead else current or begins
        current = field
        yield section, field, bool(own)


def _cut(section: Section, field: str, own: bool) -> list[Part]:
    """The section as one part, or as several where it speaks of no field and headings below it do."""
    inner = sections(section.text) if not field else []
    if not any(field_of(s.heading) for s in inner):
        return [Part(field, section.heading, section.text, own)]
    begin = Part("", section.heading, inner[0].text)
    found = [begin] if begin.text.strip() else []
    for sub, name, own_name in _assigned(inner[1:]):
        part = Part(name, sub.heading, sub.text, own_name)
        if not found:
            # The heading above has no words of its own: it goes on with what follows it.
            found.append(Part(name, section.heading, _deeper(sub), own_name))
        elif not name and not found[-1].field:
            last = found[-1]
            found[-1] = Part("", last.heading, f"{last.text}\n\n{_deeper(sub)}")
        else:
            found.append(part)
    return found


def title_of(text: str, titled: bool = False) -> tuple[str, str]:
    """(the heading that is the title of the whole text, the text below it); "" and the text where it has none.

    A text that is `titled` elsewhere has a title of its own only in a single heading above all others.
    """
    flat = _flat(text)
    if len(flat) < 2 or _words(flat[0].text) > BEGINNING:
        return "", text
    first, others = flat[1], flat[2:]
    above = first.level == 1 and all(s.level > 1 for s in others)
    speaks = bool(field_of(first.heading))
    leads = (
        not speaks
        and any(field_of(s.heading) for s in others[:MOST_SECTIONS])
        and (first.level == 1 or all(s.level > first.level for s in others))
    )
    # A single heading that only names a part, such as "Background", is that part's.
    names = speaks and not others and len(first.heading.split()) < 5
    if not (above and (titled or not names)) and not (leads and not titled):
        return "", text
    below = [f"{'#' * s.level} {s.heading}\n\n{s.text}" for s in others]
    return plain_line(first.heading), "\n\n".join(t for t in (flat[0].text, first.text, *below) if t.strip())


def top_level(text: str) -> int:
    """The level of the highest headings of a text; 2 where it has none."""
    return min((s.level for s in _flat(text) if s.level), default=2)


def into_fields(text: str) -> tuple[dict[str, str], str]:
    """Fields by name, and what fitted none, headings kept.

    Where the headings speak of fields for less than half of the words, all of it fits none: a text that is taken apart for a few
    of its sections cannot be read any more.
    """
    found = parts(text)
    spoken = sum(p.words for p in found if p.own and p.field)
    silent = sum(p.words for p in found if p.heading and not (p.own and p.field))
    beginning = sum(p.words for p in found if not p.heading)
    if spoken < silent + max(0, beginning - BEGINNING):
        return {}, _LINES_FIRST.sub("", together("\n\n".join(p.whole for p in found)))
    by_field: dict[str, list[str]] = {}
    for part in found:
        bodies = by_field.setdefault(part.field, [])
        bodies.append(part.text if not bodies and _same_heading(part) else part.whole)
    texts = {name: _LINES_FIRST.sub("", together("\n\n".join(bodies))) for name, bodies in by_field.items()}
    rest = texts.pop("", "")
    return texts, rest


def _same_heading(part: Part) -> bool:
    """Return whether the heading is the one that its field has here anyway."""
    field = BY_NAME.get(part.field)
    return field is not None and re.sub(r"[\W_]", "", part.heading).casefold() == re.sub(r"[\W_]", "", field.heading).casefold()


def _words(text: str) -> int:
    return len(text.split())
