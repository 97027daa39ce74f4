"""What of a text stays where there is little room: its first whole sentences, items and rows. Used by the child and by pages."""

from collections.abc import Sequence
from typing import Any

Tree = Any


#: Where an element has what is read of it.
_READ = ("words", "head", "heads", "inside", "items", "rows", "parts", "pairs", "names")


def length(tree: Tree) -> int:
    """How many signs are read of an element, or of several."""
    if isinstance(tree, dict):
        if tree["is"] == "p":
            return sum(len(words) for sentence in tree["sentences"] for words, _, _ in sentence)
        return sum(length(tree[name]) for name in _READ if name in tree)
    return sum(map(length, tree)) if isinstance(tree, (list, tuple)) else len(tree)


def shortened(elements: Sequence[Tree], room: int) -> tuple[list[Tree], int, bool]:
    """The first elements that have room, whole sentences, items and rows of them, what room they leave, and whether all stayed."""
    kept: list[Tree] = []
    for element in elements:
        need = length(element)
        if need <= room:
            kept.append(element)
            room -= need
            continue
        part = None
        for name in ("sentences", "items", "rows"):
            if name in element:
                some = []
                room -= length(element.get("heads", []))
                for one in element[name]:
                    need = sum(len(words) for words, _, _ in one) if name == "sentences" else length(one)
                    if need > room:
                        break
                    some.append(one)
                    room -= need
                part = {**element, name: some} if some else None
        return _ended([*kept, part] if part else kept), 0, False
    return kept, room, True


def _ended(kept: list[Tree]) -> list[Tree]:
    """Without what leads to something that was left out: a heading, or a sentence that ends with a colon."""
    while kept:
        last = kept[-1]
        if last["is"] == "heading":
            kept = kept[:-1]
        elif last["is"] == "p" and last["sentences"] and last["sentences"][-1][-1][0].rstrip().endswith(":"):
            rest = last["sentences"][:-1]
            kept = [*kept[:-1], *([{**last, "sentences": rest}] if rest else [])]
        else:
            break
    return kept


def within(elements: Tree, room: int) -> Tree:
    """The same elements, each long text of them shortened to its room."""
    if isinstance(elements, list):
        return [within(element, room) for element in elements]
    if not isinstance(elements, dict):
        return elements
    if elements.get("is") == "long":
        kept, _, every = shortened(elements["inside"], room)
        return {**elements, "inside": kept if every else [*kept, elements["more"]]}
    return {name: within(value, room) if isinstance(value, list) else value for name, value in elements.items()}


def longest(elements: Tree) -> int:
    """The length of the longest text that may be shortened."""
    if isinstance(elements, dict) and elements.get("is") == "long":
        return length(elements["inside"])
    if isinstance(elements, (dict, list)):
        return max(map(longest, elements.values() if isinstance(elements, dict) else elements), default=0)
    return 0


def lines_of(elements: Sequence[Tree]) -> list[str]:
    """The words of elements as lines of plain text, items of lists with a mark, rows of tables on a line each."""
    found: list[str] = []
    for element in elements:
        kind = element["is"]
        if kind == "p":
            found.append("".join(words for sentence in element["sentences"] for words, _, _ in sentence).replace("\v", " "))
        elif kind == "list":
            for n, item in enumerate(element["items"]):
                mark = f"{element['start'] + n}. " if element["start"] else "• "
                first, *others = lines_of(item) or [""]
                found += [mark + first, *others]
        elif kind == "table":
            heads = [" · ".join(element["heads"])] if any(element["heads"]) else []
            found += [*heads, *(" · ".join(" ".join(lines_of(cell)) for cell in row) for row in element["rows"])]
        elif kind in {"heading", "code"}:
            found.append(element["words"])
        else:
            found += lines_of(element.get("inside", []))
    return found
