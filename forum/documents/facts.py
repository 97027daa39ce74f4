"""Reading YAML that people send: plain data only, and no references, by which a few lines could grow without end."""

from typing import Any

import yaml


class _Plain(yaml.SafeLoader):
    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("references (* and &) are not taken")
        return super().compose_node(parent, index)


def load(text: str) -> Any:
    """The data in a YAML text. Raises ValueError for what is none, has references, or is nested too deep."""
    try:
        return yaml.load(text, _Plain)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError("it cannot be read as YAML") from error
