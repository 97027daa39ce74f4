"""Keeping a footnote with the words that it belongs to, wherever they go."""

import re

from forum.case_studies.transfer.markup.spans import outside_code, pieces

_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]{1,60})\]:[ \t]*(.*)$")
_MARK = re.compile(r"\[\^([^\]\s]{1,60})\](?!:)")


def taken_out(text: str) -> tuple[str, dict[str, str]]:
    """The text without its footnotes, and these by their marks: each as it was written, with the lines indented below it."""
    notes: dict[str, str] = {}
    return "\n".join(part if code else _without(part, notes) for code, part in pieces(text)), notes


def _without(text: str, notes: dict[str, str]) -> str:
    kept: list[str] = []
    name = ""
    for line in text.split("\n"):
        found = _NOTE.match(line)
        if found:
            name = found.group(1)
            line = line if name not in notes else f"    {found.group(2)}"
            notes[name] = f"{notes[name]}\n\n{line}" if name in notes else line
        elif name and (not line.strip() or line.startswith(("    ", "\t")) or not notes[name].endswith("\n")):
            # A line right below a note goes on with it; after an empty one it must be indented.
            notes[name] += f"\n{line}"
        else:
            name = ""
            kept.append(line)
    return "\n".join(kept)


def marks_of(text: str) -> list[str]:
    """The marks of the footnotes that a text uses, in order, each once."""
    found: list[str] = []

    def collect(part: str) -> str:
        found.extend(_MARK.findall(part))
        return part

    outside_code(text, collect)
    return list(dict.fromkeys(found))


def used_in(text: str, notes: dict[str, str]) -> list[str]:
    """Return which of the footnotes a text uses, in order, and after them those that these use."""
    used = [name for name in marks_of(text) if name in notes]
    for name in used:
        used += [n for n in marks_of(notes[name].split(":", 1)[1]) if n in notes and n not in used]
    return used


def with_notes(text: str, notes: dict[str, str], heading: str = "") -> str:
    """The text, followed by the footnotes that it or the heading over it uses."""
    used = used_in(f"{heading}\n\n{text}", notes)
    return "\n\n".join([text.rstrip("\n"), *(notes[name].strip("\n") for name in used)]) if used else text


def together(text: str) -> str:
    """A text of several parts with each of its footnotes once, at its end; those that nothing leads to as a list."""
    bare, notes = taken_out(text)
    if not notes:
        return text
    used = used_in(bare, notes)
    idle = [note.strip("\n") for name, note in notes.items() if name not in used]
    return "\n\n".join([with_notes(bare, notes).strip("\n"), *(_NOTE.sub(r"- \1: \2", note, count=1) for note in idle)])
