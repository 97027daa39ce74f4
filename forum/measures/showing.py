"""What the page of a thing shows of its measures."""

from typing import Any

from markupsafe import Markup

from forum.kernel.refs import Ref
from forum.measures.grid import grid
from forum.measures.queries import shown


def figures(ref: Ref) -> dict[str, Any] | None:
    """Its measures with the grid and their stored tables, for `measures/_measures.html`; None without any that readers see."""
    measures = shown(ref)
    if not measures:
        return None
    return {"measures": measures, "grid": grid(measures), "tables": {m.id: Markup(m.table_html) for m in measures}}
