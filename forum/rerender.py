"""Rendering stored texts again when the renderer changed (law 5): `forum migrate` does it, a few hundred at a time."""

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from forum.case_studies.models import CaseStudy
from forum.case_studies.record import LONGEST_KEPT, html
from forum.discussions.models import Post
from forum.kernel.db import db, transaction
from forum.kernel.markdown import RENDER_VERSION, TooComplex, render
from forum.kernel.outbox import touch_site
from forum.measures.actions import draw_again
from forum.measures.charts import CHART_VERSION
from forum.measures.models import Measure
from forum.updates.models import Update

log = logging.getLogger("forum.rerender")
BATCH = 200
Kind = type[Post] | type[Update] | type[CaseStudy]


def render_older() -> int:
    """Render everything that an older version of the renderer wrote; gives how many things. Safe to stop and repeat."""
    done = 0
    kinds: tuple[tuple[Kind, Callable[[Any], Any]], ...] = ((Post, _post), (Update, _update), (CaseStudy, _case))
    for model, again in kinds:
        while rows := _older(model):
            for row in rows:
                _keep(row, again)
            done += len(rows)
    return done + _draw_older()


def _draw_older() -> int:
    """Charts that an older version drew, a batch at a time."""
    done = 0
    while rows := db.session.scalars(select(Measure).where(Measure.chart_version < CHART_VERSION).limit(BATCH)).all():
        for measure in rows:
            with transaction():
                draw_again(measure)
                touch_site()
        done += len(rows)
    return done


def _older(model: Kind) -> list[Post | Update | CaseStudy]:
    older = select(model).where(model.render_version < RENDER_VERSION).order_by(model.id).limit(BATCH)
    return list(db.session.scalars(older))


def _keep(row: Post | Update | CaseStudy, again: Callable[[Any], Any]) -> None:
    """One text in one transaction; one that became too complex keeps its old HTML, which was safe when it was written."""
    try:
        html = again(row)
    except TooComplex:
        log.warning("%s %s is too complex for the new renderer: its old form stays", row.kind, row.id)
        html = row.html
    with transaction():
        row.html, row.render_version = html, RENDER_VERSION
        touch_site()


def _post(post: Post) -> str:
    return render(post.text, LONGEST_KEPT, prefix=f"r{post.id}-")


def _update(update: Update) -> str:
    return render(update.text, LONGEST_KEPT, prefix=f"u{update.id}-")


def _case(case: CaseStudy) -> dict[str, str]:
    return html(case.record)
