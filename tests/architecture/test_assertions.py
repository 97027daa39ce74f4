"""A test that asserts nothing passes whatever the program does."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
#: A helper of such a name asserts for the test that calls it.
HELPERS = ("check_", "assert_", "expect")
#: Tests that say otherwise what is wrong, with how.
OTHERWISE = {
    "architecture/test_buttons.py::test_story": "raises what went wrong in the story, from where it went wrong",
}


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def asserts(test: ast.AST) -> bool:
    """Whether it asserts, says what must be raised, or calls a helper that does."""
    calls = [name_of(node) for node in ast.walk(test) if isinstance(node, ast.Call)]
    return any(isinstance(node, ast.Assert) for node in ast.walk(test)) or any(
        n == "raises" or n.startswith(HELPERS) for n in calls
    )


def bare() -> set[str]:
    """The tests that assert nothing."""
    return {
        f"{path.relative_to(TESTS)}::{node.name}"
        for path in TESTS.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not asserts(node)
    }


def test_no_test_is_without_an_assertion() -> None:
    assert bare() == set(OTHERWISE)


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ("x()", False),
        ("check(x)", False),
        ("assert x", True),
        ("with pytest.raises(E):\n  x()", True),
        ("check_page(x)", True),
        ("expect(x).to_be_visible()", True),
        ("page.expect_response(x)", True),
    ],
)
def test_it_sees_which_assert(body: str, right: bool) -> None:
    assert asserts(ast.parse(body)) is right
