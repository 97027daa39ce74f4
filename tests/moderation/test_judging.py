"""Hiding and showing, the same for every kind of thing: who may, once, with a reason."""

import re

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.accounts.models import Account
from forum.kernel.db import db, transaction
from forum.organisations.models import Organisation
from tests.adoptions.steps import SHARED, share
from tests.page import Person
from tests.stories import CASE, published, reply, submitted, thread

KINDS = ("thread", "reply", "adoption", "update")


def made(kind: str, person: Person, author: Person, admin: Person) -> str:
    """The address by which moderators judge something of that kind, written by `person`."""
    if kind == "thread":
        return f"/moderation/thread/{thread(person, 'How do you share rotas?', 'We do not.').split('/')[2].split('-')[0]}"
    if kind == "reply":
        talk = thread(author, "How do you share rotas?", "We do not.")
        return f"/moderation/reply/{reply(person, talk, 'On paper.').rpartition('#reply-')[2]}"
    case = published(person if kind == "update" else author, admin)
    if kind == "adoption":
        return f"/moderation/adoption/{share(person, case).split('/')[2].split('-')[0]}"
    said = {"entry": "update", "practice_status": "running", "happened": "01/03/2026", "text": "Still here.", "contact": "yes"}
    answer = person.post(f"{case}/updates/new", said)
    return f"/moderation/update/{person.location(answer).rpartition('#update-')[2]}"


def house(app: Flask, name: str, *people: str) -> None:
    """These people work for the organisation of that name."""
    with app.app_context(), transaction():
        place = db.session.scalars(select(Organisation.id).where(Organisation.name == name)).one()
        emails = [f"{person}@example.org" for person in people]
        db.session.execute(update(Account).where(Account.email.in_(emails)).values(organisation_id=place))


@pytest.mark.parametrize("kind", KINDS)
def test_hiding_and_showing_are_done_once_and_with_a_reason(
    kind: str, author: Person, other: Person, moderator: Person, admin: Person
) -> None:
    where = made(kind, other, author, admin)
    moderator.post(f"{where}/hide", {"reason": " "}, status=422)
    assert "This is not hidden" in moderator.post(f"{where}/show", {"reason": "By mistake"}, status=422).text
    moderator.post(f"{where}/hide", {"reason": "It names somebody"})
    assert "hidden already" in moderator.post(f"{where}/hide", {"reason": "It names somebody"}, status=422).text
    assert "no longer waiting" in moderator.post(f"{where}/release", on="/account", status=422).text
    moderator.post(f"{where}/show", {"reason": "It does not"})
    log = moderator.get("/moderation/decisions").text
    assert log.count("Hid it") == log.count("Showed it again") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_only_staff_decide_and_never_on_their_own(
    kind: str, author: Person, other: Person, moderator: Person, admin: Person
) -> None:
    where = made(kind, moderator, author, admin)
    for person, status in ((other, 404), (moderator, 403)):
        assert person.client.get(f"{where}/hide").status_code == status
        person.post(f"{where}/hide", {"reason": "I do not like it"}, on="/account", status=status)
    assert admin.client.get(f"{where}/hide").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_decides_for_their_own_organisation_while_another_can(
    kind: str, app: Flask, author: Person, other: Person, moderator: Person, admin: Person
) -> None:
    place = SHARED["organisations"] if kind == "adoption" else CASE["organisations-0"]
    published(author, admin)
    where = made(kind, other, author, admin)
    house(app, place, "olu", "mo")
    answer = moderator.post(f"{where}/hide", {"reason": "It looks bad for us"}, on="/account", status=403)
    assert "your own organisation" in answer.text
    house(app, place, "admin")
    moderator.post(f"{where}/hide", {"reason": "Nobody else can look"})


@pytest.mark.parametrize("where", ["nothing/1", "saved-search/1", "case-study/99", "thread/99", "thread/9999999999"])
def test_what_is_not_there_cannot_be_judged(where: str, moderator: Person) -> None:
    assert moderator.client.get(f"/moderation/{where}/hide").status_code == 404
    moderator.post(f"/moderation/{where}/release", on="/account", status=404)


def test_the_number_beside_moderation_is_of_now(author: Person, other: Person, moderator: Person) -> None:
    def waiting() -> str:
        found = re.search(r'href="/moderation"[^>]*>Moderation( \(\d+\))?<', moderator.get("/about").text)
        assert found
        return found[1] or ""

    number = thread(author, "How do you share rotas?", "We do not.").split("/")[2].split("-")[0]
    assert waiting() == ""
    other.post(f"/report/thread/{number}", {"reason": "other", "text": "It is not about health."})
    assert waiting() == " (1)"
    case = submitted(author)
    assert waiting() == " (3)", "the case study, and the organisation that it names for the first time"
    moderator.post(f"{case}/review", {"verb": "publish"})
    report = re.search(r'href="(/moderation/reports/\d+)"', moderator.get("/moderation").text)
    assert report
    moderator.post(report[1], {"outcome": "dismiss", "reason": "It is about staff."})
    assert waiting() == " (1)"
