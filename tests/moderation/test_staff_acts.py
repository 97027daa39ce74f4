"""Whatever staff do to another's thing has a reason, a record and a notice; its owner needs no reason for the same."""

import html
from email import message_from_bytes, policy
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from forum.accounts.queries import by_email
from forum.kernel.db import db
from forum.moderation.models import Decision
from forum.notifications.models import Notification
from forum.worker import Worker
from tests.moderation.scene import Act, Scene, acts
from tests.page import Page, Person

#: Addresses that change nothing of somebody else's, or that nobody but the owner can use; and those where what staff do is asked for
#: by the author (publishing, letting stand), or is told with a reason of its own kind, tested where that is.
NOT_ANOTHERS = [
    "/sign-in",
    "/sign-out",
    "/join",
    "/confirm/<token>",
    "/contact",
    "/forgotten-password",
    "/reset/<token>",
    "/resume/forget",
    "/account/",
    "/people/<username>/write",
    "/notifications/read",
    "/marks/",
    "/report/<kind>/<id:id_>",
    "/searches/",
    "/drafts/<key>/discard",
    "/discussions/new",
    "/case-studies/new",
    "/case-studies/import",
    "/case-studies/import/place",
    "/invitations/",
    "/case-studies/<ref:id_>/still/<token>",
    "/discussions/<ref:id_>/replies",
    "/discussions/replies/<id:id_>/thanks",
    "/case-studies/<ref:id_>/adoptions/new",
    "/case-studies/<ref:id_>/withdraw",
    "/adoptions/<ref:id_>/withdraw",
    "/case-studies/<ref:id_>/leave",
    "/case-studies/<ref:id_>/reviewed",
    "/case-studies/<ref:id_>/looked-at",
    "/case-studies/<ref:id_>/evidence",
    "/case-studies/<ref:id_>/purge",
    "/discussions/<ref:id_>/purge",
    "/moderation/<kind>/<id:id_>/release",
    "/moderation/reports/<id:id_>",
    "/moderation/organisations/<id:id_>",
    "/moderation/vocabulary/",
]


def test_each_with_a_reason_a_record_and_a_notice(
    app: Flask, author: Person, other: Person, moderator: Person, worker: Worker, tmp_path: Path
) -> None:
    scene, walked, told = Scene(author, other, moderator), set(), {}
    for act in acts(scene):
        if act.owner is not None:
            act.before()
            _press(act, act.owner, 303, _filled(act, 1))
        act.before()
        path, decided, typed = act.path(), _decisions(app), _filled(act, 2)
        refused = _press(act, moderator, 422, typed, path)
        kept = html.unescape(refused)
        assert "reason" in kept.lower(), act.name
        assert "Say why" in kept, act.name
        assert all(v in kept for v in typed.values() if isinstance(v, str)), f"{act.name}: what was typed comes back"
        assert _decisions(app) == decided, f"{act.name}: refused, and recorded all the same"
        reason = f"Because of number {len(told) + 1}."
        _press(act, moderator, 303, typed | {"reason": reason}, path)
        assert reason in {d.reason for d in _rows(app, decided)}, f"{act.name}: no decision"
        told[reason] = act
        walked.add(str(app.url_map.bind("").match(path, method="POST", return_rule=True)[0]))
    worker.until_empty()
    _check_told(app, told, tmp_path)
    log = moderator.get("/moderation/decisions").text
    assert f"Because of number {len(told)}." in log
    assert "Mo Mod</a>" in log
    rules = {r.rule for r in app.url_map.iter_rules() if "POST" in (r.methods or set()) and not r.rule.endswith("autosave")}
    open_ones = {r for r in rules - walked if not any(r == n or (n.endswith("/") and r.startswith(n)) for n in NOT_ANOTHERS)}
    left = {r for r in open_ones if not r.startswith("/adoptions/<ref:id_>/measures/")}
    assert left == set(), "an address that staff can use on another's thing: add it to the scene, or say here why not"


def _filled(act: Act, number: int) -> dict[str, object]:
    return {k: v.replace("{n}", str(number)) if isinstance(v, str) else v for k, v in act.data.items()}


def _press(act: Act, who: Person, status: int, data: dict[str, object], path: str = "") -> str:
    path = path or act.path()
    return who.post(path, {**data, **act.fresh()}, on=act.on or path, status=status).text


def _decisions(app: Flask) -> int:
    with app.app_context():
        return len(db.session.scalars(select(Decision.id)).all())


def _rows(app: Flask, after: int) -> list[Decision]:
    with app.app_context():
        return list(db.session.scalars(select(Decision).order_by(Decision.id).offset(after)))


def _check_told(app: Flask, told: dict[str, Act], tmp_path: Path) -> None:
    """On the site and by mail."""
    mails = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in (tmp_path / "mail").glob("*.eml")]
    sent = {(str(m["To"]), m.get_content()) for m in mails}
    with app.app_context():
        ids = {name: account.id for name in ("ada", "olu") if (account := by_email(f"{name}@example.org"))}
        news = db.session.scalars(select(Notification)).all()
    for reason, act in told.items():
        assert any(n.member_id == ids[act.told] and n.data.get("reason") == reason for n in news), f"{act.name}: not told"
        assert any(to == f"{act.told}@example.org" and reason in text for to, text in sent), f"{act.name}: no mail"


def test_what_was_typed_and_never_sent_outlives_staff(author: Person, other: Person, moderator: Person) -> None:
    scene = Scene(author, other, moderator)
    scene.typed("The nurse on nights had an idea.")
    moderator.post(f"{scene.case}/discard", {"reason": "It must go back"}, on=f"{scene.case}/edit")
    assert "had an idea" not in author.get(scene.page).text
    assert "had an idea" in author.get(f"{scene.case}/set-aside").text
    assert "It must go back" in author.get(f"{scene.case}/set-aside").text
    other.get(f"{scene.case}/set-aside", 403)
    author.post(scene.aside(), on=f"{scene.case}/set-aside")
    assert "had an idea" in author.get(scene.page).text
    moderator.post(scene.page, {"problem": "Shorter.", "action": "save", "reason": "It names her"})
    assert "had an idea" not in author.get(scene.page).text
    assert "had an idea" in author.get(f"{scene.case}/set-aside").text, "written over"
    assert Page(author.get(f"{scene.case}/edit").text).h1 == ["Your case study"]


def test_whoever_is_taken_out_is_told(author: Person, other: Person, moderator: Person, worker: Worker) -> None:
    scene = Scene(author, other, moderator)
    scene.join()
    moderator.post(f"{scene.part()}/remove", {"reason": "They asked us to"}, on=f"{scene.case}/people")
    worker.until_empty()
    for who in (author, other):
        assert "They asked us to" in who.get("/notifications").text
