"""What comes first: a title that was typed, then what has all the words, then the rest; near-ties by what is better about them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from forum.search.port import SearchDocument, SearchIndex, SearchRequest, Weight
from forum.search.ranking import settled
from forum.search.synonyms import Synonyms
from forum.search.whoosh.index import WhooshIndex
from tests.search.conftest import FACETS
from tests.search.test_index import ALL, START, ask, document, ids


@pytest.fixture
def made(bare: SearchIndex) -> Callable[..., SearchIndex]:
    """An index of these documents, on each engine."""

    def make(*documents: SearchDocument) -> SearchIndex:
        bare.rebuild(documents)
        return bare

    return make


def test_the_exact_title_comes_first_however_often_others_say_it(made: Callable[..., SearchIndex]) -> None:
    index = made(
        document(1, "Safe staffing on every ward", "safe staffing safe staffing"),
        document(2, "Safe Staffing", "A long text about something else. " * 40),
        document(3, "Safe staffing, safe staffing!", "safe staffing " * 30),
    )
    assert ids(index, "safe staffing")[0] == 2
    assert ids(index, "SAFE  “staffing”?")[0] == 2
    assert sorted(ids(index, "safe staffing")) == [1, 2, 3]


def test_a_title_without_its_first_word_still_leads(made: Callable[..., SearchIndex]) -> None:
    index = made(
        document(1, "A ward at home", "Nothing more about it here."),
        document(2, "Home visits", "ward home ward home"),
    )
    assert ids(index, "ward at home")[0] == 1


def test_titles_weigh_by_what_has_them(made: Callable[..., SearchIndex]) -> None:
    asking, telling = Weight(title=60), Weight(title=40)
    index = made(
        *(document(n, "Huddle", "huddle") for n in range(10, 30)),
        replace(document(1, "Parking at night", "Where do we put the cars of the late shift?"), weight=asking),
        replace(document(2, "Parking at night", "Where do we put the cars of the late shift?"), weight=telling),
    )
    page = ask(index, "parking cars")
    assert [h.id for h in page.hits] == [1, 2]
    assert page.hits[0].score > page.hits[1].score
    one, two = ask(index, "park*", titles=True).hits
    assert one.score == two.score, "where titles are all that is looked at, they are alike"


def test_all_the_words_are_no_wall_before_what_says_the_rare_one_plainly(made: Callable[..., SearchIndex]) -> None:
    filler = [document(n, "Team", "the team meets, the team talks") for n in range(10, 40)]
    index = made(
        document(1, "Annual report", f"team {'other words stand here ' * 300} loneliness"),
        document(2, "Loneliness and what helps", "loneliness loneliness"),
        *filler,
    )
    page = ask(index, "loneliness team")
    assert page.full == 1
    assert [h.id for h in page.hits[:2]] == [2, 1]


def test_what_has_all_the_words_comes_before_what_has_some(made: Callable[..., SearchIndex]) -> None:
    filler = [document(n, "Rota rota rota", "rota " * 30) for n in range(10, 20)]
    index = made(document(1, "Long", "clinic rota pain " + "other words here " * 200), *filler)
    page = ask(index, "clinic rota pain", per_page=5)
    assert page.relaxed
    assert page.total == 11
    assert page.hits[0].id == 1


def test_pages_follow_one_another_across_the_tiers(made: Callable[..., SearchIndex]) -> None:
    index = made(
        *(document(n, "Pain", f"pain {'rota ' * (n % 7)} clinic{n % 3}") for n in range(1, 40)),
        document(50, "Pain rota clinic1", "pain"),
    )
    asked = "pain rota clinic1 huddle"
    whole = ids(index, asked, per_page=100)
    assert sorted(whole) == [*range(1, 40), 50]
    pages = [ids(index, asked, per_page=7, page=n) for n in range(1, 7)]
    assert [id_ for page in pages for id_ in page] == whole


def test_near_ties_stand_by_what_is_better_and_by_age(made: Callable[..., SearchIndex]) -> None:
    index = made(
        document(1, "Falls", "the same text"),
        replace(document(2, "Falls", "the same text"), better=1),
        document(3, "Falls", "the same text"),
        document(4, "Falls", "the same text falls falls falls falls"),
    )
    assert ids(index, "same falls")[0] == 4, "what is plainly better stays first"
    assert ids(index, "same text") == [2, 3, 1, 4]


def test_settling_moves_nothing_far() -> None:
    scores = [(10.0, 1), (9.95, 2), (9.0, 3), (8.99, 4)]
    assert [n for _, n in settled(scores, lambda n: n)] == [2, 1, 4, 3]
    level = [(1.0, n) for n in range(25)]
    assert [n for _, n in settled(level, lambda n: n)] == [*range(9, -1, -1), *range(19, 9, -1), *range(24, 19, -1)]


def test_order_by_adoptions_and_by_evidence(made: Callable[..., SearchIndex]) -> None:
    def case(id_: int, adopted: int, evidence: int) -> SearchDocument:
        return SearchDocument("case-study", id_, "Falls", "on the ward", {}, ALL, START, adopted, evidence)

    index = made(case(1, 2, 3), case(2, 5, 0), case(3, 2, -1), case(4, 0, 3), document(5, "A question of falls"))
    assert ids(index, "falls", sort="adopted")[0] == 2
    assert set(ids(index, "falls", sort="adopted")[1:3]) == {1, 3}
    assert ids(index, "falls", sort="evidence") == [1, 4, 2, 3, 5]
    assert ids(index, "", sort="evidence")[:2] == [1, 4]
    assert index.search(SearchRequest("", ALL, sort="adopted", per_page=1)).hits[0].id == 2


def test_values_follow_changes_segment_by_segment(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path / "index", FACETS)
    index.rebuild([document(n, "Falls", "ward", region="london") for n in range(1, 30)])
    assert ask(index, "falls").facets["region"] == {"london": 29}
    index.apply([document(3, "Falls", "ward", region="north"), document(40, "Falls", "ward", region="london")], [("thread", 4)])
    assert ask(index, "falls").facets["region"] == {"london": 28, "north": 1}
    assert ids(index, "falls", filters={"region": ("north",)}) == [3]
    assert ids(index, "", sort="newest")[:2] == [40, 29]
    fresh = ask(WhooshIndex(index.root, FACETS), "falls")
    assert fresh == ask(index, "falls")


def test_our_arithmetic_is_whooshs_ranking(tmp_path: Path) -> None:
    """The scores of whole lists are those of Whoosh's own searcher, over several segments with deleted documents."""
    from forum.search.question.parser import parse
    from forum.search.whoosh.query import Points
    from tests.search.test_mmap_file import ASKED, filled

    with filled(tmp_path)._reading.newest() as now:
        # Of the best of several, Whoosh takes the score of documents that it has not come to yet.
        for text in (asked for asked in ASKED if " OR " not in asked):
            asked, each = parse(text), Weight().title / 100
            # Documents weigh their titles themselves; Whoosh is told in the query.
            theirs = {n: s for s, n in now.searcher.search(Points(title=each).of(asked, text), limit=None).top_n}
            query, alive = Points().of(asked, text), now.bitmaps["audience"]["everyone"]
            matched = now.scorer.matching(query) & alive
            assert {n for n in range(now.scorer.size) if matched >> n & 1} == set(theirs), text
            ours = now.scorer.best(query, matched, 1_000)
            assert {n: round(s, 4) for s, n in ours} == {n: round(s, 4) for n, s in theirs.items()}, text
            assert now.scorer.best(query, matched, 7) == ours[:7]


def test_all_words_in_the_title_come_before_all_words_in_the_text(made: Callable[..., SearchIndex]) -> None:
    index = made(
        document(1, "Something else", "weekly ward round " * 20),
        document(2, "A weekly round on the ward of a care home", "What we did, at length. " * 60),
        document(3, "Weekly meetings", "ward round"),
    )
    assert ids(index, "weekly ward round")[0] == 2


def test_weights_are_what_points_count_for(made: Callable[..., SearchIndex]) -> None:
    """Practice before talk, where the words speak alike for both."""
    said = "falls in care homes, and what we did about them"
    one, two, three = (replace(document(n, "", said), weight=Weight(weight)) for n, weight in ((1, 75), (2, 150), (3, 100)))
    index = made(one, two, three, document(4, "", f"{'falls ' * 9} in care homes"))
    assert ids(index, "falls care homes") in ([2, 4, 3, 1], [4, 2, 3, 1])
    assert ids(index, "falls care homes")[-1] == 1


def test_words_that_are_one_thing_count_in_a_row(made: Callable[..., SearchIndex]) -> None:
    field = Synonyms([(["end of life", "palliative"], [])])
    index = made(
        document(1, "", "At the end of the day, what a life this is, and care, care, care"),
        document(2, "", "Much is said here first. It was care at the end of life, and how it was paid for"),
        document(3, "", "Palliative care"),
        document(4, "", "The end of a meeting"),
    )
    page = index.search(SearchRequest("end of life care", ALL, synonyms=field))
    assert page.hits[0].id != 1
    assert {h.id for h in page.hits} == {1, 2, 3}, "half of the name of one thing is nothing"
