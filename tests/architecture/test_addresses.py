"""Every address that our code, templates and scripts write is one that the site has, with its method; every `url_for` finds its view.

Parts that are known only when a page is made are holes: `{{ case.url }}/people` stands for `/…/…/people`. `test_buttons.py` follows the
addresses as they are on the pages.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter, RequestRedirect

from tests.architecture.test_laws import MODULES, ROOT, TEMPLATES
from tests.architecture.walking import CHOICE

#: What stands for a hole: a word or a number, a thing's own address, or anything. Each is tried with what it may be.
PART, THING, ANY = "\x01", "\x02", "\x03"
THINGS = ("/case-studies/1", "/case-studies/1/adoptions", "/discussions/1", "/adoptions/1", "/searches/1", "/people/x")
PLACES = ("/measures/new", "/measures/1/edit", "/edit/x", "/edit", "/adoptions")
_FORM = re.compile(r"<form\b[^>]*>")
_ATTRIBUTE = re.compile(r'(?<![\w-])(href|src|action|formaction|data-autosave-url)="((?:\{\{.*?\}\}|\{%.*?%\}|[^"{])*)"')
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_LITERAL = re.compile(r"""(~\s*)?(["'])(/[a-z][^"'\s]*)\2(\s*~)?""")
_SCRIPT = re.compile(r"""["'`](/[a-z][^"'`]*)["'`]""")
#: What is no address of a page: files of the build, the end of a relationship in Word's files, pieces of the rules of measures, what
#: `robots.txt` closes, what a purge looks for in the cache.
NO_ADDRESS = re.compile(rf"/assets/|(/hyperlink|/new|/new/autosave|/adoptions|/feeds/search|/report/|{THING}/)$")


@dataclass(frozen=True)
class Address:
    """An address as it is written; an empty method means any."""

    where: str
    text: str
    method: str = ""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Its addresses are asked, its database is not."""
    from forum.app import create_app
    from tests.conftest import settings

    return create_app(settings(tmp_path_factory.mktemp("addresses")))


def leads(app: Flask, address: Address) -> bool:
    """Whether the site has such an address."""
    words = [w.strip(" '") for r in app.url_map.iter_rules() for m in CHOICE.finditer(r.rule) for w in m[1].split(",")]
    anything = (
        "",
        "1",
        *words,
        *(f"1/{w}" for w in [*words, "edit", "release"]),
        "/case-studies/new",
        *THINGS,
        *(t + p for t in THINGS for p in PLACES),
    )
    holes = {PART: tuple(dict.fromkeys(["1", "x", *words])), THING: THINGS, ANY: anything}
    parts = [holes.get(p, (p,)) for p in re.split(f"([{PART}{THING}{ANY}])", re.split(r"[?#]", address.text)[0] or "/")]
    router = app.url_map.bind("localhost")
    methods = [address.method] if address.method else ["GET", "POST"]
    return any(_takes(router, "".join(filled), method) for filled in product(*parts) for method in methods)


def _takes(router: MapAdapter, path: str, method: str) -> bool:
    try:
        router.match(path, method)
    except (NotFound, MethodNotAllowed):
        return False
    except RequestRedirect:
        pass
    return True


def _hole(found: re.Match[str]) -> str:
    """What an expression of a template stands for in an address."""
    inner = found[0].strip("{}% ")
    if re.fullmatch(r"[\w.\[\]]+\.url", inner):
        return THING
    return PART if re.fullmatch(r"[\w.\[\]| ]+", inner) and found.start() and found[0].startswith("{{") else ANY


@cache
def parsed(module: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(module.read_text("utf-8"))))


def in_template(path: Path) -> Iterator[Address]:
    source, where = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S), path.name
    tags = {m.start(): ("POST" if 'method="post"' in m[0] else "GET") for m in _FORM.finditer(source)}
    for found in _ATTRIBUTE.finditer(source):
        text = _JINJA.sub(_hole, found[2])
        if text.startswith(("/", THING, ANY)) and text.strip(ANY + THING):
            form = max((at for at in tags if at < found.start()), default=0)
            method = {"href": "GET", "src": "GET", "data-autosave-url": "POST"}.get(found[1]) or tags.get(form, "")
            yield Address(where, text, method)
    for expression in _JINJA.findall(source):
        for before, _, text, after in _LITERAL.findall(expression):
            # Where it only begins with a slash, it may be the end of a thing's address.
            yield Address(where, (ANY if before or text.count("/") == 1 else "") + text + (ANY if after else ""))


def in_module(path: Path) -> Iterator[Address]:
    """Strings that begin like an address, and f-strings that do or that begin with a thing's own."""
    inside = {id(part) for node in parsed(path) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in parsed(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside and "\n" not in node.value:
            yield Address(f"{path.name}:{node.lineno}", node.value)
        elif isinstance(node, ast.JoinedStr):
            text = "".join(_value(part, first=n == 0) for n, part in enumerate(node.values))
            yield Address(f"{path.name}:{node.lineno}", text)


def _value(part: ast.expr, first: bool) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    assert isinstance(part, ast.FormattedValue)
    if first:
        return THING if isinstance(part.value, ast.Attribute) and part.value.attr == "url" else "?"
    return PART if isinstance(part.value, ast.Name | ast.Attribute) else ANY


def test_addresses_in_templates(app: Flask) -> None:
    found = {a for t in TEMPLATES if t.suffix == ".html" for a in in_template(t)}
    assert len(found) > 200
    assert {a for a in found if not leads(app, a) and not NO_ADDRESS.match(a.text)} == set()


def test_addresses_in_scripts(app: Flask) -> None:
    scripts = sorted((ROOT / "static/js").glob("*.*js"))
    found = [Address(s.name, re.sub(r"\$\{.*?\}", PART, m)) for s in scripts for m in _SCRIPT.findall(s.read_text("utf-8"))]
    assert found
    assert [a for a in found if not leads(app, a)] == []


def test_addresses_in_modules(app: Flask) -> None:
    found = {a for m in MODULES if "migrations" not in m.parts for a in in_module(m)}
    written = {a for a in found if re.match(rf"(/[a-z]|{THING}/)", a.text) and "<" not in a.text and not NO_ADDRESS.match(a.text)}
    assert len(written) > 60
    # The beginnings of some: the mail adds a token to the one, the history a version to the other.
    begun = {a for a in written if a.text.endswith("/stop") or a.text.startswith("/moderation/versions/")}
    assert {a for a in begun if not leads(app, Address(a.where, f"{a.text}/{ANY}"))} == set()
    assert {a for a in written - begun if not leads(app, a)} == set()


def test_every_url_for_finds_its_view(app: Flask) -> None:
    asked = 0
    for module in MODULES:
        for node in parsed(module):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("url_for"):
                names = [n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant)]
                assert names, f"{module.name}:{node.lineno}: say which view"
                for name in names:
                    rules = list(app.url_map.iter_rules(name)) if name in app.view_functions else []
                    given = {keyword.arg for keyword in node.keywords}
                    assert any(r.arguments <= given for r in rules), f"{module.name}:{node.lineno}: {name}"
                    asked += 1
    assert asked > 15
    assert not [t.name for t in TEMPLATES if "url_for(" in t.read_text("utf-8")], "templates write addresses out"
