"""Who a text may be about: names beside a word that says so, and weak signs that add up.

A name, an address or a role that only one person has is a sign for itself. An age, a place, an exact day, a rare event or trade is a
weak sign: `ENOUGH` points of them about one person, in a sentence or in two that follow one another, make a finding. The idea that
facts add up is that of the Information Commissioner's "motivated intruder": https://ico.org.uk, anonymisation guidance.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from forum.kernel.identifying.marks import Row, read, words

ENOUGH = 4
#: With one of these a name is sure to be somebody's.
_LOCATES = frozenset({"address", "room", "old-day", "age", "named-age"})
#: Marks of a sentence in which a day long ago is likely to be somebody's day of birth.
SHORT = 9
#: Of all marks, those without which a sentence has no sign in it. Lower-case names stand behind a relation or patient word, or a title.
_MAY_TELL = re.compile("[NMITKPURHVWABLOgb@E]")
#: What goes on for longer is no sentence, and is looked at in pieces, so that no text takes long.
_SENTENCE = re.compile(r"[^.]{1,150}")


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that points to a person: where, of what kind, how much it says, and in words."""

    start: int
    end: int
    kind: str
    points: int
    says: str


@dataclass(frozen=True, slots=True)
class Person:
    """A stretch of text that may tell who somebody is: its kind, the signs in it, and whether the check is sure."""

    start: int
    end: int
    kind: str
    says: tuple[str, ...]
    sure: bool


_NAME = r"(?:[NM](?:[-']?[NJ]|I){0,4})"
_ANY = rf"(?:T?(?:{_NAME}|I{{1,2}}N{{0,3}}))"
#: A name, then what ends a mention of it.
_STOP = r"(?=[,.;:()–“]|$|f|i|p|w)"

#: Marks of a name as they stand beside a word of its own job: "the pharmacist Ben Coyle", "Rose, the ward clerk", "Dr Chand".
_STAFF = re.compile(
    rf"D(?:{_NAME}|I{{1,3}}N{{0,3}})|S[,:]?[“(]?{_ANY}(?!')|{_ANY}[,(–][zY]?(?:[wXCNPH]|CC|[wC]o){{0,4}}[SD](?!N)|{_ANY}(?=S)|CP?C*S{_NAME}"
)
#: Somebody who spoke at a meeting, wrote a source or has a list of their own.
_IN_OFFICE = re.compile(r" (?:spoke|chair(?:s|ed)|opened|opens|presented|led|leads|wrote|launched|welcomed|thanked the)\b", re.I)
_OWN_LIST = re.compile(r"['’]s? (?:clinic|list|team|firm|rota|review|report|office|book|paper|lecture|speech|surgery|talk|committee)\b")

#: Each is enough alone. (kind, what it says, pattern; the name or the words themselves are what it matches)
_STRONG: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("named-person", "a relation with a name beside it", re.compile(rf"(?:(?<=Y)|(?<=Y[wL])|(?<=Y[wL][wL]))(?:R|[HB](?!,))[,:]?k?{_ANY}{_STOP}|K{_NAME}|Rk{_ANY}")),
    ("named-person", "a relation with a name beside it", re.compile(rf"(?<=[zw])R,{_ANY}(?=[,(.])|R\({_NAME}\)|R(?:o[wa])?{_NAME}(?=[fiwp.,)]|$)")),
    ("named-person", "a patient word with a name beside it", re.compile(rf"P[,:–(]?k?{_ANY}(?!X|C*S){_STOP}|U(?:[,:(]|,?k){_ANY}|^“?U{_NAME}(?=[fiwp,.])(?!wS)|[PHQ]k{_ANY}|Q{_NAME}(?=f)|Q[,(]{_NAME}(?:f{_NAME})?[,)]")),
    ("named-person", "a patient with initials", re.compile(r"[PU]I{1,3}(?=[,.(;]|f|i|w|$)")),
    ("named-person", "a title with a name", re.compile(rf"T(?:[NMXJ]|I{{1,2}}N?)(?:[-']?[NJ]|I){{0,4}}|TfT{_NAME}")),
    ("named-person", "somebody's relation, by name", re.compile(rf"{_NAME}'[zYw]{{0,2}}[RK]|[RK]o{_ANY}(?!X)|{_NAME},(?:whose|Y)R")),
    ("named-person", "a child, by name", re.compile(rf"(?<![po])B{_NAME}(?!X)|(?<![po])L{_NAME}(?=,?[,(]?[ag]|[fi])|W{_NAME}")),
    ("named-person", "a name given for somebody", re.compile(rf"[PRHQU]'?n[i:]?{_ANY}|[VPRH]i?k{_NAME}")),
    ("named-person", "a name with an age", re.compile(rf"{_ANY}[,(]g|(?:N[NI]{{1,4}}|I),a[,.](?![a0(])|I\(a\)|{_ANY}ig|{_ANY}i{{1,2}}a(?=[,.]|f)|–{_ANY}[,(]a(?![0-9wXQ])")),
    ("named-person", "the words of a patient or of those near them, with a name", re.compile(rf"(?:^|(?<=[–“(])){_NAME}[,(][zY]?w?[PR](?=[.,o)“]|$|p)|(?<=–)[PRU],{_NAME}")),
)
_DEATH_OF = re.compile(r"\b(?:death|suicide|murder|killing|funeral|memory|inquest|passing|stillbirth)(?: (?:of|into|for))?$|\bloss of$", re.I)
_DIED = re.compile(r"['’]s? (?:death|suicide|murder|funeral|inquest|overdose|diagnosis|stillbirth|birth)\b| (?:died|passed away|has died|killed h)")
_FIGURES = re.compile(r"\b\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}\b")
_WHO_CARED = re.compile("[HPRKU]")
_LONE_NAME = re.compile(rf"{_NAME}")
_SUBJECT = re.compile(rf"(?<![poC]){_NAME}(?=,?[fiwz])")
_NAME_AGE = re.compile(rf"{_NAME}[,(]a(?=[,).]|$)")

#: Weak signs that words alone show. (kind, points, says, pattern)
_EVENT = re.compile(
    r"\b(?:kill(?:ed|ing) (?:him|her|them)sel(?:f|ves)|t(?:ook|ake|aking) (?:his|her|their) own li(?:fe|ves)|suicides?|hanged|drown(?:ed|ing)|stabb?(?:ed|ing)|murder(?:ed)?"
    r"|shot|shooting|strangled|raped|rape|assaulted|overdos(?:e|ed)|t(?:ook|aking) (?:\w+ ){0,2}tablets|jumped (?:from|off)|set (?:him|her)self|on fire|burn(?:ed|t)|electrocuted"
    r"|scalded|poisoned|mauled|bitten by|trampled|crushed|trapped|lost (?:both|an? |his|her)|amputat(?:ed|ion)|triplets|quadruplets|quintuplets|conjoined|transplant"
    r"|struck by|hit by|run over|crash(?:ed)?|explosion|blown|collapsed (?:at|on|during|in)|went missing|kidnapped|trafficked|arrested|imprisoned|jailed"
    r"|fell (?:from|off|into|through|down) (?:a|an|the|his|her)\b|swallowed|impaled|choked|gored|frozen|hypothermia|anthrax|rabies|ebola|rare (?:form|disease|condition|syndrome|cancer|disorder|tumour|illness)"
    r"|gave birth (?:in|on|at)|abandoned|lottery|medal|olympic|self-immolat\w+|cut off|paraly[sz]ed|lightning|won (?:the|a) (?:lottery|olympic|\w+ medal))\b", re.I,
)  # fmt: skip
_DEATH = re.compile(r"\b(?:died|dies|death|dead|passed away|stillborn|stillbirth|miscarried|inquest|killed)\b", re.I)
_TRADE = re.compile(rf"\b(?:retired|former|ex-)[ ]?(?!staff|members?|patients?)\w+|\b(?:{'|'.join(sorted(words('trades')))})\b|\bused to be (?:the|a)\b", re.I)
_CARE = re.compile(
    r"\b(?:treated|sectioned|stroke|dementia|depress\w+|heart attack|cancer|hiv|aids|diagnos\w+|admitted|discharged|surgery|operation|ill|illness|unwell|pregnan\w+|addict\w*"
    r"|alcohol\w*|drugs?|psycho\w*|bipolar|schizo\w+|suicid\w+|died|dying|fell|falls|fall|broke|fracture\w*|cries|cried|refus\w+|blind|deaf|epilep\w+|autis\w+|eating disorder|incontinen\w*"
    r"|our (?:\w+ ){0,2}(?:unit|ward)|in (?:hospital|intensive care)|gave birth|recover\w*|transplant\w*|heart|asthma|diabet\w+|seizures?|sepsis|infection|wound|lives alone|overdose\w*"
    r"|lost (?:his|her)|swallowed|hates|confused|detained|syndrome|disorder|disease|amput\w+|syringe|insulin|chemo\w*|dialysis|patient)\b", re.I,
)  # fmt: skip
_PUBLIC_ACT = re.compile(r"\b(?:opened|opens|launched|unveiled|chaired|visited|presented|cut the ribbon|planted|raised|came (?:on|to (?:open|see|thank)))\b", re.I)
_ONLY = re.compile(
    r"\bthe (?:only|sole|one and only) (?:[\w'’-]+ ){0,3}(?:man|woman|person|child|boy|girl|resident|patient|lady|gentleman|user|mother|father|couple|family|pupil|student|baby|speaker|survivor|sufferer|one)\b", re.I,
)  # fmt: skip
_HERE = re.compile(r"\b(?:in|on|at|from) (?:our|the|this|her|his|a) (?:\w+ )?(?:village|town|home|care home|hamlet|island|school|street|estate|area|county|valley|parish|house|ward|family|region|district|practice|unit|base|class|congregation|community)\b", re.I)
_WORK_PLACE = re.compile(
    r"\b(?:clinics?|surgery|practice|office|offices|hospital|hospice|centre|hub|library|pharmacy|café|cafe|workshop|hall|church|meet|meets|meeting|met|open|opens|opened|based|event|training|venue|conference|headquarters|drop-in"
    r"|invoice|write to us|find us|visit us|college|school|university|studio|registered|charity|shop|gym|museum|moved to|team)\b", re.I,
)  # fmt: skip
_AVERAGE = re.compile(r"\b(?:mean|average|median|typical(?:ly)?|oldest|youngest|range[ds]?)\b", re.I)
_CALENDAR = re.compile(r"\b(?:last|in|on|during|one|early|late|this) (?:january|february|march|april|may|june|july|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day|easter|spring|summer|autumn|winter|christmas)\b", re.I)
_HISTORY = re.compile(r"\b(?:nhs|founded|built|opened|established|act|regulations?|law|published|history|war|began|launched|hospital|charter|parliament|treaty|trust|registered|data|version|since|held|meeting|conference|operational|journal|edition)\b", re.I)
_ILLNESS = re.compile(r"\b(?:his|her|my|their|she|he|mum|dad)\b.{0,80}\b(?:recovery|illness|journey|diagnosis|cancer|cystic|transplant|wounds?|treatment|patients?|symptoms|disease|surgery|heart)\b|\bpatient (?:called|named|posts|tweets|blogs)", re.I)
_NAME_IS = re.compile(r"\b(?:his|her|their) (?:first |real |full )?name (?:is|was) (?!not|the|a|on|in|being)[^\W\d_]+", re.I)
_BOARDROOM = re.compile(r"\b(?:board|committee|chair|trustees?|governors?|apologies|minutes|council|present|director|sponsor|inquiry|parliament|minister|by m(?:r|s|rs|iss)\.?)\b", re.I)
#: What follows a name when its bearer is ill.
_IS_ILL = re.compile(
    r" (?:has|had|is|was|lives with|suffers from|suffered|developed|who has|who had|who is|who was)(?: been| a| an| the| his| her| very| severe| advanced| terminal| another| second){0,3}"
    r" (?:admitted|discharged|sectioned|diagnosed|dementia|cancer|stroke|schizophren|bipolar|psycho|depress|epilep|autis|diabet|copd|parkinson|alzheimer|ms\b|hiv|tb\b|blind|deaf"
    r"|seizure|sepsis|pressure|heart attack|cardiac|pregnan|incontinen|confused|found (?:on|in|dead|hanging)|resuscitated|readmitted|transferred to|detained|restrained|nil by mouth|bedbound|bed-bound|dying|fall\b)"
    r"|['’]s (?:fits?|seizures?|dementia|cancer|stroke|tablets|bloods?|wounds?|symptoms|illness|condition|catheter|hip|heart|memory|breathing|pain|insulin|diabetes|epilepsy|autism"
    r"|hallucinations|care plan|pressure (?:sore|ulcer)|last (?:days|hours|night)|pregnancy|recovery)\b"
    r"| (?:suffers from|was born|broke h|fell (?:on|in|out|twice|and|down|at)|collapsed|needs (?:a )?hoist|needs insulin|lost h(?:is|er) (?!temper|way)|attempted)", re.I,
)  # fmt: skip
_LABELLED = re.compile(r"\b(?:patient|resident|client|service user)(?:'s|’s)? name(?: is| was)?\s?[:–-]?\s?(?!is|was|and|or|on|in|the|not|field|tag|band)[^\W\d_]+", re.I)
_PLACE = re.compile(r"pz?(?:[NMCL]'?){1,3}J?|o(?:[NMCL]'?){1,2}J|[HE]o(?:[NMCL]'?){1,2}")
_AGED = re.compile(r"z[wCL]{0,3}[wHPES],a(?=,)|(?<!Q)(?<!f)g|Hoa|Via(?=[.,]|f|p|$)|(?<=H),?[,(]a(?=[,)])|VNa(?=[.,]|f|$)")
_ONE = re.compile(r"z[wCL]{0,3}[wHPES],a,|[VHPRKgTU]|BH?|N[,(]a[,).]")
_WHO = re.compile(r"[VHPRKBLTYU]")
_OFFICES_RELATION = re.compile(r"(?:[EN]|EE|CE|S)'[RK]")


def people(text: str) -> Iterator[Person]:
    """Stretches of `text` that may tell who somebody is, by their place."""
    before: list[Sign] = []
    for row in _sentences(text):
        strong, weak = _named(text, row), _weak(text, row)
        if strong:
            yield from _sure_or_not(strong, weak)
            before = []
            continue
        together = weak if _points(weak) >= ENOUGH else [*before, *weak]
        if weak and _points(together) >= ENOUGH + (together is not weak):
            yield Person(together[0].start, max(s.end for s in together), "signs-together", tuple(dict.fromkeys(s.says for s in together)), False)
            weak = []
        before = weak


def _points(signs: list[Sign]) -> int:
    """Each kind counts once, as high as it comes."""
    best: dict[str, int] = {}
    for sign in signs:
        best[sign.kind] = max(best.get(sign.kind, 0), sign.points)
    return sum(best.values())


def _sure_or_not(strong: list[Sign], weak: list[Sign]) -> Iterator[Person]:
    """Sure: a name with an address, a room, an age or a day of birth beside it."""
    named = any(s.kind == "named-person" for s in strong)
    more = {s.kind for s in (*strong, *weak)} & _LOCATES
    beside = tuple(dict.fromkeys(s.says for s in (*strong, *weak)))
    for sign in strong:
        yield Person(sign.start, sign.end, sign.kind, (sign.says, *(b for b in beside if b != sign.says)), named and bool(more))


def _sentences(text: str) -> Iterator[Row]:
    row = read(text)
    for part in _SENTENCE.finditer(row.marks):
        if _MAY_TELL.search(part.group()):
            yield Row(part.group(), row.spans[part.start() : part.end()])


def _named(text: str, row: Row) -> list[Sign]:
    """Signs that are enough alone, the longest first where two meet."""
    first, last = row.span(0, len(row.marks))
    said = text[first:last]
    marks = _STAFF.sub(lambda m: _as_staff(m, text, row), row.marks)
    found: list[Sign] = []

    def add(start: int, end: int, kind: str, says: str) -> None:
        if not any(start < s.end and s.start < end for s in found):
            found.append(Sign(start, end, kind, 3, says))

    official = "T" in marks and _BOARDROOM.search(said) is not None and not _WHO_CARED.search(marks)
    for kind, says, pattern in _STRONG:
        for m in pattern.finditer(marks):
            start, end = row.span(m.start(), m.end())
            if m.group()[0] == "T" and (official or _IN_OFFICE.match(text, end) or _OWN_LIST.match(text, end)):
                continue
            add(start, end, kind, says)
    for start, end in _dead(text, row, marks):
        add(start, end, "named-person", "the name of somebody who died or fell ill")
    for start, end in _offices(row, marks, said):
        add(start, end, "only-one", "a role that only one person has")
    for m in (*_LABELLED.finditer(said), *_NAME_IS.finditer(said)):
        add(first + m.start(), first + m.end(), "named-person", "a name given for somebody")
    for start, end in _uncapitalised(text, row):
        add(start, end, "named-person", "a name beside a relation or patient word")
    if "@" in marks and _ILLNESS.search(said):
        at = marks.index("@")
        add(*row.span(at, at + 1), "handle", "a patient's name on social media")
    if "b" in marks and not _HISTORY.search(said) and (_WHO.search(marks) or len(marks) < SHORT or _FIGURES.search(said)):
        at = marks.index("b")
        add(*row.span(at, at + 1), "old-day", "an exact day long ago")
    about = bool(found) or bool(_WHO.search(marks))
    for m in re.finditer("A+,?A?|O", marks):
        place = row.span(m.start(), m.end())
        if m.group() == "O" and (about or _LONE_NAME.search(marks)) and not _QUIET.search(said):
            add(*place, "room", "somebody's room or bed")
        if m.group() != "O" and (about or not _WORK_PLACE.search(said)):
            add(*place, "address", "a home's address")
    return sorted(found, key=lambda s: s.start)


_QUIET = re.compile(r"\b(?:each|every|any|where we|(?:room|bed) \d+[a-z]? (?:is|was|has) (?:the|where|a|next|free|empty|our)|patients|residents)\b", re.I)


def _as_staff(m: re.Match[str], text: str, row: Row) -> str:
    """The marks of a name that belongs to staff, so that nothing else sees a name in them."""
    start, end = row.span(m.start(), m.end())
    if re.search(r"\b(?:retired|former|ex-\w+)\b", text[start:end], re.I) or text[end : end + 2].lower() in {"'s", "’s"}:
        return m.group() if m.group()[0] != "D" else re.sub("[NMIT]", "s", m.group())
    return re.sub("[NMIT]", "s", m.group())


def _dead(text: str, row: Row, marks: str) -> Iterator[tuple[int, int]]:
    for m in _LONE_NAME.finditer(marks):
        start, end = row.span(m.start(), m.end())
        if _IS_ILL.match(text, end) or _DIED.match(text, end) or _DEATH_OF.search(text, max(0, start - 30), start - 1 if start else 0):
            yield start, end


def _offices(row: Row, marks: str, said: str) -> Iterator[tuple[int, int]]:
    """The mayor's mother, with care or illness in the sentence; and the only such person in a small place."""
    if _CARE.search(said) and not _PUBLIC_ACT.search(said):
        for m in _OFFICES_RELATION.finditer(marks):
            yield row.span(m.start(), m.end())
    first = row.spans[0][0]
    only = _ONLY.search(said)
    if only and (_HERE.search(said) or re.search("pz?C?N", marks)):
        yield first + only.start(), first + only.end()


def _uncapitalised(text: str, row: Row) -> Iterator[tuple[int, int]]:
    """ "our resident elsie likes", by somebody who writes without capital letters."""
    begin, end = row.spans[0][0], row.spans[-1][1]
    if text[begin:end] != text[begin:end].lower():
        return
    for m in re.finditer(r"[Y][PR](?P<name>ww?)(?=[fi])|^[T](?P<titled>w)", row.marks):
        at = m.start("name") if m["name"] else m.start("titled")
        word = text[slice(*row.spans[at])]
        finite = text[row.spans[at][1] :].split(maxsplit=1)[:1] in _FINITE
        if word not in words("not_names") and not word.endswith("ly") and (finite or not word.endswith(("ed", "ing"))):
            yield row.span(m.start(), m.end())


#: After one of these "my mum loved" would be no sentence, "our patient ahmed" is.
_FINITE = tuple([verb] for verb in ("is", "was", "has", "had", "needs", "likes", "wants", "does", "did"))


def _weak(text: str, row: Row) -> list[Sign]:
    """Signs that say something only together, and only of one person."""
    first, last = row.span(0, len(row.marks))
    said = text[first:last]
    if not (_ONE.search(row.marks) or (_SUBJECT.search(row.marks) and _EVENT.search(said))):
        return []
    found: list[Sign] = []

    def by_marks(pattern: re.Pattern[str], kind: str, points: int, says: str) -> None:
        for m in pattern.finditer(row.marks):
            found.append(Sign(*row.span(m.start(), m.end()), kind, points, says))

    def by_words(pattern: re.Pattern[str], kind: str, points: int, says: str) -> None:
        if m := pattern.search(said):
            found.append(Sign(first + m.start(), first + m.end(), kind, points, says))

    if not _AVERAGE.search(said):
        by_marks(_AGED, "age", 2, "an age")
    by_marks(re.compile("[db]"), "day", 2, "an exact day")
    by_words(_EVENT, "event", 2, "a rare event")
    if any(s.kind == "event" for s in found):
        by_marks(_SUBJECT, "name", 2, "a name")
    by_words(_DEATH, "death", 2, "a death")
    by_words(_TRADE, "trade", 2, "what somebody did for a living")
    by_words(_CALENDAR, "month", 1, "a day or month")
    by_words(_HERE, "place", 1, "a place")
    found += _places(text, row)
    if _CARE.search(said) or _TRADE.search(said) or re.search("[VYHPR]", row.marks):
        by_marks(_NAME_AGE, "named-age", ENOUGH, "a name with a number like an age")
    if _CARE.search(said):
        by_marks(re.compile("z[wC]?E|^E"), "office", 2, "an office that few people hold")
    if any(s.kind == "office" for s in found):
        by_words(_CARE, "care", 1, "care or illness")
    return sorted(found, key=lambda s: s.start)


def _places(text: str, row: Row) -> Iterator[Sign]:
    for m in _PLACE.finditer(row.marks):
        start, end = row.span(m.start(), m.end())
        named = {w.strip("'’s,").lower() for w in text[start:end].split() if w[0].isupper()}
        known = bool(named & words("big_places"))
        if known or "N" in m.group() or "J" in m.group():
            yield Sign(start, end, "place", 1 if known else 2, "a place")
