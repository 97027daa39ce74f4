"""Small jobs on texts: cleaning, slugs, differences, and what may identify somebody."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.documents.identifiability import check
from forum.kernel.diff import word_diff
from forum.kernel.text import BadText, clean, cut, slugify

WORDS = st.text(st.sampled_from("ab c\n.,é"), max_size=300)


@given(WORDS, WORDS)
@settings(deadline=None)
def test_a_difference_loses_nothing(before: str, after: str) -> None:
    segments = word_diff(before, after)
    assert "".join(t for op, t in segments if op != "added") == before
    assert "".join(t for op, t in segments if op != "removed") == after


def test_a_difference_is_readable() -> None:
    assert word_diff("We met on Monday to plan.", "We met on Friday to plan.") == [
        ("same", "We met on "),
        ("removed", "Monday"),
        ("added", "Friday"),
        ("same", " to plan."),
    ]


def test_a_huge_difference_ends() -> None:
    start = time.monotonic()
    word_diff("word " * 12_000, "other " * 10_000)
    word_diff("\n".join(f"line {n}" for n in range(4_000)), "\n".join(f"line {n * 2}" for n in range(4_000)))
    assert time.monotonic() - start < 15, "not a matter of speed but of ending at all"


@given(st.text(max_size=200))
def test_cleaning_is_done_once(text: str) -> None:
    try:
        once = clean(text)
    except BadText:
        assert any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in text)
        return
    assert clean(once) == once
    assert "\r" not in once


@given(st.text(max_size=100))
def test_slugs_are_safe(text: str) -> None:
    slug = slugify(text)
    assert slug
    assert len(slug) <= 60
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(cut(text, 20)) <= 21


FOUND = [
    ("NHS number 943 476 5919", "nhs-number"), ("9434765919 was ours", "nhs-number"), ("943-476-5919", "nhs-number"),
    ("９４３ ４７６ ５９１９", "nhs-number"), ("943\u00a0476\u200b5919", "nhs-number"), ("born on 3 March 1941", "date-of-birth"),
    ("DOB: 03/04/1962", "date-of-birth"), ("date of birth 1962-04-03", "date-of-birth"), ("MRN: AB12345", "hospital-number"),
    ("hospital number 778899", "hospital-number"), ("ring 020 7946 0958", "phone"), ("+44 20 7946 0958", "phone"),
    ("mail sam.jones@example.nhs.uk", "email"), ("lives at LS1 4AP", "postcode"), ("a 94-year-old woman", "age-over-89"),
    ("aged 91", "age-over-89"), ("Mrs Smith was admitted", "named-person"),
]  # fmt: skip
NOT_FOUND = [
    "page 9434765918 of the log", "on 3 March 2024 we began", "£9,434,765,919", "version 1.2.3.4", "https://x.example/9434765919",
    "children born before 1 August 2017", "![a](screens@2x.png)", "90% of people", "an 89-year-old", "in their nineties", "20 7946 0958 widgets",
    "[a link](https://x.example/020-7946-0958)", "Mr Chair opened the meeting", "2024-25 and 2025-26", "the 111 service",
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), FOUND)
def test_it_is_found(text: str, kind: str) -> None:
    findings = check({"problem": text})
    assert kind in [f.kind for f in findings]
    assert all(text[f.start : f.end] == f.match for f in findings)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_it_is_left_alone(text: str) -> None:
    assert check({"problem": text}) == []


@given(st.dictionaries(st.sampled_from(["title", "problem"]), st.text(max_size=300)))
@settings(deadline=None)
def test_no_text_breaks_the_check(texts: dict[str, str]) -> None:
    for finding in check(texts):
        assert texts[finding.field][finding.start : finding.end] == finding.match
