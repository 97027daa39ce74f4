"""What stands in a Whoosh index and on the disk: schema, tokens, writing, pushing to disk, checksums."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

from whoosh import fields, index
from whoosh.analysis import Token, Tokenizer

from forum.search.analysis import name_of
from forum.search.filters import Facets
from forum.search.port import IndexUnavailable, Key, SearchDocument
from forum.search.tokens import ANALYSIS, FAINT, LONGEST, tokens
from forum.search.whoosh.bitmaps import COLUMNS


class OurTokenizer(Tokenizer):  # type: ignore[misc]
    """Our tokens as Whoosh's."""

    def __call__(self, value: str, positions: bool = False, start_pos: int = 0, **rest: Any) -> Iterator[Token]:
        token = Token(positions=positions, chars=False, removestops=False, mode=rest.get("mode", ""))
        for token.text, token.pos, token.boost in tokens(value, start_pos):
            token.stopped = False
            yield token


def format_of(facets: Facets) -> str:
    """Return what an index on the disk says of itself, when it is of this version."""
    return f"{ANALYSIS} {' '.join(facets.all)}"


def schema(facets: Facets) -> fields.Schema:
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        # A title is part of the text, so that one list of places answers for a word, and once more a field, where it counts extra.
        text=fields.TEXT(analyzer=OurTokenizer()),
        title=fields.TEXT(analyzer=OurTokenizer()),
        name=fields.ID(),
        audience=fields.KEYWORD(commas=True),
        **{name: fields.NUMERIC(int, bits=64, signed=True, sortable=True) for name in COLUMNS},
        **{name.replace("-", "_"): fields.KEYWORD(commas=True) for name in facets.all},
    )


def _row(d: SearchDocument, facets: Facets) -> dict[str, Any]:
    kept = {"kind": (d.kind,), **{k: v for k, v in d.facets.items() if k in facets.all}}
    return {
        "id": f"{d.kind}:{d.id}",
        "title": d.title,
        "text": f"{d.title}\n{d.body[:LONGEST]}{FAINT}{d.about}",
        "name": name_of(d.title),
        "audience": ",".join(d.audience),
        "created": int(d.created.timestamp()),
        "adopted": d.adopted,
        "evidence_level": d.evidence,
        "better": d.better,
        "weight": d.weight.points,
        "title_weight": d.weight.title,
        **{k.replace("-", "_"): ",".join(v) for k, v in kept.items() if v},
    }


def generation(folder: Path) -> int:
    """The newest generation in the folder, by the names of its tables of contents."""
    numbers = [int(n[6:-4]) for n in os.listdir(folder) if n.startswith("_MAIN_") and n.endswith(".toc") and n[6:-4].isdigit()]
    if not numbers:
        raise IndexUnavailable("the index has no table of contents")
    return max(numbers)


def write(folder: Path, put: Iterable[SearchDocument], drop: list[Key], facets: Facets) -> int:
    opened = index.open_dir(str(folder))
    # Whoosh would make its lock a program that can be run.
    (folder / "MAIN_WRITELOCK").touch(0o600)
    writer = opened.writer(timeout=10, delay=0.05, limitmb=128)
    count = 0
    try:
        fresh = list(put) if drop or opened.doc_count_all() else put
        if isinstance(fresh, list):
            _delete(opened, writer, [*drop, *((d.kind, d.id) for d in fresh)])
        for document in fresh:
            writer.add_document(**_row(document, facets))
            count += 1
        writer.commit()
    except BaseException:
        # 2.7.4 keeps its lock when a commit fails.
        if not writer.is_closed:
            writer.cancel()
        writer.writelock.release()
        raise
    _seal(folder, facets)
    return count


def _delete(opened: Any, writer: Any, keys: Iterable[Key]) -> None:
    """Old versions are looked up by one searcher: much faster than `update_document` for each."""
    with opened.searcher() as searcher:
        for kind, id_ in dict.fromkeys(keys):
            number = searcher.document_number(id=f"{kind}:{id_}")
            if number is not None:
                writer.delete_document(number)


def _seal(folder: Path, facets: Facets) -> None:
    """Push the files to disk (Whoosh never does) and write down their checksums."""
    try:
        before = json.loads((folder / "checksums.json").read_text("utf-8"))
    except (OSError, ValueError):
        before = {}
    names = [n for n in os.listdir(folder) if n.endswith((".seg", ".toc"))]
    fresh = [n for n in names if n not in before]
    sync([folder / n for n in fresh], folder)
    kept = {n: before.get(n) or checksum(folder / n) for n in names}
    draft = folder / "checksums.new"
    draft.write_text(json.dumps({"format": format_of(facets), **kept}), "utf-8")
    os.replace(draft, folder / "checksums.json")


def sync(files: Iterable[Path], folder: Path) -> None:
    for path in [*files, folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def checksum(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError:
        return "missing"
    return f"{len(data)}-{crc32(data):08x}"
