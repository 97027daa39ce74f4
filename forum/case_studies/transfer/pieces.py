"""A text cut into pieces for its author to put into fields, to split and to join: what the site would guess, and their words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from forum.case_studies.record.fields import BY_NAME
from forum.case_studies.record.markdown_file import along_in, from_markdown
from forum.case_studies.transfer.front_matter import name_without_date, split
from forum.case_studies.transfer.headings import field_of, parts, title_of
from forum.case_studies.transfer.markup.footnotes import taken_out, together, used_in, with_notes
from forum.case_studies.transfer.markup.readable import plain_line, readable
from forum.case_studies.transfer.markup.spans import outside_code
from forum.case_studies.transfer.read_file import facts_beside, why_not, with_facts
from forum.case_studies.transfer.unfit import is_placeholder
from forum.documents.document_text import GAP, DocumentText, Picture
from forum.documents.reading import KINDS, read_document
from forum.documents.word_structure import asks_and_answers
from forum.kernel.kinds import kind_of
from forum.kernel.text import BadText, clean, cut, one_line
from forum.kernel.wording import join_words, plural

LARGEST = 2_000_000
MOST_PIECES = 60
LONGEST_TEXT = 400_000
#: The name of a picture in a text, in a paragraph of its own or among other words.
_NAMED = re.compile(r"\[Picture (\d{1,3})\]")

_TITLE_LABEL = re.compile(
    r"\W*(?:(?:project|case study|the|your|full|working) )*(?:title|name of (?:the |your )?(?:project|case study))"
    r"(?: of (?:the |your |this )?(?:\w+ )?(?:project|case study|work|improvement|initiative))?\W*|\W*project name\W*",
    re.I,
)
_NO_TITLE = re.compile(
    r"^microsoft (?:word|office)|\.(?:docx?|dotx?|rtf|odt|pdf)$|^(?:document|doc|word document)\s*\d*$|\btemplate\b", re.I
)
#: A table of Markdown with two columns or more, and the bars between its cells.
_FORM = re.compile(r"^\|[^\n]*\|[ \t]*\n\|[ :|-]+\|[ \t]*(?:\n\|[^\n]*\|[ \t]*)+$", re.M)
#: The strong name of a part that begins a paragraph, with the colon or stop behind it.
_RUN_IN = re.compile(r"(?:(?<=\n\n)|\A)\*\*([^*\n]{2,60}?)(?:[:.?]\*\*|\*\*[:.?])[ \t]+(?=\S)")
_HEADED = re.compile(r"^#{1,6} ", re.M)
_BAR = re.compile(r"(?<!\\)\|")
_MOST_FRONT, _LONGEST_LINE = 4, 20
#: A sentence, or the beginning of something that is no line of words.
_NO_LINE = re.compile(r"[.!?;:,]$|^(?:[|>#*+-]|\d+[.)]|```|~~~|\[\^)")

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*")
#: Where a point of a list or a heading begins.
_ITEM = re.compile(r"\n+[ \t]*(?:[-*+]|#{1,6})[ \t]+")
_LONGEST_BEGINNING = 160
#: So much of a paragraph tells it from the others.
_BEGINNING = 80


class Unreadable(ValueError):
    """The file cannot be brought in; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text under its heading; `guess` is the field it seems to be, "rest" where it seems to be none."""

    heading: str
    text: str
    guess: str

    @property
    def name(self) -> str:
        """What the page calls it."""
        return self.heading or ("What the file says about itself" if self.guess == "source_facts" else "A part without a heading")

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def begins(self) -> str:
        """Its first words as one reads them, without the marks of Markdown; "" where it has no text."""
        items = _ITEM.sub("; ", f"\n{self.text[:1_000]}").lstrip("; \n")
        return cut(plain_line(items), _LONGEST_BEGINNING)


@dataclass(frozen=True, slots=True)
class Pieces:
    """A file, cut up. `record` is filled instead where the file is one that this site wrote."""

    title: str = ""
    summary: str = ""
    pieces: tuple[Piece, ...] = ()
    #: The title is the file's name, as the text has none: its author is asked for one.
    by_name: bool = False
    record: dict[str, object] | None = None
    #: The pictures that the texts name by number, from 1.
    pictures: tuple[Picture, ...] = ()
    #: Why its author should look through every part; "" where the file says itself what is what.
    check: str = ""
    #: What such a file says beside the record.
    along: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def left_behind(self) -> str:
        """The pictures, charts and diagrams that leave a gap in the text, counted in words; "" where there are none."""
        found = [kind for p in self.pieces for kind in GAP.findall(p.text)]
        counted = [
            plural(found.count(kind), kind.lower(), f"{kind.lower()}s") for kind in ("Picture", "Chart", "Diagram") if kind in found
        ]
        return join_words(counted)


def cut_up(data: bytes, name: str) -> Pieces:
    """The pieces of a Markdown, text, Word, PowerPoint or PDF file. Raises `Unreadable`."""
    kind = kind_of(data)
    if len(data) > LARGEST * 5 or (len(data) > LARGEST and kind not in KINDS):
        raise Unreadable("The file is too large. A case study has a few pages: take out pictures, or split it.")
    try:
        word = read_document(data, kind, asks_for_a_part) if kind in KINDS else None
        text = word.text if word else clean(data.decode("utf-8-sig"))
        ours = from_markdown(text)
    except UnicodeDecodeError:
        raise Unreadable("This is neither a Word file (.docx) nor plain text. Save it as one of them, then try again.") from None
    except BadText as error:
        raise Unreadable(str(error)) from None
    except ValueError as error:
        raise Unreadable(str(error)) from error
    if ours is not None:
        return Pieces(record=ours, along=along_in(text))
    if not text.strip():
        raise Unreadable("There is no text in this file.")
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"The text has more than {LONGEST_TEXT:,} characters. Split it in two.")
    return _pieces(text, name, word)


def _pieces(text: str, name: str, word: DocumentText | None) -> Pieces:
    facts, body = split(text, name)
    if word:
        facts = replace(facts, title=word.title or named_by_properties(word.property_title, name))
    whole, _ = readable(body)
    whole = outside_code(whole, lambda part: _run_in(_FORM.sub(_opened, part)))
    titled, below = title_of(whole, bool(facts.title))
    title = facts.title or titled
    found = [Piece(p.heading, p.text, p.field or "rest") for p in parts(with_facts(below, facts)) if p.text.strip() or p.heading]
    title, told, found = front(title, found)
    by_name = not title
    title = title or name_without_date(name.rsplit(".", 1)[0]).capitalize()
    why = why_not(name, title, whole, facts, body)
    if why:
        raise Unreadable(f"This cannot become a case study as it is: {why}. Change that in the file, then choose it again.")
    beside = [*facts_beside(facts, titled), *(f"subtitle: {line}" for line in (word.subtitles if word else ())), *told]
    beside += [f"author: {facts.author}"] if facts.author else []
    beside += [f"date: {facts.published.isoformat()}"] if facts.published else []
    if beside:
        found.append(Piece("", "\n".join(f"- {line}" for line in beside), "source_facts"))
    cut_ = Pieces(one_line(title), one_line(facts.summary), _bounded(found), by_name)
    return replace(cut_, pictures=word.pictures, check=word.check) if word else cut_


def _run_in(text: str) -> str:
    """A text whose paragraphs begin with the strong name of a part, with headings in their stead; any other as it is."""
    names = [found[1] for found in _RUN_IN.finditer(text)]
    if sum(map(asks_for_a_part, names)) < 2 or len(_HEADED.findall(text)) > 1:
        return text
    return _RUN_IN.sub(lambda found: f"## {found[1]}\n\n", text)


def _opened(table: re.Match[str]) -> str:
    """A table of questions and answers as headings with texts; any other as it is."""
    rows = [[cell.strip() for cell in _BAR.split(line.strip().strip("|"))] for line in table[0].strip().split("\n")]
    if all(len(row) == 3 and re.fullmatch(r"\W*\d{0,2}\W*|no\.?|#", row[0], re.I) for row in rows):
        rows = [row[1:] for row in rows]
    pairs = [(row[0].strip("* "), row[1]) for n, row in enumerate(rows) if len(row) == 2 and n != 1 and any(row)]
    if any(len(row) != 2 for row in rows) or not asks_and_answers(pairs, asks_for_a_part):
        return table[0]
    return "\n" + "\n\n".join(f"## {label}\n\n{answer}" if label else answer for label, answer in pairs) + "\n"


def asks_for_a_part(label: str) -> bool:
    return bool(field_of(label) or _TITLE_LABEL.fullmatch(label))


def named_by_properties(title: str, name: str) -> str:
    """The title among a file's properties; "" where it is the file's name or what a program or a template put there."""
    same = _letters(title) in {_letters(name), _letters(name.rsplit(".", 1)[0])}
    return "" if same or len(title.split()) < 2 or _NO_TITLE.search(title) or is_placeholder(title) else title


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def front(title: str, found: list[Piece]) -> tuple[str, list[str], list[Piece]]:
    """What stands on the front of a paper: (its title, lines such as its authors, the pieces without them).

    A form asks for the title itself. The lines are short, and say something of the text rather than a part of it.
    """
    told: list[str] = []
    named = next((p for p in found if _TITLE_LABEL.fullmatch(plain_line(p.heading)) and _is_line(p.text)), None)
    if named:
        found = [p for p in found if p is not named]
        told += [f"{named.heading}: {named.text}", *([f"title of the file: {title}"] if title else [])]
        title = plain_line(named.text)
    elif not title and len(found) > 1 and found[0].heading and not found[0].text.strip() and not field_of(found[0].heading):
        # A heading right above another one is what the whole is called.
        title, found = plain_line(found[0].heading), found[1:]
    lines = [line for line in found[0].text.split("\n") if line.strip()] if found and not found[0].heading else []
    if title and len(found) > 1 and 0 < len(lines) <= _MOST_FRONT and all(map(_is_line, lines)):
        return title, [*lines, *told], found[1:]
    return title, told, found


def without_picture(text: str, number: int, said: str) -> str:
    """A text that names a picture no more: what is said of it stays in its gap."""
    return _NAMED.sub(lambda name: f"*Picture: {said or 'no description'}*" if int(name[1]) == number else name[0], text)


def _is_line(text: str) -> bool:
    words = text.strip()
    return "\n" not in words and len(words.split()) <= _LONGEST_LINE and not _NO_LINE.search(words)


def _bounded(found: list[Piece]) -> tuple[Piece, ...]:
    """At most so many pieces as a person would want to place; the others travel together."""
    if len(found) <= MOST_PIECES:
        return tuple(found)
    kept, over = found[: MOST_PIECES - 1], found[MOST_PIECES - 1 :]
    text = "\n\n".join(f"# {p.heading}\n\n{p.text}".strip() for p in over)
    return (*kept, Piece("All that follows", text, "rest"))


def placed(title: str, summary: str, pieces: list[tuple[str, str, str]]) -> dict[str, str]:
    """The record from pieces as their author placed them: (field, heading, text); several in one field follow each other.

    No word is lost: what goes to no known field goes to "rest", and a title or summary that is too long is kept there in full.
    """
    found: dict[str, list[str]] = {}
    for name, heading, text in pieces:
        same = name in BY_NAME and plain_line(heading).strip(" :.").casefold() == BY_NAME[name].heading.casefold()
        body = f"# {heading}\n\n{text}".strip() if heading and not (same and name not in found) else text
        found.setdefault(name if name in BY_NAME and name not in {"title", "summary"} else "rest", []).append(body)
    for name, text in (("title", title), ("summary", summary)):
        if len(text) > BY_NAME[name].longest:
            found.setdefault("rest", []).append(text)
    texts = {name: together("\n\n".join(bodies)) for name, bodies in found.items()}
    return {**texts, "title": cut(title, BY_NAME["title"].longest), "summary": cut(summary, BY_NAME["summary"].longest)}


def paragraphs(text: str) -> list[str]:
    """What stands between empty lines; a block of code is one, and what goes in belongs to what is before it."""
    found: list[list[str]] = [[]]
    fence = ""
    for line in text.split("\n"):
        inside, mark = bool(fence), _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        starts = line.strip() and not inside and not line.startswith(("    ", "\t"))
        if found[-1] and not found[-1][-1].strip() and starts:
            found.append([])
        found[-1].append(line)
    return [text for lines in found if (text := "\n".join(lines).strip("\n"))]


def places_to_split(piece: Piece) -> dict[str, str]:
    """Where a piece may be split: what a button sends, and the words with which the second part would begin."""
    found = enumerate(paragraphs(taken_out(piece.text)[0]))
    return {f"{n} {_beginning(text)}": _beginning(text) for n, text in found if n}


def _beginning(text: str) -> str:
    return " ".join(text.split())[:_BEGINNING]


def split_at(pieces: Sequence[Piece], number: int, where: str) -> list[Piece]:
    """The pieces with one of them split; as they were where the text has no such paragraph any more.

    The second part keeps the place of the first, and a heading that it begins with becomes its own.
    """
    if not 0 <= number < len(pieces) or len(pieces) >= MOST_PIECES:
        return list(pieces)
    piece = pieces[number]
    bare, notes = taken_out(piece.text)
    found = paragraphs(bare)
    at = next((n for n, text in enumerate(found) if n and f"{n} {_beginning(text)}" == where), 0)
    beginning = where.partition(" ")[2]
    # The text may have been changed since the list of its paragraphs was made.
    at = at or next((n for n, text in enumerate(found) if n and _beginning(text) == beginning), 0)
    if not at:
        return list(pieces)
    heading = _HEADING.fullmatch(found[at])
    below = found[at + 1 :] if heading else found[at:]
    first = replace(piece, text="\n\n".join(found[:at]))
    second = Piece(heading[1] if heading else "", "\n\n".join(below), piece.guess)
    used = {name for part in (first, second) for name in used_in(f"{part.heading}\n\n{part.text}", notes)}
    idle = [note.strip("\n") for name, note in notes.items() if name not in used]
    kept = "\n\n".join([with_notes(second.text, notes, second.heading), *idle])
    both = [replace(first, text=with_notes(first.text, notes, first.heading)), replace(second, text=kept.strip("\n"))]
    return [*pieces[:number], *both, *pieces[number + 1 :]]


def joined(pieces: Sequence[Piece], number: int) -> list[Piece]:
    """The pieces with one of them put below the one before it, under its own heading."""
    if not 0 < number < len(pieces):
        return list(pieces)
    above, below = pieces[number - 1 : number + 1]
    parts = [above.text, f"## {below.heading}" if below.heading else "", below.text]
    text = together("\n\n".join(part for part in parts if part.strip()))
    return [*pieces[: number - 1], replace(above, text=text), *pieces[number + 1 :]]
