"""Styles, scripts, pictures and fonts, under addresses that never change their content.

Styles are joined and compressed once, at start-up; everything has the build's hash in its address, so browsers keep it for a year.
"""

import hashlib
import mimetypes
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


def _styles(folder: Path) -> bytes:
    """Return all styles as one text: the vendor's first, then ours: tokens and layout, then one file for each component."""
    own = [folder / "css/base.css", *sorted((folder / "css/components").glob("*.css"))]
    return b"\n".join(file.read_bytes() for file in [folder / "vendor/nhsuk.css", *own])


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
