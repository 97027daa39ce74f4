"""The vocabulary that the product ships: whole, without doubles, and every meaning with its source."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

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
    assert len(ENTRIES) >= 180


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
    ):
        assert not any(pair <= words for words in equal), pair
    for pair in ({"virtual ward", "hospital at home"}, {"co-production", "co-design"}, {"a&e", "emergency department"}):
        assert any(pair <= words for words in equal), pair
