"""`<ref:id_>` in an address: an id, with or without words after it ("12" or "12-falls-on-ward-3")."""

from flask import Flask
from werkzeug.routing import BaseConverter


class RefConverter(BaseConverter):
    regex = r"[1-9][0-9]{0,17}(?:-[a-z0-9-]*)?"

    def to_python(self, value: str) -> int:
        return int(value.partition("-")[0])

    def to_url(self, value: object) -> str:
        return str(value)


def init_converters(app: Flask) -> None:
    app.url_map.converters["ref"] = RefConverter
    # /case-studies/12-x/ is not a second address of the same page.
    app.url_map.strict_slashes = True
