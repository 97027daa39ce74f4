"""The laws of the house as tests (docs/architecture.md, law 10)."""

import ast
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click import Group
from flask import Flask

from forum.app import folder
from forum.cli import main
from forum.config import VARIABLES
from forum.features import FEATURES
from forum.kernel.db import Model, db
from forum.schema import head

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "forum").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


def test_one_file_commits() -> None:
    files = [m.name for m in MODULES if re.search(r"\.commit\(", m.read_text("utf-8")) and m.name != "storage.py"]
    assert files == ["db.py"]


def test_every_endpoint_declares_its_reach(app: Flask) -> None:
    assert all(hasattr(view, "reach") for view in app.view_functions.values())


def test_an_undeclared_endpoint_stops_the_start(app: Flask) -> None:
    from forum.web.access_level import init_reach

    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/x", "x", lambda: "")
    with pytest.raises(RuntimeError, match="x"):
        init_reach(bare)


def test_addresses_are_stable(app: Flask) -> None:
    """Addresses live for ever: a change here must be meant. Write the file anew with `forum`'s own list when it is."""
    rules = sorted(f"{'/'.join(sorted((r.methods or set()) - {'HEAD', 'OPTIONS'}))} {r.rule}" for r in app.url_map.iter_rules())
    assert rules == (Path(__file__).parent / "addresses.txt").read_text("utf-8").splitlines()


def test_addresses_are_kebab_case(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        words = re.sub(r"<[^>]*>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", words), rule.rule


def test_posts_are_guarded_by_a_token(make_app: Callable[..., Flask]) -> None:
    app = make_app(FORUM_RATE_LIMITS="off")
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()):
            path = re.sub(r"<any\(([a-z]+)[^>]*>", r"\1", rule.rule)
            path = re.sub(r"<(?:ref|id):[^>]*>", "1", path)
            path = re.sub(r"<[^>]*>", "x", path)
            # Where the address itself is the proof, a wrong one is refused.
            refused = {422} if hasattr(app.view_functions[rule.endpoint], "by_token") else {303, 400}
            assert client.post(path, data={"title": "x"}).status_code in refused, path


def test_every_template_compiles_and_is_used(app: Flask) -> None:
    names = {str(t.relative_to(ROOT / "templates")) for t in TEMPLATES}
    text = "".join(p.read_text("utf-8") for p in [*MODULES, *TEMPLATES])
    kinds = {k.template(m) for f in FEATURES for k in f.notifications for m in ("mail", "notices")}
    for name in names:
        app.jinja_env.get_template(name)
        assert f'"{name}"' in text or name in kinds, f"{name} is not used"


def test_sizes_stay_bounded() -> None:
    for module in MODULES:
        if "migrations" in module.parts:
            continue
        text = module.read_text("utf-8")
        assert text.count("\n") <= 400, module
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 45, f"{module.name}: {node.name}"
    for template in TEMPLATES:
        lines = template.read_text("utf-8").split("\n")
        assert len(lines) <= 121, template
        assert max(map(len, lines)) <= 132 or template.suffix == ".txt", f"{template}: break its long lines"
    for test in (ROOT / "tests").rglob("*.py"):
        assert test.read_text("utf-8").count("\n") <= 300, test


def test_one_migration_head_that_makes_the_models(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == head()
        differences = [d for d in compare_metadata(context, Model.metadata) if not (d[0] == "remove_index" and "sqlite" in str(d))]
        assert differences == []


def test_settings_and_commands_are_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name, meaning in VARIABLES.items():
        assert f"| `{name}` | {meaning} |" in readme, name
    for name, command in main.commands.items():
        assert f"forum {name}" in readme, name
        assert command.help
        if isinstance(command, Group):
            assert all(f"forum {name} {sub}" in readme for sub in command.commands)


def test_vendored_files_are_as_built() -> None:
    vendor = ROOT / "static/vendor"
    listed = {}
    for line in (vendor / "checksums.txt").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ./")
        listed[name] = digest
    found = {str(p.relative_to(vendor)) for p in vendor.rglob("*") if p.is_file() and p.name != "checksums.txt"}
    assert found == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest, name


def test_folders_are_found(app: Flask) -> None:
    assert folder("templates").is_dir()
    assert folder("static").is_dir()


def test_unsafe_html_only_where_it_was_sanitised() -> None:
    """`|safe` stands only on HTML that `documents.markdown` made."""
    uses = [(t.name, m) for t in TEMPLATES for m in re.findall(r"{{([^}]*)\|\s*safe", t.read_text("utf-8"))]
    assert {m.strip() for _, m in uses} <= {"html", "part.html"}


def test_modules_with_addresses_are_imported_by_their_feature_alone() -> None:
    """Or what several pages need would hide among them. `web` is plumbing: its pages of kept drafts are used by every form."""
    pages = {dotted(m) for m in MODULES if re.search(r"= Blueprint\(", m.read_text("utf-8")) and m.parent.name != "web"}
    wrong = []
    for module in (m for m in MODULES if m.name not in {"feature.py", "app.py"}):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
                wrong += [(dotted(module), name) for name in names & pages]
    assert len(pages) > 20
    assert wrong == []


def dotted(module: Path) -> str:
    return ".".join(module.relative_to(ROOT).with_suffix("").parts)
