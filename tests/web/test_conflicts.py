"""Two windows at one thing: whoever saves second sees both texts, and what nobody disputes is settled by itself."""

import pytest

from tests.adoptions.steps import SHARED, share
from tests.case_studies.uploads import newest, photo, upload
from tests.measures.steps import FIELDS, measure
from tests.page import Page, Person
from tests.stories import draft, published, reply, thread

ONE, TWO = "What the first window says", "What the second window says"
UPDATE = {"entry": "update", "practice_status": "running", "happened": "1/11/2026", "text": "It goes on.", "contact": "yes"}


def _thread(author: Person, _other: Person, _moderator: Person) -> tuple[str, dict[str, str], str]:
    return f"{thread(author)}/edit", {"title": "How do you keep huddles going?"}, "text"


def _reply(author: Person, _other: Person, _moderator: Person) -> tuple[str, dict[str, str], str]:
    return f"/discussions/replies/{reply(author, thread(author)).split('#reply-')[1]}/edit", {}, "text"


def _update(author: Person, _other: Person, moderator: Person) -> tuple[str, dict[str, str], str]:
    case = published(author, moderator)
    where = author.location(author.post(f"{case}/updates/new", UPDATE))
    return f"{case}/updates/{where.split('#update-')[1]}/edit", {"happened": "1/11/2026"}, "text"


def _adoption(author: Person, other: Person, moderator: Person) -> tuple[str, dict[str, str], str]:
    return f"{share(author, published(other, moderator))}/edit", SHARED, "message"


def _measure(author: Person, _other: Person, moderator: Person) -> tuple[str, dict[str, str], str]:
    return f"{measure(author, published(author, moderator))}/edit", {**FIELDS, "action": "save"}, "interpretation"


KINDS = {"thread": _thread, "reply": _reply, "update": _update, "adoption": _adoption, "measure": _measure}


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_sees_both_and_types_nothing_again(kind: str, author: Person, other: Person, moderator: Person) -> None:
    where, rest, field = KINDS[kind](author, other, moderator)
    first, second = author.hidden(where, ""), author.hidden(where, "")
    assert author.client.post(where, data={**first, **rest, field: ONE}).status_code == 303
    assert author.client.post(where, data={**first, **rest, field: ONE}).status_code == 303, "a double click is no conflict"
    answer = author.client.post(where, data={**second, **rest, field: TWO})
    assert answer.status_code == 409
    assert ONE in answer.text
    assert TWO in answer.text
    again = next(f["fields"] for f in Page(answer.text).forms if "version" in f["fields"])
    assert author.client.post(where, data={**again, **rest, field: TWO}).status_code == 303, "saving again is a choice"
    assert TWO in author.get(where).text
    # The first window goes back and saves what it has: that is not what stands now.
    assert author.client.post(where, data={**first, **rest, field: ONE}).status_code == 409


def test_fields_that_one_left_alone_are_settled(author: Person, moderator: Person) -> None:
    where = f"{thread(author, elements=['resilience'])}/edit"
    mine, theirs = author.hidden(where, ""), moderator.hidden(where, "")
    whole = {"question": "question", "elements": ["resilience"]}
    moderator.client.post(
        where,
        data={**theirs, **whole, "title": "How to keep huddles going", "text": "Ours stop when it is busy.", "reason": "Shorter"},
    )
    saved = author.client.post(
        where,
        data={
            **mine,
            **whole,
            "title": "How do you keep huddles going?",
            "text": "Ours stop on Mondays.",
            "elements": ["stable-core-team"],
        },
    )
    assert saved.status_code == 303
    page = author.get(author.location(saved)).text
    assert "How to keep huddles going" in page
    assert "Ours stop on Mondays." in page
    assert "/elements/stable-core-team" in page

    # Where one field is disputed, the others come back as they are stored, so that saving again overwrites nothing else.
    moderator.client.post(
        where, data={**moderator.hidden(where, ""), "title": "Huddles", "text": "Ours stop at night.", **whole, "reason": "x"}
    )
    answer = author.client.post(
        where,
        data={
            **author.hidden(where, ""),
            "version": "2",
            **whole,
            "title": "How to keep huddles going",
            "text": "Ours never stop.",
        },
    )
    assert answer.status_code == 409
    assert 'value="Huddles"' in answer.text
    assert "Ours stop at night." in answer.text
    assert "Ours never stop." in answer.text


def test_a_huge_or_odd_version_is_an_old_one(author: Person) -> None:
    where = f"/discussions/replies/{reply(author, thread(author)).split('#reply-')[1]}/edit"
    for version in ("99999999999999999999999", "-1", "2", ""):
        answer = author.client.post(where, data={**author.hidden(where, ""), "version": version, "text": f"Words {version}"})
        assert answer.status_code in {303, 409}, version
    author.get(f"{where}?from=99999999999999999999&form=abcdefghijklmnopqrstuv")
    assert author.client.get(f"{where}?from=x&form=%3Cscript%3E").status_code == 303


def test_a_profile_in_two_windows(author: Person) -> None:
    path = "/account/profile"
    first, second = author.hidden(path, ""), author.hidden(path, "")
    about = {"name": "Ada Author", "role": "nurse", "organisation": "Anytown Surgery"}
    assert author.client.post(path, data={**first, **about, "bio": ONE}).status_code == 303
    assert author.client.post(path, data={**first, **about, "bio": ONE}).status_code == 303
    answer = author.client.post(path, data={**second, **about, "bio": TWO})
    assert answer.status_code == 409
    assert ONE in answer.text
    assert TWO in answer.text
    again = next(f["fields"] for f in Page(answer.text).forms if "version" in f["fields"])
    assert author.client.post(path, data={**again, **about, "bio": TWO}).status_code == 303


def test_what_is_said_of_a_picture(author: Person) -> None:
    case = draft(author)
    upload(author, case, photo())
    file = newest(author, case)
    number = file.rpartition("/")[2]
    page = author.get(f"{case}/files").text
    began = next(name for f in Page(page).forms for name in f["fields"] if name.startswith(f"said-{number}-"))
    words = {
        "csrf_token": author.hidden(f"{case}/files", "")["csrf_token"],
        f"file-{number}-alt": "A ward",
        f"file-{number}-consent": "no",
    }
    assert author.client.post(file, data={**words, began: "", f"file-{number}-caption": ONE}).status_code == 303
    answer = author.client.post(file, data={**words, began: "", f"file-{number}-caption": TWO})
    assert answer.status_code == 409
    assert ONE in answer.text
    assert TWO in answer.text
