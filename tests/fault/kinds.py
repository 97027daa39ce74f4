"""The fault harness over every kind of thing that people write, by one adapter.

    python -m tests.fault.kinds HARNESS.py kill_web edit_conflict -n 20 [--kind reply …]

`adapter.toml` describes threads; its tables `[kinds.…]` say what is other for other kinds. Two things the harness does not know are
put in here: forms are sent whole, as browsers do, and what search does not find (drafts, measures) is looked for in its list. `most`
is how many of a kind one person may have, so `-n` is bounded by it.
"""

import argparse
import importlib.util
import json
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

from lxml import html

HERE = Path(__file__).parent


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("fault_harness", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def merged(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """`more` over `base`; the fields of a form are replaced as a whole."""
    out = dict(base)
    for name, value in more.items():
        whole = name == "fields" or not isinstance(value, dict)
        out[name] = value if whole else merged(out.get(name, {}), value)
    return out


def whole_form(client: Any, url: str) -> tuple[dict[str, Any], Any]:
    """Everything that the form on a page holds, as a browser would send it."""
    answer = client.s.get(client.a.base + url, timeout=client.to)
    forms = [f for f in html.fromstring(answer.text, base_url=answer.url).forms if f.method == "POST"]
    target = client.a.c.get("create", {}).get("url", "")
    mine = [f for f in forms if f.action and f.action.endswith(target)] or [f for f in forms if "form_key" in f.fields] or forms
    if not mine:
        return {}, answer
    sent: dict[str, Any] = {}
    for name, value in mine[0].form_values():
        sent[name] = [*sent[name], value] if isinstance(sent.get(name), list) else [sent[name], value] if name in sent else value
    # The button that saves, where it is not the only one.
    return sent | client.a.c.get("press", {}), answer


def on_its_list(client: Any, token: str) -> tuple[int, int, Any]:
    """How many things on the list that the adapter names say the token."""
    answer = client.s.get(client.a.base + client.a.c["listed"], timeout=client.to)
    links = html.fromstring(answer.text).xpath("//main//a[@href]")
    return answer.status_code, len({a.get("href").removesuffix("/edit") for a in links if token in a.text_content()}), answer


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("harness", type=Path)
    ask.add_argument("tests", nargs="+")
    ask.add_argument("-n", type=int, default=20)
    ask.add_argument("--kind", nargs="*")
    given = ask.parse_args()
    adapter = tomllib.loads((HERE / "adapter.toml").read_text("utf-8"))
    kinds: dict[str, Any] = {"thread": {}, **adapter.pop("kinds")}
    harness, sound = load(given.harness), True
    harness.Client.token = whole_form
    by_words = harness.Client.search
    for kind in given.kind or kinds:
        app = harness.App(merged(adapter, kinds[kind]))
        harness.Client.search = on_its_list if "listed" in kinds[kind] else by_words
        for test in given.tests:
            try:
                result = getattr(harness, test)(app, n=min(given.n, kinds[kind].get("most", given.n)))
            finally:
                app.stop()
            sound = sound and result["pass"]
            print("PASS" if result["pass"] else "FAIL", kind, test, json.dumps(result)[:400], flush=True)
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
