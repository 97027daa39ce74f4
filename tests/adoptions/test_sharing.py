"""Saying "we tried this": the form and the page that comes of it."""

import pytest

from forum.accounts.models import Account
from forum.case_studies.record.values import fingerprint
from forum.kernel.db import db, transaction
from forum.worker import Worker
from tests.adoptions.steps import PARTS, SHARED, STOPPED, case, case_with_parts, number, share
from tests.conftest import person
from tests.page import Person

FULL = {
    **SHARED,
    "partner_1": "Farville Lodge care home",
    "place": "North wing",
    "started": "2025-03",
    "ended": "2026",
    "kept": [fingerprint(PARTS[0])],
    "changed": "A nurse comes, not a GP.",
    "why": "We have no GP to spare.",
    "context_workforce": "hindered",
    "context_workforce_note": "Half the seniors are new.",
    "result_text": "Calls fell from 14 to 10 a month.",
}


def test_three_answers_are_enough(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = case(author, moderator)
    assert f'href="{url}/adoptions/new"' in visitor.get(url).text
    made = other.location(other.post(f"{url}/adoptions/new", {"organisations": "Farville Surgery", "stage": "considering"}))
    page = visitor.get(made).text
    for words in ("Farville Surgery", "Considering", "Self-reported", "Weekly ward round"):
        assert words in page
    for heading in ("To the next team", "What happened", "How close", "What was different"):
        assert heading not in page
    other.get(made)
    author.get(made)


def test_everything_told_is_shown(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = case_with_parts(author, moderator)
    page = visitor.get(share(other, url, **FULL)).text
    for value in FULL.values():
        if isinstance(value, str) and " " in value:
            assert value.replace("'", "&#39;") in page, value
    for words in ("March 2025", "It hindered", "Adopted", "It got better", "Kept", "Not kept", *PARTS):
        assert words in page, words


def test_who_stopped_says_why(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = case(author, moderator)
    for stage in ("stopped", "decided-not-to"):
        back = other.post(f"{url}/adoptions/new", {**STOPPED, "stage": stage, "reasons": []}, status=422).text
        assert "Choose at least one reason" in back
        assert "Our GP left" in back
    page = visitor.get(share(other, url, **STOPPED)).text
    assert "Why they stopped" in page
    assert "Staffing" in page
    assert "Our GP left" in page
    assert "Why they" not in visitor.get(share(other, url, reasons=["time"], reason_text="Old words")).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"organisations": ""}, "name at least one organisation"),
        ({"organisations": "X"}, "3 to 120 characters"),
        ({"organisations": "x" * 121}, "3 to 120 characters"),
        ({"stage": ""}, "Choose how far you are"),
        ({"stage": "invented"}, "Choose how far you are"),
        ({"result": ""}, "Choose what came of it"),
        ({"result": "splendid"}, "Choose one of the answers"),
        ({"reasons": ["invented"]}, "Choose reasons from the list"),
        ({"started": "last May"}, "Give year and month"),
        ({"started": "2025-03", "ended": "2025-02"}, "cannot end before it started"),
        ({"message": "x" * 401}, "1 character too long"),
        ({"context_data_note": "A paper diary"}, "fill in “Effect”"),
        ({"context_data": "invented"}, "choose one of the answers"),
        ({"context_data": "helped", "context_data_note": "y" * 301}, "1 character too long"),
        ({"place": "z" * 100_000}, "far too long"),
        ({"message": "a\x00b"}, "characters that cannot be stored"),
        ({"organisations": "Anytown Surgery"}, "where the case study comes from"),
    ],
)
def test_what_cannot_be_taken_comes_back(
    author: Person, other: Person, moderator: Person, change: dict[str, object], words: str
) -> None:
    url = case(author, moderator)
    back = other.post(f"{url}/adoptions/new", {**SHARED, **change}, status=422).text
    assert words in back, words
    assert "Error: " in back
    if "message" not in change:
        assert SHARED["message"] in back
    assert "Nobody has told us yet" in other.get(f"{url}/adoptions").text


def test_a_partner_of_the_case_study_may_try_it_with_others(author: Person, other: Person, moderator: Person) -> None:
    assert share(other, case(author, moderator), organisations="Anytown Surgery", partner_2="Farville Surgery")


def test_only_core_parts_of_the_case_study_can_be_kept(author: Person, other: Person, moderator: Person) -> None:
    url = case_with_parts(author, moderator)
    page = other.get(share(other, url, kept=[fingerprint("Something else"), fingerprint(PARTS[1])])).text
    assert "Something else" not in page
    assert PARTS[1] in page


def test_hostile_text_is_only_text(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    hostile = "<script>alert(1)</script>\x07 **not bold** {{ 7*7 }}"
    url = case(author, moderator)
    fields = ("message", "result_text", "changed", "why", "place", "context_money_note")
    made = share(other, url, organisations=hostile, context_money="helped", **dict.fromkeys(fields, hostile))
    for address in (made, url, f"{url}/adoptions", "/people/olu-other"):
        page = visitor.get(address).text
        assert "<script>alert" not in page
        assert "\x07" not in page
    assert "**not bold** {{ 7*7 }}" in visitor.get(made).text


def test_a_double_click_makes_one_record(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = case(author, moderator)
    data = {**other.hidden(f"{url}/adoptions/new", f"{url}/adoptions/new"), **SHARED}
    places = {other.client.post(f"{url}/adoptions/new", data=data).headers["Location"] for _ in range(3)}
    assert len(places) == 1
    assert "<strong>1</strong> entry" in visitor.get(f"{url}/adoptions").text


def test_authors_post_an_update_instead(author: Person, moderator: Person) -> None:
    url = case(author, moderator)
    page = author.get(f"{url}/adoptions/new").text
    assert "Post an update" in page
    assert f'href="{url}/updates"' in page
    assert "We tried this</a>" not in author.get(url).text
    answer = author.post(f"{url}/adoptions/new", SHARED, on="/discussions/new", status=422)
    assert "Post an update" in answer.text


def test_a_draft_waits_on_the_server(author: Person, other: Person, moderator: Person) -> None:
    url = case_with_parts(author, moderator)
    form = f"{url}/adoptions/new"
    token = other.hidden(form, form)
    typed = {
        **token,
        "organisations": "Farville",
        "stage": "piloting",
        "message": "Half a thought",
        "kept": [fingerprint(PARTS[0])],
    }
    assert other.client.post(f"{form}/autosave", data=typed).get_json()["saved_at"]
    page = other.page(form)
    assert "Half a thought" in page.html
    fields = page.form("adoptions/new")["fields"]
    assert fields["stage"] == "piloting"
    assert fields["kept"] == fingerprint(PARTS[0])
    assert "We tried this: Weekly" in other.get("/drafts").text
    share(other, url)
    assert "Half a thought" not in other.get(form).text
    assert other.client.post(f"{form}/autosave", data={**token, "message": "a\x00b"}).status_code == 422


def test_newcomers_and_identifiers_are_held_and_the_desk_knows(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    url = case(author, moderator)
    text = {"result_text": "Hospital number 778899"}
    back = other.post(f"{url}/adoptions/new", {**SHARED, **text}, status=422).text
    assert "say why" in back.lower()
    flagged = share(other, url, **text, justification="It is an invented number")
    with author.client.application.app_context(), transaction():
        db.session.query(Account).filter_by(email="olu@example.org").update({"posts_approved": 0})
    new = share(person(author.client.application, "olu"), url, organisations="Second Surgery")
    desk = moderator.get("/moderation?only=adoption").text
    assert "Possible identifying detail" in desk
    assert "New member" in desk
    for made in (flagged, new):
        assert visitor.client.get(made).status_code == 404
        assert author.client.get(made).status_code == 404
        assert "Waiting for a moderator" in other.get(made).text
    worker.until_empty()
    assert "is waiting for a moderator" in moderator.get("/notifications").text
    assert "wrote a “We tried this” entry on" not in author.get("/notifications").text
    assert "It is an invented number" in moderator.get(flagged).text
    moderator.post(f"/moderation/adoption/{number(flagged)}/release", on=flagged)
    worker.until_empty()
    assert visitor.get(flagged)
    assert "wrote a “We tried this” entry on" in author.get("/notifications").text
    assert "Your entry is published" in other.get("/notifications").text
    assert moderator.client.post(f"/moderation/adoption/{number(flagged)}/release").status_code in {400, 422}


def test_twenty_a_day(author: Person, other: Person, moderator: Person) -> None:
    url = case(author, moderator)
    hidden = other.hidden(f"{url}/adoptions/new", f"{url}/adoptions/new")
    codes = [
        other.client.post(f"{url}/adoptions/new", data={**hidden, **SHARED, "message": f"Tip {n}", "form_key": f"k{n}"}).status_code
        for n in range(21)
    ]
    assert codes == [303] * 20 + [429]
