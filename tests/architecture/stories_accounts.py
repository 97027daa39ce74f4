"""What people do about their accounts, each button pressed through its page."""

from forum.accounts.queries import by_email
from forum.kernel.db import transaction
from tests.architecture.walking import Site

NEW = {
    "name": "Nia Newcomer",
    "role": "nurse",
    "organisation": "Anytown Surgery",
    "email": "nia@example.org",
    "password": "violet harbour mosaic 42 tandem",
}
OTHER_PASSWORD = "marble window otter 77 lantern"


def joining_and_recovering(site: Site) -> None:
    """Somebody joins, asks for the link again, confirms, forgets the password, changes it, ends other sessions, signs out."""
    nia = site.visitor()
    nia.press("/join", "Join", {k: v for k, v in NEW.items() if k != "password"})
    nia.press(site.mailed(NEW["email"], "/confirm/"), "Confirm and sign in", {"password": NEW["password"]})
    unconfirmed(site, NEW["email"])
    nia.press("/account", "Send another link")
    confirmed = nia.press(site.mailed(NEW["email"], "/confirm/"), "Confirm and sign in", {"password": NEW["password"]})
    assert confirmed == "/"
    site.visitor().press("/forgotten-password", "Send the link", {"email": NEW["email"]})
    site.visitor().press(site.mailed(NEW["email"], "/reset/"), "Save the new password", {"password": OTHER_PASSWORD})
    nia = site.somebody(NEW["email"], OTHER_PASSWORD)
    nia.press("/account/profile", "Save", {"bio": "I run the huddle.", "contactable": "y"})
    nia.press("/account/password", "Change my password", {"current_password": OTHER_PASSWORD, "password": NEW["password"]})
    site.somebody(NEW["email"], NEW["password"])
    nia.press("/account", "Sign out everywhere else")
    nia.press("/account", "Sign out")


def unconfirmed(site: Site, email: str) -> None:
    """As accounts are that were made before the link asked for the password."""
    with site.app.app_context(), transaction():
        by_email(email).confirmed_at = None  # type: ignore[union-attr]


def pressing_before_signing_in(site: Site) -> None:
    """A visitor presses a button that members have: it waits while they sign in. Once it is forgotten, once it is done."""
    case = site.published(site.ada)
    for button in ("Leave it", "Continue"):
        olu = site.visitor()
        olu.email, olu.password = site.olu.email, site.password
        assert "/sign-in" in olu.press(case, "Save for later")
        olu.sign_in()
        olu.press("/resume", button)


def writing_to_somebody(site: Site) -> None:
    site.ada.press("/account/profile", "Save", {"organisation": "Anytown Surgery", "contactable": "y"})
    site.olu.type("/people/ada-author/write", {"subject": "Your huddle"})
    site.olu.press("/people/ada-author/write", "Send", {"subject": "Your huddle", "message": "How long did it take to start?"})
    site.visitor().press("/contact", "Send", {"email": "somebody@example.org", "text": "How do I join?"})
    site.work()
    site.ada.press("/notifications", "Mark all as read")


def looking_around(site: Site) -> None:
    """The pages that lists and searches begin at, and the one that an address without anything behind it has."""
    case = site.published(site.ada)
    for path in (
        "/",
        "/case-studies",
        "/discussions",
        "/compare",
        f"/compare?case={case.split('/')[2].split('-')[0]}",
        "/search?q=ward",
    ):
        site.visitor().open(path)
    site.visitor().open("/nothing/here", 404)
    late = site.ada.press(
        "/discussions/new", "Post", {"csrf_token": "old", "title": "A form that lay open", "text": "All day."}, status=400
    )
    site.ada.press(late, "Try again")


STORIES = (looking_around, joining_and_recovering, pressing_before_signing_in, writing_to_somebody)
