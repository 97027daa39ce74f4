"""Everyday words of the shipped vocabulary lead to the words of the field and not back, and near things are near."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from forum.search.analysis import STOP_WORDS
from forum.search.filters import Facets
from forum.search.postgres.query import WAYS
from forum.search.question.parser import parse
from forum.search.whoosh.index import WhooshIndex
from forum.vocabulary.queries import shipped
from tests.search.test_index import ask, document
from tests.vocabulary.test_shipped import ENTRIES, searched

#: How the source of an entry begins whose words are not of the field; what follows is the source of what they lead to.
EVERYDAY = "Everyday words; "
LAY = [e for e in ENTRIES if e["source"].startswith(EVERYDAY)]
FIELD = [e for e in ENTRIES if e not in LAY]
SYNONYMS = shipped()
#: Names of bodies, of which there is nothing near to look for.
BODIES = {
    "general-medical-council", "local-authority", "local-medical-committee", "nhs-england", "nice", "nihr",
    "nursing-and-midwifery-council",
}  # fmt: skip
#: What stands in every second text here: to look for it says nothing.
EVERYWHERE = (
    "appointment care change clinic clinician community confused continue day doctor employ family get good healthcare health help home hospital"
    " improve improvement leader leadership life local look manage management medical medication need new nurse old operation"
    " outcome partner patient people person plan practice prescribe problem process product programme project provide quality"
    " relative result service social staff start story support system team time treatment trust use wait ward week work year"
)


def others(question: str) -> list[str]:
    """What else is looked for."""
    return [o.label for g in parse(question, SYNONYMS).groups for o in g.others]


def keys(entries: Iterable[dict[str, list[str]]], which: str) -> set[tuple[str, ...]]:
    return {searched(w) for e in entries for w in e[which]}


LAY_WORDS, FIELD_WORDS = keys(LAY, "words"), keys(FIELD, "words")


def test_there_are_enough() -> None:
    assert len(LAY) > 90


@pytest.mark.parametrize("entry", LAY, ids=[e["key"] for e in LAY])
def test_everyday_words_lead_to_the_field(entry: dict[str, list[str]]) -> None:
    assert len(entry["source"]) > len(EVERYDAY) + 3, "and it says by what"
    assert keys([entry], "wider") & FIELD_WORDS
    for word in entry["words"]:
        near = others(word.removeprefix("="))[:WAYS]
        assert len({*near} & {*entry["wider"]}) >= 2, f"“{word}” has few ways of the field among the first"


def test_the_field_does_not_lead_back() -> None:
    back = {(e["key"], w) for e in FIELD for w in (*e["words"], *e["wider"]) if searched(w) in LAY_WORDS}
    assert back == set()


def test_no_entry_of_the_field_leads_nowhere() -> None:
    assert {e["key"] for e in ENTRIES if not e["wider"]} <= BODIES


def test_what_is_near_is_not_everywhere() -> None:
    vague = {searched(w) for w in EVERYWHERE.split()} | {(w,) for w in STOP_WORDS}
    assert {(e["key"], w) for e in ENTRIES for w in e["wider"] if searched(w) in vague} == set()


def test_no_word_of_everywhere_is_said_otherwise() -> None:
    """An entry's word that is cut to the same as a common one would be found in most questions."""
    assert {w: others(w) for w in EVERYWHERE.split() if others(w)} == {}


@pytest.mark.parametrize(
    "question",
    ["work related stress and sleep", "the products of the laboratory", "a lone working policy", "they forget to wash their hands",
     "an operational plan", "he continued to lead", "medical staff"],
)  # fmt: skip
def test_words_that_only_begin_alike_are_other_words(question: str) -> None:
    strange = {"carer", "efficiency", "loneliness", "dementia", "surgery", "continuity of care", "medication error"}
    assert not strange & {*others(question)}


@pytest.mark.parametrize(
    ("question", "near"),
    [
        ("looking after mum after hospital", {"carer", "family carer", "discharge"}),
        ("my wife came home", {"carer", "discharge"}),
        ("my husband after his stroke", {"carer", "rehabilitation"}),
        ("getting dad home", {"discharge", "home first"}),
        ("nan fell over", {"older people", "fall"}),
        ("caring for my grandad", {"carer", "older people"}),
        ("bed blocking", {"delayed discharge", "discharge"}),
        ("frequent flyers", {"high intensity use", "frequent attender"}),
        ("the chemist", {"pharmacist", "pharmacy"}),
        ("getting an appointment", {"access to general practice"}),
        ("waiting for an ambulance", {"ambulance response time"}),
        ("out of breath", {"breathlessness", "COPD"}),
        ("memory problems", {"dementia"}),
        ("money worries", {"poverty", "welfare benefits"}),
        ("damp house", {"damp and mould", "housing"}),
        ("giving birth", {"maternity", "midwife"}),
        ("nurses leaving", {"staff retention", "turnover"}),
        ("dying at home", {"end of life", "palliative care"}),
        ("feeling isolated", {"loneliness", "befriending", "link worker"}),
    ],
)
def test_lay_questions(question: str, near: set[str]) -> None:
    assert near <= {*others(question)}


@pytest.mark.parametrize(
    ("question", "near"),
    [
        ("DTOC", {"delayed discharge", "discharge", "ready to go home", "home first"}),
        ("no criteria to reside", {"discharge", "medically fit", "delayed discharge"}),
        ("remote monitoring of COPD", {"virtual ward", "monitored at home", "respiratory", "breathlessness"}),
        ("telehealth for lung disease", {"remote monitoring", "COPD", "respiratory"}),
        ("co-production with patients", {"patient partner", "patient involvement", "lived experience"}),
        ("patient involvement", {"patient partner", "co-production"}),
        ("return on investment", {"value for money", "cost saving"}),
        ("loneliness", {"social isolation", "befriending", "link worker"}),
        ("staff retention", {"turnover", "recruitment", "staff wellbeing"}),
        ("maternity", {"midwife", "antenatal", "postnatal"}),
        ("net zero", {"carbon", "greener NHS", "environmental sustainability"}),
        ("artificial intelligence", {"machine learning", "algorithm", "decision support"}),
        ("continuity of care", {"named GP", "same doctor", "usual doctor"}),
        ("system leadership", {"leading across", "partnership working"}),
        ("missed appointments", {"did not attend", "no-show"}),
        ("discharge letters", {"discharge summary", "clinic letter"}),
        ("burnout", {"staff wellbeing", "moral injury"}),
        ("burn-out", {"staff wellbeing", "moral injury"}),
    ],
)
def test_what_somebody_would_also_want(question: str, near: set[str]) -> None:
    assert near <= {*others(question)}


@pytest.mark.parametrize("typed", ["C diff", "C. diff", "c.diff", "cdiff", "C. difficile", "Clostridium difficile"])
def test_one_infection_by_all_its_names(typed: str) -> None:
    assert {"Clostridioides difficile", "healthcare associated infection"} <= {*others(typed)}


def test_a_lay_question_finds_what_is_told_in_the_words_of_the_field(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path, Facets())
    index.rebuild(
        [
            document(1, "Carers read the plan", "Before discharge each family carer reads it aloud"),
            document(2, "A budget for hoists", "The council and the trust hold it together"),
            document(3, "My mum and the ward", "Mum told them what she wanted"),
        ]
    )
    page = ask(index, "looking after dad after hospital", synonyms=SYNONYMS)
    assert [h.id for h in page.hits] == [1]
    assert {h.id for h in ask(index, "carer", synonyms=SYNONYMS).hits} == {1}, "who types the word of the field meets no mums"
    assert {h.id for h in ask(index, "mother", synonyms=SYNONYMS).hits} == {1, 3}
