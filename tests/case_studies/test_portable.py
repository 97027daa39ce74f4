"""Records survive: normalising, the Markdown file and back, whatever is in them."""

from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.case_studies.record.completeness import DEPTHS, depth_of, gaps, meter, state_of
from forum.case_studies.record.markdown_file import About, from_markdown, to_markdown
from forum.case_studies.record.sections import SECTIONS
from forum.case_studies.record.values import ITEMS, NOT_APPLICABLE, fingerprint, flat, normal
from forum.records.items import Field, Item

ABOUT = About("Ada Author (2026). A title. Shared Practice.", "http://localhost/case-studies/1", "2026-11-24")
#: Text as it comes from people: marks of our own format, YAML's and Markdown's, odd spaces, other scripts, no control characters.
PIECES = st.sampled_from(
    ["---", "<!-- field: problem -->", "\\<!-- field: rest -->", "## The problem", "# One", "| a | b |", "key: value", "'", '"', "\n", "\n\n", " ", "- x",
     "\u2028", "\u00a0", "…", "Ärzte", "المريض", "😀", "2025-03", "yes", "null", "1e3", "{", "}", "[", "]", "&a", "*b", "%", "@", "`", "!", "\t", "~", "0x1F", "\u200b", "\U000e0000"]
)  # fmt: skip
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"])
TEXT = st.lists(st.one_of(PIECES, st.text(CHARACTERS, max_size=12)), max_size=12).map("".join)
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def value_of(item: Item) -> st.SearchStrategy[Any]:
    if isinstance(item, Field) or item.shape in {"choice", "month"}:
        return TEXT
    if item.shape in {"choices", "names"}:
        return st.lists(TEXT, max_size=4)
    names = ["key", *(c.name for c in item.columns)]
    key = st.sampled_from([*item.keys, "unknown"]) if item.keys else TEXT
    row = st.fixed_dictionaries({}, optional={n: key if n == "key" else TEXT for n in names})
    return st.lists(row, max_size=4)


RECORDS = st.fixed_dictionaries(
    {}, optional={**{n: value_of(i) for n, i in ITEMS.items()}, NOT_APPLICABLE: st.dictionaries(st.sampled_from(list(ITEMS)), TEXT)}
)


@SLOW
@given(RECORDS)
def test_normal_is_settled(context: Flask, values: dict[str, Any]) -> None:
    record = normal(values)
    assert normal(record) == record
    assert all(record.values())
    assert fingerprint(record) == fingerprint(normal(values))


@pytest.mark.parametrize("reason", ["", " \n", "\u200b", "\u3164", "\U000e0000"])
def test_a_reason_that_nobody_sees_is_none(context: Flask, reason: str) -> None:
    assert normal({NOT_APPLICABLE: {"problem": reason, "summary": "Not our part."}}) == {
        NOT_APPLICABLE: {"summary": "Not our part."}
    }


@SLOW
@given(RECORDS)
def test_a_file_reads_back_equal(context: Flask, values: dict[str, Any]) -> None:
    record = normal(values)
    assert from_markdown(to_markdown(record, ABOUT)) == record


@SLOW
@given(RECORDS)
def test_any_record_can_be_shown_and_measured(context: Flask, one: dict[str, Any]) -> None:
    before = normal(one)
    assert depth_of(before) in DEPTHS
    assert 0 <= meter(before).percent <= 100
    assert all(state_of(before, s) for s in SECTIONS)
    assert all(gap.message for gap in gaps(before))
    assert all(isinstance(t, str) for t in (flat(n, v) for n, v in before.items()))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_a_broken_file_is_told_in_words(text: str) -> None:
    for file in (
        text,
        f"---\nshared-practice-case-study: 1\n{text}\n---\n{text}",
        f"---\nshared-practice-case-study: 1\ncosts: {text}\n---\n",
    ):
        with suppress(ValueError):
            assert from_markdown(file) is None or normal(from_markdown(file) or {}) == from_markdown(file)


@pytest.mark.parametrize("name", list(ITEMS))
def test_every_item_has_words_for_authors_and_readers(context: Flask, name: str) -> None:
    item = ITEMS[name]
    assert item.question
    assert item.heading
    assert item.section in {s.slug for s in SECTIONS}
    assert flat(name, None) == ""


@pytest.mark.parametrize("name", ["problem", "rest"])
def test_a_text_that_says_nothing_keeps_a_case_study_from_being_sent(context: Flask, name: str) -> None:
    def about(text: str) -> list[str]:
        return [gap.message for gap in gaps({name: text}) if gap.field == name and "Nobody would see a word" in gap.message]

    assert len(about("<!-- to be written -->")) == 1
    assert about("Falls on <name of ward> rose.") == []
