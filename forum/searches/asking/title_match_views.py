"""While somebody writes a title: what is here already and close to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import Blueprint, render_template, request

from forum.access.actors import Actor, audience
from forum.case_studies.models import CaseStudy
from forum.discussions.models import Thread
from forum.kernel import rate_limits
from forum.kernel.errors import NotFound
from forum.kernel.references import Card, cards
from forum.search.port import IndexUnavailable, SearchRequest
from forum.search.service import search_parts
from forum.searches.queries import on_their_own
from forum.searches.search_terms import typed
from forum.searches.words import telling, words_found
from forum.web.access_level import Reach, member, reach
from forum.web.panels import Begun, Panel

bp = Blueprint("searches_already", __name__)
SHOWN = 3
#: At most this many of the best are compared. Threads of case studies are among them, and are then left out.
COMPARED = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for on behalf of one kind of form, and what the list is called there."""

    heading: str
    kinds: tuple[str, ...]


#: Whoever asks a question may find it answered by a case study.
FORMS: Mapping[str, Asked] = {
    CaseStudy.kind: Asked("Already shared?", (CaseStudy.kind,)),
    Thread.kind: Asked("Already asked?", (Thread.kind, CaseStudy.kind)),
}


@bp.get("/search/similar")
@reach(Reach.MEMBER)
def similar() -> str:
    """A piece of a page: the list, or nothing. `already.mjs` asks for it while somebody types."""
    kind = request.args.get("kind", "")
    if kind not in FORMS:
        raise NotFound("There is nothing at this address.")
    who = member()
    rate_limits.spend_quickly("already", who.id, 120, 60, "There were many searches in a short time.")
    found = close(who, kind, request.args.get("title", ""))
    return render_template("searches/_title_match_list.html", heading=FORMS[kind].heading, cards=found)


def close(actor: Actor, kind: str, title: str) -> list[Card]:
    """At most 3 published things whose title or text is close to this one, the closest first."""
    words = {forms: word for word, forms in telling(typed(title))}
    if len(words) < 2:
        return []
    asked = SearchRequest(" ".join(words.values()), audience(actor), kinds=FORMS[kind].kinds, per_page=COMPARED)
    try:
        hits = search_parts().index.search(asked).hits
    except IndexUnavailable:  # a help while typing: not worth the plain search, which reads a thousand things
        return []
    shown = cards(actor, [(hit.kind, hit.id) for hit in hits])
    found = [shown[hit.kind, hit.id] for hit in hits if (hit.kind, hit.id) in shown]
    return on_their_own([card for card in found if card.status == "published" and _close(list(words), card)])[:SHOWN]


def _close(words: Sequence[tuple[str, ...]], card: Card) -> bool:
    """Return whether its title has at least two of the words, and either the title has half of all the words or the text two
    thirds.

    On the demo's content, two thirds in the text alone is no sign: a long case study has nearly any five words ("improving patient
    care" was close to eight of 24). With one word in the title "winter pressures" is close to blood pressure.
    """
    in_title = words_found(words, card.title)
    if in_title < 2:
        return False
    return in_title >= ceil(len(words) / 2) or words_found(words, f"{card.title} {card.text}") >= ceil(len(words) * 2 / 3)


def _panel(kind: str) -> Panel:
    def context(who: Actor, begun: Begun) -> dict[str, Any]:
        """Never None: the script needs the place, also while there is nothing in it."""
        return {"form": kind, "heading": FORMS[kind].heading, "cards": close(who, kind, begun.title)}

    return Panel("searches/_title_matches.html", context)


#: By the kind of thing that the form begins: "new-thread", "new-case-study".
PANELS = {f"new-{kind}": (_panel(kind),) for kind in FORMS}
