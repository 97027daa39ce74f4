"""What people and moderators do in discussions, about reports, searches and the vocabulary."""

from datetime import UTC, datetime, timedelta

from forum.searches.saving import alerts
from tests.architecture.stories_accounts import NEW
from tests.architecture.walking import Site, Walker

TEXT = {"text": "Ours stop when it is busy. What keeps yours going?"}


def started(by: Walker, title: str, **more: object) -> str:
    return str(by.press("/discussions/new", "Post", {"title": title, **TEXT, "question": "question", **more}))


def number(url: str) -> str:
    return url.split("/")[2].split("-")[0]


def writing(site: Site) -> None:
    """A thread and a reply: typed, looked at, posted, edited; thanks and the answer; drafts deleted."""
    ada, olu = site.ada, site.olu
    ada.type("/discussions/new", {"title": "Half a thread", **TEXT})
    ada.press("/drafts", "Delete this draft")
    looked = ada.press("/discussions/new", "Preview", {"title": "How do you keep huddles going?", **TEXT}, status=200)
    url = ada.press(looked, "Post", {"question": "question"})
    olu.type(url, {"text": "Half a reply"})
    olu.press("/drafts", "Delete this draft")
    looked = olu.press(url, "Preview", {"text": "We tied ours to the drug round."}, status=200)
    looked = olu.press(looked, "Preview", status=200)
    olu.press(looked, "Post")
    olu.press(url, "Post reply", {"text": "And the ward clerk rings a bell."})
    open_still = olu.open(url)
    olu.press(open_still, "Post reply", {"text": "It works best on Mondays."})
    asked = olu.press(open_still, "Post reply", {"text": "It works best on Tuesdays, I meant."}, status=409)
    olu.press(asked, "Send")
    for _ in range(2):
        ada.press(url, "Thanks")
    ada.press(url, "Accept as the answer")
    ada.press(url, "Not the answer after all")
    for by, at in ((ada, f"/discussions/{number(url)}/edit"), (olu, edit_of(olu, url))):
        by.type(at, {"text": "Edited: we tied ours to"})
        looked = by.press(at, "Preview", {"text": "Edited: we tied ours to the round."}, status=200)
        by.press(looked, "Save")
    site.visitor().open(f"/discussions/{number(url)}/history")
    site.visitor().open(url)


def edit_of(by: Walker, url: str) -> str:
    """Where one's first reply on the page is edited."""
    return next(a.get("href") for a in by.open(url).tree.iter("a") if "/replies/" in a.get("href", "") and "/edit" in a.get("href"))


def keeping_order(site: Site) -> None:
    """Moderators pin, close, hide and show; what a newcomer wrote is held and let stand; reports are decided on."""
    mo, ada, olu = site.mo, site.ada, site.olu
    url = started(ada, "A thread to keep in order")
    olu.press(url, "Post reply", {"text": "A reply that somebody reports."})
    for button in ("Pin", "Unpin", "Close", "Open"):
        asked = mo.press(url, button, status=422)
        if button == "Open":
            olu.press(f"/drafts/reply:{number(url)}", "Delete this draft")
        mo.press(asked, "Continue", {"reason": "Many ask for it this week."})
        if button == "Unpin":
            olu.type(url, {"text": "Typed just before the thread is closed."})
    reply = next(a.get("href") for a in ada.open(url).tree.iter("a") if "/report/reply/" in a.get("href", "")).rpartition("/")[2]
    for kind, id_ in (("thread", number(url)), ("reply", reply)):
        mo.press(f"/moderation/{kind}/{id_}/hide", "Hide it", {"reason": "A name stands in it."})
        mo.press(f"/moderation/{kind}/{id_}/show", "Show it again", {"reason": "The name is gone."})
    looked = mo.press(
        f"/discussions/{number(url)}/purge",
        "See where",
        {"words": "somebody", "reason": "It says who the patient was."},
        status=200,
    )
    mo.press(looked, "Remove them for good")
    for by, outcome in ((ada, "dismiss"), (site.admin, "hide")):
        by.press(f"/report/reply/{reply}", "Send the report", {"reason": "other", "text": "It is about something else."})
        report = next(a.get("href") for a in mo.open("/moderation").tree.iter("a") if "/moderation/reports/" in a.get("href", ""))
        mo.press(report, "Record the decision", {"outcome": outcome, "reason": "Read in its thread."})


def newcomers(site: Site) -> None:
    """The first posts of a newcomer are held."""
    nell = site.join("nell@example.org", NEW["password"])
    url = started(nell, "The first thread of a newcomer")
    site.mo.press(url, "Publish it")
    nell.press(url, "Post reply", {"text": "The first reply of a newcomer."})
    site.mo.press(url, "Publish it")


def searching(site: Site) -> None:
    """A search is saved, changed, stopped from its mail, deleted; nothing found becomes a question that others need too."""
    olu, ada = site.olu, site.ada
    url = started(ada, "Wombats on the ward")
    site.work()
    olu.open("/search?q=wombats")
    olu.press("/searches/new?q=wombats", "Save search", {"alert": "at-once"})
    olu.press("/searches/1/edit", "Save changes", {"name": "Marsupials"})
    looked = olu.press("/searches/ask?q=quokka", "Preview", {"text": "We start in May, with one ward."}, status=200)
    olu.type(looked, {})
    asked = olu.press(looked, "Post question")
    ada.press(asked, "I need this too")
    ada.press(asked, "I need this too")
    started(ada, "More wombats on the ward")
    case = site.published(site.ada, summary="A quokka on the ward.", title="A quokka for every ward round")
    site.work()
    with site.app.app_context():
        alerts.run_alerts(datetime.now(UTC) + timedelta(minutes=9))
    for stop in ("/searches/1/stop/", "/searches/asked/"):
        site.visitor().press(site.mailed(olu.email, stop), "Stop it")
    olu.press("/searches", "Clear my past searches")
    olu.press("/searches", "Delete")
    site.visitor().open(url)
    site.visitor().open(case)


def keeping_lists(site: Site) -> None:
    """Moderators keep the vocabulary and decide on organisations that members named."""
    words = {"words": "QWK\nquality walk", "source": "Our own glossary, 2026", "reason": "Asked for often."}
    site.mo.press("/moderation/vocabulary/new", "Save", words)
    entry = next(a.get("href") for a in site.mo.open("/search/vocabulary?q=QWK").tree.iter("a") if "/edit" in a.get("href", ""))
    site.mo.press(entry, "Save", {"wider": "ward visit", "reason": "It is wider."})
    site.ada.press("/account/profile", "Save", {"organisation": "Farville Lodge of Nowhere"})
    wanted = next(
        a.get("href") for a in site.mo.open("/moderation").tree.iter("a") if "/moderation/organisations/" in a.get("href", "")
    )
    site.mo.press(wanted, "Record the decision", {"outcome": "confirm"})


STORIES = (writing, keeping_order, newcomers, searching, keeping_lists)
