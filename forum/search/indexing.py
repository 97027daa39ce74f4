"""Feeding the index from the outbox: one drainer at a time, the database first, the index disposable."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import current_app

from forum.kernel import outbox
from forum.kernel.db import alone, db, transaction
from forum.search.port import IndexUnavailable
from forum.search.service import all_documents, drift, search_parts, state

log = logging.getLogger("forum.search")
BATCH = 200
#: A row of this name asks for a new index: the words of a deleted document stay in the files of the old one.
REBUILD = "rebuild"


@contextmanager
def only_drainer() -> Iterator[bool]:
    """Yield True in the one process that may write the index now. An index in the database is guarded by a lock of the database,
    since several hosts may share it."""
    if current_app.config["FORUM"].search == "postgresql":
        with alone("index") as mine:
            yield mine
        return
    with outbox.alone_here("index") as mine:
        yield mine


def drain() -> int:
    """Bring the index up to the outbox; return how many rows were done. Rows go only after the index is on disk."""
    with only_drainer() as mine:
        if not mine:
            return 0
        rows = outbox.due("index", BATCH)
        if not rows:
            return 0
        try:
            if any(row.name == REBUILD for row in rows):
                _rebuild(rows)
                search_parts().index.drop_old()
            else:
                _apply(rows)
        except IndexUnavailable:
            log.warning("the index is missing or broken: rebuilding", exc_info=True)
            _rebuild(rows)
        return len(rows)


def _rebuild(rows: list[outbox.OutboxRow]) -> None:
    """A rebuild reads the database, so it covers these rows; later ones are still queued."""
    count = search_parts().index.rebuild(all_documents())
    log.info("index rebuilt: %s documents", count)
    with transaction():
        outbox.done(rows)


def _apply(rows: list[outbox.OutboxRow]) -> None:
    parts = search_parts()
    changed: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        event = outbox.routes().event(row.name, row.payload)
        for kind, source in parts.sources.items():
            find_ids = source.events.get(type(event))
            if find_ids is not None:
                changed[kind] |= set(find_ids(event))
    put, drop = [], []
    for kind, ids in changed.items():
        documents = list(parts.sources[kind].weighed(sorted(ids)))
        put += documents
        drop += [(kind, id_) for id_ in ids - {d.id for d in documents}]
    parts.index.apply(put, drop)
    with transaction():
        outbox.done(rows)


def check(say: Callable[[str], None] = log.info) -> bool:
    """Compare the index with the database and with its own checksums; rebuild it when they differ. True when it was sound."""
    with only_drainer() as mine:
        if not mine:
            return True
        found = problems()
        if not found:
            return True
        say(f"Search index: {'; '.join(found)}. Rebuilding.")
        rebuild()
        return False


def mend() -> bool:
    """Check between the thorough checks that the index can be opened; rebuild it at once if not. Return True when it was
    rebuilt."""
    if state() == "ok":
        return False
    with only_drainer() as mine:
        if mine:
            log.warning("the search index cannot be opened: rebuilding")
            rebuild()
    return mine


def problems() -> list[str]:
    """Return what is wrong with the index, in words; empty when it is sound. What still waits in the outbox is no problem."""
    index = search_parts().index
    try:
        found = list(index.verify())
        differ = drift()
    except IndexUnavailable as error:
        return [f"cannot be read ({error})"]
    waiting = db.session.query(outbox.OutboxRow).filter_by(queue="index").count()
    if any(differ.values()) and not waiting:
        found.append(f"{differ['missing']} missing, {differ['extra']} too many")
    return found


def rebuild(progress: Callable[[int], None] | None = None) -> int:
    """Build the index anew from the database, beside the old one, and swap. Return how many documents it holds."""
    return search_parts().index.rebuild(all_documents(progress))
