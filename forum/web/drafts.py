"""Text that is being typed into a short form (a thread, a reply, an edit), stored on the server until it is sent (law 4).

Case studies store their own working text; this is for everything smaller. One draft for each member and form.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import JSON, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from forum.access.actors import Member
from forum.kernel.clock import LONDON, now
from forum.kernel.db import Model, db, read
from forum.kernel.errors import Invalid
from forum.kernel.numbers import whole

LARGEST = 80_000
MOST = 100


class FormDraft(Model):
    """What a member has typed into a form and not sent. `key` names the form, such as "reply:12"."""

    __tablename__ = "form_drafts"

    member_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str]
    label: Mapped[str]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime]


def saved_at(at: datetime) -> str:
    """The time as "Draft saved at …" says it: London time, "3:42pm"."""
    local = at.astimezone(LONDON)
    return f"{local:%I:%M}".lstrip("0") + f"{local:%p}".lower()


def keep(actor: Member, key: str, url: str, label: str, fields: Mapping[str, Any]) -> FormDraft:
    """Save what was typed so far, over what was saved before. Call inside `transaction()`. Raises `Invalid`."""
    if sum(len(str(v)) for v in fields.values()) > LARGEST:
        raise Invalid("This is too long to keep as a draft. Shorten it.")
    draft = FormDraft(member_id=actor.id, key=key, url=url, label=label, fields=dict(fields), saved_at=now())
    return db.session.merge(draft)


def began_as_sent() -> dict[str, Any]:
    """Return the version that the form now being saved began from, to be stored with its words."""
    version = whole(request.form.get("version"))
    return {} if version is None else {"version": version}


def began(draft: FormDraft | None, stored: int) -> int:
    """Return the version to open a form at: the draft's own, so that what others saved since then is a conflict and is not lost."""
    said = draft.fields.get("version") if draft is not None else None
    # A form that stores all its fields as they were sent stores this one in a list too.
    number = whole(str(said[0] if isinstance(said, list) else said))
    return stored if number is None else number


_KEPT = select(*FormDraft.__table__.columns).where(FormDraft.member_id == bindparam("member"), FormDraft.key == bindparam("form"))


def kept(actor: Member, key: str) -> FormDraft | None:
    """The member's draft for that form, if there is one: for reading alone."""
    row = read(_KEPT, {"member": actor.id, "form": key}).first()
    return FormDraft(**row._mapping) if row else None


def drop(actor: Member, key: str) -> None:
    """Delete the draft: its text was sent, or is not wanted. Call inside `transaction()`."""
    db.session.execute(delete(FormDraft).where(FormDraft.member_id == actor.id, FormDraft.key == key))


def listed(actor: Member) -> list[FormDraft]:
    """The member's drafts, the last saved first."""
    rows = select(FormDraft).where(FormDraft.member_id == actor.id).order_by(FormDraft.saved_at.desc())
    return list(db.session.scalars(rows.limit(MOST)))
