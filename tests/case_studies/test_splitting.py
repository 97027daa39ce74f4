"""A piece of a file is split at any of its paragraphs and two are joined, on the page that places them, and no word is lost."""

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.case_studies.transfer.pieces import MOST_PIECES, Piece, joined, paragraphs, places_to_split, split_at
from tests.case_studies.real_texts import count
from tests.page import Person

TEXT = "One.\n\n- a\n\n    in a\n\n```\ncode\n\nmore code\n```\n\n## Results\n\nGood.[^n]\n\n[^n]: A note."


def test_a_paragraph_is_what_stands_between_empty_lines_and_code_is_one() -> None:
    assert paragraphs(TEXT)[:4] == ["One.", "- a\n\n    in a", "```\ncode\n\nmore code\n```", "## Results"]


def test_a_piece_is_split_where_a_heading_is_and_its_note_goes_along() -> None:
    piece = Piece("Work", TEXT, "actions")
    where = next(value for value, words in places_to_split(piece).items() if "Results" in words)
    first, second = split_at([piece], 0, where)
    assert (first.heading, second.heading, second.guess) == ("Work", "Results", "actions")
    assert second.text == "Good.[^n]\n\n[^n]: A note."
    assert "note" not in first.text


def test_a_text_that_was_changed_meanwhile_is_split_at_the_same_words() -> None:
    old = Piece("", "One.\n\nTwo.\n\nThree.", "rest")
    where = next(value for value, words in places_to_split(old).items() if words == "Three.")
    assert [p.text for p in split_at([Piece("", "Zero.\n\nOne.\n\nTwo.\n\nThree.", "rest")], 0, where)][1] == "Three."
    changed = [Piece("", "Other words.\n\nAnd more.", "rest")]
    assert split_at(changed, 0, where) == changed


def test_joining_keeps_the_heading_and_the_place_of_the_part_above() -> None:
    (piece,) = joined([Piece("A", "One.", "problem"), Piece("B", "Two.", "results")], 1)
    assert piece == Piece("A", "One.\n\n## B\n\nTwo.", "problem")


def test_there_are_never_more_pieces_than_the_page_takes_back() -> None:
    many = [Piece("", f"One {n}.\n\nTwo.", "rest") for n in range(MOST_PIECES)]
    assert split_at(many, 0, "1 Two.") == many


BITS = st.sampled_from(
    ["word", "## Head", "```", "    in", "- x", "[^mark]", "[^mark]: note", "", "", "| a | b |", "> said", "~~~~", "\t"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(BITS, max_size=16).map("\n".join))
def test_no_word_is_lost_by_splitting_and_joining(text: str) -> None:
    piece = Piece("Over it", text, "rest")
    for where in places_to_split(piece):
        both = split_at([piece], 0, where)
        assert len(both) == 2
        for pieces in (both, joined(both, 1)):
            lost = count(text) - count(*(p.heading for p in pieces), *(p.text for p in pieces))
            assert set(lost) <= {"mark"}, "two notes of one mark become one note"


def upload(author: Person, text: str, name: str = "told.md") -> str:
    hidden = author.hidden("/case-studies/import", "/case-studies/import")
    return str(author.client.post("/case-studies/import", data={**hidden, "file": (io.BytesIO(text.encode()), name)}).text)


def test_the_page_splits_and_joins_and_keeps_what_was_typed(author: Person) -> None:
    page = upload(author, "## Background\n\nLong waits.\n\nWe opened a hub.\n\n## Results\n\nShort ones.\n")
    assert "The file has no title of its own" in page
    values = {
        "csrf_token": re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[:1] or [""],
        "form_key": re.findall(r'name="form_key"[^>]*value="([^"]+)"', page)[0],
        "title": "A hub that I typed", "by-name": "1", "heading-0": "Background", "text-0": "Long waits.\r\n\r\nWe opened a hub.",
        "place-0": "problem", "where-0": "1 We opened a hub.", "heading-1": "Results", "text-1": "Short ones.", "place-1": "results",
    }  # fmt: skip
    answer = author.client.post("/case-studies/import/place", data={**values, "change": "split:0"})
    assert answer.status_code == 200
    assert re.findall(r'name="text-\d" rows="8">\s*(.*?)</textarea>', answer.text, re.S) == [
        "Long waits.",
        "We opened a hub.",
        "Short ones.",
    ]
    assert 'value="A hub that I typed"' in answer.text
    joined_again = author.client.post("/case-studies/import/place", data={**values, "change": "join:1"})
    (text,) = re.findall(r'name="text-\d" rows="8">\s*(.*?)</textarea>', joined_again.text, re.S)
    assert text.split() == ["Long", "waits.", "We", "opened", "a", "hub.", "##", "Results", "Short", "ones."]


@pytest.mark.parametrize(("pictures", "says"), [(2, "2 pictures cannot be taken along"), (1, "1 picture cannot be taken along")])
def test_the_page_says_how_many_pictures_stay_behind(author: Person, pictures: int, says: str) -> None:
    page = upload(author, "# A title of some words\n\n" + "Words.\n\n![A ward](a.png)\n\n" * pictures)
    assert says in page
    assert page.count("*Picture: A ward*") >= pictures
