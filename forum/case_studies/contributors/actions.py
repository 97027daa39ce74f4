"""Who writes a case study and who reads it first: inviting, accepting, leaving, handing over.

An invitation is to an address. Whoever has an account with that address, confirmed, may accept it: no link can be passed on.
"""

from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize, may
from forum.accounts import queries as accounts
from forum.accounts.models import Account
from forum.case_studies import queries
from forum.case_studies.events import AuthorInvited, AuthorsChanged
from forum.case_studies.models import CO_AUTHOR, LEFT, PUBLISHED, REVIEWER, ROLES, Authorship, CaseStudy
from forum.kernel import rate_limits
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.errors import Forbidden, Invalid, NotFound
from forum.kernel.outbox import announce, enqueue
from forum.kernel.text import clean
from forum.moderation.actions import account_for

MOST = 20
A_DAY = 20
REMARK = 1_000


def invite(actor: Member, id_: int, who: str, role: str, lived: bool, reason: str = "") -> Authorship:
    """Ask somebody, by address or by a member's full name, to write along or to review. Raises `Invalid`."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.SHARE_OUT, case)
    if not may_write_about(actor, case):
        authorize(actor, Permission.MAIL)
    if role not in ROLES:
        raise Invalid("Say what you want them to do.", "role")
    email, account, named = _address(who.strip())
    if account is not None and account.id == case.member_id:
        raise Invalid("This person leads the case study already.", "who")
    rows = list(db.session.scalars(select(Authorship).where(Authorship.case_study_id == case.id)))
    before = next((row for row in rows if row.email == email), None)
    if before is not None and before.role != LEFT:
        raise Invalid("This person is on the list already.", "who")
    if len(rows) >= 2 * MOST or sum(row.role != LEFT for row in rows) >= MOST:
        raise Invalid(f"A case study can have {MOST} people in addition to its lead author.", "who")
    account_for(actor, case, "invited somebody to take part in it", reason, owners=[case.member_id], told=case.editor_ids)
    rate_limits.spend("invite", actor.id, A_DAY, timedelta(days=1), f"You can invite {A_DAY} people a day.")
    row = before or Authorship(case_study_id=case.id, email=email)
    row.role, row.lived, row.invited_by, row.invited_at, row.accepted_at = role, lived, actor.id, now(), None
    row.member_id = account.id if account is not None and named else None
    db.session.add(row)
    db.session.flush()
    _tell(actor, case, row, account)
    return row


def may_write_about(actor: Member, case: CaseStudy) -> bool:
    """Return whether the actor may ask others to take part. For published things always: a moderator has looked at them."""
    return case.status == PUBLISHED or may(actor, Permission.MAIL)


def _address(who: str) -> tuple[str, Account | None, bool]:
    """Return the address, its account, and whether a name was typed: the list then shows the name and never the address."""
    if not who:
        raise Invalid("Give the email address or the full name of somebody.", "who")
    if "@" in who:
        try:
            email = validate_email(who, check_deliverability=False, test_environment=True).normalized.casefold()
        except EmailNotValidError:
            raise Invalid("This is not an email address. Check it, for example for a missing dot.", "who") from None
        return email, accounts.by_email(email), False
    found = accounts.by_name(who)
    if len(found) != 1:
        problem = "Several members have this name" if found else "No member has exactly this name"
        raise Invalid(f"{problem}. Give their email address instead.", "who")
    return found[0].email, found[0], True


def _tell(actor: Member, case: CaseStudy, row: Authorship, account: Account | None) -> None:
    """Notify a member on the site and by mail; somebody without an account gets one mail, which says who asks."""
    if account is not None and account.confirmed_at is not None:
        announce(AuthorInvited(case.id, account.id, actor.id, row.role))
        return
    context = {"by": actor.name, "role": row.role}
    payload = {"to": row.email, "name": "", "template": "case_studies/mail/invited_newcomer.txt", "token_id": 0}
    enqueue("mail", "news", payload | {"context": context})


def accept(actor: Member, row_id: int) -> CaseStudy:
    """Join in. The case study can be seen from now on."""
    row = _own_invitation(actor, row_id)
    row.member_id, row.accepted_at = actor.id, now()
    announce(AuthorsChanged(row.case_study_id, actor.id, "accepted"))
    db.session.flush()
    case = db.session.get_one(CaseStudy, row.case_study_id)
    db.session.refresh(case, ["authorships"])
    return case


def decline(actor: Member, row_id: int) -> None:
    """Say no: the invitation is deleted, and the one who asked is notified."""
    row = _own_invitation(actor, row_id)
    announce(AuthorsChanged(row.case_study_id, actor.id, "declined"))
    db.session.delete(row)


def _own_invitation(actor: Member, row_id: int) -> Authorship:
    """An invitation that waits for this very member. Raises `NotFound`, also for somebody else's."""
    authorize(actor, Permission.WRITE)
    row = db.session.get(Authorship, row_id)
    if row is None or row.accepted_at is not None or row.role == LEFT or row.email != accounts.account(actor).email:
        raise NotFound("There is no such invitation for you. It may have been withdrawn.")
    return row


def leave(actor: Member, id_: int) -> CaseStudy:
    """Stop taking part. What one wrote stays. The one who leads hands over first."""
    case = queries.get(actor, id_)
    if case.member_id == actor.id:
        raise Invalid("You lead this case study. Hand it over to a co-author first, or withdraw it.")
    row = next((part for part in case.authorships if part.active and part.member_id == actor.id), None)
    if row is None:
        raise NotFound("You are not an author or reviewer of this.")
    _end(row)
    announce(AuthorsChanged(case.id, actor.id, "left"))
    return case


def remove(actor: Member, id_: int, row_id: int, reason: str = "") -> CaseStudy:
    """The one who leads, or staff, takes somebody out, or takes an invitation back."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.SHARE_OUT, case)
    row = db.session.get(Authorship, row_id)
    if row is None or row.case_study_id != case.id:
        raise NotFound("This person is no longer on the list.")
    verb = "removed somebody from its authors and reviewers" if row.active else "withdrew an invitation"
    told = [*case.editor_ids, row.member_id if row.active else None]
    account_for(actor, case, verb, reason, owners=[case.member_id], told=told)
    # Nobody else hears of an invitation that was taken back: nobody took part.
    if row.active and row.member_id is not None:
        announce(AuthorsChanged(case.id, row.member_id, "removed"))
        _end(row)
    else:
        db.session.delete(row)
    return case


def _end(row: Authorship) -> None:
    row.role, row.read_at, row.remark = LEFT, None, ""


def hand_over(actor: Member, id_: int, row_id: int, reason: str = "") -> CaseStudy:
    """Another author leads from now on; the one who led stays as co-author.

    The leader may, staff may, and a co-author may take over where mail to the leader comes back (contact rescue).
    """
    case = queries.get(actor, id_)
    row = db.session.get(Authorship, row_id)
    if row is None or row.case_study_id != case.id or not row.active or row.role != CO_AUTHOR:
        raise Invalid("Choose a co-author who has accepted the invitation.")
    leader = db.session.get(Account, case.member_id)
    rescue = row.member_id == actor.id and (leader is None or leader.bounced_at is not None)
    if not rescue:
        authorize(actor, Permission.SHARE_OUT, case)
        account_for(actor, case, "made another author its lead author", reason, owners=[case.member_id], told=case.editor_ids)
    new = row.member_id
    assert new is not None, "an active row has a member"
    if leader is not None:
        # The part changes hands, what was said of the person does not.
        row.member_id, row.email, row.lived, row.read_at, row.remark = leader.id, leader.email, False, None, ""
    else:
        db.session.delete(row)
    case.member_id = new
    announce(AuthorsChanged(case.id, new, "leads"))
    return case


def reviewed(actor: Member, id_: int, remark: str) -> CaseStudy:
    """A reviewer has read it, and says what is unclear; the authors are notified. Of a patient or carer the page says that they
    read it."""
    case = queries.get(actor, id_)
    mine = select(Authorship).where(Authorship.case_study_id == case.id, Authorship.member_id == actor.id)
    row = db.session.scalars(mine.where(Authorship.role == REVIEWER)).first()
    if row is None or not row.active:
        raise Forbidden("Only somebody who was asked to review this can say that they have read it.")
    remark = clean(remark).strip()
    if len(remark) > REMARK:
        raise Invalid(f"Use at most {REMARK:,} characters; there are {len(remark):,}.", "remark")
    row.read_at, row.remark = now(), remark
    announce(AuthorsChanged(case.id, actor.id, "read"))
    return case
