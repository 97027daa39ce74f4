"""Cases with known answers that every clone has; `tests/data/README.md` says whose they are."""

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def cases(name: str) -> Any:
    """What a JSON file of `tests/data` holds, such as "spc/cases"."""
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))
