"""The check for details that identify somebody: how well it judges, on texts made to keep it busy, and on what people write."""

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from forum.cli import main
from forum.documents.identifiability import check, refusal
from tests.bench.identifying import alarms, judged, sentences
from tests.cases import cases
from tests.documents.hostile import SHAPES, text

HIDDEN = """

Her mother, born 03/04/1962, MRN: AB12345, ring 020 7946 0958 or sam@example.org.

|Patients|Ward|
|---|---|
|patients| 3 |
"""


def cost(shape: tuple[str, str], size: int) -> float:
    """Seconds of processor."""
    begun = time.process_time()
    check({"text": text(shape, size)})
    return time.process_time() - begun


@pytest.mark.parametrize("shape", SHAPES)
def test_a_text_made_to_keep_it_busy(shape: tuple[str, str]) -> None:
    """Eight times the text is eight times the work, and sixty times where a pattern looks at all of it from each place. What stands
    behind is found nevertheless."""
    few = min(cost(shape, 2_000) for _ in range(2))
    most = 25 * few + 0.02
    assert any(cost(shape, 16_000) < most for _again in range(2))
    found = {finding.kind for finding in check({"text": text(shape, 3_000) + HIDDEN})}
    assert found >= {"date-of-birth", "hospital-number", "phone", "email", "small-number"}


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("ring (0113) 496 0999 or 0113 496 0998.", ["(0113) 496 0999", "0113 496 0998"]),
        ("+44 (0)20 7946 0958, 0044 20 7946 0958", ["+44 (0)20 7946 0958", "0044 20 7946 0958"]),
        ("07911 123456 07911 123457 12 patients", ["07911 123456", "07911 123457"]),
        ("[07911.123.456] 020 7946 0958/07911 123456", ["07911.123.456", "020 7946 0958", "07911 123456"]),
        ("+1 (212) 736-5000 and +33 1 42 68 53 00", ["+1 (212) 736-5000", "+33 1 42 68 53 00"]),
        ("0 7 9 1 1 1 2 3 4 5 6", ["0 7 9 1 1 1 2 3 4 5 6"]),
        ("07.11.2020 12.11.2020, 07-11-2020 12-11-2020, 0.12 0.34 0.567 0.89, £07911123456, 07911123456%", []),
        ("Childline is 0800 1111; 12345678901 widgets; v1.07911123456; x07911123456", []),
    ],
)
def test_telephone_numbers(said: str, numbers: list[str]) -> None:
    assert [f.match for f in check({"text": said}) if f.kind == "phone"] == numbers


def test_people_are_named_near_words_of_care_alone() -> None:
    far = "the ward opened a garden and a gym " * 5
    assert [f.match for f in check({"text": f"Mrs Smith was admitted. {far} Mr Jones spoke."})] == ["Mrs Smith"]


@pytest.mark.parametrize("half", ["kept", "built", "fresh"])
def test_it_judges_sentences(half: str) -> None:
    """ "kept" was written before the check was built and not used for it; "fresh" in other voices, and mended with afterwards."""
    score = judged(sentences(half))
    assert score["any"].recall >= 0.9
    assert score["any"].precision >= 0.85
    assert score["block"].precision >= 0.95
    assert score["block"].recall >= 0.1


def test_it_judges_given_sentences() -> None:
    score = judged(cases("text/guard"))
    assert (score["any"].recall >= 0.9, score["any"].precision >= 0.85) == (True, True)


def test_real_texts_raise_few_alarms(shared: Path) -> None:
    """None of them holds details of a patient: whatever is found there is wrong. Of 165 texts 9 raise one: 8 for
    addresses of a person's mail, one for "one child"."""
    many, counted = alarms(shared / "data/real-texts")
    assert many == 165
    assert counted["any"] <= 12
    assert counted["findings"] < 30
    assert counted["block"] == 0
    assert sum(counted[kind] for kind in ("named-person", "signs-together", "only-one", "address", "room")) <= 3


@pytest.mark.parametrize(
    ("said", "kind", "severity"),
    [
        ("Our patient Orla, in room 4, fell.", "named-person", "block"),
        ("Our patient Orla fell.", "named-person", "warn"),
        ("We visit her at 12 Larch Avenue.", "address", "warn"),
        ("A 70-year-old man from Hexby drowned.", "signs-together", "warn"),
        ("She is the sheriff's mother and has dementia.", "only-one", "warn"),
        ("Her number is AB 12 34 56 C.", "national-insurance", "block"),
        ("Passport number 533401372", "passport", "block"),
        ("His car, AB12 CDE, was parked outside.", "car", "warn"),
        ("03/05/1941 was on the band.", "old-day", "warn"),
        ("She posts about her wounds as @orla_heals.", "handle", "warn"),
        ("A man of 74 came. He is from Hexby. He was stabbed.", "signs-together", "warn"),
    ],
)
def test_a_finding_says_what_it_is(said: str, kind: str, severity: str) -> None:
    found = {f.kind: f for f in check({"text": said})}
    assert found[kind].severity == severity
    assert said[found[kind].start : found[kind].end] == found[kind].match
    assert found[kind].reason.endswith(".")


def test_weak_signs_are_named_together() -> None:
    (finding,) = check({"text": "A 70-year-old man from Hexby drowned on 3 May."})
    for words in ("an age", "a place", "a rare event", "an exact day", "together"):
        assert words in finding.reason


@pytest.mark.parametrize(
    "safe",
    [
        "A 74-year-old woman liked it.", "She came from Hexby on 3 May.", "Ages from 40 to 74 took part in Hexby on 3 May.",
        "Call 0300 123 4567 or mail falls.team@example.nhs.uk.", "Our clinic is at 12 Larch Avenue, LS1 4AP.",
        "The service was born on 3 May 2021.", "Three patients said so.", "Two patient partners and one resident doctor came.",
        "People aged 90 and over come first.", "Mr Orme's clinic is on Mondays.", "Our sister trust in Hexby lent it.",
    ],
)  # fmt: skip
def test_what_is_no_alarm(safe: str) -> None:
    assert check({"text": safe}) == []


def test_a_valid_nhs_number_is_final() -> None:
    assert "943 476 5919" in refusal(check({"text": "No. 943 476 5919"}))
    assert refusal(check({"text": "MRN: AB12345 of Mrs Orme, 74, in room 3"})) == ""


@pytest.mark.parametrize(("said", "code"), [("My mum Orla, 943 476 5919.", 1), ("We met on Monday.", 0)])
def test_the_command(said: str, code: int, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text(said, "utf-8")
    for where in ({"args": ["text", "check", "--json", "-"], "input": said}, {"args": ["text", "check", "--json", str(file)]}):
        answer = CliRunner().invoke(main, **where)
        assert answer.exit_code == code
        told = json.loads(answer.output)
        assert all(set(one) == {"severity", "match", "reason"} for one in told)
        assert [(one["severity"], one["match"]) for one in told] == (
            [("warn", "mum Orla"), ("block", "943 476 5919")] if code else []
        )
    plain = CliRunner().invoke(main, ["text", "check", "-"], input=said)
    assert plain.exit_code == code
    assert ("Take it out" in plain.output) == bool(code)
