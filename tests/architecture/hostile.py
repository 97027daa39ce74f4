"""Addresses, arguments and forms that no page of ours makes, and what may not come of them: an answer of 500 or above."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import product

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.routing import Rule

from forum.features import FEATURES
from forum.kernel.numbers import LARGEST
from tests.architecture.test_laws import MODULES
from tests.architecture.walking import every_choice

ID, WORD = re.compile(r"<(?:id|ref):\w+>"), re.compile(r"<(?:path:)?\w+>")
#: No column of the database holds these: the address map must not let them through.
NO_IDS = ("0", "-1", "01", "1.5", "1e3", "NaN", "x", "²", "١", str(LARGEST + 1), str(2**63 - 1), str(2**63), "9" * 20, "9" * 400)
#: Of nothing that there is, and of things of any kind.
NOTHING, SOMETHING = str(LARGEST), "1"
WORDS = ("x", "%00", "%FF", "a" * 3_000)
VALUES = (
    "", "0", "-1", "NaN", "1e400", "9" * 20, str(2**63), "x" * 5_000, "%00", "%FF", "%ED%A0%80", "²", "١", "'", '"', "[]", "{}", "*",
    "2026-13-45", "after:9999", "(((((", "a:b", "//evil.example", "%0D%0AX: y", "http://[", "\u202e", "😀", "401",
)  # fmt: skip
GARBAGE = {
    "version": "9" * 20,
    "on": "9",
    "action": "more:x",
    "expected": "\x00",
    "text": "x\x00",
    "title": "x" * 30_000,
    "search": "q=a&" * 999,
    "next": "http://[",
    "started": "0000-01",
}


def rules(app: Flask, method: str) -> list[Rule]:
    """All rules of a method; signing out comes last."""
    found = [r for r in app.url_map.iter_rules() if method in (r.methods or ()) and not r.rule.startswith("/assets")]
    return sorted(found, key=lambda r: ("sign-out" in r.rule, r.rule))


def addresses(app: Flask, rule: Rule, ids: tuple[str, ...], words: tuple[str, ...]) -> Iterator[str]:
    """The rule with each of the ids and each of the words in it; where it asks for a kind, each kind that there is."""
    kinds = (*app.extensions["forum.cards"], "nothing")
    for chosen in every_choice(rule.rule):
        plain = WORD.sub(lambda m: "{kind}" if m[0] == "<kind>" else "{word}", ID.sub("{id}", chosen))
        asked = [ids if "{id}" in plain else ("",), kinds if "{kind}" in plain else ("",), words if "{word}" in plain else ("",)]
        yield from (plain.replace("{id}", i).replace("{kind}", k).replace("{word}", w) for i, k, w in product(*asked))


@cache
def arguments() -> list[str]:
    """Every name that some view reads from the query string, those of filters, and those that `url_for` takes for itself."""
    names = {
        *(f.name for feature in FEATURES for s in feature.searches for f in s.filters),
        "kind",
        "words",
        "endpoint",
        "_external",
        "_scheme",
        "_method",
        "_anchor",
        "values",
        "id_",
        "nothing",
    }
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Call | ast.Subscript) and re.match(r"request\.args(\.get|\.getlist)?[\[(]", ast.unparse(node)):
                said = node.args[0] if isinstance(node, ast.Call) else node.slice
                names |= {said.value} if isinstance(said, ast.Constant) and isinstance(said.value, str) else set()
    return sorted(names)


def queries(rounds: int) -> Iterator[str]:
    """Query strings in which every argument has a wrong value, another one in each."""
    names = arguments()
    for turn in range(rounds):
        yield "&".join(f"{name}={VALUES[(place + turn * 5) % len(VALUES)]}" for place, name in enumerate(names))


def token(client: FlaskClient) -> str:
    """The token with which forms of this browser are taken."""
    found = html.fromstring(client.get("/contact").text).xpath('//input[@name="csrf_token"]/@value')
    return str(found[0])
