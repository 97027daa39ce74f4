"""Names by which somebody could pass for somebody else: how a name looks, whatever its letters are, and what it claims.

Two names look alike when their skeletons are equal (Unicode, UTS #39): compatibility forms, accents and case are taken away, and
what looks like a Latin letter becomes that letter. The list of these is Unicode's, cut down to that (`data/README.md`).
"""

import re
from functools import cache
from importlib import resources
from unicodedata import category, normalize

from forum.kernel.text import INVISIBLE, one_line

#: Marks above and below letters of European scripts. Those of other scripts are vowels, and make another name.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
#: Beyond Unicode's list, what looks the same in many typefaces: I, l, 1 and |; O and 0; rn and m; vv and w.
_MERGED = str.maketrans("i1|!0", "llllo")
_FIGURES = str.maketrans("345789@$€", "eastbgase")
#: The two invisible joiners, where they are spelling: between letters of Arabic and of the scripts from India to Mongolia.
_JOINERS = re.compile("(?<=[\u0600-\u1bff])[\u200c\u200d](?=[\u0600-\u1bff])")
_NO_LETTER = re.compile(r"[^\w\s]|[\d_]")
#: A site's name with this many letters is not part of another word by chance.
RARE = 8
TITLES = frozenset(
    ("dr", "doctor", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sir", "dame", "lord", "lady", "rev", "nurse", "sister")
)
#: A real name has none of these in it.
OFFICE = "administrator|moderator|sysadmin|webmaster|postmaster|superuser"
#: No person's full name consists only of these and of the words in `COMPANY` that go with them.
ALONE = f"{OFFICE}|admin|mods?|staff|support|help|helpdesk|root|system|security|official|noreply|nhs|administration|moderation"
#: No organisation's name consists only of these and of the words in `COMPANY`.
WHOLLY = f"{OFFICE}|admin|mods?|staff|helpdesk|administration|moderation|nhsmoderator|nhsadmin"
COMPANY = "the|of|for|and|our|your|s|a|team|site|forum|desk|england|wales|scotland|uk|digital|health|service|account|user|group"


@cache
def _alike() -> dict[int, str]:
    text = resources.files("forum.kernel").joinpath("data/confusables.txt").read_text("utf-8")
    return {ord(c): line.split()[0] for line in text.splitlines() for c in line.split()[1]}


def tidy(name: str) -> str:
    """Return a name as it is stored: on one line, without invisible characters."""
    joined = _JOINERS.sub(lambda found: chr(0xE000 + (found[0] == "\u200d")), one_line(name))
    return INVISIBLE.sub("", joined).replace("\ue000", "\u200c").replace("\ue001", "\u200d").strip()


def skeleton(text: str) -> str:
    """Return a key for what a text looks like: equal for texts that could be taken for each other."""
    seen = INVISIBLE.sub("", text).translate(_alike())
    plain = _MARKS.sub("", normalize("NFKD", seen)).translate(_alike())
    return plain.casefold().translate(_alike()).translate(_MERGED).replace("rn", "m").replace("vv", "w")


def _words(text: str) -> list[str]:
    return _split(skeleton(text))


def _split(look: str) -> list[str]:
    """Return the words; marks count as letters, since in many scripts they are the vowels."""
    return "".join(c if c.isalnum() or category(c)[0] == "M" else " " for c in look).split()


def same_person(one: str, other: str) -> bool:
    """Return whether two full names could be taken for one person's, in whatever order and with whatever title."""
    return any(bool(a) and a == b for a, b in zip(_readings(one), _readings(other), strict=True))


def _readings(name: str) -> tuple[str, str]:
    words = [word for word in _words(name) if word not in _skeletons(TITLES)]
    return "".join(words), " ".join(sorted(words))


@cache
def _skeletons(words: frozenset[str]) -> frozenset[str]:
    return frozenset(skeleton(word) for word in words)


@cache
def _pattern(alternatives: str) -> str:
    return "|".join(skeleton(part.replace("?", "")) + ("?" if part.endswith("?") else "") for part in alternatives.split("|"))


def names_site(name: str, site: str) -> bool:
    """Return whether a name contains the site's own name, `site`."""
    own = _words(site)
    return bool(own) and any(_within(own, words) for words in _disguises(name))


def _within(own: list[str], words: list[str]) -> bool:
    side_by_side = any(words[n : n + len(own)] == own for n in range(len(words) - len(own) + 1))
    one, whole = "".join(own), "".join(words)
    return side_by_side or whole == one or (len(one) >= RARE and one in whole)


def claims_office(name: str) -> bool:
    """Return whether a person's name says that they look after the site: "NHS Moderator", "admin", "s.u.p.p.o.r.t"."""
    return any(_holds_office(words) or _made_of(words, ALONE) for words in _disguises(name))


def is_office(name: str) -> bool:
    """Return whether an organisation's name can only mean those who look after the site. "Association of Administrators" can mean
    something else."""
    return any(_made_of(words, WHOLLY) for words in _disguises(name))


def _holds_office(words: list[str]) -> bool:
    admins = _skeletons(frozenset({"admin", "admins"}))
    return bool(re.search(_pattern(OFFICE), "".join(words))) or not admins.isdisjoint(words)


def _made_of(words: list[str], what: str) -> bool:
    main, company = _pattern(what), _pattern(COMPANY)
    return bool(re.fullmatch(f"(?:{company})*(?:{main})s?(?:{main}|{company})*", "".join(words)))


def _disguises(name: str) -> list[list[str]]:
    """Return the name's words in three readings: as they look; with figures and signs as letters; and without figures and signs."""
    look = skeleton(name)
    return [_split(text) for text in (look, look.translate(_FIGURES), skeleton(_NO_LETTER.sub("", name)))]
