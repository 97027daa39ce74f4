"""The child that sets a paper: data in, a file out. It gives itself limits, and once it has its letters it can open no file and
reach no network.

Run as `python -m forum.documents.pdf.child FOLDER-OF-FONTS`. On its input stands JSON: the document, and as which kind of file it
is wanted; on its output the file. Nothing is kept between papers.
"""

import json
import os
import re
import resource
import sys
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

os.environ["RAYON_NUM_THREADS"] = "1"
import typst

from forum.documents.pdf.fitting import longest, within

#: Seconds of processor time, and bytes of memory.
SECONDS, MEMORY = 6, 700 * 2**20
STANDARD = "ua-1"
#: What the letters lack is looked for one sign at a time; beyond so many nobody reads it anyway.
MOST_SIGNS = 400
#: Stands for a sign that no letters here have.
MISSING = "\u25a1"
#: A word that is longer may be broken after so many signs, or it would run over the edge.
LONGEST_WORD, PIECE = 28, 14
_WORD = re.compile(rf"[^\s\u200b]{{{LONGEST_WORD + 1},}}")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ue000-\uf8ff]")
_TELLS = re.compile(r"the text `\"(.+?)\"` could not be displayed")
FAMILY = "Source Sans 3"
WARM = b'#set text(font: "Source Sans 3")\n= a\n_b_ #text(weight: 600)[c] `d` #text(font: "Libertinus Serif")[e]'
Tree = Any


class Press:
    """The template and its letters."""

    def __init__(self, fonts: Path) -> None:
        self.source = Path(__file__).with_name("paper.typ").read_bytes()
        self.fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(fonts)])
        if FAMILY not in self.fonts.families():
            raise FileNotFoundError(f"there are no letters in {fonts}")
        self._set(WARM, {}, format="pdf")

    def pages(self, document: Tree) -> int:
        """How many pages it fills."""
        given = {"given": json.dumps(document)}
        found = typst.query(
            self.source, "<pages>", "value", one=True, font_paths=self.fonts, ignore_system_fonts=True, sys_inputs=given
        )
        return int(found)

    def file(self, document: Tree, kind: str) -> bytes:
        given = {"given": json.dumps(document)}
        if kind == "png":
            made = self._set(self.source, given, format="png", ppi=120)
        else:
            stamp = datetime.fromisoformat(f"{document['day']}T12:00:00+00:00") if document["day"] else None
            made = self._set(self.source, given, format="pdf", pdf_standards=[STANDARD], timestamp=stamp)
        data: bytes = made[0] if isinstance(made, list) else made
        return data

    def shows(self, sign: str) -> bool:
        """Whether the letters have a sign."""
        try:
            self._set(
                b'#set document(title: "a")\n#set text(font: ("Source Sans 3", "Libertinus Serif", "DejaVu Sans Mono"))\n'
                b"= a\n#sys.inputs.sign",
                {"sign": f"a{sign}"},
                format="pdf",
                pdf_standards=[STANDARD],
            )
        except typst.TypstError:
            return False
        return True

    def _set(self, source: bytes, inputs: dict[str, str], **how: Any) -> Any:
        return typst.compile(source, font_paths=self.fonts, ignore_system_fonts=True, sys_inputs=inputs, **how)


def texts(tree: Tree) -> Iterator[str]:
    """All words of a tree, but those of pictures."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for name, value in tree.items():
            if name != "svg":
                yield from texts(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from texts(value)


def spelt(tree: Tree, instead: dict[int, str], here: bool = True) -> Tree:
    """The same tree in signs that the letters have, its long words with places where they may be broken."""
    if isinstance(tree, str):
        text = _UNSEEN.sub("", tree).translate(instead)
        return _WORD.sub(_pieces, text) if here else text
    if isinstance(tree, dict):
        return {name: spelt(value, instead, name not in {"svg", "title", "said", "width"}) for name, value in tree.items()}
    if isinstance(tree, list):
        if len(tree) == 3 and all(isinstance(part, str) for part in tree):
            return [spelt(tree[0], instead), tree[1], tree[2]]
        return [spelt(value, instead, here) for value in tree]
    return tree


def _pieces(word: re.Match[str]) -> str:
    """A long word with a place to break it after each mark of an address, and else after some letters."""
    parts = re.findall(rf"[^/.?&=_@-]{{0,{PIECE}}}[/.?&=_@-]?", word[0])
    return "\u200b".join(part for part in parts if part)


def signs(press: Press, tree: Tree) -> dict[int, str]:
    """What to write in place of signs that the letters lack: a picture sign's name, else a box."""
    odd = sorted({c for text in texts(tree) for c in _UNSEEN.sub("", text) if ord(c) > 0x17F and not 0x2010 <= ord(c) <= 0x2026})
    lacking = [c for n, c in enumerate(odd) if n >= MOST_SIGNS or (not c.isspace() and not press.shows(c))]
    return {ord(c): _named(c) for c in lacking}


def _named(sign: str) -> str:
    if unicodedata.category(sign) in {"Mn", "Me", "Cf", "Sk"} or 0xFE00 <= ord(sign) <= 0xFE0F:
        return "" if ord(sign) > 0x1F000 or unicodedata.category(sign) != "Mn" or 0xFE00 <= ord(sign) <= 0xFE0F else MISSING
    name = unicodedata.name(sign, "").lower() if unicodedata.category(sign) == "So" else ""
    return f"[{name}]" if name else MISSING


def fitted(press: Press, document: Tree, section: Tree) -> Tree:
    """A section with the elements and the size of letters that fit."""
    most: int | None = section["most"]
    sizes: list[float] = section["sizes"]

    def fits(elements: Tree, size: float) -> bool:
        return most is None or press.pages({**document, "sections": [{**section, "elements": elements, "size": size}]}) <= most

    for elements in section["versions"]:
        for size in sizes:
            if fits(elements, size):
                return {**section, "elements": elements, "size": size}
    last, size = section["versions"][-1], sizes[-1]
    low, high = 0, longest(last)
    while high - low > 8:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(within(last, middle), size) else (low, middle)
    return {**section, "elements": within(last, low), "size": size}


def make(press: Press, document: Tree, kind: str) -> bytes:
    document = spelt(document, signs(press, document))
    sections = [fitted(press, document, section) for section in document["sections"]]
    for _ in range(MOST_SIGNS):
        ready = {**document, "sections": [{k: v for k, v in s.items() if k != "versions"} for s in sections]}
        try:
            return press.file(ready, kind)
        except typst.TypstError as problem:
            # Two signs that the letters have, and together do not.
            told = _TELLS.search(str(problem))
            lacking = told and json.loads(f'"{told[1]}"') if told and "\\u{" not in told[1] else ""
            if not lacking:
                raise
            sections = json.loads(json.dumps(sections, ensure_ascii=False).replace(lacking, MISSING))
    raise RuntimeError("too many signs that cannot be set")


def main() -> None:
    for what, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))
    asked = json.load(sys.stdin)
    press = Press(Path(sys.argv[1]))
    # From here on no file can be opened and no socket: three are open, and there can be no fourth.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    sys.stdout.buffer.write(make(press, asked["document"], asked["kind"]))


if __name__ == "__main__":
    main()
