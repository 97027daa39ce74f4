"""What people and moderators do with case studies, their measures, files, people, updates, and with what others tried."""

from datetime import UTC, datetime, timedelta
from typing import Any

from forum.case_studies.attachments.views import NOBODY
from forum.case_studies.evidence import currency as standing_of
from forum.case_studies.models import CaseStudy
from forum.kernel.db import db, transaction
from forum.updates import actions as updates
from tests.adoptions.steps import SHARED
from tests.architecture.filling import Opened
from tests.architecture.walking import Site, Walker
from tests.case_studies.uploads import PDF, photo
from tests.measures.steps import FIELDS
from tests.stories import CASE, CONFIRMED


def link(page: Opened, part: str) -> str:
    """The first link on the page with that in its address."""
    return str(next(a.get("href") for a in page.tree.iter("a") if part in a.get("href", "")))


def writing(site: Site) -> None:
    """Begun, saved while typing, sent back, withdrawn; and brought in from a file."""
    ada = site.ada
    made = ada.type("/case-studies/new", {"title": "Typed and kept", "problem": "Nobody knew."})
    ada.type(made["url"], {"summary": "It got better."})
    url = made["url"].partition("/edit")[0]
    for button in ("Save, and add more partners", "Preview", "Save and"):
        ada.press(made["url"], button, CASE)
    ada.press(f"{url}/edit/detail", "Save, and add another")
    ada.press(f"{url}/edit/detail", "Save and go back")
    ada.press(f"{url}/edit/plain-summary", "Save and continue", {"plain_summary": "We met every week."})
    ada.press(f"{url}/preview", "Send it", CONFIRMED)
    site.mo.press(f"{url}/review", "Record the decision", {"verb": "ask", "reason": "Say what it cost."})
    ada.press(f"{url}/edit/quick-share", "Save and", {"advice": "Let the senior carer lead it, from the first day."})
    ada.press(f"{url}/edit", "Set the unsent changes aside")
    ada.press(f"{url}/set-aside", "Put it back into the form")
    ada.press(f"{url}/withdraw", "Withdraw it")
    file = (b"# A title\n\nOne line.\n\n## What we did\n\nWe met every week.\n\nAnd on Sundays.\n", "told.md")
    placing = ada.press("/case-studies/import", "Go on", {"file": file}, status=200)
    for button in ("Split it there", "Join it with"):
        placing = ada.press(placing, button, status=200)
    ada.press(placing, "Make a draft of it")


def standing(site: Site) -> None:
    """Published, changed, looked at, restored; its level confirmed; marked by others; words removed for good."""
    ada, mo = site.ada, site.mo
    url = site.published(ada)
    ada.press(f"{url}/edit/quick-share", "Save and", {"advice": "Let the senior carer lead it. Ask the night staff."})
    ada.press(f"{url}/preview", "Publish the changes", {"reason": "More advice."})
    hide_and_show_a_version(mo, f"{url}/history")
    ada.press(f"{url}/files", "Add it", {"file": (photo(), "ward.jpg"), "alt": "Two nurses at a table", "consent": NOBODY})
    ada.press(f"{url}/preview", "Publish the changes", {**CONFIRMED, "reason": "A picture."})
    mo.press(f"{url}/review", "Accept the change")
    ada.press(f"{url}/history", "Restore this version")
    ada.press(f"{url}/edit", "Set the unsent changes aside")
    mo.press(f"{url}/evidence", "Confirm the level", {"level": "2", "reason": "Figures before and after, nothing else."})
    for button in ("Helpful", "Save for later", "Saved", "Save for later"):
        site.olu.press(url, button)
    site.olu.press("/saved", "Remove")
    looked = mo.press(f"{url}/purge", "See where they are", {"words": "night staff", "reason": "They name a ward."}, status=200)
    mo.press(looked, "Remove them for good")


def hide_and_show_a_version(by: Walker, history: str) -> None:
    """What an earlier version said is hidden from its history, and shown again."""
    for button in ("Hide", "Show"):
        asked = by.press(history, button, to="/versions/", status=422)
        by.press(asked, "Continue", {"reason": "It named a ward."})


def people(site: Site) -> None:
    """Somebody is asked, declines, is asked again, writes along, chooses between two versions, leads, and leaves."""
    ada, olu = site.ada, site.olu
    url = site.draft(ada)
    for answer, role in (("Decline", "reviewer"), ("Accept", "co-author")):
        ada.press(f"{url}/people", "Send the invitation", {"who": "Olu Other", "role": role})
        olu.press("/invitations", answer)
    ada.press(f"{url}/people", "Send the invitation", {"who": "mo@example.org", "role": "reviewer", "lived": "yes"})
    site.mo.press("/invitations", "Accept")
    site.mo.press(f"{url}/people", "I have read it", {"remark": "What is a huddle?"})
    for keep in ("Keep the first", "Keep the second", "Keep both"):
        clash(ada, olu, f"{url}/edit/quick-share", keep)
    ada.press(f"{url}/people", "Make lead author")
    ada.press(f"{url}/people", "Leave this case study")
    olu.press(f"{url}/people", "Remove")


def clash(first: Walker, second: Walker, where: str, keep: str) -> None:
    """Two people change the same answer from the same page; then one of them chooses."""
    mine, theirs = first.open(where), second.open(where)
    first.press(mine, "Save and", {"advice": f"{keep}: this from the first."})
    second.press(theirs, "Save and", {"advice": f"{keep}: this from the second."}, status=409)
    second.press(where, keep)


def files(site: Site) -> None:
    """Pictures and files are added, described and taken out; a consent is recorded and withdrawn."""
    ada = site.ada
    at = f"{site.draft(ada)}/files"
    agreed = {"about": "Photo of the café", "scope": "On this site", "holder": "The ward office"}
    ada.press(at, "Record it", agreed)
    ada.press(at, "Add it", {"file": (photo(), "ward.jpg"), "alt": "Two nurses at a table", "consent": NOBODY})
    ada.press(at, "Add it", {"file": (PDF, "leaflet.pdf"), "caption": "A leaflet", "consent": NOBODY})
    site.ada.press(at, "Save", {}, to="/files/")
    ada.press(at, "Take it out")
    ada.press(at, "They withdrew it")


def measured(by: Walker, url: str) -> None:
    """Two measures: typed, looked at, saved, edited, moved, taken out and put back."""
    for name in ("Falls a month", "Calls a month"):
        by.type(f"{url}/measures/new", {"name": name})
        fields = {**{k: v for k, v in FIELDS.items() if k != "right"}, "name": name}
        page = by.press(f"{url}/measures/new", "Check it and", fields, status=200)
        by.press(page, "Save the measure", {"right": "y"} if 'name="right"' in page.text else {})
    for more in ("phases", "targets", "notes"):
        by.press(f"{url}/measures/new", f"Add more {more}", status=200)
    edit = link(by.open(f"{url}/measures"), "/measures/") + "/edit"
    by.type(edit, {"source": "Our own count."})
    page = by.press(edit, "Check it and", {"source": "Our own count, each month."}, status=200)
    by.press(page, "Save the measure", {"right": "y"} if 'name="right"' in page.text else {})
    for button in ("Move up", "Remove", "Put back"):
        by.press(f"{url}/measures", button)


def measured_each(by: Walker, url: str) -> None:
    """A table of two wards with their target: read, and a measure made of each."""
    rows = "\n".join(f"{2023 + n // 12}-{n % 12 + 1:02}\t{ward}\t{n % 5 + 20}\t4" for n in range(13) for ward in ("North", "South"))
    fields = {k: v for k, v in FIELDS.items() if not k.startswith("phases")} | {"figures": f"Month\tWard\tFalls\tTarget\n{rows}"}
    page = by.press(f"{url}/measures/new", "Check it and", {k: v for k, v in fields.items() if k != "right"}, status=422)
    one = by.press(page, "Read it again", {"read_series": "Ward=South"}, status=200)
    by.press(one, "Take it as the target", status=200)
    page = by.press(page, "Check it and", {"read_series": "*each*"}, status=200)
    by.press(page, "Save the 2 measures", {"right": "y"} if 'name="right"' in page.text else {})


def measures(site: Site) -> None:
    url = site.draft(site.ada)
    measured(site.ada, url)
    for button in ("Lead the papers with this", "Let the site choose"):
        site.ada.press(f"{url}/measures", button)
    measured_each(site.ada, site.draft(site.ada))


def adoptions(site: Site) -> None:
    """Somebody tried it: told, typed, edited, withdrawn and put back, confirmed, measured, hidden, reported, held."""
    olu, ada, mo = site.olu, site.ada, site.mo
    case = site.published(ada)
    olu.type(f"{case}/adoptions/new", SHARED)
    url = olu.press(f"{case}/adoptions/new", button_of(olu.open(f"{case}/adoptions/new"), "/adoptions/new"), SHARED)
    olu.type(f"{url}/edit", {"message": "Ask the night staff."})
    olu.press(f"{url}/edit", button_of(olu.open(f"{url}/edit"), "/edit"), {"message": "Ask the night staff before all others."})
    for button in ("Withdraw", "Put it back"):
        olu.press(url, button)
    ada.press(url, "Confirm this entry")
    ada.press(url, "Withdraw the confirmation")
    measured(olu, url)
    number = url.rpartition("/")[2]
    ada.press(f"/report/adoption/{number}", "Send the report", {"reason": "other", "text": "It is not us."})
    mo.press(f"/moderation/adoption/{number}/hide", "Hide it", {"reason": "We ask them first."})
    mo.press(f"/moderation/adoption/{number}/show", "Show it again", {"reason": "They answered."})
    nora = site.join("nora@example.org", "violet harbour mosaic 42 tandem")
    held = nora.press(f"{case}/adoptions/new", button_of(nora.open(f"{case}/adoptions/new"), "/adoptions/new"), SHARED)
    mo.press(held, "Publish it")


def button_of(page: Opened, to: str) -> str:
    """The words of the first button of the form that leads there."""
    return next(words for form, _, words in page.buttons() if page.action(form).partition("?")[0].endswith(to))


def lasting(site: Site) -> None:
    """Updates are posted, corrected, hidden and shown; it is said to be still the practice, on the site and from the mail."""
    ada, mo = site.ada, site.mo
    url = site.published(ada, title="It lasted for years in Anytown")
    new: dict[str, Any] = {"practice_status": "running", "text": "It goes on. Two homes joined."}
    ada.type(f"{url}/updates/new", new)
    ada.press(f"{url}/updates/new", "Post the update", new)
    update = link(ada.open(url), "/updates/").split("/")[-2]
    ada.type(f"{url}/updates/{update}/edit", {"text": "It goes on, with three homes."})
    ada.press(f"{url}/updates/{update}/edit", "Save", {"text": "It goes on. Three homes joined."})
    site.olu.press(f"/report/update/{update}", "Send the report", {"reason": "wrong", "text": "Only two did."})
    mo.press(f"/moderation/update/{update}/hide", "Hide it", {"reason": "We ask how many joined."})
    mo.press(f"/moderation/update/{update}/show", "Show it again", {"reason": "Three it is."})
    ada.press(url, "Still our practice")
    with site.app.app_context(), transaction():
        case = db.session.query(CaseStudy).filter(CaseStudy.title == "It lasted for years in Anytown").one()
        case.published_at = case.confirmed_at = datetime.now(UTC) - timedelta(days=200)
        case.prompted = 0
        standing_of.refresh(case, case.published_at)
    with site.app.app_context(), transaction():
        updates.ask(datetime.now(UTC))
    site.visitor().press(site.mailed(ada.email, "/still/"), "Yes, it is still our practice")


STORIES = (writing, standing, people, files, measures, adoptions, lasting)
