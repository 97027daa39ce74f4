"""Things of Ada Author and Olu Other, and everything that they and staff can do to them, for the walk through all of it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from tests.adoptions.steps import SHARED, share
from tests.case_studies.uploads import ALT, agree, newest, photo, picture, send
from tests.measures.steps import FIELDS, measure
from tests.page import Person
from tests.stories import CASE, CONFIRMED, published, reply, thread


@dataclass(frozen=True)
class Act:
    """Something that can be done to another's thing. `owner` does it first, without a reason; nobody where only staff can.

    In `data`, {n} is another number for each of them: who changes nothing needs no reason. `before` makes it possible once more. `told` is whom the notice goes to.
    """

    name: str
    path: Callable[[], str]
    data: dict[str, Any] = field(default_factory=dict)
    owner: Person | None = None
    on: str = ""
    before: Callable[[], object] = lambda: None
    told: str = "ada"
    #: What is sent anew for each press: an upload is read once.
    fresh: Callable[[], dict[str, Any]] = dict


@dataclass
class Scene:
    ada: Person
    olu: Person
    mo: Person

    def __post_init__(self) -> None:
        ada, olu, mo = self.ada, self.olu, self.mo
        self.spelt = iter((olu.email, olu.email.upper(), olu.email.title()))
        self.talk = "/discussions/" + thread(ada).split("/")[2].split("-")[0]
        self.answer = reply(olu, ada.location(ada.client.get(self.talk))).split("#reply-")[1]
        self.own = reply(ada, ada.location(ada.client.get(self.talk))).split("#reply-")[1]
        self.case = published(ada, mo)
        self.page = f"{self.case}/edit/quick-share"
        self.first, self.second = measure(ada, self.case), measure(ada, self.case, name="Calls a month at night")
        self.consent = agree(ada, self.case)
        self.pictures = [picture(ada, self.case, photo(colour)) for colour in ("teal", "red", "blue")]
        self.adoption = share(olu, self.case)
        self.update = self.post_update()

    def post_update(self) -> str:
        said = {"entry": "update", "practice_status": "running", "happened": "01/03/2026", "text": "It goes on.", "contact": "yes"}
        where = self.ada.location(self.ada.post(f"{self.case}/updates/new", said))
        return where.rpartition("#update-")[2]

    def typed(self, words: str) -> None:
        """Something unsent in the form."""
        self.ada.post(self.page, {**CASE, "problem": words, "action": "save"})

    def clash(self) -> None:
        """Two versions of one value."""
        one, two = self.ada.hidden(self.page, self.page), self.ada.hidden(self.page, self.page)
        for hidden, words in ((one, "First at five."), (two, "Second at six.")):
            self.ada.client.post(self.page, data={**hidden, **CASE, "results": f"{words} {two['form_key']}"})

    def clash_path(self) -> str:
        found = re.findall(r"/clashes/\d+", self.ada.get(f"{self.case}/edit").text)
        return self.case + str(found[-1])

    def choose(self) -> dict[str, Any]:
        return {k: v for k, v in self.ada.page(f"{self.case}/edit").form(self.clash_path())["fields"].items() if k == "expected"}

    def part(self, leader: Person | None = None) -> str:
        found = re.findall(r"/people/\d+", (leader or self.ada).get(f"{self.case}/people").text)
        return self.case + str(found[-1])

    def join(self) -> None:
        """Written in another way each time: the same words again are the same invitation."""
        self.ada.post(f"{self.case}/people", {"who": next(self.spelt), "role": "co-author"})
        self.olu.post(f"/invitations/{self.part().rpartition('/')[2]}/accept", on="/invitations")

    def swap_back(self) -> None:
        self.olu.post(f"{self.part(self.olu)}/lead", on=f"{self.case}/people")

    def aside(self) -> str:
        found = re.findall(r"/set-aside/\d+", self.ada.get(f"{self.case}/set-aside").text)
        return self.case + str(found[0])


def acts(s: Scene) -> Iterator[Act]:
    """Everything, in an order in which each can be done by its owner and then by staff."""
    yield from _talk(s)
    yield from _texts(s)
    yield from _beside(s)
    yield from _people(s)
    yield from _adoption(s)
    yield from _judging(s)


def _talk(s: Scene) -> Iterator[Act]:
    ada, one = s.ada, s.own
    edited = {"title": "How do you keep huddles alive?", "text": "Ours stop at noon, {n}.", "question": "question"}
    yield Act("thread", lambda: f"{s.talk}/edit", edited, ada)
    yield Act("reply", lambda: f"/discussions/replies/{one}/edit", {"text": "We ask each other, {n}."}, ada)
    # The owner accepts it ("1"), the moderator takes that away (anything else).
    yield Act("answer", lambda: f"{s.talk}/answer/{s.answer}", {"on": "{n}"}, ada, s.talk)
    for verb in ("lock", "unlock", "pin", "unpin"):
        yield Act(verb, lambda verb=verb: f"/moderation/thread/{s.talk.rpartition('/')[2]}/{verb}", on=s.talk)  # type: ignore[misc]


def _texts(s: Scene) -> Iterator[Act]:
    ada, page = s.ada, s.page
    yield Act("typing", lambda: page, {**CASE, "problem": "Nobody knew whom to call, {n}.", "action": "save"}, ada)
    yield Act("discard", lambda: f"{s.case}/discard", {}, ada, f"{s.case}/edit", lambda: s.typed("Never sent."))
    yield Act("bring back", s.aside, {}, ada, f"{s.case}/set-aside")
    discard = lambda: ada.client.post(f"{s.case}/discard", data=ada.hidden(f"{s.case}/edit", f"{s.case}/discard"))  # noqa: E731
    yield Act("restore", lambda: f"{s.case}/restore/1", {}, ada, f"{s.case}/history", discard)
    yield Act("choose", s.clash_path, {"keep": "other"}, ada, f"{s.case}/edit", s.clash, fresh=s.choose)
    send_it = {**CONFIRMED, "problem": ""}
    yield Act("send", lambda: f"{s.case}/submit", send_it, None, f"{s.case}/preview", lambda: s.typed("Sent in the end."))


def _beside(s: Scene) -> Iterator[Act]:
    ada, on = s.ada, f"{s.case}/files"
    named = {"alt": ALT, "caption": "The garden {n}", "consent": "no"}
    yield Act("add file", lambda: on, named, ada, fresh=lambda: {"file": (BytesIO(photo("green")), "garden.jpg")})
    last = lambda: s.pictures[0]  # noqa: E731
    words = {f"file-{s.pictures[0].rpartition('/')[2]}-{k}": v for k, v in named.items()}
    yield Act("describe file", last, words, ada, on)
    yield Act("remove file", lambda: newest(ada, s.case), {"action": "remove"}, ada, on)
    agreed = {"about": "A portrait, {n}", "scope": "On this site", "holder": "The ward office"}
    yield Act("record consent", lambda: f"{s.case}/consents", agreed, ada, on)
    held = lambda: f"{s.case}/consents/{agree(ada, s.case)}/withdraw"  # noqa: E731
    yield Act("end consent", held, {}, ada, on)
    new = {**FIELDS, "name": "Bells a night {n}", "action": "save"}
    yield Act("add measure", lambda: f"{s.case}/measures/new", new, ada)
    yield Act("edit measure", lambda: f"{s.first}/edit", {**FIELDS, "source": "Audit {n}", "action": "save"}, ada)
    for what in ("up", "remove", "restore"):
        again = {"up": (), "remove": ("restore",), "restore": ("remove",)}[what]
        back = lambda again=again: [  # noqa: E731
            ada.client.post(f"{s.second}/{b}", data=ada.hidden(f"{s.case}/measures", f"{s.case}/measures")) for b in again
        ]
        yield Act(what, lambda what=what: f"{s.second}/{what}", {}, ada, f"{s.case}/measures", back)  # type: ignore[misc]
    for what in ("lead", "let-site-choose"):
        yield Act(what, lambda what=what: f"{s.second}/{what}", {}, ada, f"{s.case}/measures")  # type: ignore[misc]
    said = {
        "entry": "update",
        "practice_status": "running",
        "happened": "02/03/2026",
        "text": "Still there, {n}.",
        "contact": "yes",
    }
    yield Act("update", lambda: f"{s.case}/updates/new", said, ada)
    fixed = {"happened": "03/03/2026", "text": "It goes on well, {n}."}
    yield Act("correct", lambda: f"{s.case}/updates/{s.update}/edit", fixed, None)
    yield Act("still", lambda: f"{s.case}/still", {}, ada, s.case)


def _people(s: Scene) -> Iterator[Act]:
    ada, on = s.ada, f"{s.case}/people"
    yield Act("invite", lambda: on, {"who": "nia@example.org", "role": "reviewer"}, None)
    yield Act("take back", lambda: f"{s.part()}/remove", {}, None, on)
    yield Act("remove", lambda: f"{s.part()}/remove", {}, ada, on, s.join)
    s.join()
    yield Act("lead", lambda: f"{s.part()}/lead", {}, None, on)
    s.swap_back()


def _adoption(s: Scene) -> Iterator[Act]:
    olu, at = s.olu, s.adoption
    yield Act("edit adoption", lambda: f"{at}/edit", {**SHARED, "message": "Begin on a Monday, {n}."}, olu, told="olu")
    for on in ("1", "0"):
        yield Act(f"verify {on}", lambda: f"{at}/verify", {"on": on}, None, at, told="olu")
    yield Act("adoption's measure", lambda: f"{at}/measures/new", {**FIELDS, "action": "save"}, olu, told="olu")


def _judging(s: Scene) -> Iterator[Act]:
    talk, update, adoption = s.talk.rpartition("/")[2], s.update, s.adoption.rpartition("/")[2]
    for verb in ("hide", "show"):
        for kind, id_, who in (
            ("thread", talk, "ada"),
            ("reply", s.own, "ada"),
            ("update", update, "ada"),
            ("adoption", adoption, "olu"),
        ):
            yield Act(f"{verb} {kind}", lambda v=verb, k=kind, i=id_: f"/moderation/{k}/{i}/{v}", told=who)  # type: ignore[misc]
    for verb in ("hide", "show"):
        yield Act(f"{verb} case", lambda: f"{s.case}/review", {"verb": verb})
    number = s.case.rpartition("/")[2].split("-")[0]
    for verb in ("hide", "show"):
        yield Act(
            f"{verb} version",
            lambda verb=verb: f"/moderation/versions/case-study/{number}/1/{verb}",  # type: ignore[misc]
            on=f"{s.case}/history",
        )
    send(s.ada, s.case) if "Not sent yet" in s.ada.get(f"{s.case}/files").text else None
