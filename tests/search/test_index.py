"""The contract of a search engine, on real indexes: files, and tables where there is a server."""

import json
import random
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from forum.search.port import IndexUnavailable, SearchDocument, SearchIndex, SearchPage, SearchRequest
from forum.search.whoosh.index import WhooshIndex
from tests.search.conftest import FACETS

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
def index(bare: SearchIndex) -> SearchIndex:
    bare.rebuild(DOCUMENTS)
    return bare


@pytest.fixture
def whoosh(tmp_path: Path) -> WhooshIndex:
    made = WhooshIndex(tmp_path / "index", FACETS)
    made.rebuild(DOCUMENTS)
    return made


def ids(index: SearchIndex, text: str, audience: tuple[str, ...] = ALL, **more: object) -> list[int]:
    return [h.id for h in ask(index, text, audience, **more).hits]


def ask(index: SearchIndex, text: str, audience: tuple[str, ...] = ALL, **more: object) -> SearchPage:
    return index.search(SearchRequest(text, audience, **more))  # type: ignore[arg-type]


def test_words_phrases_and_not(index: SearchIndex) -> None:
    assert set(ids(index, "ward")) == {2, 4, 5}
    assert ids(index, '"end of life"') == [2]
    assert ids(index, '"end life"') == []
    assert set(ids(index, "ward -round")) == {2, 5}
    assert ids(index, "A&E") == ids(index, "gp ed") == [1]
    assert set(ids(index, '"ward round" OR "ward at home"')) == {2, 4}
    assert set(ids(index, 'carers OR "ward round" OR plan')) == {1, 2, 4}
    assert set(ids(index, "ward NOT home")) == {4, 5}
    assert ids(index, "ward AND carers") == [2]
    assert set(ids(index, "ward -co-production")) == {4, 5}
    assert set(ids(index, "coproduction OR lunch")) == {2, 4}


def test_relaxed_below_a_page_of_full_answers(index: SearchIndex) -> None:
    page = ask(index, "ward round")
    assert (page.relaxed, page.full, page.total, page.missing) == (True, 1, 3, ())
    assert page.hits[0].id == 4
    page = ask(index, "Zebra ward")
    assert (page.relaxed, page.full, page.total, page.missing) == (True, 0, 3, ("Zebra",))
    assert not ask(index, "zebra").relaxed
    assert ids(index, "ward AND round") == [4], "who says AND means it"
    assert ids(index, "ward round", loosely=False) == [4]
    index.apply([document(n, "Ward round", f"number {n}") for n in range(20, 30)], [])
    page = ask(index, "ward round")
    assert (page.relaxed, page.full, page.total) == (False, 11, 11), "a page is enough"


def test_what_is_missing_is_what_this_reader_cannot_find_here(index: SearchIndex) -> None:
    assert ask(index, "ward quokka").missing == ("quokka",), "what others may read says nothing"
    assert ask(index, "ward quokka", ("everyone", "staff")).missing == ()
    assert ask(index, "ward carers zebra", kinds=("case-study",)).missing == ("carers", "zebra")
    assert ask(index, "ward carers zebra", without={"kind": ("thread",)}).missing == ("carers", "zebra")
    assert ask(index, "ward quokkas", before=date(2020, 1, 1)).missing == ("ward", "quokkas"), "of nothing, all"


def test_what_must_not_be_there_by_its_filters(index: SearchIndex) -> None:
    assert set(ids(index, "ward", without={"kind": ("case-study",)})) == {2}
    assert set(ids(index, "", without={"element": ("resilience", "none-such")})) == {4, 5}
    assert ids(index, "ward", filters={"region": ("london",)}, without={"outcome": ("better",)}) == []
    by = replace(document(6, "Ward"), facets={"author": ("amara",)})
    index.apply([by], [])
    assert set(ids(index, "ward", without={"author": ("amara", "x'\x00\"y")})) == {2, 4, 5}
    page = ask(index, "ward", without={"kind": ("case-study",)})
    assert page.facets["kind"] == {"thread": 2}


def test_each_part_of_joined_words_counts_where_some_will_do(index: SearchIndex) -> None:
    index.apply([document(6, "Badges", "A badge for visitors"), document(7, "Parking", "Parking for staff, parking for all")], [])
    page = ask(index, "badges.Parking zebra")
    assert page.relaxed
    assert {h.id for h in page.hits} == {6, 7}
    assert set(ids(index, "badges-parking zebra quokka")) == {6, 7}
    page = ask(index, "badges-parking")
    assert (page.full, page.relaxed, {h.id for h in page.hits}) == (0, True, {6, 7}), "as one word it is nowhere"


def test_a_word_with_hyphens_or_stops_weighs_as_its_parts_do(bare: SearchIndex) -> None:
    """And not thrice, as the whole and its parts: what says the other words as well stays first."""
    bare.rebuild(
        [
            document(1, "", "check-in rota"),
            document(2, "", "check in rota"),
            document(3, "", "trial rota rota clinicaltrials"),
            document(4, "", "ClinicalTrials.gov"),
            *(document(n, "", f"huddle {n}") for n in range(10, 40)),
        ]
    )
    found = ask(bare, "check-in rota", per_page=50)
    points = {h.id: h.score for h in found.hits}
    assert points[1] < 1.6 * points[2], points
    assert ids(bare, "clinicaltrials.gov") == [4, 3]
    assert ids(bare, "clinicaltrials rota")[0] == 3


def test_days_begin_at_midnight_in_london(index: SearchIndex) -> None:
    """In summer that is an hour before midnight UTC, which is what is kept."""
    late = replace(document(6, "Late"), created=datetime(2026, 9, 30, 23, 24, tzinfo=UTC))
    early = replace(document(7, "Early"), created=datetime(2026, 9, 30, 22, 59, tzinfo=UTC))
    index.apply([late, early], [])
    first = date(2026, 10, 1)
    assert ids(index, "late OR early", before=first) == [7]
    assert ids(index, "late OR early", after=first) == [6]
    assert ids(index, "late OR early", after=date.min, before=date.max) != []


def about(id_: int, title: str, body: str) -> SearchDocument:
    """Something without a title of its own, about what has this one."""
    return replace(document(id_, "", body, kind="adoption"), about=title)


def test_faint_words_help_to_have_all_the_words(index: SearchIndex) -> None:
    index.apply([about(6, "A ward at home", "The night staff were asked first"), about(7, "Huddles", "Night staff")], [])
    page = ask(index, "ward night")
    assert (page.hits[0].id, page.full) == (6, 1), "half of the words are its own, half of what it is about"
    assert set(ids(index, "ward")) == {2, 4, 5, 6}
    assert ids(index, '"night staff"', filters={"kind": ("adoption",)}) == [7, 6]
    assert ids(index, "night -ward") == [7], "what it is about can be unwanted"
    assert ids(index, '"asked first ward"') == ids(index, '"first a ward"') == [], "no phrase runs into them"


def test_faint_words_hardly_count_and_are_no_title(bare: SearchIndex) -> None:
    bare.rebuild(
        [
            *(about(n, "A ward at home", "It went well") for n in range(1, 6)),
            document(10, "Beds", f"a ward {'and much else that is said here ' * 40}"),
            document(11, "A ward at home", "The case study"),
            about(12, "A ward at home", "Our ward is small"),
        ]
    )
    found = ids(bare, "ward")
    assert found[:3] in ([11, 12, 10], [12, 11, 10]), "also a long text that has the word once is before what only is about it"
    assert found[3:] == [5, 4, 3, 2, 1], "of equals the newer"
    assert ids(bare, "a ward at home")[0] == 11
    assert ids(bare, "ward home", titles=True) == [11]
    assert ids(bare, "ward zebra")[0] in {11, 12}
    bare.apply([about(5, "Huddles", "It went well")], [])
    assert ids(bare, "ward")[3:] == [4, 3, 2, 1], "they change with what it is about"


def test_a_title_comes_first(index: SearchIndex) -> None:
    assert ids(index, "a ward at home")[0] == 2


def test_filters_and_their_counts(index: SearchIndex) -> None:
    assert ids(index, "ward", filters={"outcome": ("better",)}) == [4]
    assert set(ids(index, "ward", filters={"outcome": ("better", "worse")})) == {4, 5}
    page = ask(index, "ward", kinds=("case-study",), filters={"outcome": ("better",)})
    assert page.facets["outcome"] == {"better": 1, "worse": 1}, "a facet's own choice does not hide the others"
    assert page.facets["kind"] == {"case-study": 1}
    assert page.total == 1


def test_counts_and_totals_know_nothing_of_what_is_hidden(index: SearchIndex) -> None:
    assert ask(index, "quokka").total == 0
    assert ask(index, "", filters={"element": ("resilience",)}).total == 2
    assert ask(index, "").facets["element"]["resilience"] == 2
    assert ids(index, "quokka", ("everyone", "staff")) == [3]
    assert ask(index, "ward", ()).total == 0


def test_no_words_means_everything_newest_first(index: SearchIndex) -> None:
    assert ids(index, "") == [5, 4, 2, 1]
    assert ids(index, "", per_page=2, page=2) == [2, 1]
    assert ids(index, "ward", sort="newest") == [5, 4, 2]
    assert ids(index, "ward", per_page=2, page=9) == []


def test_updates_replace_and_drops_remove(index: SearchIndex) -> None:
    index.apply([document(1, "Rewritten", "nothing of before")], [("thread", 2)])
    assert ids(index, "GP") == ids(index, "co-production") == []
    assert ids(index, "rewritten") == [1]
    index.apply([document(1, "Rewritten", "nothing of before")], [("thread", 2), ("thread", 99)])
    assert ids(index, "rewritten") == [1]
    assert sorted(index.keys()) == [("case-study", 4), ("case-study", 5), ("thread", 1), ("thread", 3)]
    assert index.count() == 4


def test_a_missing_index_says_so(bare: SearchIndex) -> None:
    index = bare
    for use in (lambda: ask(index, "x"), index.count, lambda: index.apply([], []), index.verify):
        with pytest.raises(IndexUnavailable):
            use()


@pytest.mark.parametrize("damage", ["flip", "truncate", "no-toc", "garbage", "empty", "pointer"])
def test_damage_is_noticed_and_mended(whoosh: WhooshIndex, damage: str) -> None:
    index = whoosh
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
    fresh = WhooshIndex(index.root, FACETS)
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


def test_many_readers_while_one_writes(index: SearchIndex) -> None:
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


def test_hostile_choices_never_raise(index: SearchIndex) -> None:
    for value in ("\x00", "a\x00b", "\ud800", "'; --", "%s", "{}", ":x", "\\"):
        assert ids(index, "ward", filters={"region": (value,)}) == ids(index, "ward", kinds=(value,)) == []
    assert ids(index, "ward", page=10**30) == []


def test_hostile_words_never_raise(index: SearchIndex, shared: Path) -> None:
    for name in ("injection", "naughty_strings"):
        for row in json.loads((shared / f"data/hostile/{name}.json").read_text("utf-8")):
            text = row["p"] if isinstance(row, dict) else row
            found = ask(index, text.encode("utf-8", "replace").decode())
            assert len(found.hits) == min(found.total, 10)


def test_what_only_must_not_be_there_leaves_the_rest(bare: SearchIndex) -> None:
    """Many of them: nothing ranks them, so the newest come first."""
    bare.rebuild(document(n, "Huddles", "word" if n % 2 else "other") for n in range(1, 1_301))
    page = bare.search(SearchRequest("-word", ("everyone",)))
    assert page.total == 650
    assert len(page.hits) == 10
