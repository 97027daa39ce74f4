"""The laws of the style sheets: how the site looks is said in one place, and no rule shouts another down (docs/architecture.md)."""

import re
from pathlib import Path

import pytest
from PIL.ImageColor import colormap

from forum.web.assets import LAYERS

STYLES = Path(__file__).resolve().parents[2] / "static/css"
TOKENS = STYLES / "tokens.css"
FILES = sorted(STYLES.rglob("*.css"))
LITERAL = re.compile(
    rf"#[0-9a-f]{{3,8}}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(|(?<![\w-])(?:{'|'.join(colormap)})(?![\w-])", re.I
)
DECLARATION = re.compile(r"^\s*(-{0,2}[a-z][\w-]*): ([^;{}]+);$", re.MULTILINE)
#: What a line may be: the beginning of a block or a part of it, one declaration, or the end of a block.
LINE = re.compile(r"[^;{}]*[{,(]|\s*-{0,2}[a-z][\w-]*: [^;{}]+;|\s*\}?")


def text(file: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", file.read_text("utf-8"), flags=re.DOTALL)


def values(*names: str) -> set[str]:
    """Everything that our components say of these, for fonts of our own too."""
    found = (DECLARATION.findall(text(file)) for file in FILES if file not in {TOKENS, STYLES / "base/fonts.css"})
    return {value for file in found for name, value in file if name in names}


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("1px solid #fff", True),
        ("rgb(0 0 0 / .5)", True),
        ("Red", True),
        ("var(--red)", False),
        ("currentColor", False),
        ("none", False),
    ],
)
def test_a_colour_is_known_as_one(value: str, colour: bool) -> None:
    assert bool(LITERAL.search(value)) == colour


def test_colours_stand_in_the_tokens_alone() -> None:
    """So another theme is a block of other values for the same names, and leaves nothing behind."""
    declared = [(file.name, name, value) for file in FILES if file != TOKENS for name, value in DECLARATION.findall(text(file))]
    assert len(declared) > 1_000
    assert [found for found in declared if LITERAL.search(found[2])] == []
    assert not [found for found in declared if found[1].startswith("--")]


def test_corners_shadows_and_letters_come_from_the_tokens() -> None:
    corners = {part for value in values("border-radius") for part in value.split()}
    assert {c for c in corners if not c.startswith("var(--radius")} == {"0"}
    assert {v for v in values("box-shadow") if not re.match(r"var\(--(?:shadow|edge|ring|focus)", v)} == {"none"}
    assert values("font-family") == {"var(--font)", "inherit"}


def test_every_token_is_given_and_used() -> None:
    given = [name for name, _ in DECLARATION.findall(text(TOKENS))]
    used = {name for file in FILES for name in re.findall(r"var\((--[\w-]+)", text(file))}
    assert len(given) == len(set(given))
    assert used == set(given)


def test_layers_and_not_importance_decide() -> None:
    """What may say `!important`: the answers to the vendor's own, in the layer that is there for them."""
    counts = {str(file.relative_to(STYLES)): text(file).count("!important") for file in FILES}
    assert {name: count for name, count in counts.items() if count} == {"first/print.css": 2}


def test_every_file_is_in_a_layer() -> None:
    assert {file.parent.name for file in FILES if file != TOKENS} == set(LAYERS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_lines_are_for_readers(file: Path) -> None:
    assert [line for line in file.read_text("utf-8").splitlines() if len(line) > 132] == []
    assert [line for line in text(file).splitlines() if not LINE.fullmatch(line)] == []
