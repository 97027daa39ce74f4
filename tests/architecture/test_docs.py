"""What the documents name is there: the places that links lead to, files, folders, and targets of the Makefile."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "instance/README.md"])
#: A path in a document is told from the top, from where code, templates, styles or tests begin, or from any slice.
BEGINNINGS = (ROOT, ROOT / "forum", ROOT / "templates", ROOT / "static", ROOT / "tests")
#: What begins so is made when it is needed, or stands elsewhere.
ELSEWHERE = (".venv", "instance", "build", "FOLDER", "COLLECTION", "@")
FILE = re.compile(r"[\w.*-]+\.(?:py|html|css|js|sh|cfg|toml|md|txt|csv|yaml)|Makefile|LICENSE")


def prose(page: Path) -> str:
    return page.read_text("utf-8")


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def there(name: str) -> bool:
    if "/" not in name:
        return any(ROOT.glob(name)) or any(next(b.rglob(name), None) for b in (*BEGINNINGS[1:], ROOT / "tools"))
    path = name.rstrip("/")
    return any(next(b.glob(f"{within}{path}"), None) for b in BEGINNINGS for within in ("", "*/"))


def named(page: Path) -> set[str]:
    """Names of files and folders: a word in backticks that has the form of one."""
    words = {quoted.strip() for quoted in re.findall(r"`([^`\n]+)`", prose(page))}
    paths = {w for w in words if re.fullmatch(r"[\w.*-]+(?:/[\w.*-]+)+/?|[\w.-]+/", w)}
    return {w for w in paths | {w for w in words if FILE.fullmatch(w)} if not w.startswith(ELSEWHERE)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        leads = (page.parent / path).resolve() if path else page
        assert leads.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(leads), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_are_there(page: Path) -> None:
    assert {name for name in named(page) if not there(name)} == set()


def test_targets_that_are_named_are_there() -> None:
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        asked = set(re.findall(r"(?:`|^)make ([a-z][a-z0-9-]*)", prose(page), re.MULTILINE))
        assert asked <= targets, f"{page.name}: {asked - targets}"


def test_it_sees_what_is_missing() -> None:
    assert there("case_studies/record/fields.py")
    assert there("test_laws.py")
    assert not there("case_studies/field.py")
    assert not there("test_law.py")
    assert {"web/forms.py", "feature.py"} <= named(ROOT / "README.md")
