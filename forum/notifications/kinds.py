"""What a slice declares when something of its own is news to somebody."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from forum.kernel.references import Card, Ref


@dataclass(frozen=True)
class NotificationKind:
    """One kind of news.

    `name` also names its two templates: `<slice>/mail/<name>.txt` (first line: the subject) and `<slice>/notices/<name>.html`.
    `recipients` returns member ids, `ref` the thing to link to, `data` plain values for the templates; all from the event alone
    (they may read the database). No words of the thing itself are stored with the news or with mail that waits, since it may be
    hidden or edited meanwhile: templates find its `card`, and mail its `title`, as the receiver may see it at that moment.
    """

    slice: str
    name: str
    event: type
    recipients: Callable[[Any], Iterable[int]]
    ref: Callable[[Any], Ref]
    data: Callable[[Any], Mapping[str, Any]] = lambda event: {}
    #: The purpose of a link that its mail carries for each recipient (`kernel.tokens`); its template finds the link's `token`.
    token: Callable[[Any], str] | None = None
    #: (event, the card of its thing where the receiver may see it) → more values for the mail, looked up when it is sent.
    more: Callable[[Any, Card | None], Mapping[str, Any]] = lambda event, card: {}
    #: Mail goes only to those who may see its thing when it is sent. False for news that the thing was hidden, or of no thing.
    seen: bool = True
    #: The path below which that token stops such mail; the template finds the whole address as `stop_url`.
    stop: Callable[[Any], str] | None = None

    def template(self, medium: str) -> str:
        return f"{self.slice}/{medium}/{self.name}.{'txt' if medium == 'mail' else 'html'}"
