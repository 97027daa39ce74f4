"""Styles, scripts, pictures and fonts: right types, small, kept for a year, and nothing that is not meant to be served."""

import re
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.web.assets import LAYERS, smaller

ROOT = Path(__file__).resolve().parents[2]
FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def base(app: Flask) -> str:
    """The address of this build's files, without the name."""
    return str(app.jinja_env.globals["asset"]("app.css")).removesuffix("app.css")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("app.css", "text/css; charset=utf-8"),
        ("js/main.mjs", "text/javascript; charset=utf-8"),
        ("vendor/nhsuk/index.mjs", "text/javascript; charset=utf-8"),
        ("vendor/fonts/source-sans-3.woff2", "font/woff2"),
    ],
)
def test_types_and_keeping(client: FlaskClient, base: str, name: str, kind: str) -> None:
    answer = client.get(base + name)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Cache-Control"] == FOREVER
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("accepts", "encoding"), [("br", "br"), ("gzip, br;q=0.5", "br"), ("gzip", None), ("br;q=0", None), ("", None)]
)
def test_brotli_only_for_those_who_take_it(client: FlaskClient, base: str, accepts: str, encoding: str | None) -> None:
    answer = client.get(base + "app.css", headers={"Accept-Encoding": accepts})
    assert answer.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    plain = brotli.decompress(answer.data) if encoding else answer.data
    assert plain == client.get(base + "app.css").data


def test_another_builds_address_is_never_kept(client: FlaskClient) -> None:
    """While versions change over, an answer under the wrong hash would stay wrong for a year."""
    answer = client.get("/assets/000000000000/app.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "name",
    [
        "nothing.css",
        "",
        "../forum/config.py",
        "..%2fforum%2fconfig.py",
        "%2e%2e/setup.cfg",
        "/etc/passwd",
        "vendor/checksums.txt",
        "css/tokens.css",
        "css/base/text.css",
        "js/",
    ],
)
def test_nothing_else_is_served(client: FlaskClient, base: str, name: str) -> None:
    assert client.get(base + name).status_code in {308, 404}


def test_a_wrong_name_in_a_template_is_an_error(app: Flask) -> None:
    with pytest.raises(KeyError, match="no-such"):
        app.jinja_env.globals["asset"]("js/no-such.mjs")  # type: ignore[operator]


def test_every_address_inside_the_files_exists(client: FlaskClient, base: str) -> None:
    """Fonts named by the styles, and modules imported by modules, from where each stands."""
    styles = client.get(base + "app.css").text
    named = {base + u for u in re.findall(r'url\("?([^")]+)"?\)', styles) if not u.startswith("data:")}
    for module in (ROOT / "static/js").glob("*.mjs"):
        for path in re.findall(r'"(\.{1,2}/[^"]+\.mjs)"', module.read_text("utf-8")):
            named.add(base + str((module.parent / path).resolve().relative_to(ROOT / "static")))
    assert any(n.endswith(".woff2") for n in named)
    for address in named:
        assert client.get(address).status_code == 200, address


def test_what_a_first_visit_loads_stays_small(client: FlaskClient, base: str) -> None:
    """The budget: styles 40 KB and scripts 20 KB as sent."""
    small = {"Accept-Encoding": "br"}
    assert len(client.get(base + "app.css", headers=small).data) <= 40_000
    modules = [str(m.relative_to(ROOT / "static")) for m in (ROOT / "static").rglob("*.*js")]
    assert sum(len(client.get(base + m, headers=small).data) for m in modules) <= 20_000


def test_nothing_is_loaded_from_elsewhere(client: FlaskClient, base: str) -> None:
    styles = client.get(base + "app.css").text
    assert "//" not in re.sub(r"https?://www\.w3\.org/\S+", "", "".join(re.findall(r"url\([^)]*\)", styles)))
    assert "Frutiger" not in "".join(re.findall(r"@font-face{[^}]*}", styles))
    assert "@import" not in styles


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("a {\n  color: red;\n  top: 0;\n}\n\nb {\n}\n", "a{color:red;top:0}b{}"),
        ("a,\nb {\n  margin: 0 -1px; ; }", "a,b{margin:0 -1px}"),
        ("a {\n  /* why: because; */\n  top: 0;\n}\n/* } */\nb {\n  top: 1px; }", "a{top:0}b{top:1px}"),
        ("a { width: calc(100% - (1px + 2px)); }", "a{width:calc(100% - (1px + 2px))}"),
        ("ul :is(li, a) > b:not(:hover) { top: 0 }", "ul :is(li,a) > b:not(:hover){top:0}"),
        ("@media screen and (min-width: 40em) {\n  a {\n    top: 0;\n  }\n}", "@media screen and (min-width:40em){a{top:0}}"),
        ("""a { content: " ;  /* kept */ } "; quotes: '\\' ,  {'; }""", """a{content:" ;  /* kept */ } ";quotes:'\\' ,  {'}"""),
    ],
)
def test_styles_lose_what_only_readers_need(written: str, sent: str) -> None:
    assert smaller(written) == sent
    assert smaller(sent) == sent


def test_styles_are_in_layers(client: FlaskClient, base: str) -> None:
    """In this order, with the vendor's in the second, and nothing but the tokens outside them, where it would outweigh all of them."""
    styles = re.sub(r'"[^"]*"', "", client.get(base + "app.css").text)
    outside, depth = "", 0
    for part in re.split(r"([{}])", styles):
        depth += {"{": 1, "}": -1}.get(part, 0)
        outside += part if depth == 0 and part != "}" else ""
    assert depth == 0
    assert outside == ":root" + "".join(f"@layer {name}" for name in LAYERS)
    assert styles.index("@layer base") < styles.index(".nhsuk-button--reverse") < styles.index("@layer components")
