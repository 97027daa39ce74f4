"""One spelling for the words that British and American texts write differently, for matching alone: nobody reads it.

By the parts of words in which the two differ, so that haemorrhage, haemorrhagic and hemorrhaging all meet; whole words only
where no part can tell. Which spelling stands for both does not matter.
"""

import re

#: The vowel that American medicine leaves out: anaemia, ischaemic, paediatric, gynaecology, oesophagus, diarrhoea, apnoea, coeliac.
_LATIN = re.compile(
    r"a(?=em)|(?<=p)a(?=ed[aio])|(?<=gyn)a(?=ec)|(?<=(?:an|yn))a(?=esth)|(?<=f)a(?=ec)|(?<=c)a(?=es[ai]r)|(?<=c)a(?=ec[au])"
    r"|\ba(?=etiolog)|(?<=arch)a(?=eolog)|(?<=medi)a(?=eval)|(?<=pal)a(?=eo)|(?<=ph)a(?=eoc)|(?<=n)a(?=ev[ui])"
    r"|\bo(?=edem|esoph|estr)|(?<=ph)o(?=edem)|(?<=f)o(?=et[aiou])|(?<=rrh)o(?=e)|(?<=pn)o(?=e)|(?<=c)o(?=elia)|(?<=hom)o(?=eo)"
    r"|(?<=am)o(?=eb)|(?<=man)o(?=euv)"
)
#: colour, behaviour, tumours, favourable.
_OUR = re.compile(
    r"(arm|behavi|cand|clam|col|endeav|fav|ferv|flav|harb|hon|hum|lab|neighb|od|parl|rig|rum|sav|savi|splend|tum|val|vap|vig)our"
)
#: centre, centred; manoeuvre, manoeuvring.
_RE = re.compile(r"(calib|cent|fib|goit|lit|lust|maneuv|meag|met|mit|och|sab|somb|spect|theat|tit)r(?:e|e(s)|(ed|ing))$")
#: counselling, travelled, labels that were cancelled.
_DOUBLED = re.compile(
    r"(cancel|channel|counsel|crystal|dial|equal|fuel|initial|label|level|marshal|model|panel|pedal|quarrel|ravel|rival|shovel|signal"
    r"|total|tranquil|travel|tunnel)l(ed|ing|ings|er|ers|or|ors|isers?|izers?|ity)$"
)
#: enrolment, fulfils, skilful.
_SINGLE = re.compile(r"^(appal|distil|enrol|fulfil|instal|instil|skil(?=ful)|wil(?=ful))(s|ment|ments|ful|fully)?$")
#: catalogue, dialogues.
_OGUE = re.compile(r"(anal|catal|dial|epil|monol|prol)ogue(s|d)?$")
_IZE = re.compile(r"(?<=[a-z]{3})iz(e|es|ed|er|ers|ing|ation|ations|ational)$")
_NOT_IZE = re.compile(r"(?:siz|priz|seiz|maiz|baiz)(?:e|es|ed|ing)$")
_YZE = re.compile(r"(?<=[a-z]{3})yz(e|es|ed|er|ing)$")
#: Whole words. "Practise" and "license" are verbs in British texts, and one matter with their nouns.
_WORDS = {
    "acknowledgment": "acknowledgement", "aluminum": "aluminium", "artifact": "artefact", "artifacts": "artefacts",
    "cesarian": "cesarean", "cozy": "cosy", "defense": "defence", "gray": "grey", "jewelry": "jewellery", "judgment":
    "judgement", "judgments": "judgements", "license": "licence", "licenses": "licences", "mold": "mould", "molds": "moulds",
    "moldy": "mouldy", "offense": "offence", "pajamas": "pyjamas", "plow": "plough", "practise":
    "practice", "practises": "practices", "program": "programme", "programs": "programmes", "skeptic": "sceptic", "skeptical":
    "sceptical", "skepticism": "scepticism",
}  # fmt: skip


def one_spelling(word: str) -> str:
    """Return the spelling under which a word in small letters is indexed."""
    if "ae" in word or "oe" in word:
        word = _LATIN.sub("", word)
    if "our" in word:
        word = _OUR.sub(r"\1or", word)
    if "l" in word:
        word = _OGUE.sub(r"\1og\2", _SINGLE.sub(r"\1l\2", _DOUBLED.sub(r"\1\2", word)))
        word = word.replace("leuco", "leuko").replace("sulph", "sulf")
    if "z" in word and not _NOT_IZE.search(word):
        word = _YZE.sub(r"ys\1", _IZE.sub(r"is\1", word))
    word = _RE.sub(r"\1er\2\3", word)
    return _WORDS.get(word, word)
