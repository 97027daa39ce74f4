"""A text cut into pieces for its author to put into fields: what the site would guess, and the words of each piece."""

from dataclasses import dataclass

from forum.case_studies.record.fields import BY_NAME
from forum.case_studies.record.markdown_file import from_markdown
from forum.case_studies.transfer.front_matter import name_without_date, split
from forum.case_studies.transfer.headings import parts, title_of
from forum.case_studies.transfer.markup.footnotes import together
from forum.case_studies.transfer.markup.readable import readable
from forum.case_studies.transfer.read_file import facts_beside, why_not, with_facts
from forum.documents.word import to_markdown
from forum.kernel.text import BadText, clean, cut, one_line

LARGEST = 2_000_000
MOST_PIECES = 60
LONGEST_TEXT = 400_000


class Unreadable(ValueError):
    """The file cannot be brought in; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text under its heading; `guess` is the field it seems to be, "rest" where it seems to be none."""

    heading: str
    text: str
    guess: str

    @property
    def words(self) -> int:
        return len(self.text.split())


@dataclass(frozen=True, slots=True)
class Pieces:
    """A file, cut up. `record` is filled instead where the file is one that this site wrote."""

    title: str = ""
    summary: str = ""
    pieces: tuple[Piece, ...] = ()
    record: dict[str, object] | None = None


def cut_up(data: bytes, name: str) -> Pieces:
    """The pieces of a Markdown, text or Word file. Raises `Unreadable`."""
    if len(data) > LARGEST * 5 or (len(data) > LARGEST and not data.startswith(b"PK")):
        raise Unreadable("The file is too large. A case study has a few pages: take out pictures, or split it.")
    try:
        text = to_markdown(data) if data.startswith(b"PK") else clean(data.decode("utf-8-sig"))
        ours = from_markdown(text)
    except UnicodeDecodeError:
        raise Unreadable("This is neither a Word file (.docx) nor plain text. Save it as one of them, then try again.") from None
    except BadText as error:
        raise Unreadable(str(error)) from None
    except ValueError as error:
        raise Unreadable(str(error)) from error
    if ours is not None:
        return Pieces(record=ours)
    if not text.strip():
        raise Unreadable("There is no text in this file.")
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"The text has more than {LONGEST_TEXT:,} characters. Split it in two.")
    return _pieces(text, name)


def _pieces(text: str, name: str) -> Pieces:
    facts, body = split(text, name)
    whole, _ = readable(body)
    titled, below = title_of(whole, bool(facts.title))
    title = facts.title or titled or name_without_date(name.rsplit(".", 1)[0]).capitalize()
    why = why_not(name, title, whole, facts, body)
    if why:
        raise Unreadable(f"This cannot become a case study as it is: {why}. Change that in the file, then choose it again.")
    found = [Piece(p.heading, p.text, p.field or "rest") for p in parts(with_facts(below, facts)) if p.text.strip() or p.heading]
    beside = facts_beside(facts, titled)
    beside += [f"author: {facts.author}"] if facts.author else []
    beside += [f"date: {facts.published.isoformat()}"] if facts.published else []
    if beside:
        found.append(Piece("", "\n".join(f"- {line}" for line in beside), "source_facts"))
    return Pieces(one_line(title), one_line(facts.summary), _bounded(found))


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
        body = f"# {heading}\n\n{text}".strip() if heading else text
        found.setdefault(name if name in BY_NAME and name not in {"title", "summary"} else "rest", []).append(body)
    for name, text in (("title", title), ("summary", summary)):
        if len(text) > BY_NAME[name].longest:
            found.setdefault("rest", []).append(text)
    texts = {name: together("\n\n".join(bodies)) for name, bodies in found.items()}
    return {**texts, "title": cut(title, BY_NAME["title"].longest), "summary": cut(summary, BY_NAME["summary"].longest)}
