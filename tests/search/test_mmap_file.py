"""Reading from the map gives what reading copies gives, and lets go of what it read."""

import os
import random
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from forum.search.port import SearchRequest
from forum.search.whoosh import mmap_file
from forum.search.whoosh.index import WhooshIndex
from forum.search.whoosh.mmap_file import MapFile
from tests.search.conftest import FACETS
from tests.search.test_index import ALL, document

WORDS = [
    f"{a}{b}" for a in ("ward", "carer", "fall", "plan", "clinic", "huddle", "pain", "rota") for b in ("", "ing", "land", "less")
]
ASKED = [
    *WORDS[:8],
    "ward plan",
    '"ward plan"',
    "carer OR pain",
    "pain -ward",
    "the rota and the huddle at the clinic",
    "nothing at all",
]


def filled(folder: Path, count: int = 400) -> WhooshIndex:
    """Several segments, with documents that were changed and deleted."""
    rng, index = random.Random(3), WhooshIndex(folder, FACETS)
    made = [document(n, " ".join(rng.choices(WORDS, k=3)), " ".join(rng.choices(WORDS, k=40))) for n in range(1, count)]
    made = [replace(d, about=" ".join(rng.choices(WORDS, k=4))) if d.id % 5 == 0 else d for d in made]
    index.rebuild(made[: count // 2])
    for start in range(count // 2, count, 40):
        index.apply(made[start : start + 40], [("thread", start - 7)])
    index.apply(made[:3], [])
    return index


def answers(index: WhooshIndex) -> list[object]:
    return [index.search(SearchRequest(text, ALL, per_page=30)) for text in ASKED]


def test_the_same_answers_with_and_without(tmp_path: Path) -> None:
    ours = answers(filled(tmp_path))
    mmap_file.remove()
    try:
        assert answers(WhooshIndex(tmp_path, FACETS)) == ours
        assert answers(filled(tmp_path / "other")) == ours
    finally:
        mmap_file.install()


def test_right_answers_in_many_threads_that_take_turns_quickly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = filled(tmp_path)
    right, wrong = answers(index), []

    def read() -> None:
        for _ in range(3):
            found = answers(index)
            if found != right:
                wrong.append(found)

    import sys

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=read) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert wrong == []


def test_old_maps_and_files_are_let_go(tmp_path: Path) -> None:
    index = filled(tmp_path)
    for number in range(25):
        index.apply([document(1_000 + number, "One more", "ward")], [])
        answers(index)
    assert len(os.listdir("/proc/self/fd")) < 150
    maps = Path("/proc/self/maps").read_text()
    assert sum(".seg" in line for line in maps.splitlines()) < 60


def test_a_file_that_is_cut_off_is_noticed_before_it_is_read(tmp_path: Path) -> None:
    """The process would end: what lies beyond the end of a mapped file cannot be read."""
    from forum.search.port import IndexUnavailable

    index = filled(tmp_path)
    answers(index)
    for file in tmp_path.glob("index-*/*.seg"):
        os.truncate(file, file.stat().st_size // 2)
    with pytest.raises(IndexUnavailable):
        answers(index)


def test_a_view_reads_like_a_file() -> None:
    data = b"one\ntwo\n" + b"x" * 1_000 + b"\nlast"
    file = MapFile(memoryview(data))
    assert [file.readline(), file.read(2), file.tell()] == [b"one\n", b"tw", 6]
    file.seek(8)
    assert file.readline() == b"x" * 1_000 + b"\n"
    assert file.readline() == b"last"
    assert file.read() == file.readline() == file.read(3) == b""
    file.seek(-4, 2)
    assert file.read() == b"last"
    file.seek(0)
    file.seek(2, 1)
    assert file.read(None) == data[2:]
