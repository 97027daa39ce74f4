"""Loading the invented demo content: through the same actions as people use, then dated as the content says."""

import tomllib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from importlib import resources
from typing import Any

from sqlalchemy import select

from forum.access.actors import MEMBER, Member
from forum.accounts.actions import create
from forum.accounts.models import POSTS_UNTIL_TRUSTED, Account
from forum.accounts.passwords import hash_password
from forum.accounts.queries import account as account_of
from forum.case_studies.contributors import actions as contributor_actions
from forum.case_studies.editing import actions as case_actions
from forum.case_studies.measure_owner import OWNER
from forum.case_studies.models import CO_AUTHOR, REVIEWER, CaseStudy
from forum.case_studies.moderation import actions as moderating
from forum.case_studies.record.fields import CONFIRMATIONS
from forum.case_studies.record.values import ITEMS, finding_key, findings, html, normal
from forum.case_studies.submission import actions as submission
from forum.demo.adoptions import load_adoption
from forum.demo.dating import forget_mail, moment
from forum.demo.measures import add_measures
from forum.demo.updates import follow, publish_on
from forum.discussions.actions import ThreadDraft, Writing, accept_answer, add_reply, open_thread
from forum.discussions.events import ThreadStarted
from forum.discussions.models import Post, Thread
from forum.documents.markdown import render
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.outbox import announce
from forum.organisations.models import Organisation
from forum.organisations.queries import places_of
from forum.taxonomy.queries import forget

Bar = Callable[[int, str], AbstractContextManager[Callable[[int], None]]]

#: Everybody in the demo has this password; the README and `forum demo` say so. It is for a site on one's own machine.
PASSWORD = "learning-together-2026"
LIVED = "lived-experience"
WHY = "This is invented for the demonstration and belongs to nobody."


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("forum.demo").joinpath(f"content/{name}").read_text("utf-8"))


def _case_files() -> list[dict[str, Any]]:
    folder = resources.files("forum.demo").joinpath("content/case-studies")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return [tomllib.loads(f.read_text("utf-8")) for f in files]


def sign_ins() -> list[str]:
    """`email password role`, a line each: one of each role that people want to try first."""
    people = _toml("people.toml")["person"]
    staff = [p for p in people if p["access"] != MEMBER]
    shown = [*people[:2], *staff]
    return [f"{p['email']} {PASSWORD} {p['access']}" for p in shown]


def loaded() -> bool:
    """Return whether the demo content is there already; it is never loaded twice, so what people wrote since stays."""
    first = _toml("people.toml")["person"][0]["email"]
    return db.session.scalars(select(Account.id).where(Account.email == first)).first() is not None


def load(bar: Bar) -> bool:
    """Load everything, in one transaction for each thing. False when it was there already."""
    if loaded():
        return False
    cases, threads = _case_files(), _toml("threads.toml")["thread"]
    questions, measures = _toml("key-questions.toml")["question"], _toml("measures.toml")["measure"]
    adoptions = _toml("adoptions.toml")["adoption"]
    _organisations()
    with bar(len(cases) + len(threads) + len(questions) + len(adoptions), "Loading the demo content") as step:
        people = _people()
        for thread in threads:
            _thread(people, thread)
            step(1)
        for question in questions:
            _question(people, question)
            step(1)
        # Oldest first, so that ids and dates agree.
        ids: dict[str, int] = {}
        for case in sorted(cases, key=lambda c: str(c.get("published", "9999"))):
            ids[case["slug"]] = _case(people, case, [m for m in measures if m["case"] == case["slug"] and "adopter" not in m])
            step(1)
        for adoption in sorted(adoptions, key=lambda a: str(a["shared"])):
            figures = [m for m in measures if (m["case"], m.get("adopter")) == (adoption["case"], adoption["author"])]
            load_adoption(people, adoption, ids[adoption["case"]], _names(), figures)
            step(1)
        forget_mail()
        follow(people, ids, _toml("updates.toml")["update"], _toml("evidence.toml")["level"])
    return True


def _organisations() -> None:
    with transaction():
        for row in _toml("organisations.toml")["organisation"]:
            fresh = Organisation(
                name=row["name"], type=row["type"], region=row["region"], note=row["note"], created_at=now(), ods_code=None
            )
            db.session.add(fresh)
    forget()


def _names() -> dict[str, str]:
    return {row["slug"]: row["name"] for row in _toml("organisations.toml")["organisation"]}


def _people() -> dict[str, Member]:
    """All accounts, with one hash of the one password: hashing it for each would take seconds and hide nothing."""
    digest, names = hash_password(PASSWORD), _names()
    with transaction():
        ids = {o.name: o.id for o in db.session.scalars(select(Organisation))}
        made: dict[str, Account] = {}
        for row in _toml("people.toml")["person"]:
            account = create(row["name"], row["email"], digest, row["role"], row["access"])
            account.username, account.bio, account.sector = row["username"], row.get("bio", ""), row["sector"]
            account.organisation_id = ids[names[row["organisation"]]]
            account.confirmed_at = now()
            account.posts_approved = POSTS_UNTIL_TRUSTED
            made[row["username"]] = account
        db.session.flush()
    return {username: account.member() for username, account in made.items()}


def _writing(text: str, key: str) -> Writing:
    return Writing(text.strip(), render(text.strip(), prefix=f"{key}-"))


def _opened(thread: Thread, day: date) -> None:
    """The thread and its first post are of that day; what follows comes after them."""
    first = db.session.scalars(select(Post).where(Post.thread_id == thread.id, Post.seq == 1)).one()
    thread.created_at = thread.last_at = first.created_at = moment(day)


def _replies(thread: Thread, people: dict[str, Member], rows: list[dict[str, Any]], start: date) -> list[Post]:
    posts = []
    for number, row in enumerate(sorted(rows, key=lambda r: r["days"])):
        post = add_reply(thread, people[row["author"]].id, _writing(row["text"], f"d{thread.id}x{number}"))
        post.created_at = moment(start, row["days"])
        thread.last_at = post.created_at
        posts.append(post)
    return posts


def _thread(people: dict[str, Member], row: dict[str, Any]) -> None:
    author = people[row["author"]]
    draft = ThreadDraft(
        title=row["title"],
        writing=_writing(row["text"], "t" + row["slug"][:12]),
        question=row["kind"] == "question",
        elements=row.get("elements", []),
        care_models=row.get("care_models", []),
    )
    with transaction():
        thread = open_thread(author.id, draft)
        _opened(thread, row["started"])
        replies = row.get("reply", [])
        posts = _replies(thread, people, replies, row["started"])
        announce(ThreadStarted(thread.id, author.id, False))
        answer = row.get("answer", -1)
        if answer >= 0:
            order = sorted(range(len(replies)), key=lambda i: replies[i]["days"])
            accept_answer(author, thread.id, posts[order.index(answer)].id)


def _question(people: dict[str, Member], row: dict[str, Any]) -> None:
    """Replies to the site's own pinned questions."""
    with transaction():
        found = select(Thread).where(Thread.site_key == f"key-question:{row['slug']}")
        thread = db.session.scalars(found).one()
        _opened(thread, date(2025, 9, 1))
        _replies(thread, people, row.get("reply", []), date(2025, 9, 1))


def _case(people: dict[str, Member], row: dict[str, Any], measures: list[dict[str, Any]]) -> int:
    """Load one case study with all that belongs to it; return its id."""
    author, names = people[row["author"]], _names()
    values = normal(
        {name: row[name] for name in (*ITEMS, "not_applicable") if name in row}
        | {"organisations": [names[slug] for slug in row["organisations"]], "practice_status": row.get("status", "")}
    )
    with transaction():
        case = case_actions.begin(author, values)
    _team(people, case.id, row)
    add_measures(author, OWNER, case.id, measures)
    if row["state"] != "draft":
        found = findings(values)
        why = {finding_key(f): WHY for f in found}
        rendered = html(values)
        with transaction():
            case = submission.submit(author, case.id, rendered, found, why, list(CONFIRMATIONS))
            case.submitted_at = moment(row.get("published", now().date()), -2)
        _decide(people, case.id, row)
    return case.id


def _team(people: dict[str, Member], case_id: int, row: dict[str, Any]) -> None:
    """Co-authors and reviewers: asked, and glad to. Those whose role is lived experience write as patient or carer."""
    author = people[row["author"]]
    for username in row.get("co_authors", []):
        lived = account_of(people[username]).role == LIVED
        _join(author, people[username], case_id, CO_AUTHOR, lived)
    for review in row.get("reviewer", []):
        reader = people[review["author"]]
        _join(author, reader, case_id, REVIEWER, review["lived"])
        with transaction():
            contributor_actions.reviewed(reader, case_id, review["remark"])
    if row.get("co_authors") or row.get("reviewer"):
        forget_mail()


def _join(author: Member, who: Member, case_id: int, role: str, lived: bool) -> None:
    with transaction():
        invitation = contributor_actions.invite(author, case_id, account_of(who).email, role, lived)
        contributor_actions.accept(who, invitation.id)


def _decide(people: dict[str, Member], case_id: int, row: dict[str, Any]) -> None:
    if row["state"] not in {"published", "changes-asked"}:
        return
    judge = _judge(people, case_id, row)
    verb = "publish" if row["state"] == "published" else "ask"
    with transaction():
        case = db.session.get_one(CaseStudy, case_id)
        opening = render(moderating.opening_text(case)) if verb == "publish" else ""
        moderating.decide(judge, case_id, verb, row.get("reason", ""), opening)
        if case.thread_id is not None:
            publish_on(case, moment(row["published"]))
            thread = db.session.get_one(Thread, case.thread_id)
            _opened(thread, row["published"])
            _replies(thread, people, row.get("thread", []), row["published"])
    forget_mail()


def _judge(people: dict[str, Member], case_id: int, row: dict[str, Any]) -> Member:
    """Somebody on the staff who wrote or reviewed no part of it and works for none of its organisations."""
    houses = {place.id for place in places_of(CaseStudy.kind, [case_id])[case_id]}
    part = {row["author"], *row.get("co_authors", []), *(r["author"] for r in row.get("reviewer", []))}
    return next(m for m in people.values() if m.staff and m.username not in part and m.organisation_id not in houses)
