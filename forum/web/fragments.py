"""Parts of pages that are the same for the same values: a card, the head of a post. Each process caches the last ones that it made.

`{{ fragment(macro, value, …) }}` in a template. The key is all the macro's arguments, and such a macro uses nothing else: no
reader, no request, no list that may change. So a cached part is never out of date, and a change elsewhere on the site does not
remove it.

Every value has to be hashable, and in its place always text or always markup: the two can be equal, and only text is escaped.
What differs from page to page, such as a form's token, is put in afterwards for `SLOT`, which no text of anybody holds (`clean`).
"""

from collections.abc import Callable, Hashable
from functools import lru_cache

from flask import Flask, current_app
from markupsafe import Markup

#: Some 3 kB each.
KEPT = 1_500
SLOT = "\0"


def init_fragments(app: Flask) -> None:
    @lru_cache(maxsize=KEPT, typed=True)
    def fragment(macro: Callable[..., Markup], *values: Hashable) -> Markup:
        return macro(*values)

    app.jinja_env.globals.update(fragment=fragment, slot=SLOT)


def part(template: str, **values: object) -> Markup:
    """A part of a page, to be kept as a whole (`web/kept.py`): a template that is given these values alone. What it says of the
    reader or of the request is an error, since it knows neither."""
    return Markup(current_app.jinja_env.get_template(template).render(values))
