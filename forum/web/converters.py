"""Ids and words in addresses: `<id:name>` is "12", `<ref:name>` is "12" or "12-falls-on-ward-3", `<name>` is a word.

A number or word that no column of the database can hold matches none of them, so the answer is 404. The database would answer
with an error.
"""

from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import BaseConverter, UnicodeConverter, ValidationError
from werkzeug.utils import cached_property

from forum.kernel.numbers import whole


class WordConverter(UnicodeConverter):
    """What stands without a converter's name: any word that a column can hold."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.regex = self.regex.replace("[^/]", r"[^/\x00]")


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


class TextRequest(Request):
    """A request whose arguments have no NUL characters, which PostgreSQL refuses to compare."""

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        return ImmutableMultiDict([(k.replace("\0", ""), v.replace("\0", "")) for k, v in super().args.items(multi=True)])


def init_converters(app: Flask) -> None:
    app.request_class = TextRequest
    app.url_map.converters |= {"id": IdConverter, "ref": RefConverter, "default": WordConverter}
    # /case-studies/12-x/ is not a second address of the same page.
    app.url_map.strict_slashes = True
