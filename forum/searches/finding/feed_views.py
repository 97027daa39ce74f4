"""Searches as Atom feeds, and the description by which browsers offer the site as a search engine. What a visitor may see, only."""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

from flask import Blueprint, Response, current_app, request

from forum.access.actors import Visitor
from forum.case_studies.models import CaseStudy
from forum.config import Settings
from forum.kernel import rate_limits
from forum.kernel.errors import NotFound
from forum.kernel.references import Card
from forum.kernel.text import cut
from forum.search.service import find
from forum.searches.queries import on_their_own
from forum.searches.search_terms import SearchTerms, from_args
from forum.web.access_level import Reach, reach
from forum.web.devices import asker

bp = Blueprint("feeds", __name__)
ATOM = "http://www.w3.org/2005/Atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
ENTRIES = 20
SUMMARY = 400
#: Whoever follows a feed asks again after that many seconds at the earliest.
FRESH = 300
#: The date in our `tag:` ids (RFC 4151): it never changes, or every entry would count as new.
MINTED = "2026-01-01"
#: What XML 1.0 cannot hold.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FEEDS = {"case-studies": ("New case studies", CaseStudy.kind), "discussions": ("New discussions", "thread")}


def _settings() -> Settings:
    found: Settings = current_app.config["FORUM"]
    return found


@bp.get("/feeds/search.atom")
@reach(Reach.PUBLIC)
def search() -> Response:
    search_terms = from_args(request.args).known()
    return _feed(
        f"Search: {search_terms.words()}" if not search_terms.empty else "Everything new", search_terms, "/feeds/search.atom"
    )


@bp.get("/feeds/<any('case-studies', discussions):name>.atom")
@reach(Reach.PUBLIC)
def new(name: str) -> Response:
    title, kind = FEEDS[name]
    return _feed(title, SearchTerms("", {"kind": (kind,)}), f"/feeds/{name}.atom", own=f"/{name}")


def _feed(title: str, search_terms: SearchTerms, path: str, own: str = "") -> Response:
    settings = _settings()
    if not settings.public:
        raise NotFound("There is nothing at this address.")
    rate_limits.spend_quickly("feed", asker(), 60, 60, "There were many requests for feeds in a short time.")
    found = find(Visitor(), search_terms.request(sort="newest", per_page=ENTRIES, loosely=False))
    address = own or search_terms.address(sort="newest")
    page, itself = settings.base_url + address, settings.base_url + (path if own else search_terms.address(path))
    cards = on_their_own([card for _, card in found.cards if card.at is not None])
    return _send(_atom(settings, title, page, itself, cards), "application/atom+xml")


def _atom(settings: Settings, title: str, page: str, itself: str, cards: Sequence[Card]) -> ElementTree.Element:
    host = urlsplit(settings.base_url).hostname
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    _add(feed, "id", itself)
    _add(feed, "title", f"{title} – {settings.site_name}")
    _add(feed, "updated", _time(max((c.at for c in cards if c.at), default=datetime(2026, 1, 1, tzinfo=UTC))))
    _add(feed, "link", rel="self", type="application/atom+xml", href=itself)
    _add(feed, "link", rel="alternate", type="text/html", href=page)
    for card in cards:
        entry = _add(feed, "entry")
        _add(entry, "id", f"tag:{host},{MINTED}:{card.kind}/{card.id}")
        _add(entry, "title", card.title)
        _add(entry, "updated", _time(card.at))
        _add(entry, "link", rel="alternate", type="text/html", href=settings.base_url + card.url)
        author = _add(entry, "author")
        _add(author, "name", card.author.name or settings.site_name)
        _add(entry, "summary", cut(card.text, SUMMARY), type="text")
    return feed


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = _NOT_XML.sub("", text) or None
    return child


def _time(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else ""


def _send(root: ElementTree.Element, kind: str) -> Response:
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    response = Response(body, content_type=f"{kind}; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    response.set_etag(hashlib.sha256(body).hexdigest()[:24])
    response.make_conditional(request)
    return response


@bp.get("/opensearch.xml")
@reach(Reach.PUBLIC)
def opensearch() -> Response:
    settings = _settings()
    root = ElementTree.Element("OpenSearchDescription", {"xmlns": OPENSEARCH})
    _add(root, "ShortName", settings.site_name[:16])
    _add(root, "LongName", settings.site_name[:48])
    _add(root, "Description", f"Search case studies and discussions of {settings.site_name}"[:1024])
    _add(root, "InputEncoding", "UTF-8")
    _add(root, "Image", f"{settings.base_url}/favicon.ico", width="16", height="16", type="image/svg+xml")
    _add(root, "Url", type="text/html", method="get", template=f"{settings.base_url}/search?q={{searchTerms}}")
    if settings.public:
        feed = f"{settings.base_url}/feeds/search.atom?q={{searchTerms}}"
        _add(root, "Url", type="application/atom+xml", template=feed)
    return _send(root, "application/opensearchdescription+xml")
