"""The check for details that identify somebody, on texts made to keep it busy, and on telephone numbers as people write them."""

import time

import pytest

from forum.kernel.identifiability import check
from tests.kernel.hostile import SHAPES, text

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
    few, many = (min(cost(shape, size) for _ in range(2)) for size in (2_000, 16_000))
    assert many < 25 * few + 0.02
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
