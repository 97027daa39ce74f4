"""Loading the lists that the product ships, and tagging things."""

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib import resources
from typing import Any

from sqlalchemy import delete, select

from forum.kernel.db import db, transaction
from forum.kernel.outbox import touch_site
from forum.kernel.references import Ref
from forum.kernel.text import slugify
from forum.taxonomy.models import BOARD, Tagging, Term
from forum.taxonomy.queries import forget, term


def load_lists() -> int:
    """Bring the tables up to the shipped data; return how many terms there are. Safe to repeat; deletes nothing."""
    rows = [*_shipped(), *_boards()]
    with transaction():
        have = {(t.scheme, t.slug): t for t in db.session.scalars(select(Term))}
        for row in rows:
            existing = have.get((row["scheme"], row["slug"]))
            if existing is None:
                db.session.add(Term(**row))
            else:
                for name, value in row.items():
                    setattr(existing, name, value)
        touch_site()
    forget()
    return len(rows)


def _shipped() -> Iterator[dict[str, Any]]:
    for file in sorted(resources.files("forum.taxonomy").joinpath("data").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            data = tomllib.loads(file.read_text("utf-8"))
            for position, row in enumerate(data["term"]):
                yield {"scheme": data["scheme"], "position": position, **_dated(row)}


def _dated(row: Mapping[str, Any]) -> dict[str, Any]:
    dates = {k: date.fromisoformat(row[k]) for k in ("valid_from", "valid_to") if isinstance(row.get(k), str)}
    return {**row, **dates}


def _boards() -> Iterator[dict[str, Any]]:
    """The 42 integrated care boards; `parent` is the region's slug."""
    text = resources.files("forum.taxonomy").joinpath("data/integrated_care_boards.csv").read_text("utf-8")
    for position, row in enumerate(csv.DictReader(text.splitlines())):
        yield {
            "scheme": BOARD,
            "slug": slugify(row["short_name"]),
            "label": row["short_name"],
            "wording": row["legal_name"],
            "code": row["ods_code"],
            "parent": slugify(row["nhs_england_region"]),
            "source": "NHS Organisation Data Service, Open Government Licence v3.0",
            "position": position,
            "valid_from": date.fromisoformat(row["valid_from"]),
        }


def tag(ref: Ref, chosen: Mapping[str, Sequence[str]]) -> None:
    """Give a thing exactly these terms (`scheme → slugs`), in their order. Call inside `transaction()`. Raises `NotFound`."""
    kind, ref_id = ref
    terms = [term(scheme, slug) for scheme, slugs in chosen.items() for slug in dict.fromkeys(slugs)]
    db.session.execute(delete(Tagging).where(Tagging.kind == kind, Tagging.ref_id == ref_id))
    for position, choice in enumerate(terms):
        db.session.add(Tagging(kind=kind, ref_id=ref_id, term_id=choice.id, position=position))
    db.session.flush()
