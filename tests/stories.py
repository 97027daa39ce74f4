"""Things that many tests need to have happened, done through the pages."""

from tests.page import Person

CASE = {
    "title": "Weekly ward round in a care home in Anytown",
    "summary": "Fewer calls at night, from 9 to 5 a month.",
    "problem": "Nobody knew the residents. We called 999 too often.",
    "actions": "The same GP came every **Wednesday**.",
    "results": "Calls fell from 9 to 5 a month between April and December.",
    "advice": "Let the senior carer lead it.",
    "organisations-0": "Anytown Surgery",
    "elements": ["stable-core-team"],
}
CONFIRMED = {"confirmed": ["identity", "consent", "rights", "licence", "interests"]}


def draft(author: Person, **changes: object) -> str:
    """Write a case study; gives its address."""
    response = author.post("/case-studies/new", {**CASE, "action": "save", **changes})
    return author.location(response).removesuffix("/edit")


def submitted(author: Person, **changes: object) -> str:
    url = draft(author, **changes)
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    return url


def published(author: Person, moderator: Person, **changes: object) -> str:
    url = submitted(author, **changes)
    moderator.post(f"{url}/review", {"verb": "publish"})
    return url


def thread(
    author: Person, title: str = "How do you keep huddles going?", text: str = "Ours stop when it is busy.", **more: object
) -> str:
    """Start a thread; gives its address."""
    return author.location(author.post("/discussions/new", {"title": title, "text": text, "question": "question", **more}))


def reply(by: Person, url: str, text: str = "We tied ours to the drug round.") -> str:
    """Reply; gives the address of the reply."""
    action = f"/discussions/{url.split('/')[2].split('-')[0]}/replies"
    return by.location(by.post(action, {"text": text}, on=url))
