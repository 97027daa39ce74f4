"""What the parts of a Word file are to each other, once it is HTML: its title, the words below a picture, a form in a table."""

import re
from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element

#: A title stands near the beginning; below that, its style is a way to write a heading.
_NEAR_TOP = 10
_LONGEST_LABEL = 40
_FIGURE = re.compile(r"[\d\W]*(?:\b(?:n|p|na|approx|about|ca|to|of|days?|hours?|weeks?|months?|per|cent)\b[\d\W]*)*", re.I)


def words(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def take_title(root: Element) -> tuple[str, list[str]]:
    """The title that the file marks as its own, on one line or on several, and its subtitles; they are taken out.

    A file that writes all its headings in the style of a title has none.
    """
    styled = [n for n, element in enumerate(root) if element.get("class") == "title"]
    if styled and styled[-1] - styled[0] >= len(styled):
        return "", []
    title: list[str] = []
    below: list[str] = []
    for element in list(root)[:_NEAR_TOP]:
        kind = element.get("class")
        if kind == "title" and not below and element.find(".//img") is None:
            title.append(words(element))
            root.remove(element)
        elif kind == "subtitle" and element.find(".//img") is None:
            below.append(words(element))
            root.remove(element)
        elif title:
            break
    return " ".join(title), below


def name_pictures(root: Element) -> None:
    """A picture takes the caption below it along."""
    for before, caption in zip(list(root), list(root)[1:], strict=False):
        pictures = before.findall(".//img") if before.tag == "p" else []
        if caption.get("class") != "caption" or not pictures or caption.find(".//a[@href]") is not None:
            continue
        # A caption above a table is the table's.
        if not re.match(r"table\b", words(caption), re.I):
            pictures[-1].set("caption", words(caption))
            root.remove(caption)


def open_forms(root: Element, asks: Callable[[str], bool]) -> None:
    """A table of questions and answers becomes headings with texts; any other stays a table."""
    for table in root.findall("table"):
        rows = _without_numbers([list(row) for row in table.iter("tr")])
        if _is_form(rows, asks) and table.find(".//table") is None:
            place = list(root).index(table)
            root.remove(table)
            for element in reversed([part for row in rows for part in _opened(row)]):
                root.insert(place, element)


def _without_numbers(rows: list[list[Element]]) -> list[list[Element]]:
    """The rows of a form without the column that counts its questions."""
    counted = any(words(row[0]) for row in rows if len(row) == 3)
    if counted and all(re.fullmatch(r"(?:\W*\d{0,2}\W*|no\.?|#)", words(row[0]), re.I) for row in rows if len(row) == 3):
        return [row[1:] if len(row) == 3 else row for row in rows]
    return rows


def _is_form(rows: list[list[Element]], asks: Callable[[str], bool]) -> bool:
    if any(len(row) not in {1, 2} or any(int(cell.get("rowspan", 1)) > 1 for cell in row) for row in rows):
        return False
    return asks_and_answers([(_label(row[0]), words(row[1])) for row in rows if len(row) == 2], asks)


def asks_and_answers(pairs: Sequence[tuple[str, str]], asks: Callable[[str], bool]) -> bool:
    """Return whether the rows of a table are questions with texts on the whole, and not names with figures."""
    short = [(label, answer) for label, answer in pairs if 0 < len(label.split()) <= _LONGEST_LABEL]
    asked = [answer for label, answer in short if label[-1] == "?" or asks(label)]
    told = [answer for answer in asked if answer and not _FIGURE.fullmatch(answer)]
    return len(asked) > 1 and 2 * len(asked) >= len(pairs) and 2 * len(told) > len(asked) and _speak(told)


def _speak(answers: list[str]) -> bool:
    """Return whether answers are texts on the whole, and not the names and figures of a table."""
    return sum(len(answer.split()) for answer in answers) >= 3 * len(answers)


def _label(cell: Element) -> str:
    first = cell.find("p")
    return words(cell if first is None else first)


def _opened(row: list[Element]) -> list[Element]:
    label, answer = (row[0], row[1]) if len(row) == 2 else (Element("td"), row[0])
    parts = [label, answer]
    first = label.find("p")
    if words(label):
        heading = Element("h2")
        source = label if first is None else first
        heading.text, heading[:] = source.text, list(source)
        parts = [heading, answer] if first is None else [heading, label, answer]
        if first is not None:
            label.remove(first)
    for part in parts:
        if part.tag in {"td", "th"}:
            part.tag = "div"
    return parts
