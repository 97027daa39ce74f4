"""How hard a text is to read: known examples, what Markdown does to sentences, jargon, and texts meant to break it."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.documents.readability import GlossaryEntry, glossary, measure, syllables

#: Microsoft Word gives the Gettysburg Address (10 sentences) grade 10.9, the Unix program `style` 10.2: an age of 15 or 16.
GETTYSBURG = """Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in
Liberty, and dedicated to the proposition that all men are created equal.

Now we are engaged in a great civil war, testing whether that nation, or any nation so conceived and so dedicated, can
long endure. We are met on a great battle-field of that war. We have come to dedicate a portion of that field, as a final
resting place for those who here gave their lives that that nation might live. It is altogether fitting and proper that
we should do this.

But, in a larger sense, we can not dedicate, we can not consecrate, we can not hallow this ground. The brave men, living
and dead, who struggled here, have consecrated it, far above our poor power to add or detract. The world will little
note, nor long remember what we say here, but it can never forget what they did here. It is for us the living, rather, to
be dedicated here to the unfinished work which they who fought here have thus far so nobly advanced. It is rather for us
to be here dedicated to the great task remaining before us, that from these honored dead we take increased devotion to
that cause for which they gave the last full measure of devotion, that we here highly resolve that these dead shall not
have died in vain, that this nation, under God, shall have a new birth of freedom, and that government of the people, by
the people, for the people, shall not perish from the earth."""
EASY = "The cat sat on the mat. It was warm in the sun. A dog came in and the cat ran off. The dog lay down and went to sleep on the mat. "
MIDDLE = (
    "Our team looked at why older people stay in hospital longer than they need to. We asked patients, families and staff what "
    "got in the way. Many said that nobody had told them who would decide, or when they could expect an answer. "
)
HARD = (
    "The reconfiguration of multidisciplinary intermediate provision necessitated comprehensive organisational collaboration "
    "and substantial negotiation between statutory commissioning authorities and independent domiciliary organisations, notwithstanding considerable "
    "uncertainty regarding accountability, interoperability and sustainability of arrangements. "
)
MDT = GlossaryEntry("MDT", "a team of different professionals")
PATHWAY = GlossaryEntry("pathway", "steps")
CARE_PATHWAY = GlossaryEntry("care pathway", "steps of care")
TERMS = (
    PATHWAY,
    MDT,
    CARE_PATHWAY,
    GlossaryEntry("co-morbidities", "other illnesses"),
    GlossaryEntry("A&E", "emergency department"),
)


@pytest.mark.parametrize(
    ("sentence", "count"),
    [  # the counts are those that Wikipedia's article on the Flesch-Kincaid tests gives, or follow from the scores there
        ("The cat sat on the mat", 6),
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature", 24),
        ("This sentence taken as a reading passage unto itself is being used to prove a point", 23),
    ],
)
def test_syllables_of_published_examples(sentence: str, count: int) -> None:
    assert sum(syllables(word) for word in sentence.split()) == count


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("care cared nurse days the aged ward wards home moved staff need don't can't", 1),
        ("patient table people needed nurses isn't couldn't doctor ageing reading being science colleague", 2),
        ("hospital medicines area idea NHS MDTs deciding recover creating", 3),
        ("population community information diabetes reality", 4),
    ],
)
def test_syllables_of_words(words: str, count: int) -> None:
    assert {word: syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)


def test_ages_of_known_texts() -> None:
    reading = measure(GETTYSBURG, ())
    assert reading.sentences == 10
    assert reading.age in {15, 16}
    assert (measure(EASY, ()).age or 99) <= 6
    assert (measure(HARD, ()).age or 0) >= 22


def test_easy_texts_come_before_hard_ones() -> None:
    ages = [measure(text, ()).age or 0 for text in (EASY, MIDDLE, GETTYSBURG, HARD)]
    assert all(a < b for a, b in pairwise(ages)), ages


@pytest.mark.parametrize(
    ("text", "words", "sentences"),
    [
        ("", 0, 0),
        (" \n\n ---\n", 0, 0),
        ("Hello", 1, 1),
        ("We met. They came! Why? Because…", 6, 4),
        ("Dr. Khan and Mrs. Lee came, e.g. on foot, i.e. late.", 11, 1),
        ("It took 3.5 hours at No. 10 and cost £1,000.50 in all.", 12, 1),
        ("The answer was no. We went home.", 7, 2),
        ("So did I. Then J. Smith left.", 7, 2),
        ("Read [our guide to care](https://x.example/a-b_c?d=1) now.", 6, 1),
        ("See https://x.example/a/b. Then go.", 3, 2),
        ("![a picture](x.png) Text[^1] here.\n\n[^1]: A note.", 4, 2),
        ("# A heading\nText under it\n\nMore", 6, 3),
        ("We did:\n- one thing\n- *two* things\n  over lines\n3. three", 9, 4),
        ("- [ ] to do\n- [x] done", 3, 2),
        ("| Before | After |\n|---|:-:|\n| ten days | two |", 5, 4),
        ("> quoted words\n> go on", 4, 1),
        ("One line\nand the next.", 5, 1),
        ("```\ncode is not prose. No.\n```\nText.", 1, 1),
        ("**Bold.** _Thin._ Snake_case `x`", 5, 3),
        ("it's well-known", 2, 1),
        ("Mae'r Bwrdd Iechyd yn dda.", 5, 1),
    ],
)
def test_words_and_sentences(text: str, words: int, sentences: int) -> None:
    reading = measure(text, ())
    assert (reading.words, reading.sentences) == (words, sentences)


def test_short_texts_have_no_age() -> None:
    assert measure("word " * 29, ()).age is None
    assert measure("word " * 30, ()).age is not None


def test_long_sentences_are_shown_by_their_beginning() -> None:
    twenty = " ".join(f"W{n}" for n in range(20))
    assert measure(f"{twenty}.", ()).long_sentences == ()
    assert measure(f"{twenty} more.", ()).long_sentences == (" ".join(f"W{n}" for n in range(12)) + "…",)
    assert len(measure(f"{twenty} more. " * 9, ()).long_sentences) == 5


def test_jargon_is_found_as_whole_words() -> None:
    text = "The **MDT** saw comorbidities. A&E and the [Care Pathway](/x) and MDTs again. Mdt, pathways' end, MDTX, subpathway."
    assert [e.term for e in measure(text, TERMS).jargon] == ["co-morbidities", "care pathway", "pathway", "A&E", "MDT"]
    assert measure("The mdt, an Mdt, MDTX, a subpathway", TERMS).jargon == ()
    assert measure("One care pathway", TERMS).jargon == (CARE_PATHWAY,)
    assert measure("a care\nPATHWAY, then a pathway’s end", TERMS).jargon == (CARE_PATHWAY, PATHWAY)


def test_jargon_is_bounded() -> None:
    entries = [GlossaryEntry(f"term{'x' * n}", "word") for n in range(15)]
    found = measure(" ".join(e.term for e in entries), entries).jargon
    assert [e.term for e in found] == [e.term for e in reversed(entries)][:10]


def test_the_shipped_glossary() -> None:
    entries = glossary()
    assert len(entries) >= 120
    assert len({e.term.lower() for e in entries}) == len(entries)
    for entry in entries:
        assert entry.term.strip() == entry.term
        assert entry.instead
        assert entry in measure(f"About {entry.term} here.", entries).jargon, entry.term
        # What is proposed must not be jargon itself.
        assert measure(entry.instead, entries).jargon == (), entry.term


@given(st.text(st.sampled_from("ab MDT.!?…[]()*_`~|#>-\n\t\\\"'’<1e\x00\u200b"), max_size=300))
@settings(deadline=None)
def test_no_text_breaks_it(text: str) -> None:
    reading = measure(text, TERMS)
    assert reading.sentences <= reading.words
    assert reading.age is None or 5 <= reading.age <= 25
    assert (reading.age is None) == (reading.words < 30)


@pytest.mark.parametrize(
    "text",
    [
        "word " * 100_000, "The team met. " * 33_000, "x" * 2_500_000, "x" * 40 + "-y" * 100_000, "[" * 50_000, "[a](" * 50_000,
        "](" * 50_000, "![" * 50_000, "!" * 50_000, "." * 50_000 + "x", "." * 50_000 + '"' * 50_000 + "x", "<a" * 50_000, "<" * 50_000,
        "https://" + ")" * 50_000, "www." * 50_000, "_" * 50_000 + "a", "> " * 50_000, "- " * 50_000, "a." * 50_000, "a. " * 50_000,
        "a'" * 50_000, "'" * 50_000, "\n" * 50_000, "\t" * 50_000 + "x", "|" * 50_000, "\x00\x1b\x07" * 50_000, "1," * 50_000,
        "MDT " * 50_000, "e.g. " * 50_000, "(" * 50_000 + "a. B", "-" * 50_000 + "x", "care " * 50_000 + "-" * 50_000, "\ud800" * 50_000,
        "eaiou" * 50_000, "[^" * 50_000, "]:" * 50_000, "1." * 50_000 + " a", "> > " * 50_000 + "a",
    ],
    ids=lambda text: repr(text[:6]),
)  # fmt: skip
def test_hostile_texts_end_soon(text: str) -> None:
    start = time.monotonic()
    reading = measure(text, glossary())
    assert time.monotonic() - start < 10, "under a second each on a quiet machine"
    assert all(len(sentence) <= 161 for sentence in reading.long_sentences)
