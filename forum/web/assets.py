"""Styles, scripts, pictures and fonts, under addresses that never change their content.

Styles are joined, made smaller and compressed once, at start-up. Everything has the build's hash in its address, so browsers keep
it for a year.
"""

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

import brotli
from flask import Flask, Response, abort, current_app, request

from forum.web.access_level import Reach, reach

FOREVER = "public, max-age=31536000, immutable"
TYPES = {
    ".mjs": "text/javascript; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}
SMALL = {".mjs", ".js", ".css", ".svg"}
#: The folders of `static/css`, each a cascade layer: a rule outweighs all rules of the layers before its own, however specific
#: these are, so that ours need no `!important` against the vendor's. Where the vendor itself says `!important` it is the other
#: way round, the earlier layer wins: that is what `first` is for. The vendor's rules share a layer with what we say of plain
#: elements and of the vendor's own classes, where the more specific one wins.
LAYERS = ("first", "base", "components", "last")
VENDOR_IN = "base"
_TEXT = r"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_COMMENT = re.compile(_TEXT + r"|/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(_TEXT + r"|(?P<end>[\s;]*\})\s*|(?P<mark>\s*[{;,]|:)\s*|\s+")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent: whole, and small for browsers that take Brotli."""

    body: bytes
    small: bytes | None
    type: str


def _asset(name: str, body: bytes) -> Asset:
    suffix = Path(name).suffix
    kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(body, brotli.compress(body, quality=9) if suffix in SMALL else None, kind)


def smaller(styles: str) -> str:
    """Return the same styles without comments, and without the white space that only readers need."""

    def less(found: re.Match[str]) -> str:
        return found["text"] or ("}" if found["end"] else (found["mark"] or " ").strip() or " ")

    return _SPACE.sub(less, _COMMENT.sub(lambda found: found["text"] or "", styles)).strip()


def _styles(folder: Path) -> bytes:
    """Return the tokens, and a cascade layer for each folder of `css`; the vendor's styles are at the head of their layer."""
    css, vendor = folder / "css", (folder / "vendor/nhsuk.css").read_text("utf-8-sig")
    parts = [smaller((css / "tokens.css").read_text("utf-8"))]
    for layer in LAYERS:
        own = "".join(smaller(file.read_text("utf-8")) for file in sorted((css / layer).glob("*.css")))
        parts.append(f"@layer {layer}{{{vendor if layer == VENDOR_IN else ''}{own}}}")
    return "".join(parts).encode()


def _all(folder: Path) -> dict[str, Asset]:
    found = {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.suffix in {".mjs", ".js", ".svg", ".woff2", ".png", ".ico"}
    }
    return {name: _asset(name, body) for name, body in (found | {"app.css": _styles(folder)}).items()}


def font_file() -> Path:
    """The site's font, for pictures that the site draws itself."""
    found: Path = current_app.extensions["forum.font"]
    return found


def paper_fonts() -> Path:
    """The folder of the letters in which papers are set."""
    return font_file().parent / "papers"


def init_assets(app: Flask, static_dir: Path) -> None:
    """Read every file once, and serve them below `/assets/<hash>/`. Templates write `asset("js/main.mjs")`."""
    files = _all(static_dir)
    app.extensions["forum.font"] = static_dir / "vendor/fonts/source-sans-3.woff2"
    digest = hashlib.sha256()
    for name, file in files.items():
        digest.update(name.encode() + file.body)
    current = digest.hexdigest()[:12]

    @reach(Reach.PUBLIC)
    def send(build: str, name: str) -> Response:
        file = files.get(name)
        if file is None:
            abort(404)
        response = Response(file.body, content_type=file.type)
        if file.small is not None and request.accept_encodings["br"]:
            response = Response(file.small, content_type=file.type, headers={"Content-Encoding": "br"})
        # While a new version is being put in place, a page of one may ask a worker of the other: never keep that answer.
        response.headers["Cache-Control"] = FOREVER if build == current else "no-store"
        response.vary.add("Accept-Encoding")
        return response

    def asset(name: str) -> str:
        if name not in files:
            raise KeyError(f"there is no asset {name}")
        return f"/assets/{current}/{name}"

    app.add_url_rule("/assets/<build>/<path:name>", "assets.send", send)
    app.jinja_env.globals["asset"] = asset
    icon = files["img/favicon.svg"]

    @reach(Reach.PUBLIC)
    def favicon() -> Response:
        return Response(icon.body, content_type=icon.type, headers={"Cache-Control": "public, max-age=86400"})

    app.add_url_rule("/favicon.ico", "assets.favicon", favicon)
