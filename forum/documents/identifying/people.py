"""Who a text may be about: names beside a word that says so, and weak signs that add up.

A name, an address or a role that only one person has is a sign for itself. An age, a place, an exact day, a rare event or trade is a
weak sign: `ENOUGH` points of them about one person, in a sentence or with those just before it, make a finding. The idea that
facts add up is that of the Information Commissioner's "motivated intruder": https://ico.org.uk, anonymisation guidance.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forum.documents.identifying import signs
from forum.documents.identifying.marks import MarkedText, read, words

ENOUGH = 4
#: How many sentences before one may be about the same person.
NEAR = 2
#: With one of these a name is sure to be somebody's.
_LOCATES = frozenset({"address", "room", "old-day", "age", "named-age"})
#: In a sentence of fewer marks than this, a day long ago is likely to be somebody's day of birth.
SHORT = 6
#: A sentence without any of these marks has no sign in it. Names in small letters follow a relation, a patient word or a title.
_MAY_TELL = re.compile("[NMITKPURHVWABLOgb@E]")
#: A stretch of more marks is no sentence: it is searched in pieces, so that no text takes long.
_SENTENCE = re.compile(r"[^.]{1,150}")


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that points to a person: where, of what kind, how much it says, and in words."""

    start: int
    end: int
    kind: str
    points: int
    says: str


@dataclass(frozen=True, slots=True)
class Person:
    """A stretch of text that may tell who somebody is: its kind, the signs in it, and whether the check is sure."""

    start: int
    end: int
    kind: str
    says: tuple[str, ...]
    sure: bool


def people(text: str) -> Iterator[Person]:
    """Stretches of `text` that may tell who somebody is, by their place."""
    before: deque[list[Sign]] = deque(maxlen=NEAR)
    for row in _sentences(text):
        strong, weak = _named(text, row), _weak(text, row)
        if strong:
            yield from _sure_or_not(strong, weak)
            before.clear()
        elif together := _together(weak, before):
            says = tuple(dict.fromkeys(s.says for s in together))
            yield Person(together[0].start, max(s.end for s in together), "signs-together", says, False)
            before.clear()
        else:
            before.append(weak)


def _together(weak: list[Sign], before: Iterable[list[Sign]]) -> list[Sign]:
    """Return the weak signs of a sentence if they are enough, else with those of the sentences before it; [] if that is not enough.
    Several sentences need one point more, as they may be about several people."""
    if _points(weak) >= ENOUGH and _telling(weak):
        return weak
    several = [*(s for signs_before in before for s in signs_before), *weak]
    return several if weak and _points(several) > ENOUGH and _telling(several) else []


def _telling(found: list[Sign]) -> bool:
    """Return whether the signs say more than where and when, which are said of staff and meetings too."""
    return any(s.kind not in {"place", "day", "month", "care"} for s in found)


def _points(found: list[Sign]) -> int:
    """Return the points of these signs: each kind counts once, with its highest."""
    best: dict[str, int] = {}
    for sign in found:
        best[sign.kind] = max(best.get(sign.kind, 0), sign.points)
    return sum(best.values())


def _sure_or_not(strong: list[Sign], weak: list[Sign]) -> Iterator[Person]:
    """Yield each strong sign; the check is sure of them where a name has an address, a room, an age or a day of birth beside it."""
    named = any(s.kind == "named-person" for s in strong)
    more = {s.kind for s in (*strong, *weak)} & _LOCATES
    beside = tuple(dict.fromkeys(s.says for s in (*strong, *weak)))
    for sign in strong:
        yield Person(sign.start, sign.end, sign.kind, (sign.says, *(b for b in beside if b != sign.says)), named and bool(more))


def _sentences(text: str) -> Iterator[MarkedText]:
    row = read(text)
    for part in _SENTENCE.finditer(row.marks):
        if _MAY_TELL.search(part.group()):
            yield MarkedText(part.group(), row.spans[part.start() : part.end()])


def _named(text: str, row: MarkedText) -> list[Sign]:
    """Signs that are enough alone; of two in the same place, the first that is looked for."""
    first, last = row.span(0, len(row.marks))
    said = text[first:last]
    marks = signs.STAFF.sub(lambda m: _as_staff(m, text, row), row.marks)
    found: list[Sign] = []
    for sign in (*_names(text, row, marks, said), *_offices(row, marks, said)):
        _add(found, sign)
    about = bool(found) or bool(signs.WHO.search(marks) or signs.THEIRS.search(said))
    for sign in _whereabouts(row, marks, said, about):
        _add(found, sign)
    return sorted(found, key=lambda s: s.start)


def _add(found: list[Sign], sign: Sign) -> None:
    if not any(sign.start < s.end and s.start < sign.end for s in found):
        found.append(sign)


def _names(text: str, row: MarkedText, marks: str, said: str) -> Iterator[Sign]:
    first = row.spans[0][0]
    official = "T" in marks and signs.BOARDROOM.search(said) is not None and not signs.WHO_CARED.search(marks)
    for says, pattern in signs.STRONG:
        for m in pattern.finditer(marks):
            start, end = row.span(m.start(), m.end())
            at_work = m.group()[0] == "T" and (official or signs.IN_OFFICE.match(text, end) or signs.OWN_LIST.match(text, end))
            if not at_work:
                yield Sign(start, end, "named-person", ENOUGH, says)
    for start, end in _dead(text, row):
        yield Sign(start, end, "named-person", ENOUGH, "the name of somebody who died or is ill")
    for m in (*signs.LABELLED.finditer(said), *signs.NAME_IS.finditer(said)):
        yield Sign(first + m.start(), first + m.end(), "named-person", ENOUGH, "a name given for somebody")
    for start, end in _uncapitalised(text, row):
        yield Sign(start, end, "named-person", ENOUGH, "a relation, title or patient word with a name beside it")


def _whereabouts(row: MarkedText, marks: str, said: str, about: bool) -> Iterator[Sign]:
    """Yield where somebody lives or lies, follows from, or was born. `about`: the sentence speaks of a person."""
    if "@" in marks and signs.ILLNESS.search(said):
        at = marks.index("@")
        yield Sign(*row.span(at, at + 1), "handle", ENOUGH, "a patient's name on social media")
    if "b" in marks and not signs.HISTORY.search(said):
        at = marks.index("b")
        if signs.WHO.search(marks) or len(marks) < SHORT or signs.FIGURES.search(said):
            yield Sign(*row.span(at, at + 1), "old-day", ENOUGH, "an exact day long ago")
    in_room = signs.IN_ROOM.search(marks) or ((about or signs.LONE_NAME.search(marks)) and not signs.QUIET.search(said))
    at_home = about or not signs.WORK_PLACE.search(said)
    for m in re.finditer("A+,?A?|O", marks):
        place = row.span(m.start(), m.end())
        if m.group() == "O" and in_room:
            yield Sign(*place, "room", ENOUGH, "somebody's room or bed")
        if m.group() != "O" and at_home:
            yield Sign(*place, "address", ENOUGH, "a home's address")


def _as_staff(m: re.Match[str], text: str, row: MarkedText) -> str:
    """Return a staff name's marks with "s" for the name, so that nothing else finds it; unchanged for "Kate's dad"."""
    start, end = row.span(m.start(), m.end())
    before = signs.ONCE.search(text[start:end]) or text[end : end + 2].lower() in {"'s", "’s"}
    return m.group() if before and m.group()[0] != "D" else re.sub("[NMIT]", "s", m.group())


def _dead(text: str, row: MarkedText) -> Iterator[tuple[int, int]]:
    """Yield names of those who died or are ill; they are patients, so names of staff count here too."""
    for m in signs.LONE_NAME.finditer(row.marks):
        start, end = row.span(m.start(), m.end())
        if (
            signs.IS_ILL.match(text, end)
            or signs.DIED.match(text, end)
            or signs.DEATH_OF.search(text, max(0, start - 30), start - 1 if start else 0)
        ):
            yield start, end


def _offices(row: MarkedText, marks: str, said: str) -> Iterator[Sign]:
    """Yield signs such as the mayor's mother, where the sentence is about care, and the only such person in a small place."""
    says = "a role that only one person has"
    for m in signs.IS_RELATION.finditer(marks):
        yield Sign(*row.span(m.start(), m.end()), "only-one", ENOUGH, says)
    if signs.CARE.search(said) and not signs.PUBLIC_ACT.search(said):
        for m in signs.OFFICES_RELATION.finditer(marks):
            yield Sign(*row.span(m.start(), m.end()), "only-one", ENOUGH, says)
    first = row.spans[0][0]
    only = signs.ONLY.search(said)
    if only and (signs.HERE.search(said) or signs.NAMED_PLACE.search(marks)):
        yield Sign(first + only.start(), first + only.end(), "only-one", ENOUGH, says)


def _uncapitalised(text: str, row: MarkedText) -> Iterator[tuple[int, int]]:
    """ "our resident elsie likes", by somebody who writes without capital letters."""
    begin, end = row.spans[0][0], row.spans[-1][1]
    if text[begin:end] != text[begin:end].lower():
        return
    for m in signs.SMALL_NAME.finditer(row.marks):
        at = m.start("name") if m["name"] else m.start("titled")
        word = text[slice(*row.spans[at])]
        finite = text[row.spans[at][1] :].split(maxsplit=1)[:1] in signs.FINITE
        if word not in words("not_names") and not word.endswith("ly") and (finite or not word.endswith(("ed", "ing"))):
            yield row.span(m.start(), m.end())


def _weak(text: str, row: MarkedText) -> list[Sign]:
    """Signs that say something only together, and only of one person."""
    first, last = row.span(0, len(row.marks))
    said = text[first:last]
    holder = "E" in row.marks and signs.CARE.search(said) and not signs.PUBLIC_ACT.search(said)
    telling = signs.EVENT.search(said) or (signs.SUFFERS.search(said) and signs.ONES.search(said))
    subjects = _subjects(text, row) if telling else []
    if not (holder or subjects or signs.ONE.search(row.marks)):
        return []
    found: list[Sign] = []

    def by_marks(pattern: re.Pattern[str], kind: str, points: int, says: str) -> None:
        for m in pattern.finditer(row.marks):
            found.append(Sign(*row.span(m.start(), m.end()), kind, points, says))

    def by_words(pattern: re.Pattern[str], kind: str, points: int, says: str) -> None:
        if m := pattern.search(said):
            found.append(Sign(first + m.start(), first + m.end(), kind, points, says))

    if not signs.AVERAGE.search(said):
        by_marks(signs.AGED, "age", 2, "an age")
        by_words(signs.BORN_IN, "age", 2, "a year of birth")
    by_marks(re.compile("[db]"), "day", 2, "an exact day")
    by_words(signs.EVENT, "event", 2, "a rare event")
    found += subjects
    if subjects:
        by_words(signs.SUFFERS, "illness", 2, "illness")
    by_words(signs.DEATH, "death", 2, "a death")
    by_words(signs.TRADE, "trade", 2, "what somebody did for a living")
    by_words(signs.CALENDAR, "month", 1, "a day or month")
    by_words(signs.HERE, "place", 1, "a place")
    found += _places(text, row)
    if signs.CARE.search(said) or signs.TRADE.search(said) or signs.ANYBODY.search(row.marks):
        by_marks(signs.NAME_AGE, "named-age", ENOUGH, "a name with a number like an age")
    if holder:
        by_marks(re.compile("z[wC]?E|^E"), "office", 2, "an office that few people hold")
        by_words(signs.CARE, "care", 1, "care or illness")
    return sorted(found, key=lambda s: s.start)


def _subjects(text: str, row: MarkedText) -> list[Sign]:
    """Names that are no staff's, of whom something is said that staff do not do."""
    marks = signs.STAFF.sub(lambda m: _as_staff(m, text, row), row.marks)
    spans = (row.span(m.start(), m.end()) for m in signs.SUBJECT.finditer(marks))
    return [Sign(start, end, "name", 2, "a name") for start, end in spans if not signs.ACTS.match(text, end)]


def _places(text: str, row: MarkedText) -> Iterator[Sign]:
    for m in signs.PLACE.finditer(row.marks):
        start, end = row.span(m.start(), m.end())
        named = {w.strip("'’s,").lower() for w in text[start:end].split() if w[0].isupper()}
        if text[start:end].split()[0].lower() in {"by", "with", "for", "on"}:
            continue
        known = bool(named & words("big_places"))
        if known or "N" in m.group() or "J" in m.group() or "j" in m.group():
            yield Sign(start, end, "place", 1 if known else 2, "a place")
