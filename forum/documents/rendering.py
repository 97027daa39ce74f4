"""Rendering stored texts again when the renderer changed (law 5): `forum migrate` does it, a few hundred at a time."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, select

from forum.documents.markdown import RENDER_VERSION, TooComplex
from forum.kernel.db import db, transaction
from forum.kernel.outbox import touch_site

log = logging.getLogger("forum.rendering")
BATCH = 200


def render_older(model: Any, render: Callable[[Any], Any]) -> int:
    """Render what an older version of the renderer wrote in rows with `html` and `render_version`. Safe to stop and repeat.

    Returns how many rows were done. A text that became too complex keeps its old HTML, which was safe when it was written.
    """
    done = 0
    for row in older(select(model).where(model.render_version < RENDER_VERSION).order_by(model.id)):
        try:
            html = render(row)
        except TooComplex:
            log.warning("%s %s is too complex for the new renderer: its old form stays", row.kind, row.id)
            html = row.html
        with transaction():
            row.html, row.render_version = html, RENDER_VERSION
            touch_site()
        done += 1
    return done


def older(rows: Select[Any]) -> Iterator[Any]:
    """The rows, a batch at a time, until none is left: each must be changed so that it is no longer among them."""
    while batch := db.session.scalars(rows.limit(BATCH)).all():
        yield from batch
