"""What looks alike is alike, and a name that claims an office is told from everybody's real one."""

import json
from pathlib import Path

from forum.kernel.names import claims_office, is_office, names_site, same_person, tidy
from forum.kernel.text import blank, clean, one_line
from tests.cases import cases

OFFICES = """NHS Moderator|Аdmin|ADMIN|Site Admin|Administrator|Moderator 1|m0derator|M0d3rat0r|Adrnin|AdmIn|the moderators|Moderation Team
Support|NHS England|nhsengland|NHS Support Team|Ad min|A.D.M.I.N|admin!|Admin2026|adm1n|@dmin|Root|Dr Admin|Jane Smith (Moderator)
Μoderator|Ａｄｍｉｎ|аdmіn|Staff|Mod\u00aderator|Administrator\u200b|Ⓜoderator|𝓐𝓭𝓶𝓲𝓷|🅰dmin|Moderatör|_moderator_|Mods|Help Desk|NHS Staff""".replace(
    "\n", "|"
).split("|")
REAL = """Siân Ó Briain|Zoë d'Arcy-Müller|李 明|Nguyễn Thị Ánh|محمد علي|O|Joe Root|Jamie Staff|Mo Mod|Olu O'Other|می‌خواهم علی|Иван Петров
नरेन्द्र मोदी|Γιώργος Παπαδόπουλος|Þóra Jónsdóttir|Łukasz Żółć|John Badmin|Mary England|김민수|தமிழ் செல்வன்|Abdul Moderat|Security Jones""".replace(
    "\n", "|"
).split("|")


def test_offices_are_told_from_real_names() -> None:
    assert [name for name in OFFICES if not claims_office(name)] == []
    assert [name for name in REAL if claims_office(name) or names_site(name, "Shared Practice")] == []
    assert [name for name in REAL if tidy(name) != name] == [], "and a real name is kept as it was typed"


def test_every_look_alike_of_a_reserved_name_is_refused(shared: Path) -> None:
    """Checklist row 56. What only turns its direction has other letters once that is taken away."""
    for row in json.loads((shared / "data/hostile/usernames_confusable.json").read_text("utf-8")):
        if "\u202e" not in row["p"]:
            person = row["target"] in {"jane.smith", "dr_patel"}
            assert same_person(row["p"], row["target"]) if person else claims_office(row["p"]), row


def test_the_name_of_the_site() -> None:
    for name in (
        "Shared Practice",
        "shared-practice",
        "Sharеd Practicе",
        "SharedPracticeTeam",
        "5hared Practice",
        "Shared Pract\u200bice",
    ):
        assert names_site(name, "Shared Practice"), name
    assert not names_site("Sharon Practice", "Shared Practice")


def test_who_could_be_taken_for_whom() -> None:
    for name in ("Helen\u200b Ashdown", "Helen Ashdоwn", "HeIen Ashdown", "Dr. Helen Ashdown", "ASHDOWN, Helen", "Helén Ashdown"):
        assert same_person(name, "Helen Ashdown"), name
    for one, other in (("Helena Ashdown", "Helen Ashdown"), ("李 明", "李 月"), ("मुन", "मन"), ("Helen J Ashdown", "Helen Ashdown")):
        assert not same_person(one, other), one


def test_an_organisation_may_be_of_administrators() -> None:
    assert all(is_office(name) for name in ("Moderators", "NHS Moderator", "The admin team", "Аdministrator", "Staff"))
    real = ("Association of Medical Administrators", "NHS England", "Homeless Support", "NHS Digital", "Group of Staff Nurses")
    assert not any(is_office(name) for name in real)


def test_what_shows_nothing_is_nothing() -> None:
    for row in cases("text/invisible"):
        value = row["value"].encode("utf-16", "surrogatepass").decode("utf-16")
        if row["where"].startswith("title, name") and "empty" in row["right"]:
            assert clean(value) == "", row
        assert blank(value) == (clean(value).strip() == "")
    assert clean("  \n") == "  \n"
    assert clean("👩‍⚕️ a\u00adb") == "👩‍⚕️ a\u00adb", "inside a text they are spelling"


def test_a_line_keeps_to_itself() -> None:
    assert one_line("Ward \u202e6202 rebmevoN\u2066") == "Ward 6202 rebmevoN"
    assert len(one_line("Z" + "\u0335\u0301" * 30 + " ward")) == len("Z1234 ward")
    assert one_line("Nguyễn\u0301 שָׁלוֹם") == "Nguyễn\u0301 שָׁלוֹם"
