"""Which words meet and which do not: the field's own words."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.kernel.references import Passage
from forum.search.analysis import normalise, terms
from forum.search.excerpts import LOOKED_AT, best, excerpt, highlight
from forum.search.question.parser import parse


def found(text: str) -> set[str]:
    return {form for forms, _, _ in terms(normalise(text)) for form in forms}


MEET = [
    ("A&E", "waits in A&E grew"), ("GP", "the GP said"), ("GPs", "a GP"), ("ED", "the ED team"), ("24/7", "open 24/7"),
    ("co-production", "coproduction"), ("coproduction", "co-production"), ("organisation", "organizations"),
    ("organize", "organised"), ("centre", "center"), ("behavior", "behaviour"), ("paediatric", "pediatrics"), ("ICS", "ICSs"),
    ("ward", "wards"), ("carer", "carers"), ("carer's", "carer"), ("discharges", "discharge"), ("café", "cafe"),
    ("programme", "programs"), ("neighbourhood", "neighborhoods"), ("analyse", "analyzed"), ("e-consult", "econsult"),
    ("don’t", "don't"), ("1,200", "1200"), ("MDT", "mdt"), ("practise", "practice"), ("follow-up", "followup"),
    ("judgement", "judgment"), ("prioritisation", "prioritization"), ("111", "NHS 111"), ("COVID-19", "covid-19"),
    ("age", "aged"), ("ages", "ageing"), ("aging", "age"), ("use", "used"), ("using", "uses"), ("die", "died"), ("dying", "dies"),
    ("try", "tried"), ("added", "add"), ("falls", "FALLS"), ("FALLING", "fall"), ("gps", "GPs"),
    ("haemorrhage", "hemorrhages"), ("HAEMORRHAGE", "hemorrhage"), ("leukaemia", "leukemia"), ("ischaemic", "ischemic"),
    ("oesophagus", "esophagus"), ("oesophageal", "esophageal"), ("paediatricians", "pediatrician"), ("foetus", "fetuses"),
    ("anaemic", "anemic"), ("oestrogens", "estrogen"), ("caesarean", "cesarian"), ("faecal", "fecal"), ("faeces", "feces"),
    ("coeliac", "celiac"), ("sulphate", "sulfates"), ("manoeuvre", "maneuver"), ("manoeuvring", "maneuvering"),
    ("diarrhoea", "diarrhea"), ("dyspnoea", "dyspnea"), ("oedema", "edema"), ("lymphoedema", "lymphedema"),
    ("anaesthetist", "anesthetist"), ("gynaecology", "gynecology"), ("orthopaedics", "orthopedic"), ("haemoglobin", "hemoglobin"),
    ("hypoglycaemia", "hypoglycemia"), ("leucocyte", "leukocytes"), ("tumours", "tumor"), ("colour", "colors"),
    ("centred", "centered"), ("theatre", "theater"), ("counselling", "counseling"), ("travelled", "traveled"),
    ("enrolment", "enrollment"), ("skilful", "skillful"), ("dialogue", "dialog"), ("programmes", "program"), ("mould", "mold"),
    ("tranquilliser", "tranquilizer"), ("sceptical", "skeptical"), ("licence", "license"),
    ("NG51", "guideline NG 51"), ("NG 51", "NG51"), ("NG-51", "NG51"), ("NEWS2", "NEWS 2"), ("ICD10", "ICD-10"), ("CG161", "CG 161"),
    ("Łódź", "Lodz"), ("Ørsted", "orsted"), ("Straße", "strasse"), ("Encyclopædia", "encyclopaedia"),
    ("cdiff", "C.diff"), ("8am", "from 8 am"), ("10pm", "10PM"), ("nice.org.uk", "https://www.nice.org.uk/guidance"),
    ("clinicaltrials", "ClinicalTrials.gov"),
]  # fmt: skip
APART = [
    ("size", "sis"), ("IT", "it was"), ("AIDS", "aids and adaptations"), ("prize", "price"),
    ("WHO", "who came"), ("ICS", "ice"), ("A&E", "a and e"),
    ("used", "us"), ("used", "US"), ("community", "communication"), ("AIS", "AI"),
    ("example", "see https://www.ward.example/example"), ("example", "ward.example"), ("jobs", "www.ward.example/jobs"),
    ("amara", "write to amara@ward.example"), ("org", "the.org"), ("sizes", "sises"), ("pour", "por"), ("four", "for"),
    ("does", "dos"), ("poem", "pem"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "text"), MEET)
def test_they_meet(asked: str, text: str) -> None:
    assert found(asked) & found(text), (found(asked), found(text))


@pytest.mark.parametrize(("asked", "text"), APART)
def test_they_do_not_meet(asked: str, text: str) -> None:
    assert not found(asked) & found(text), (found(asked), found(text))


def test_words_that_another_spelling_lengthens_are_marked_whole() -> None:
    wanted = tuple(found("strasse encyclopaedia"))
    assert highlight("In der Straße, Encyclopædia & so on", wanted).count("<mark>") == 2
    assert str(highlight("ﬁre drill", ("fire",))) == "<mark>ﬁre</mark> drill"


def test_markdown_leaves_no_traces() -> None:
    assert found("**ward** _round_ `code`") == found("ward round code")


@pytest.mark.parametrize(
    "text", ["", '"', '-"', "OR", "OR OR OR", '"" -', "*", "a:b[c TO d]", "x" * 9_000, "-" * 500, "((((", "\x00"]
)
def test_nothing_that_is_typed_raises(text: str) -> None:
    assert all(parse(text).typed)


def test_the_query_language() -> None:
    asked = parse('falls "end of life" -hospice ward OR clinic')
    assert [w.forms[0] for w in asked.words] == ["fall"]
    assert asked.phrases == (("end", "of", "life"),)
    assert asked.unwanted == (("hospic",),)
    assert [[o.terms for o in g.others] for g in asked.groups] == [[("ward",), ("clinic",)]]


def test_operators_stand_between_words_in_capitals() -> None:
    def either(text: str) -> list[list[tuple[str, ...]]]:
        return [[o.terms for o in g.others] for g in parse(text).groups]

    assert either('pharmacist OR "ward round" OR co-production') == [[("pharmacist",), ("ward", "round"), ("co", "product")]]
    assert either("falls OR ward bed OR chair") == [[("fall",), ("ward",)], [("bed",), ("chair",)]]
    asked = parse('falls AND frailty NOT hospital NOT "care home"')
    assert [w.forms[0] for w in asked.words] == ["fall", "frailti"]
    assert asked.unwanted == (("hospit",), ("care", "home"))
    assert parse("falls and not frailty").unwanted == ()
    assert [w.forms[0] for w in parse("AND falls").words] == ["and^", "fall"], "nothing stands before it"
    assert parse("beds -ward/chair").unwanted == (("ward",), ("chair",))
    assert parse("beds -care-home").unwanted == (("care", "home"), ("carehom",))


def test_excerpts_mark_what_was_meant_and_escape_the_rest() -> None:
    text = "<b>x</b> " + "filler words here " * 40 + "Two organizations joined up their discharge teams."
    shown = excerpt(text, ["organis", "discharg"])
    assert "<mark>organizations</mark>" in shown
    assert "<mark>discharge</mark>" in shown
    assert "<b>" not in shown
    assert len(shown) < 500
    assert highlight("A & <B>", []) == "A &amp; &lt;B&gt;"


FILLER = "filler words here " * 40


@pytest.mark.parametrize(
    ("texts", "chosen"),
    [
        # More different words come before more marks, the first of equals before later ones.
        (("falls falls falls", f"{FILLER} falls on a ward"), 1),
        (("a fall", "a fall and a ward", "a ward and a fall"), 1),
        ((f"falls {FILLER} ward", "falls on the ward"), 1),
        # None has any: the beginning of the first.
        (("huddles", "rounds"), 0),
        (("", "rounds on a ward"), 1),
    ],
)
def test_the_best_of_several_passages(texts: tuple[str, ...], chosen: int) -> None:
    passage, shown = best([Passage(text, str(n)) for n, text in enumerate(texts)], ["fall", "ward"])
    assert passage.heading == str(chosen)
    assert str(shown).startswith(("… ", "a", "<mark>", "rounds on", "huddles", "falls"))
    assert ("<mark>" in shown) == (chosen > 0)


@pytest.mark.parametrize(
    ("texts", "facts", "said", "shown"),
    [
        # Sentences before lists of facts, wherever these stand; a fact for a word that no sentence has.
        (("A ward, falls", "A fall on a ward."), {0}, (), "A fall on a ward."),
        (("A ward for fifty people.", "Falls, ward"), {1}, (), "Falls, ward"),
        # Another way to say it is no further word.
        (("Falls team at home, ward", "A fall on a ward."), {0}, (), "A fall on a ward."),
        # What was said above is not said again; a short title within a sentence is no such thing.
        (("Falls fell on the ward. So did calls.", "One fall."), (), ("Falls fell on the ward.",), "One fall."),
        (("Falls", "Falls on the ward are fewer."), (), ("Falls",), "Falls on the ward are fewer."),
        (("We say. FALLS FELL ON THE WARD! Then a fall.",), (), ("Falls fell on the ward",), "Then a fall."),
        # Nothing else has as many words.
        (("One fall.",), (), (), ""),
    ],
)
def test_an_excerpt_is_of_sentences_and_says_nothing_twice(
    texts: tuple[str, ...], facts: set[int], said: tuple[str, ...], shown: str
) -> None:
    passages = [Passage(text, facts=n in facts) for n, text in enumerate(texts)]
    least = 2 if not shown else 0
    assert re.sub("<[^>]*>", "", str(best(passages, ["fall", "ward", "fall team at home"], said=said, least=least)[1])) == shown


def test_an_excerpt_begins_where_a_sentence_does() -> None:
    text = f"{FILLER}. Nobody knew. On each ward the nurse rang at eight in the morning about a fall. {FILLER}"
    assert str(best([Passage(text)], ["ward"])[1]).startswith("On each <mark>ward</mark>")
    assert str(best([Passage(text)], ["nobodi"])[1]).startswith("<mark>Nobody</mark>")
    assert str(best([Passage(text.replace(". N", ", n"))], ["nobodi"])[1]).startswith("… ")


def test_passages_together_are_looked_at_as_far_as_one_text() -> None:
    beyond = [Passage("word " * (LOOKED_AT // 5)), Passage("falls on the ward")]
    passage, shown = best(beyond, ["fall"])
    assert passage == beyond[0]
    assert "<mark>" not in shown


@given(
    st.lists(st.sampled_from(["co-production", "e-mail", "24/7", "A&E", "word—word", "naïve", "(falls)", "x", "\n", "İ", "\u00a0"]))
)
def test_reading_piece_by_piece_marks_what_reading_the_whole_would(pieces: list[str]) -> None:
    text = " ".join(pieces)
    wanted = ["coproduct", "mail", "24/7", "a&e", "fall", "naiv"]
    flat = normalise(text)
    whole = [text[start:end] for forms, start, end in terms(flat) if set(forms) & set(wanted)] if len(flat) == len(text) else None
    marked = re.findall("<mark>(.*?)</mark>", str(highlight(text, wanted)))
    assert whole is None or [unescape(m) for m in marked] == whole


def test_another_way_to_say_it_is_marked_as_one_and_only_beside_each_other() -> None:
    found = ["ward", "hospit at home", "ed^"]
    shown = highlight("Hospital at home, or at a hospital, home again. The ED, and Ed, on a ward", found)
    assert shown == (
        "<mark>Hospital at home</mark>, or at a hospital, home again. The <mark>ED</mark>, and Ed, on a <mark>ward</mark>"
    )
