"""The contract of a search engine, on a real index on disk."""

import json
import random
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forum.search.port import IndexUnavailable, SearchDocument, SearchPage, SearchRequest
from forum.search.whoosh_index import WhooshIndex

ALL = ("everyone",)
START = datetime(2026, 1, 1, tzinfo=UTC)


def document(
    id_: int, title: str, body: str = "", audience: tuple[str, ...] = ALL, kind: str = "thread", **facets: object
) -> SearchDocument:
    named = {k.replace("_", "-"): (v,) if isinstance(v, str) else tuple(v) for k, v in facets.items()}  # type: ignore[arg-type]
    return SearchDocument(kind, id_, title, body, named, audience, START + timedelta(days=id_))


DOCUMENTS = [
    document(1, "Waits in A&E", "The GP and the ED agree on a plan", element="resilience", region="london"),
    document(2, "A ward at home", "End of life care, co-production with carers", element=("resilience", "long-term-view")),
    document(3, "Staff only", "Secret quokka words", audience=("staff",), element="resilience"),
    document(4, "Discharge before lunch", "The ward round starts at nine", kind="case-study", region="london", outcome="better"),
    document(5, "Another ward story", "ward ward ward", kind="case-study", element="long-term-view", outcome="worse"),
]


@pytest.fixture
def index(tmp_path: Path) -> WhooshIndex:
    made = WhooshIndex(tmp_path / "index")
    made.rebuild(DOCUMENTS)
    return made


def ids(index: WhooshIndex, text: str, audience: tuple[str, ...] = ALL, **more: object) -> list[int]:
    return [h.id for h in ask(index, text, audience, **more).hits]


def ask(index: WhooshIndex, text: str, audience: tuple[str, ...] = ALL, **more: object) -> SearchPage:
    return index.search(SearchRequest(text, audience, **more))  # type: ignore[arg-type]


def test_words_phrases_and_not(index: WhooshIndex) -> None:
    assert set(ids(index, "ward")) == {2, 4, 5}
    assert ids(index, '"end of life"') == [2]
    assert ids(index, '"end life"') == []
    assert set(ids(index, "ward -round")) == {2, 5}
    assert ids(index, "A&E") == ids(index, "gp ed") == [1]
    assert set(ids(index, "coproduction OR lunch")) == {2, 4}


def test_relaxed_only_when_nothing_has_all_words(index: WhooshIndex) -> None:
    assert not ask(index, "ward round").relaxed
    page = ask(index, "ward zebra")
    assert page.relaxed
    assert page.total == 3
    assert not ask(index, "zebra").relaxed


def test_a_title_comes_first(index: WhooshIndex) -> None:
    assert ids(index, "a ward at home")[0] == 2


def test_filters_and_their_counts(index: WhooshIndex) -> None:
    assert ids(index, "ward", filters={"outcome": ("better",)}) == [4]
    assert set(ids(index, "ward", filters={"outcome": ("better", "worse")})) == {4, 5}
    page = ask(index, "ward", kinds=("case-study",), filters={"outcome": ("better",)})
    assert page.facets["outcome"] == {"better": 1, "worse": 1}, "a facet's own choice does not hide the others"
    assert page.facets["kind"] == {"case-study": 1}
    assert page.total == 1


def test_counts_and_totals_know_nothing_of_what_is_hidden(index: WhooshIndex) -> None:
    assert ask(index, "quokka").total == 0
    assert ask(index, "", filters={"element": ("resilience",)}).total == 2
    assert ask(index, "").facets["element"]["resilience"] == 2
    assert ids(index, "quokka", ("everyone", "staff")) == [3]
    assert ask(index, "ward", ()).total == 0


def test_no_words_means_everything_newest_first(index: WhooshIndex) -> None:
    assert ids(index, "") == [5, 4, 2, 1]
    assert ids(index, "", per_page=2, page=2) == [2, 1]
    assert ids(index, "ward", sort="newest") == [5, 4, 2]
    assert ids(index, "ward", per_page=2, page=9) == []


def test_updates_replace_and_drops_remove(index: WhooshIndex) -> None:
    index.apply([document(1, "Rewritten", "nothing of before")], [("thread", 2)])
    assert ids(index, "GP") == ids(index, "co-production") == []
    assert ids(index, "rewritten") == [1]
    index.apply([document(1, "Rewritten", "nothing of before")], [("thread", 2), ("thread", 99)])
    assert ids(index, "rewritten") == [1]
    assert sorted(index.keys()) == [("case-study", 4), ("case-study", 5), ("thread", 1), ("thread", 3)]
    assert index.count() == 4


def test_a_missing_index_says_so(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path / "none")
    for use in (lambda: ask(index, "x"), index.count, lambda: index.apply([], []), index.verify):
        with pytest.raises(IndexUnavailable):
            use()


@pytest.mark.parametrize("damage", ["flip", "truncate", "no-toc", "garbage", "empty", "pointer"])
def test_damage_is_noticed_and_mended(index: WhooshIndex, damage: str) -> None:
    assert index.verify() == []
    folder = index.root / (index.root / "current").read_text()
    files = [f for f in folder.iterdir() if f.suffix in {".seg", ".toc"}]
    for file in files:
        data = bytearray(file.read_bytes())
        if damage == "flip":
            data[len(data) // 2] ^= 0xFF
            file.write_bytes(data)
        elif damage == "truncate":
            file.write_bytes(data[: len(data) // 2])
        elif damage == "no-toc" and file.suffix == ".toc":
            file.unlink()
        elif damage == "garbage":
            file.write_bytes(random.Random(1).randbytes(100))
        elif damage == "empty":
            file.unlink()
    if damage == "pointer":
        (index.root / "current").write_text("../elsewhere")
    fresh = WhooshIndex(index.root)
    try:
        noticed = bool(fresh.verify())
        fresh.search(SearchRequest("ward", ALL))
    except IndexUnavailable:
        noticed = True
    assert noticed
    fresh.rebuild(DOCUMENTS)
    assert fresh.verify() == []
    assert set(ids(fresh, "ward")) == {2, 4, 5}
    assert set(ids(index, "ward")) == {2, 4, 5}, "a reader that was open follows the swap"


def test_many_readers_while_one_writes(index: WhooshIndex) -> None:
    wrong: list[object] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                found = ids(index, "lunch")
                if found != [4]:
                    wrong.append(found)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(20):
        index.apply([document(100 + number, f"New number {number}", "words")], [])
    index.rebuild(DOCUMENTS)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_hostile_words_never_raise(index: WhooshIndex, shared: Path) -> None:
    for name in ("injection", "naughty_strings"):
        for row in json.loads((shared / f"data/hostile/{name}.json").read_text("utf-8")):
            text = row["p"] if isinstance(row, dict) else row
            ask(index, text.encode("utf-8", "replace").decode())
