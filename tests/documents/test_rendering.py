"""What an older renderer wrote is rendered again, from the text that was kept."""

from flask import Flask

from forum.case_studies.models import CaseStudy
from forum.discussions.models import Post
from forum.documents.markdown import RENDER_VERSION
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.schema import render_older


def test_older_texts_are_rendered_again(context: Flask) -> None:
    at = now()
    with transaction():
        case = CaseStudy(member_id=1, html={"problem": "old"}, created_at=at, saved_at=at)
        case.record = {"problem": "**new**", "rest": "[" * 500}
        case.render_version = RENDER_VERSION - 1
        db.session.add(case)
        db.session.query(Post).update({"html": "old", "render_version": RENDER_VERSION - 1})
    posts = db.session.query(Post).count()
    assert render_older() == posts + 1
    db.session.expire_all()
    assert all("<p>" in p.html for p in db.session.query(Post))
    assert case.html == {"problem": "old"}, "one that is too complex now stays as it was"
    assert case.render_version == RENDER_VERSION
    with transaction():
        case.record, case.render_version = {"problem": "**new**"}, RENDER_VERSION - 1
    assert render_older() == 1
    db.session.expire_all()
    assert "<strong>new</strong>" in case.html["problem"]
    assert render_older() == 0
