"""Who sees an adoption, who may confirm, change, hide or withdraw it, and who hears of that."""

from flask import Flask

from forum.access.actors import Member
from forum.adoptions import actions
from forum.adoptions.measure_owner import OWNER
from forum.documents.identifiability import check
from forum.kernel.db import transaction
from forum.worker import Worker
from tests.adoptions.steps import SHARED, STOPPED, case, facts_of, number, share
from tests.page import Person
from tests.stories import CONFIRMED, draft


def status(who: Person, url: str) -> int:
    return who.client.get(url).status_code


def act(who: Person, url: str, verb: str, on: str, code: int = 303) -> None:
    """Press a button with the token of another page, as somebody might who has no button."""
    token = {"csrf_token": who.hidden("/discussions/new", "/discussions/new")["csrf_token"]}
    assert who.client.post(f"{url}/{verb}", data={**token, "on": on, "reason": "I was there."}).status_code == code


def test_a_hidden_one_is_gone_for_others_and_the_adopter_hears_why(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker, app: Flask
) -> None:
    url = case(author, moderator)
    made = share(other, url)
    other.client.get(f"/moderation/adoption/{number(made)}/hide")
    assert status(other, f"/moderation/adoption/{number(made)}/hide") == 404
    moderator.post(f"/moderation/adoption/{number(made)}/hide", {"reason": " "}, status=422)
    moderator.post(f"/moderation/adoption/{number(made)}/hide", {"reason": "It is an advert"})
    assert [status(who, made) for who in (visitor, author, other, moderator)] == [404, 404, 200, 200]
    assert "It is an advert" in other.get(made).text
    for page in (url, f"{url}/adoptions", "/people/olu-other"):
        assert SHARED["message"] not in visitor.get(page).text
    assert facts_of(app, url)["tried"] == 0
    worker.until_empty()
    assert "A moderator hid your entry" in other.get("/notifications").text
    act(other, made, "withdraw", "1", 422)
    moderator.post(f"/moderation/adoption/{number(made)}/show", {"reason": "It is none"})
    assert visitor.get(made)
    assert facts_of(app, url)["tried"] == 1


def test_a_report_can_hide_it(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    made = share(other, case(author, moderator))
    author.post(f"/report/adoption/{number(made)}", {"reason": "advert", "text": "It sells something"})
    moderator.post("/moderation/reports/1", {"outcome": "hide", "reason": "It is an advert"})
    assert status(visitor, made) == 404


def test_what_is_for_members_does_not_exist_for_a_visitor(
    author: Person, other: Person, moderator: Person, visitor: Person
) -> None:
    url = draft(author)
    author.post(f"{url}/edit/sharing", {"visibility": "members", "action": "save"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    moderator.post(f"{url}/review", {"verb": "publish"})
    made = share(other, url)
    assert [status(visitor, page) for page in (made, f"{url}/adoptions")] == [404, 404]
    assert SHARED["message"] not in visitor.get("/people/olu-other").text
    assert SHARED["message"] in author.get("/people/olu-other").text
    assert author.get(made)


def test_a_withdrawn_case_study_takes_its_records_along(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = case(author, moderator)
    made = share(other, url)
    author.post(f"{url}/withdraw")
    assert [status(who, made) for who in (visitor, other)] == [404, 404]
    assert SHARED["message"] not in visitor.get("/people/olu-other").text
    assert status(other, f"{url}/adoptions/new") == 404


def test_the_adopter_takes_it_away_and_puts_it_back(
    author: Person, other: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    url = case(author, moderator)
    made = share(other, url)
    act(author, made, "withdraw", "1", 403)
    other.post(f"{made}/withdraw", {"on": "1"}, on=made)
    assert [status(who, made) for who in (visitor, author, other, moderator)] == [404, 404, 200, 200]
    assert facts_of(app, url)["tried"] == 0
    other.post(f"{made}/withdraw", {"on": "0"}, on=made)
    assert visitor.get(made)
    assert facts_of(app, url)["tried"] == 1


def test_who_may_confirm(author: Person, other: Person, moderator: Person, admin: Person, worker: Worker, app: Flask) -> None:
    url = case(author, moderator)
    made, own = share(other, url), share(moderator, url, organisations="Modbury Surgery")
    act(other, made, "verify", "1", 403)
    act(moderator, own, "verify", "1", 403)
    act(admin, own, "verify", "1")
    act(author, own, "verify", "0", 403)
    assert "Confirmed by a moderator" in other.get(own).text
    assert "confirmed it" in moderator.get("/moderation/decisions").text.lower()
    for _ in range(2):
        author.post(f"{made}/verify", {"on": "1"}, on=made)
        assert "Confirmed by the original author" in other.get(made).text
    act(admin, made, "verify", "1")
    assert "Confirmed by the original author" in other.get(made).text, "an author's word stands above a moderator's"
    assert facts_of(app, url)["verified"] == 2
    worker.until_empty()
    assert other.get("/notifications").text.count("confirmed your “We tried this” entry") == 1
    author.post(f"{made}/verify", {"on": "0"}, on=made)
    assert "Self-reported" in other.get(made).text
    assert facts_of(app, url)["verified"] == 1


def test_a_confirmation_was_of_what_stood_there(author: Person, other: Person, moderator: Person) -> None:
    made = share(other, case(author, moderator))
    author.post(f"{made}/verify", {"on": "1"}, on=made)
    other.post(f"{made}/edit", {**SHARED, "message": "Another word"})
    assert "Confirmed by" in other.get(made).text
    other.post(f"{made}/edit", {**SHARED, "stage": "adapted"})
    assert "Self-reported" in other.get(made).text


def test_nobody_judges_what_is_said_of_their_own_case_study(other: Person, moderator: Person, admin: Person) -> None:
    url = case(moderator, admin)
    made = share(other, url, **STOPPED)
    hide = f"/moderation/adoption/{number(made)}/hide"
    assert status(moderator, hide) == 403
    answer = moderator.post(hide, {"reason": "I do not like it"}, on="/account", status=403)
    assert "Another moderator" in answer.text
    assert status(other, made) == 200


def test_two_people_editing_one_record_see_both_texts(author: Person, other: Person, moderator: Person) -> None:
    made = share(other, case(author, moderator))
    edit = f"{made}/edit"
    first, second = other.hidden(edit, edit), moderator.hidden(edit, edit)
    assert author.client.get(edit).status_code == 403
    assert other.client.post(edit, data={**first, **SHARED, "message": "first words"}).status_code == 303
    answer = moderator.client.post(edit, data={**second, **SHARED, "message": "second words"})
    assert answer.status_code == 409
    assert "first words" in answer.text
    assert "second words" in answer.text
    assert "second words" not in other.get(made).text
    moderator.post(edit, {**SHARED, "message": "third words", "reason": "Too long"})
    assert "third words" in other.get(made).text


def test_an_edit_is_kept_while_typing_and_told(author: Person, other: Person, moderator: Person, worker: Worker) -> None:
    made = share(other, case(author, moderator))
    edit = f"{made}/edit"
    hidden = other.hidden(edit, edit)
    assert other.client.post(f"{edit}/autosave", data={**hidden, **SHARED, "message": "Half of it"}).get_json()["saved_at"]
    assert "Half of it" in other.get(edit).text
    assert "Half of it" not in moderator.get(edit).text
    moderator.post(edit, {**SHARED, "message": "Shorter", "reason": "It was long"})
    answer = other.post(edit, {**SHARED, "message": "Half of it and more"}, status=409)
    assert "Shorter" in answer.text
    worker.until_empty()
    assert "It was long" in other.get("/notifications").text


def test_an_identifier_put_in_later_holds_it(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    made = share(other, case(author, moderator))
    text = {**SHARED, "why": "Hospital number 778899"}
    assert "say why" in other.post(f"{made}/edit", text, status=422).text.lower()
    other.post(f"{made}/edit", {**text, "justification": "It is invented"})
    assert status(visitor, made) == 404
    assert "We tried this" in moderator.get("/moderation?only=adoption").text


def test_words_in_measures_that_identify_hold_it(
    author: Person, other: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    made = share(other, case(author, moderator))
    with app.app_context():
        from forum.accounts.queries import by_email

        account = by_email("olu@example.org")
        assert account
        olu: Member = account.member()
        thing = OWNER.get(olu, int(number(made)))
        assert (thing.kind, thing.url, thing.name[:13]) == ("adoption", made, "We tried this")
        with transaction():
            OWNER.changed(olu, actions.queries.get(olu, thing.id), check({"interpretation": "NHS number 943 476 5919"}))
    assert status(visitor, made) == 404
    assert "measures may identify" in moderator.get(made).text
