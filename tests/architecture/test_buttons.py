"""No button that does not work: every one is pressed once, on its page, as whoever uses it; and every address leads somewhere.

A new POST rule, form or button fails here until a story presses it: add the press to one of the `stories_*.py`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from forum.app import create_app
from forum.kernel.db import db
from forum.worker import Worker
from tests.architecture import hostile, stories_accounts, stories_case_studies, stories_discussions
from tests.architecture.test_laws import ROOT, TEMPLATES
from tests.architecture.walking import FORM, Site, Walker, every_choice, place
from tests.conftest import PASSWORD, settings
from tests.databases import databases
from tests.page import Person, check_page

STORIES: dict[str, Callable[[Site], None]] = {
    f"{module.__name__.rpartition('stories_')[2]}.{story.__name__}": story
    for module in (stories_accounts, stories_discussions, stories_case_studies)
    for story in module.STORIES
}


@pytest.fixture(scope="module")
def site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("walked")
    url = databases().copy(template, folder)
    app = create_app(settings(folder, FORUM_DATABASE_URL=url, FORUM_RATE_LIMITS="off"))
    yield Site(app, PASSWORD)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    databases().drop(url)


@pytest.fixture(scope="module")
def walk(site: Site) -> dict[str, Exception | None]:
    """All stories on one site, each with what went wrong in it."""
    went: dict[str, Exception | None] = dict.fromkeys(STORIES)
    for name, story in STORIES.items():
        try:
            story(site)
        except Exception as problem:  # told by `test_story`
            went[name] = problem
    return went


@pytest.mark.database
@pytest.mark.parametrize("name", STORIES)
def test_story(walk: dict[str, Exception | None], name: str) -> None:
    if problem := walk[name]:
        raise problem


@pytest.mark.usefixtures("walk")
def test_every_post_succeeds_once(site: Site) -> None:
    rules = {choice for r in site.app.url_map.iter_rules() if "POST" in (r.methods or ()) for choice in every_choice(r.rule)}
    assert rules - site.seen.done == set(), "no story presses these"


@pytest.mark.usefixtures("walk")
def test_every_form_and_button_is_pressed(site: Site) -> None:
    forms = set()
    for template in TEMPLATES:
        source, name = template.read_text("utf-8"), str(template.relative_to(ROOT / "templates"))
        forms |= {place(name, source, found.start()) for found in FORM.finditer(source)}
    assert forms - site.seen.forms == set(), "no story comes to these"
    # One more row of a list is one button, whatever the list.
    assert kinds(site.seen.buttons) - kinds(site.seen.pressed) == set(), "no story presses these"


def kinds(buttons: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    return {(form, name, value.partition(":")[0]) for form, name, value in buttons}


@pytest.mark.usefixtures("walk")
def test_every_address_on_a_page_is_one(site: Site) -> None:
    dead = {
        f"{method} {address} on {page}"
        for (method, address), page in site.seen.addresses.items()
        if not site.rule(method, address.partition("?")[0])
    }
    assert dead == set()


@pytest.mark.database
@pytest.mark.usefixtures("walk")
def test_pressing_again_when_everything_has_changed(site: Site) -> None:
    """From pages that lay open: what they are about was withdrawn, hidden, decided on or removed meanwhile."""
    broken = {
        f"{path}: {status}"
        for who, path, values in list(site.seen.posts.values())
        if (status := who.send(path, values).status_code) >= 500
    }
    assert broken == set()


def everybody(site: Site) -> dict[str, Walker]:
    """Of each role one, and the author of most of what there is."""
    return {"visitor": site.visitor(), "member": site.olu, "author": site.ada, "moderator": site.mo, "administrator": site.admin}


@pytest.mark.database
@pytest.mark.usefixtures("walk")
def test_no_address_is_answered_with_an_error(site: Site) -> None:
    """Ids that are missing, huge, of another kind; words that are none; for everybody."""
    broken = set()
    for who, walker in everybody(site).items():
        words = hostile.WORDS if who == "moderator" else ("x",)
        there = (hostile.SOMETHING, hostile.NOTHING) if who in {"author", "moderator"} else (hostile.SOMETHING,)
        for rule in hostile.rules(site.app, "GET"):
            for address in hostile.addresses(site.app, rule, there, words):
                status = walker.client.get(address).status_code
                broken |= {f"{who} {address[:100]}: {status}"} if status >= 500 else set()
    assert broken == set()


def test_ids_that_no_column_holds_are_no_addresses(site: Site) -> None:
    assert not [r.rule for r in site.app.url_map.iter_rules() if "<int:" in r.rule], "use <id:…>, see forum/web/converters.py"
    for method in ("GET", "POST"):
        for rule in hostile.rules(site.app, method):
            if hostile.ID.search(rule.rule):
                taken = {a for a in hostile.addresses(site.app, rule, hostile.NO_IDS, ("x",)) if site.rule(method, a) == rule.rule}
                assert taken == set()


@pytest.mark.database
@pytest.mark.usefixtures("walk")
def test_no_argument_is_answered_with_an_error(site: Site) -> None:
    broken = set()
    for rule in hostile.rules(site.app, "GET"):
        address = next(hostile.addresses(site.app, rule, (hostile.SOMETHING,), ("resilience",)))
        for walker, query in zip((site.mo, site.ada), hostile.queries(2), strict=True):
            status = walker.client.get(f"{address}?{query}").status_code
            broken |= {f"{address}?{query}: {status}"} if status >= 500 else set()
    assert broken == set()


@pytest.mark.database
@pytest.mark.usefixtures("walk")
def test_no_form_is_answered_with_an_error(site: Site) -> None:
    """Without its fields, and with ones that are wrong; to what there is, and to what there is not."""
    broken = set()
    for who, walker in everybody(site).items():
        sent = {"csrf_token": hostile.token(walker.client)}
        for rule in hostile.rules(site.app, "POST"):
            there = (hostile.SOMETHING, hostile.NOTHING) if who in {"author", "moderator"} else (hostile.SOMETHING,)
            for address in hostile.addresses(site.app, rule, there, ("x",)):
                for fields in ({}, hostile.GARBAGE) if len(there) == 2 and hostile.NOTHING not in address else ({},):
                    status = walker.client.post(address, data=sent | fields).status_code
                    broken |= {f"{who} {address} {list(fields)}: {status}"} if status >= 500 else set()
    assert broken == set()


@pytest.mark.database
def test_lists_with_nothing_in_them(app: Flask, author: Person, moderator: Person, visitor: Person) -> None:
    """A site on which nobody wrote anything: every page without an id, for everybody, before and after the index is there."""
    for indexed in (False, True):
        if indexed:
            Worker(app).until_empty()
        for person in (visitor, author, moderator):
            for rule in hostile.rules(app, "GET"):
                if "<" not in rule.rule and rule.rule != "/search/similar":  # a piece of a page, for one kind of form
                    answer = person.client.get(rule.rule)
                    assert answer.status_code < 400 or (person is not moderator and answer.status_code in {404, 403}), rule.rule
                    if answer.mimetype == "text/html" and answer.status_code == 200:
                        check_page(answer.text)
