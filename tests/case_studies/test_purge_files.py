"""The purge takes uploaded files: what they hold, and what they are called; and works on discussions as on case studies."""

from flask import Flask

from forum.documents.uploads import pack, unpack
from forum.worker import Worker
from tests.case_studies.test_purge import REASON, SECRET, where
from tests.case_studies.uploads import drawing, photo, picture, rows, send, stored, upload
from tests.documents.word_files import word_file
from tests.page import Person
from tests.stories import published, reply, thread

NAME = SECRET.replace(" ", "_")


def pdf(words: str) -> bytes:
    return f"%PDF-1.4\n1 0 obj\n<< /Length 44 >>\nstream\nBT ({words}) Tj ET\nendstream\nendobj\n%%EOF\n".encode()


def word(words: str) -> bytes:
    """A Word file in which marks of the program stand in the middle of the name."""
    parts = unpack(word_file([], words))
    cut = words[:4].encode() + b"</w:t></w:r><w:r><w:t>" + words[4:].encode()
    return pack({name: part.replace(words.encode(), cut) for name, part in parts.items()})


def test_files_that_hold_the_words_go_and_names_with_them(
    app: Flask, author: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    url = published(author, moderator, problem=f"We knew {SECRET} well.")
    upload(author, url, f"Seen: {SECRET}\n".encode(), "notes.txt", caption="Notes", alt="")
    upload(author, url, word(SECRET), "plan.docx", caption="The plan", alt="")
    upload(author, url, pdf(SECRET), "leaflet.pdf", caption="A leaflet", alt="")
    upload(author, url, b"Month,Calls\nMay,4\n", f"for_{NAME}.csv", caption="Figures", alt="")
    upload(author, url, photo(), f"{NAME}.jpg", caption="The door", alt="A name plate")
    upload(author, url, drawing(), "plan.png", caption="A plan", alt="A plan of the ward")
    send(author, url)
    worker.until_empty()
    door = next(f.id for f in rows(app) if f.caption == "The door")
    assert {"attachments", "revisions"} <= set(where(app, SECRET))
    seen = moderator.post(f"{url}/purge", {"words": SECRET, "reason": REASON, "action": "look"}, status=200).text
    assert "Uploaded files: 3" in seen
    assert f'name="files" value="{door}"' in seen, "a person looks at what a program cannot read"
    moderator.post(f"{url}/purge", {"words": SECRET, "reason": REASON, "action": "remove", "files": [str(door)]})
    worker.until_empty()
    assert where(app, SECRET) == []
    left = {f.caption: f for f in rows(app)}
    assert set(left) == {"Figures", "A plan"}
    assert len(stored(app)) == 2
    answer = visitor.get(f"{url}/files/{left['Figures'].id}")
    assert answer.data.startswith(b"Month,Calls"), "a file that only had the name stays"
    assert "quill" not in answer.headers["Content-Disposition"].lower()
    history = author.get(f"{url}/history").text
    assert "A picture or file that is no longer shown" in history
    assert SECRET not in history


def test_words_in_a_file_alone_are_found(app: Flask, author: Person, moderator: Person) -> None:
    url = published(author, moderator)
    picture(author, url)
    upload(author, url, f"Seen: {SECRET}\n".encode(), "notes.txt", caption="Notes", alt="")
    moderator.post(f"{url}/purge", {"words": SECRET, "reason": REASON, "action": "remove"})
    assert [f.caption for f in rows(app)] == ["The ward"]


def test_a_thread_and_its_replies_lose_them_everywhere(
    app: Flask, author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    talk = thread(author, f"What became of {SECRET}?", f"I knew **{SECRET}**.", question="discussion")
    number = talk.split("/")[2].split("-")[0]
    answer = reply(other, talk, f"_{SECRET}_ is well.").split("#reply-")[1]
    author.post(f"/discussions/{number}/edit", {"title": f"And {SECRET}?", "text": "Nobody knows.", "question": "discussion"})
    token = other.hidden(f"/discussions/{number}", f"/discussions/{number}/replies")
    kept = other.client.post(f"/discussions/{number}/replies/autosave", data={**token, "text": f"{SECRET} again"})
    assert kept.status_code == 200
    opened = other.hidden(f"/discussions/replies/{answer}/edit", f"/discussions/replies/{answer}/edit")
    moderator.post(f"/discussions/replies/{answer}/edit", {"text": f"{SECRET} was well.", "reason": f"Not {SECRET}'s words"})
    elsewhere = thread(other, "Somebody else of that name", f"My aunt is called {SECRET} too.", question="discussion")
    worker.until_empty()
    assert {"threads", "posts", "revisions", "form_drafts", "decisions"} <= set(where(app, SECRET))
    for who, status in ((author, 404), (other, 404)):
        assert who.client.get(f"/discussions/{number}/purge").status_code == status
    seen = moderator.post(f"/discussions/{number}/purge", {"words": SECRET, "reason": REASON, "action": "look"}, status=200).text
    assert "Discussions: 1" in seen
    moderator.post(f"/discussions/{number}/purge", {"words": SECRET, "reason": REASON, "action": "remove"})
    worker.until_empty()
    page = visitor.client.get(f"/discussions/{number}", follow_redirects=True).text
    assert SECRET not in page
    assert "removed by a moderator on" in page
    for path in (f"/discussions/{number}/history", f"/discussions/replies/{answer}/history", "/drafts"):
        assert SECRET not in other.client.get(path).text, path
    assert SECRET in visitor.get(elsewhere).text, "only what belongs to this discussion is touched"
    assert REASON in author.get("/notifications").text
    again = other.client.post(f"/discussions/replies/{answer}/edit", data={**opened, "text": f"{SECRET} is well!"})
    assert again.status_code == 409, "a page that was open cannot put them back unasked"
    moderator.post(
        f"/discussions/{elsewhere.split('/')[2].split('-')[0]}/purge", {"words": SECRET, "reason": REASON, "action": "remove"}
    )
    other.client.post(f"/drafts/reply:{number}/discard", data=other.hidden("/drafts", f"/drafts/reply:{number}/discard"))
    worker.until_empty()
    assert where(app, SECRET) == []
