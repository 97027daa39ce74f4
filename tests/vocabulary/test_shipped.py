"""The vocabulary that the product ships: whole, without doubles, and every meaning with its source."""

import re
import tomllib
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from forum.documents.readability import GlossaryEntry as Glossed
from forum.documents.readability import glossary
from forum.search.analysis import normalise, terms

FILE = Path(__file__).resolve().parents[2] / "forum/vocabulary/data/vocabulary.toml"
ENTRIES: list[dict[str, Any]] = tomllib.loads(FILE.read_text("utf-8"))["entry"]


def same(word: str) -> str:
    """A word as two people would type it, with capitals or without."""
    return " ".join(word.removeprefix("=").casefold().split())


def searched(word: str) -> tuple[str, ...]:
    """A word as search sees it: "wards" is "ward"."""
    return tuple(part for forms, _, _ in terms(normalise(word.removeprefix("="))) for part in (forms[1:] or forms))


def test_there_are_enough() -> None:
    assert len(ENTRIES) >= 600


def test_keys_are_unique_and_kebab_case() -> None:
    keys = [e["key"] for e in ENTRIES]
    assert sorted(keys) == sorted(set(keys))
    assert [k for k in keys if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", k)] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=[e["key"] for e in ENTRIES])
def test_an_entry_is_whole(entry: dict[str, Any]) -> None:
    assert set(entry) == {"key", "words", "wider", "source"}
    words = [*entry["words"], *entry["wider"]]
    assert 1 <= len(entry["words"]) <= 6
    assert 2 <= len(words) <= 9
    assert all(w == w.strip() and 1 < len(w) <= 80 and searched(w) for w in words)
    assert 3 < len(entry["source"].strip()) <= 200


@pytest.mark.parametrize("entry", ENTRIES, ids=[e["key"] for e in ENTRIES])
def test_no_word_stands_twice_in_an_entry(entry: dict[str, Any]) -> None:
    words = [*entry["words"], *entry["wider"]]
    assert len({same(w) for w in words}) == len(words)
    assert len({searched(w) for w in words}) == len(words), "search does not tell these apart"


def test_no_word_has_two_entries() -> None:
    keys: dict[Any, set[str]] = defaultdict(set)
    for entry in ENTRIES:
        for word in entry["words"]:
            keys[same(word)].add(entry["key"])
            keys[searched(word)].add(entry["key"])
    assert {word: found for word, found in keys.items() if len(found) > 1} == {}


def test_abbreviations_that_are_also_words_count_only_in_capitals() -> None:
    words = {w for e in ENTRIES for w in (*e["words"], *e["wider"])}
    for word in ("ED", "IT", "SEND", "FIT", "MUST", "SALT", "NICE", "PALS", "LA", "PA", "ACP", "DNA", "SPA"):
        assert f"={word}" in words
        assert word not in words


def test_what_is_near_is_not_made_equal() -> None:
    equal = [{same(w) for w in e["words"]} for e in ENTRIES]
    for pair in (
        {"gp", "primary care"},
        {"general practice", "primary care"},
        {"unpaid carer", "care worker"},
        {"end of life", "palliative care"},
        {"reablement", "intermediate care"},
        {"social prescribing", "social prescribing link worker"},
        {"advance care planning", "dnacpr"},
        {"section 75", "pooled budget"},
        {"accountable care system", "accountable care organisation"},
        {"co-design", "co-production"},
        {"whistleblowing", "freedom to speak up"},
        {"whistleblowing", "speaking up"},
        {"health and justice", "prison health"},
        {"no criteria to reside", "medically fit for discharge"},
        {"polypharmacy", "overprescribing"},
        {"district nursing", "community nursing"},
        {"domestic abuse", "domestic violence"},
        {"child protection", "safeguarding children"},
        {"deprivation of liberty", "dols"},
        {"place of safety", "hbpos"},
        {"psirf", "patient safety incident investigation"},
        {"patient safety incident", "adverse event"},
        {"pharmacy first", "cpcs"},
        {"did not attend", "was not brought"},
        {"telecare", "technology enabled care"},
        {"clinical pharmacist", "practice pharmacist"},
        {"first contact practitioner", "first contact physiotherapist"},
    ):
        assert pair <= set().union(*(map(same, (*e["words"], *e["wider"])) for e in ENTRIES)), "it is about words of the list"
        assert not any(pair <= words for words in equal), pair
    for pair in ({"virtual ward", "hospital at home"}, {"a&e", "emergency department"}):
        assert any(pair <= words for words in equal), pair


NOT = {"no", "not", "non", "without", "never", "longer"}
OPPOSITES = [("inclusion", "exclusion"), ("inequalities", "equity"), ("inequality", "equality"), ("avoidance", "avoidable"),
             ("retention", "turnover"), ("admission", "discharge")]  # fmt: skip


def opposed(one: str, other: str) -> bool:
    """Whether two words say the reverse: all the same but a "no", or but a word for its opposite."""
    a, b = same(one).split(), same(other).split()
    if [w for w in a if w not in NOT] == [w for w in b if w not in NOT]:
        return bool(NOT & {*a}) != bool(NOT & {*b})
    return any((x in a and y in b) or (y in a and x in b) for x, y in OPPOSITES)


def test_no_entry_makes_an_opposite_its_synonym() -> None:
    assert opposed("criteria to reside", "no criteria to reside")
    assert opposed("digital inclusion", "digital exclusion")
    assert not opposed("did not attend", "non attendance")
    for entry in ENTRIES:
        assert [pair for pair in combinations(entry["words"], 2) if opposed(*pair)] == [], entry["key"]
    by_word = {same(w): e for e in ENTRIES for w in e["words"]}
    without = by_word["nctr"]
    assert "no criteria to reside" in without["words"]
    stays = by_word["criteria to reside"]
    assert not {*map(same, without["words"])} & {*map(same, [*stays["words"], *stays["wider"]])}
    assert not {*map(same, stays["words"])} & {*map(same, [*without["words"], *without["wider"]])}


def several() -> dict[str, dict[str, Any]]:
    """The abbreviations that stand for several things: entries with no other word. ReSPECT is the name of one."""
    alone = {e["words"][0]: e for e in ENTRIES if len(e["words"]) == 1 and e["words"][0].startswith("=")}
    return {word.removeprefix("="): entry for word, entry in alone.items() if word != "=ReSPECT"}


def test_an_abbreviation_of_several_things_makes_none_equal() -> None:
    found = several()
    for word in (
        "ACP",
        "SMR",
        "POC",
        "PA",
        "ICP",
        "ICS",
        "ACS",
        "ED",
        "CDC",
        "SLT",
        "ASC",
        "CSU",
        "CTR",
        "DES",
        "PPI",
        "PACS",
        "HR",
        "MVP",
        "EIA",
    ):
        assert word in found
    by_word = {same(w): e for e in ENTRIES for w in e["words"]}
    for word, entry in found.items():
        assert len(entry["wider"]) >= 2, word
        for meaning in entry["wider"]:
            leads = by_word.get(same(meaning))
            assert leads is None or f"={word}" in leads["wider"], f"{meaning} is also written {word}"


def meanings(entry: Glossed) -> list[str]:
    return [part.strip() for part in (entry.meaning or entry.instead).split(";")]


def test_the_glossary_gives_an_abbreviation_the_same_meaning() -> None:
    """What writers are told that an abbreviation stands for is what searches take it for: all of it, where it is several things."""
    by_word = {same(w): e for e in ENTRIES for w in e["words"]}
    glossed = {e.term: e for e in glossary() if sum(c.isupper() or c.isdigit() for c in e.term) > 1}
    both = {term: by_word[same(term)] for term in glossed if same(term) in by_word}
    assert len(both) > 60
    for term, entry in both.items():
        known = {searched(w) for w in (*entry["words"], *entry["wider"])}
        for meaning in meanings(glossed[term]):
            assert searched(meaning) in known, f"{term}: {meaning}"
    for word in several():
        assert len(meanings(glossed[word])) > 1, f"{word} stands for several things, of which the glossary says one"
    assert {word for word, e in glossed.items() if len(meanings(e)) > 1} <= {*several()}
