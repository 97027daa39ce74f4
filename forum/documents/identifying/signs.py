"""The patterns of signs: over a row of marks (see `marks`), and over the words of a sentence where marks say too little."""

import re

from forum.documents.identifying.marks import words

NAME = r"(?:[NM](?:[-']?[Nj]|I){0,4})"
ANY = rf"(?:T?(?:{NAME}|I{{1,2}}N{{0,3}}))"
#: A name, then what ends a mention of it.
STOP = r"(?=[,.;:()–“]|$|f|i|p|w)"

#: Marks of a name as they stand beside a word of its own job: "the pharmacist Ben Coyle", "Rose, the ward clerk", "Dr Chand".
STAFF = re.compile(
    rf"D(?:{NAME}|I{{1,3}}N{{0,3}})(?![,(](?:a[,)]|z?g))|S(?:o[wCX]{{1,2}})?[,:]?[“(]?{ANY}(?!')|{ANY}[,(–][zY]?(?:[wXCNPH]|CC|[wC]o){{0,4}}[SD](?!N)|{ANY}i[zY][wC]{{0,2}}[SD](?!N|')|{ANY}(?=S)|CP?C*S{NAME}"
)
#: Somebody who spoke at a meeting, wrote a source or has a list of their own.
IN_OFFICE = re.compile(
    r" (?:spoke|chair(?:s|ed)|opened|opens|presented|led|leads|wrote|launched|welcomed|thanked the|operate[sd]|performs|performed|introduced|designed|developed"
    r"|taught|trained|argued|runs|ran)\b"
    r"|,? (?:from|of|in|at) (?:the )?(?:estates|finance|procurement|pharmacy|communications|human resources|IT|HR|catering|security|council|charity|union|company|trust|board|department|university)\b", re.I,
)  # fmt: skip
OWN_LIST = re.compile(
    r"['’]s? (?:clinic|list|team|firm|rota|review|report|office|book|paper|lecture|speech|surgery|talk|committee|study|trial|article|method|model|theory|idea|research|thesis|blog|podcast|course|slides)\b"
)

#: Signs of somebody's name, each enough alone: what it says, and its pattern over marks.
STRONG: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "a relation with a name beside it",
        re.compile(
            rf"(?:(?<=Y)|(?<=Y[wL])|(?<=Y[wL][wL]))(?:R|[HB](?!,))[,:]?k?{ANY}{STOP}|K{NAME}|K,{NAME},|Rk{ANY}|(?<=[zwL])H,{ANY}[,)]|H{NAME}(?=[,fi])"
            rf"|R,{ANY}(?=[,(.])|[RK]\({NAME}\)|R(?:o[wa])?{NAME}(?=[fiwp.,)]|$)"
        ),
    ),
    (
        "a patient word with a name beside it",
        re.compile(
            rf"P[,:–(]?k?{ANY}(?!X|C*S){STOP}|U(?:[,:(]|,?k){ANY}(?![NJX])|^“?U{NAME}(?=[fiwp,.])(?!wS)|[PHQ]k{ANY}|Q{NAME}(?=f)"
            rf"|Q[,(]{NAME}(?:f{NAME})?[,)]"
        ),
    ),
    ("a patient with initials", re.compile(r"[PU]I{1,3}(?=[,.(;]|f|i|p|w|$)")),
    ("a title with a name", re.compile(rf"T(?:[NMXJj]|I{{1,2}}N?)(?:[-']?[Nj]|I){{0,4}}|TfT{NAME}")),
    ("somebody's relation, by name", re.compile(rf"{NAME}'[zYw]{{0,2}}[RK]|[RK]o{ANY}(?!X)|{NAME},YR")),
    ("a child, by name", re.compile(rf"(?<![po])B{NAME}(?!X)|(?<![po])L{NAME}(?=,?[,(]?[ag]|[fi])|W[wHR]?{NAME}")),
    ("a name given for somebody", re.compile(rf"[PRHQU]'?n[i:]?{ANY}|[VPRH]i?k{NAME}")),
    (
        "a name with an age",
        re.compile(
            rf"{ANY}[,(]z?g|(?:N[NI]{{1,4}}|I),a[,.](?![a0(])|I\(a\)|{ANY}ig|{ANY}i{{1,2}}[fw]?a(?=[,.]|f|$)|–{ANY}[,(]a(?![0-9wXQ])|^{NAME},a,(?=[fiw])|g[wHR]?{NAME}(?=[fiwp,.]|$)"
        ),
    ),
    (
        "the words of a patient or of those near them, with a name",
        re.compile(
            rf"(?:^|(?<=[–“(])){NAME}[,(][zY]?w?[PR](?=[.,o)“]|$|p)|{NAME},zw?[PRH](?=[.,o)pfi]|$)|{NAME}[,(]P(?=[.)“]|$)|(?<=–)[PRU],{NAME}(?![NJX])"
        ),
    ),
)
#: Words before a name, and after it, that say that somebody died.
DEATH_OF = re.compile(
    r"\b(?:death|suicide|murder|killing|funeral|memory|inquest|passing|stillbirth)(?: (?:of|into|for))?$|\b(?:loss|family|families|parents|relatives) of$|\b(?:the|our|my|his|her) late$",
    re.I,
)
DIED = re.compile(
    r"['’]s? (?:death|suicide|murder|funeral|inquest|overdose|diagnosis|stillbirth|birth)\b| (?:died|passed away|has died|killed h)"
    r"|(?:,? (?:from|of|in|on|at) [^.,;:]{1,40}?)?,? who (?:\w+ )?(?:died|passed away|was killed|took (?:his|her|their) own)\b"
)
#: A day in figures.
FIGURES = re.compile(r"\b\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}\b")
#: Marks of somebody who is cared for, or near them.
WHO_CARED = re.compile("[HPRKU]")
LONE_NAME = re.compile(rf"{NAME}")
SUBJECT = re.compile(rf"(?<![poC]){NAME}(?=,?[fiwz])")
NAME_AGE = re.compile(rf"{NAME}[,(]a(?=[,).]|$)")

#: What happens to few people.
EVENT = re.compile(
    r"\b(?:kill(?:ed|ing) (?:him|her|them)sel(?:f|ves)|t(?:ook|ake|aking) (?:his|her|their) own li(?:fe|ves)|suicides?|hanged|drown(?:ed|ing)|stabb?(?:ed|ing)|murder(?:ed)?"
    r"|shot|shooting|strangled|raped|rape|assault(?:ed)?|attacked|(?:acid|knife|dog|bomb|terror|arson) attack|overdos(?:e|ed)|t(?:ook|aking) (?:\w+ ){0,2}tablets|jumped (?:from|off)|set (?:him|her)self|on fire|burn(?:ed|t)|electrocuted"
    r"|scalded|poisoned|mauled|bitten by|trampled|crushed|trapped|lost (?:both (?:legs|arms|eyes|hands|feet)|(?:a|an|his|her) (?:leg|arm|eye|hand|foot|fingers?|baby|sight|hearing))|amputat(?:ed|ion)|triplets|quadruplets|quintuplets|conjoined|transplant"
    r"|struck by|hit by|run over|crash(?:ed)?|collapsed (?:at|on|during|in)|went missing|kidnapped|trafficked|arrested|imprisoned|jailed"
    r"|fell (?:from|off|into|through|down) (?:a|an|the|his|her)\b|swallowed|impaled|choked|gored|hypothermia|anthrax|rabies|ebola|rare (?:form|disease|condition|syndrome|cancer|disorder|tumour|illness)"
    r"|gave birth (?:in|on|at)|abandoned|lottery|medal|olympic|paraly[sz]ed|lightning|won (?:the|a) (?:lottery|olympic|\w+ medal))\b", re.I,
)  # fmt: skip
DEATH = re.compile(r"\b(?:died|dies|death|dead|passed away|stillborn|stillbirth|miscarried|inquest|killed)\b", re.I)
#: What somebody did for a living, where few do.
TRADE = re.compile(
    rf"\b(?:retired|former|ex-)[ ]?(?!staff|members?|patients?|wife|husband|partner|fianc|boyfriend|girlfriend)\w+|\b(?:{'|'.join(sorted(words('trades')))})\b|\bused to be (?:the|a)\b",
    re.I,
)
#: Words of illness and care.
CARE = re.compile(
    r"\b(?:treated|sectioned|stroke|dementia|drinks|heroin|cocaine|depress\w+|heart attack|cancer|hiv|aids|diagnos\w+|(?:re)?admitted|discharged|surgery|operation|ill|illness|unwell|pregnan\w+|addict\w*"
    r"|alcohol\w*|drugs?|psycho\w*|bipolar|schizo\w+|suicid\w+|died|dying|fell|falls|fall|broke|fracture\w*|cries|cried|refus\w+|blind|deaf|epilep\w+|autis\w+|eating disorder|incontinen\w*"
    r"|our (?:\w+ ){0,2}(?:unit|ward)|in (?:hospital|intensive care)|gave birth|recover\w*|transplant\w*|heart|asthma|diabet\w+|seizures?|sepsis|infection|wounds?|hoist|catheter|wheelchair|labour|pain|overdosed|self-harm\w*|cut h(?:im|er)self|collapsed|lives alone|overdose\w*"
    r"|lost (?:his|her)|swallowed|hates|confused|detained|syndrome|disorder|disease|amput\w+|syringe|insulin|chemo\w*|dialysis|patient)\b", re.I,
)  # fmt: skip
#: What staff do with patients: whoever does it is rarely one.
ACTS = re.compile(
    r"(?:,? and \w+)? (?:also |then |first |always )?(?:notice|made|make|rang|ring|found|find|ask|saw|see|help|told|tell|led|wrote|check|show|taught|thought|explain|start|gave|set|built|ran|run|suggest|use|work"
    r"|design|measure|lead|teach|train|support|visit|record|collect|review|count|learn|meet|met|said|says)", re.I,
)  # fmt: skip
#: Words of illness that are rarely said of a service.
SUFFERS = re.compile(
    r"\b(?:sectioned|stroke|depressed|heart attack|cancer|diagnosed|(?:re)?admitted|discharged|unwell|pregnant|bipolar|schizo\w+|dying|died|fell|broke|cried|refuse[sd]|blind|deaf|epilep\w+|incontinent"
    r"|seizures?|sepsis|overdose\w*|swallowed|confused|detained|dialysis|insulin|chemo\w*|hoist|catheter|wheelchair|shouts|shouting|wander\w*|bruise\w*|wound|hears voices|tablets|medication)\b", re.I,
)  # fmt: skip
#: What people in office do in public.
PUBLIC_ACT = re.compile(
    r"\b(?:opened|opens|launched|unveiled|chaired|visited|presented|cut the ribbon|planted|raised|came (?:on|to (?:open|see|thank)))\b",
    re.I,
)
ONLY = re.compile(
    r"\bthe (?:only|sole|one and only) (?:[\w'’-]+ ){0,3}(?:man|woman|person|child|boy|girl|resident|patient|lady|gentleman|user|mother|father|couple|family|pupil|student|baby|speaker|survivor|sufferer|one|nun|monk|prisoner|refugee|widow|widower)\b"
    r"|\bthe (?:only|sole) (?-i:[A-Z][a-z]+(?:an|ese|ish|ic|ian|i)) (?=in|on|at)|\bone of (?:only |just )?(?:two|three|four|five|\d) (?:people|patients|children|men|women)\b", re.I,
)  # fmt: skip
#: A small place, without its name.
HERE = re.compile(
    r"\b(?:in|on|at|from) (?:our|the|this|her|his|a) (?:\w+ )?(?:village|town|home|care home|hamlet|island|school|street|estate|area|county|valley|parish|house|ward|family|region|district|practice|unit|base|class|congregation|community)\b"
    r"|\bin (?:the (?:country|world|uk|county)|wales|scotland|england|britain|europe)\b",
    re.I,
)
#: Words in whose sentence an address is one of work.
WORK_PLACE = re.compile(
    r"\b(?:clinics?|surgery|practice|office|offices|hospital|hospice|centre|hub|library|pharmacy|café|cafe|workshop|hall|church|meet|meets|meeting|met|open|opens|opened|based|event|training|venue|conference|headquarters|drop-in"
    r"|invoice|write to us|find us|visit us|college|school|university|studio|registered|charity|shop|gym|museum|our address|moved to|team)\b", re.I,
)  # fmt: skip
BORN_IN = re.compile(r"\bborn in (?:19|20)\d\d\b", re.I)
#: Words in whose sentence an age is that of a group, not of one person.
AVERAGE = re.compile(r"\b(?:mean|average|median|typical(?:ly)?|oldest|youngest|range[ds]?)\b", re.I)
CALENDAR = re.compile(
    r"\b(?:last|in|on|during|one|early|late|this) (?:january|february|march|april|may|june|july|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day|easter|spring|summer|autumn|winter|christmas)\b",
    re.I,
)
#: Words in whose sentence a day long ago is no day of birth.
HISTORY = re.compile(
    r"\b(?:nhs|founded|built|opened|established|act|regulations?|law|published|history|war|began|launched|hospital|charter|parliament|treaty|dates|dated|building|trusts?|hospitals|merged|registered|data|version|since|held|meeting|conference|operational|journal|edition)\b",
    re.I,
)
#: Words in whose sentence a name on social media is a patient's.
ILLNESS = re.compile(
    r"\b(?:his|her|my|their|she|he|mum|dad)\b.{0,80}\b(?:recovery|illness|journey|diagnosis|cancer|cystic|transplant|wounds?|treatment|patients?|symptoms|disease|surgery|heart)\b|\bpatient (?:called|named|posts|tweets|blogs)",
    re.I,
)
NAME_IS = re.compile(r"\b(?:his|her|their) (?:first |real |full |\w+ )?name (?:is|was) (?!not|the|a|on|in|being)[^\W\d_]+", re.I)
#: Words in whose sentence people with a title are in office.
BOARDROOM = re.compile(
    r"\b(?:board|committee|as (?:the )?chair|chair(?:s|ed|man|woman|person| of)|\(chair|trustees?|governors?|apologies|minutes|council|present|director|sponsor|inquiry|parliament|minister|we (?:also )?thank|thanks to|by m(?:r|s|rs|iss)\.?)\b",
    re.I,
)
#: What follows a name when its bearer is ill.
IS_ILL = re.compile(
    r" (?:has|had|is|was|lives with|suffers from|suffered|developed|who has|who had|who is|who was)(?: been| a| an| the| his| her| very| severe| advanced| terminal| another| second){0,3}"
    r" (?:admitted|discharged|sectioned|diagnosed|dementia|cancer|stroke|schizophren|bipolar|psycho|depress|epilep|autis|diabet|copd|parkinson|alzheimer|ms\b|hiv|tb\b|blind|deaf"
    r"|seizure|sepsis|pressure|heart attack|cardiac|pregnan|incontinen|confused|found (?:on|in|dead|hanging)|resuscitated|readmitted|transferred to|detained|restrained|nil by mouth|bedbound|bed-bound|dying|fall\b|(?:[\w'’-]+ ){0,2}(?:syndrome|palsy|dystrophy|sclerosis|leukaemia|tumour|failure))\w*(?:['’]s)?(?: disease| attack| disorder| sores?| ulcers?)?"
    r"(?=[.,;:)!?]|$| (?:and|in|on|with|when|while|since|at|for|but|after|before|from|to|last|by|as|so|that|which|again|twice|because|until|outside|near|under|during|without|overnight|yesterday|today)\b)"
    r"|['’]s (?:fits?|seizures?|dementia|cancer|stroke|tablets|bloods?|wounds?|symptoms|illness|condition|catheter|hip|heart|memory|breathing|pain|insulin|diabetes|epilepsy|autism"
    r"|hallucinations|care plan|pressure (?:sore|ulcer)|miscarriage|labour|waters|biopsy|chemo\w*|teeth|dentures|hearing aids?|glasses|wheelchair|hoist|stoma|feeding tube|caesarean|last (?:days|hours|night)|pregnancy|recovery)\b(?! (?:nurse|team|care|service|clinic|unit|support|charit|research|pathway|work|centre|ward|group|training|specialist|lead|plan)s?)"
    r"| (?:suffers from|was born(?! (?:on \d{1,2} \w+ |in )1[0-8])|broke h|fell (?:on|in|out|twice|and|down|at)|collapsed|needs (?:a )?hoist|needs (?:insulin|feeding|help to|two carers|one-to-one)|refused (?:his|her|food|tablets|medic\w+|treatment|care\b|a wash|the (?:pad|hoist|tablets|vaccine|scan))|cried|wept|wandered|absconded|vomited"
    r"|choked|bled|fainted|kept (?:shouting|falling|crying|asking)|screamed|cut (?:him|her)self|self-harm|overdosed|hears voices|(?:lives|lived) (?:alone|with)|cannot (?:walk|swallow|speak|see|hear)|can no longer"
    r"|uses a (?:wheelchair|frame|hoist)|gave birth|(?:is|was) (?:in (?:pain|hospital|labour|intensive care|a coma)|dying|terminal)|had (?:a|an|his|her|two|three|four) (?:bad |nasty )?(?:falls?|miscarriage|operation|biopsy|hip|knee|leg|seizure)"
    r"|lost h(?:is|er) (?:leg|arm|sight|hearing|baby|speech|voice|memory|life|foot|eye|hand|fingers?|balance|teeth|wife|husband|mother|father|son|daughter|appetite|mum|dad|hair)|attempted)", re.I,
)  # fmt: skip
LABELLED = re.compile(
    r"\b(?:patient|resident|client|service user)(?:'s|’s)? name(?: is| was)?\s?[:–-]?\s?(?!is|was|and|or|on|in|the|not|field|tag|band)[^\W\d_]+",
    re.I,
)
NAMED_PLACE, ANYBODY = re.compile("pz?(?:C?N|C+'?C*X)"), re.compile("[VYHPR]")
#: Somebody who is no longer staff.
ONCE = re.compile(r"\b(?:retired|former|ex-\w+|was)\b", re.I)
#: Marks of a name without capital letters.
SMALL_NAME = re.compile("Y[PR],?(?P<name>w)w?(?=,?[fi])|^T(?P<titled>w)")
#: Marks of a place, of one person's age, of one person at all, of anybody, and of the relation of somebody in office.
PLACE = re.compile(r"pz?(?:[NMCL]'?){1,3}[Jj]?|o(?:[NMCL]'?){1,2}[Jj]|[HE]o(?:[NMCL]'?){1,2}")
AGED = re.compile(
    r"z[wCL]{0,3}[wHPES],a(?=,)|(?<!Q)(?<!f)g|Hoa|Via(?=[.,]|f|p|$)|fia(?=[.,]|$)|(?<=H),?[,(]a(?=[,)])|VNa(?=[.,]|f|$)"
)
ONE = re.compile(r"z[wCL]{0,3}[wHPES],a,|[VHPRKgTU]|BH?|N[,(]a[,).]")
ONES = re.compile(r"\b(?:he|she|him|his|her)\b", re.I)
WHO, THEIRS = re.compile(r"[VHPRKBLTU]"), re.compile(r"\b(?:my|his|her|their|whose)\b", re.I)
#: "She is the vicar's wife": this is enough alone.
IS_RELATION = re.compile("Vi{1,2}z[CN]{0,2}[ES]'[RK]")
OFFICES_RELATION = re.compile(r"(?:[CN]{0,2}E|EE|N|S)'[RK]")

#: Somebody in a room; and words with which a room is only a room.
IN_ROOM = re.compile(r"[PUHNV],?p?z?O")
QUIET = re.compile(
    r"\b(?:each|every|any|where we|(?:room|bed) \d+[a-z]? (?:is|was|has) (?:the|where|a|next|free|empty|our)|patients|residents)\b"
    r"|\broom \d+[a-z]?,? (?:of|at|in) (?:the|our) (?:\w+ )?(?:hall|library|council|offices?|college|university|school|church|centre|building)\b",
    re.I,
)

#: After one of these "my mum loved" would be no sentence, "our patient ahmed" is.
FINITE = tuple([verb] for verb in ("is", "was", "has", "had", "needs", "likes", "wants", "does", "did"))
