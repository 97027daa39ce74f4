"""Putting the sections of a text into the fields of a case study, by their headings."""

import re
from dataclasses import dataclass

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r"^(=+|-{3,})[ \t]*$")
_FENCE = re.compile(r"^\s{0,3}(```|~~~)")

#: First match wins; spellings come from the three sources that were read (data: real texts).
FIELD_OF: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.I))
    for name, pattern in (
        ("limitations", r"\blimitations?\b"),
        ("involvement_text", r"\b((patient|public|carer|user|lived).*(involve\w*|experience|voice)|involving (patients|people|carers)|co-?produc\w+|co-?design\w*)\b"),
        ("equity", r"\b(equity|equalit\w+|inequalit\w+|who benefited less)\b"),
        ("unintended", r"\b(unintended|side effects|balancing)\b"),
        ("measuring", r"\b(what (we|did you) measured?|measures?|measurement|metrics|indicators)\b"),
        ("known", r"\b(literature|evidence base|already known|existing (evidence|guidance))\b"),
        ("rationale", r"\b(rationale|theory of change|driver diagram)\b"),
        ("hard", r"\b(what was hard|setbacks|kept (us|you) going)\b"),
        ("advice", r"\b(lessons?|recommend\w*|next steps?|what'?s next|what next|future work|key takeaways?|advice|going forward|further work|looking ahead|in the future|what we('re| are| will) do(ing)? next|tips)\b"),
        ("results", r"\b(results?|outcomes?|findings?|found|what happened|impact|benefits?|outputs?|what we learn(ed|t)|learn(ed|t|ings?)|insights?|feedback|evaluation|conclusions?|performance|usability testing|user research|what (the )?users?|success)\b"),
        ("actions", r"\b(what we did|what we('ve| have)? (changed|done|built|made)|methods?|methodology|approach|our solutions?|solutions?|(the |our )?designs?|how (it works|we)|process|data( sources?)?|implementation|the work|changes( we made)?|prototypes?|how (it|this)|developing|development|pipeline|iterations?|testing|what we tested|projects?)\b"),
        ("problem", r"\b(challenges?|problems?|background|context|why|aims?|purpose|introduction|overview|objectives?|goals?|the need|about|hypothes[ie]s|opportunit(y|ies)|user needs?|what we know|issues?|research questions?|summary|current|start)\b"),
    )
)  # fmt: skip


#: A line longer than this is no heading, whatever stands before it, and searching it would take long.
LONGEST_HEADING = 200


@dataclass
class Section:
    """A heading (none for the beginning) with everything below it down to the next of its level or above."""

    level: int
    heading: str
    lines: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


def sections(text: str) -> list[Section]:
    """The top-level sections, whichever heading level the text starts with; deeper ones travel inside."""
    found = [Section(0, "", [])]
    fence = ""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and (not fence or mark.group(1) == fence):
            fence = "" if fence else mark.group(1)
        heading = None if fence else _HEADING.match(line)
        if heading:
            found.append(Section(len(heading.group(1)), heading.group(2), []))
        elif not fence and _UNDERLINE.match(line) and i and lines[i - 1].strip() and found[-1].lines[-1:] == [lines[i - 1]]:
            words = found[-1].lines.pop()
            found.append(Section(1 if line.startswith("=") else 2, words.strip(), []))
        else:
            found[-1].lines.append(line)
    return _nested(found)


def _nested(flat: list[Section]) -> list[Section]:
    top = min((s.level for s in flat if s.level), default=1)
    result: list[Section] = []
    for section in flat:
        if section.level <= top or not result:
            result.append(section)
        else:
            result[-1].lines += ["", f"{'#' * max(1, section.level - top)} {section.heading}", "", *section.lines]
    return result


def field_of(heading: str) -> str:
    """The field that a heading speaks of, "" where none does."""
    return next((name for name, pattern in FIELD_OF if pattern.search(heading[:LONGEST_HEADING])), "")


def into_fields(text: str) -> tuple[dict[str, str], str]:
    """Fields by name, and what fitted none, headings kept. The beginning is the problem, where no section says that."""
    fields: dict[str, list[str]] = {}
    rest: list[str] = []
    first, *others = sections(text)
    said = {field_of(s.heading) for s in others}
    if first.text:
        (fields.setdefault("problem", []) if "problem" not in said else rest).append(first.text)
    for section in others:
        name = field_of(section.heading)
        body = f"# {section.heading}\n\n{section.text}".strip()
        (fields.setdefault(name, []) if name else rest).append(body)
    return {name: "\n\n".join(parts) for name, parts in fields.items()}, "\n\n".join(rest)
