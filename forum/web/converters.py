"""Ids in addresses: `<id:name>` is "12", `<ref:name>` is "12" or "12-falls-on-ward-3".

What no column of the database can hold is no id: there is nothing at such an address. `<id:…>` would let it through to the
database, which answers with an error.
"""

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from forum.kernel.numbers import whole


class IdConverter(BaseConverter):
    regex = r"[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        number = whole(value.partition("-")[0])
        if number is None:
            raise ValidationError
        return number

    def to_url(self, value: object) -> str:
        return str(value)


class RefConverter(IdConverter):
    regex = rf"{IdConverter.regex}(?:-[a-z0-9-]*)?"


def init_converters(app: Flask) -> None:
    app.url_map.converters |= {"id": IdConverter, "ref": RefConverter}
    # /case-studies/12-x/ is not a second address of the same page.
    app.url_map.strict_slashes = True
