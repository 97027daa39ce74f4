"""Reading people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, exists, func, literal, or_, select

from forum.access.actors import ADMINISTRATOR, MODERATOR, Member
from forum.accounts.models import Account, BrowserSession
from forum.kernel.db import db, read
from forum.kernel.errors import NotFound
from forum.kernel.references import Person
from forum.organisations.models import Organisation
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import ROLE

SITE_USERNAME = "shared-practice"


FORMER = Person(0, "Former member")

_PEOPLE = (
    select(Account.id, Account.username, Account.name, Account.role, Organisation.name)
    .outerjoin(Organisation, Organisation.id == Account.organisation_id)
    .where(Account.id.in_(bindparam("ids", expanding=True)))
)


def role_words(slug: str | None) -> str:
    """A role as it stands beside a name; "other" says nothing, so nothing is shown."""
    return taxonomy.label(ROLE, slug) if slug and slug != "other" else ""


def people(ids: Iterable[int]) -> dict[int, Person]:
    """Many people in one query; a missing one is simply not in the answer (use `.get(id, FORMER)`)."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    return {row[0]: Person(row[0], row[2], role_words(row[3]), row[4] or "", row[1]) for row in read(_PEOPLE, {"ids": wanted})}


def beginning(text: str, limit: int) -> list[Person]:
    """People who have posted something and of whose name, or a part of it, this is the beginning."""
    name, start = func.lower(Account.name), " ".join(text.lower().split())
    begins = name.startswith(start, autoescape=True)
    rows = select(Account.id).where(Account.confirmed_at.is_not(None), Account.posts_approved > 0)
    rows = rows.where(or_(begins, name.contains(f" {start}", autoescape=True)))
    ids = db.session.scalars(rows.order_by(begins.desc(), Account.name).limit(limit)).all()
    found = people(ids)
    return [found[id_] for id_ in ids]


def by_username(username: str) -> Account:
    """The account of that name. Raises `NotFound`, also for one that nobody has confirmed: it may bear anybody's name."""
    found = db.session.scalars(select(Account).where(Account.username == username)).first()
    if found is None or not found.settled:
        raise NotFound("There is nobody of that name here.")
    return found


def by_email(email: str) -> Account | None:
    return db.session.scalars(select(Account).where(Account.email == email.strip().casefold())).first()


def by_name(name: str) -> Sequence[Account]:
    """Accounts with exactly that full name, in any case; at most two, since two are already too many to choose."""
    wanted = func.lower(Account.name) == " ".join(name.split()).lower()
    return db.session.scalars(select(Account).where(wanted, Account.confirmed_at.is_not(None)).limit(2)).all()


def reachable_among(ids: Iterable[int]) -> set[int]:
    """Return those of these people to whom members may write, in one query."""
    found = db.session.scalars(select(Account).where(Account.id.in_(list(set(ids)))))
    return {account.id for account in found if account.reachable}


def bounced(id_: int) -> bool:
    """Return whether mail to this member comes back, or the account is gone."""
    found = db.session.get(Account, id_)
    return found is None or found.bounced_at is not None


@dataclass(frozen=True, slots=True)
class Home:
    """Where a member works: the name of their organisation and their sector, "" where not said."""

    organisation: str
    sector: str


def home_of(member: Member) -> Home:
    """Return what a form need not ask again."""
    own = select(Organisation.name, Account.sector).select_from(Account)
    row = db.session.execute(
        own.outerjoin(Organisation, Organisation.id == Account.organisation_id).where(Account.id == member.id)
    ).first()
    return Home(row[0] or "", row[1]) if row else Home("", "")


def account(member: Member) -> Account:
    """The actor's own account."""
    found = db.session.get(Account, member.id)
    if found is None:
        raise NotFound("This account is gone.")
    return found


def acting(id_: int) -> Member:
    """The member for whom a link in their mail acts. Raises `NotFound` when the account is gone."""
    found = db.session.get(Account, id_)
    if found is None:
        raise NotFound("This account no longer exists.")
    return found.member()


def sessions(member: Member) -> Sequence[BrowserSession]:
    """Browsers signed in to the actor's account, the last used first; at most 50."""
    rows = select(BrowserSession).where(BrowserSession.account_id == member.id)
    return db.session.scalars(rows.order_by(BrowserSession.seen_at.desc()).limit(50)).all()


def staff_ids(but: int = 0) -> list[int]:
    """Moderators and administrators, to tell them that something waits."""
    rows = select(Account.id).where(Account.access.in_((MODERATOR, ADMINISTRATOR)), Account.id != but)
    return list(db.session.scalars(rows.order_by(Account.id).limit(50)))


def another_moderator(actor: Member, organisation_ids: Iterable[int]) -> bool:
    """Return whether somebody else on the staff works for none of these: nobody decides on their own organisation's things."""
    rows = (
        select(func.count())
        .select_from(Account)
        .where(
            Account.access.in_((MODERATOR, ADMINISTRATOR)),
            Account.id != actor.id,
            func.coalesce(Account.organisation_id, 0).not_in(list(organisation_ids)),
        )
    )
    return bool(db.session.scalar(rows))


def house_of(member_id: int | None) -> list[int]:
    """The organisation that somebody works for, by number; empty where they named none."""
    found = db.session.scalar(select(Account.organisation_id).where(Account.id == member_id))
    return [found] if found else []


def addresses(ids: Iterable[int], news: bool = True) -> Mapping[int, tuple[str, str]]:
    """`id → (name, email)` of those who have a confirmed address; for `news` only of those who want it by mail."""
    rows = select(Account.id, Account.name, Account.email).where(Account.id.in_(list(ids)), Account.confirmed_at.is_not(None))
    if news:
        rows = rows.where(Account.mail_ok)
    return {id_: (name, email) for id_, name, email in db.session.execute(rows)}


def is_somebody(words: str) -> bool:
    """Return whether words in small letters are part of a member's name, or contain a whole one. A word that is also a name
    ("ward") is taken for a name: the caller, which counts searches, would rather count too few."""
    name, begins = func.lower(Account.name), words.replace("%", "").replace("_", "")
    part = or_(name == words, name.like(f"{begins} %"), name.like(f"% {begins}"), name.like(f"% {begins} %"))
    whole = and_(name.like("% %"), literal(words).contains(name))
    return bool(db.session.scalar(select(exists().where(or_(part, whole)))))
