"""The Danish words that advice on goals knows. Pure: no Django.

Danish compounds end in what they are ("fuldtidspersoner" are persons), so the groups are endings of words.
"""


def _listed(text: str) -> tuple[str, ...]:
    """The words of a text. Lists of words are easier to read and to add to without quotes."""
    return tuple(text.split())


# Words that nobody could say have been fulfilled. Endings are written out where an inflection would mean another thing.
VAGUE = (
    r"styrk(?:e|es|er|et|ede|else|elsen|else af)",
    r"stærkere?",
    r"understøtt\w*",
    r"fremm(?:e|es|er|et)",
    r"bidrage[rs]?(?: \w+){0,3} til",
    r"medvirke[rs]? til",
    r"(?:øget|større|særligt?|stort|skarpt|fælles|mere) (?:fokus|opmærksomhed|indsats)",
    r"(?:sætte[rs]?|have|har) fokus på",
    r"fokus(?:ere[rst]?|eret)? på",
    r"(?:øge[rs]?|styrke[rst]*|intensivere[rs]?) indsatsen",
    r"bedre (?:rammer|vilkår|forhold|muligheder|sammenhæng|kvalitet|samarbejde|service)",
    r"(?:de|den|det|en|et)? ?bedst(?:e)? mulige?",
    r"(?:mest|længst|størst|højest|flest|hurtigst|videst) muligt?e?",
    r"gode?t?(?! til at)(?! nok)(?= \w)",
    r"attraktiv\w*",
    r"dynamisk\w*",
    r"optimal(?!isering)\w*",
    r"levedygtig\w*",
    r"robust\w*",
    r"innovativ\w*",
    r"fleksib\w*",
    r"helheds(?:orienter|betragtning|syn|tænk|løsning)\w*",
    r"(?<!som )helhed",
    r"sammenhængende",
    r"sammenhænge?",
    r"sammenhængskraft\w*",
    r"tilstrækkelige?",
    r"passende",
    r"rimelige?",
    r"relevante?",
    r"nødvendige?",
    r"værdige?",
    r"kvalificerede?",
    r"tidssvarende",
    r"tydelige?",
    r"synlig\w*",
    r"varierede?",
    r"mangfoldig\w*",
    r"forudsigelig\w*",
    r"ambitiøs\w*",
    r"optimere[rst]?",
    r"kvalitetsudvikl\w*",
    r"høj (?:\w+ )?(?:kvalitet|standard|faglighed)",
    r"(?:faglige?|personlig) (?:progression|udvikling)",
    r"positiv udvikling(?!.{0,80}\b(?:antal|andel|gennemsnit|resultat))",
    r"\w*muligheder",
    r"mulighed for",
    r"samspil\w*",
    r"(?:sikre[rs]?|skabe[rs]?) (?:\w+ )?(?:tryghed|omsorg|trivsel|kvalitet|sammenhæng)",
    r"(?:dygtige|kompetente|imødekommende|engagerede|livsduelige|ansvarlige)",
    r"ansvar(?:et)? for",
    r"(?:nemmere|lettere|enklere|smidige?re?|grønnere|sundere|bedre)(?= (?:og|at)|,)",
    r"(?:grønn?e?t?|bæredygtige?t?|trygge|sunde|stærke|levende|rige?|rigt) (?!og tilfreds)\w+",
    r"(?:præget|kendetegnet) af",
    r"bred vifte",
    r"tidligt",
    r"moderne",
    r"styrkeposition\w*",
    r"så \w+,? (?:de|man|vi) kan",
    r"så \w+ som muligt",
    r"(?:konkrete|mærkbare|reelle) (?:forbedringer|resultater)",
    r"del af (?:et |det )?fællesskab(?:et)?",
    r"(?:sit|sine|deres|fulde|eget) potentiale\w*",
    r"drivkraft",
    r"dannelse\w*",
    r"dannes",
    r"kompetencer",
    r"gearet",
    r"rustet",
    r"klædt på",
    r"rammen? for",
    r"rammer(?:ne)? for",
    r"(?:aktivt|sundt|godt|trygt|værdigt)(?: \w+){0,2} \w*liv",
    r"øget sundhed",
    r"(?:mere|tættere|bedre) samarbejde",
    r"i (?:højere|videre|større|stigende) grad",
    r"så vidt muligt",
    r"efter behov",
    r"bind(?:e|er|es)(?: \w+){1,8} sammen",
    r"have? (?:en )?(?:høj|stærk|central) \w+",
    r"i eget liv",
)

# What says how much without a digit.
LEVELS = (
    r"halver\w*",
    r"halvdelen",
    r"(?:for|tre|fir)dobl\w*",
    r"(?:en|to|tre) (?:tredjedel|fjerdedel|femtedel|tiendedel)e?",
    r"hver (?:anden|tredje|fjerde|femte|tiende)",
    r"(?:en|to|tre|fire|fem|seks|syv|otte|ni|ti|tyve|tredive|halvtreds) (?:ud af|pct|procent)",
    r"\w*neutral(?:t|e|itet)?",
    r"fossilfrit?e?",
    r"(?:to|tre|fire|fem|seks|syv|otte|ni|ti|elleve|tolv) (?:dage|uger|timer|minutter|procentpoint)",
    r"(?:over|under|på|til|minimum|mindst|højst) \w*gennemsnittet",
    r"nul",
    r"ingen",
)

MONTHS = "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"

# What says by when, or how often, apart from years.
DATES = (
    MONTHS,
    r"hvert (?:år|halvår|kvartal)",
    r"hver (?:måned|uge)",
    r"år for år",
    r"årligt?e?",
    r"om året",
    r"pr\.? (?:år|måned|kvartal)",
    r"(?:de|det) (?:næste|kommende|nærmeste) (?:\w+ )?(?:år|måneder|halvår|kvartal(?:er)?)(?!s)",
    r"(?:inden|inden for|efter|om) (?:\w+ )?(?:år|måneder|uger|dage)",
    r"(?:årets|månedens|skoleårets|periodens|valgperiodens|kvartalets|byrådsperiodens) (?:udgang|slutning|ende)",
    r"årets første \w+",
    r"udgangen af (?:\w+ )?(?:året|valgperioden|perioden|skoleåret|kvartalet|byrådsperioden)",
    r"i (?:valg|byråds|budget)perioden",
    r"\d\. kvartal",
    r"næste (?:år|skoleår|valg)",
    r"i år",
)

# Words for people, and for those who act together: households, firms, schools, communities. A stem and its inflections.
_GROUP_FORMS = {
    "anere": "- s",
    "ansat": "te tes",
    "barn": "- et ets",
    "befolkning": "en ens",
    "bilist": "er ers erne ernes",
    "beboer": "e es ne nes",
    "boligsøgende": "-",
    "borger": "- e es en ens ne nes",
    "bruger": "e es ne nes",
    "børn": "- s ene enes",
    "cyklist": "er ers erne ernes",
    "dansker": "e es ne nes",
    "drenge": "- s ne nes",
    "dræbte": "- s",
    "elev": "er ers erne ernes en ens",
    "erhverv": "ene enes",
    "erhvervslivet": "- s",
    "faglærte": "- s",
    "famili": "e er ers erne ernes",
    "flygtning": "e es ene enes",
    "fodgænger": "e es ne nes",
    "forening": "er ers erne ernes",
    "forældre": "- s ne nes",
    "frivillige": "- s",
    "generation": "er ers erne ernes en ens",
    "gæster": "- s ne nes",
    "hjemløse": "- s",
    "husholdning": "er ers erne ernes",
    "husstand": "e es ene enes",
    "indbygger": "e es ne nes",
    "indvandrer": "e es ne nes",
    "institution": "er ers erne ernes",
    "iværksætter": "e es ne nes",
    "klasse": "r rne",
    "kunder": "- s ne nes",
    "kvinder": "- s ne nes",
    "københavner": "- e es ne nes",
    "landbruget": "- s",
    "leder": "e es ne nes",
    "ledige": "- s",
    "arbejdsløse": "- s",
    "lokalsamfund": "- s et ene enes",
    "lærer": "e es ne nes",
    "lærling": "e es ene enes",
    "medarbejder": "- e es en ne nes",
    "menneske": "r rs t ts ne nes",
    "modtager": "e es ne nes",
    "mænd": "- s ene enes",
    "patient": "er ers erne ernes en ens",
    "person": "er ers erne ernes",
    "personskader": "- ne",
    "piger": "- s ne nes",
    "pædagog": "er ers erne ernes",
    "pårørende": "- s",
    "ryger": "e es ne nes",
    "senior": "er ers erne ernes",
    "skole": "- r rs rne rnes n ns",
    "studerende": "- s",
    "tilflytter": "e es ne nes",
    "tilskadekomne": "- s",
    "trafikant": "er ers erne ernes",
    "turister": "- s ne nes",
    "udsatte": "- s",
    "unge": "- s",
    "ungdomsarbejdsløs": "hed heden hedens e",
    "virksomhed": "er ers erne ernes",
    "visiterede": "- s",
    "voksne": "- s",
    "ældre": "- s",
    "årgang": "- en e",
    "årige": "- s",
}
GROUPS = frozenset(
    stem + ending.replace("-", "") for stem, endings in _GROUP_FORMS.items() for ending in endings.split()
)
GROUP_LENGTHS = sorted({len(word) for word in GROUPS})

# What we do, as a goal begins with it.
EFFORTS = _listed(
    "afdække afholde afprøve afsætte analysere anlægge ansætte arbejde beskytte bevare bidrage binde bygge deltage"
    " digitalisere etablere evaluere forankre formidle fortsætte fremme fokusere genskabe gennemføre gennemgå"
    " igangsætte implementere indarbejde inddrage indføre informere investere iværksætte koordinere kortlægge lancere"
    " levere målrette ombygge omlægge opbygge opdatere opkvalificere opprioritere opretholde oprette opstille"
    " organisere overvåge placere planlægge prioritere realisere renovere revidere samarbejde screene støtte"
    " synliggøre tilbyde udarbejde udbrede udbygge uddanne uddele udlægge udnytte udpege udrulle udskifte undersøge"
    " understøtte udvikle udvide vedligeholde vejlede videreføre videreudvikle"
)

EFFORT_NOUNS = _listed(
    "afholdelse bevaring etablering evaluering forankring formidling gennemførelse igangsættelse implementering"
    " inddragelse indførelse koordinering kortlægning opkvalificering oprettelse revision udarbejdelse udbredelse"
    " udbygning udnyttelse udvikling understøttelse videreudvikling"
)

# Verbs of change: two different ones joined by "og" are two goals. Those in one tuple say the same.
CHANGES = (
    ("øge", "øges", "øger", "forøge"),
    (
        "mindske",
        "mindskes",
        "reducere",
        "reduceres",
        "nedbringe",
        "nedbringes",
        "sænke",
        "sænkes",
        "mindsker",
        "reducerer",
    ),
    ("styrke", "styrkes", "forbedre", "forbedres", "styrker", "forbedrer"),
    ("fjerne", "afskaffe"),
    ("sikre", "sikres"),
    ("fastholde", "fastholdes"),
    ("tiltrække",),
    ("synliggøre", "synliggøres"),
    ("opprioritere",),
    ("nedprioritere",),
)

# Nouns that are measured by themselves and do not show it by their ending.
MEASURED = _listed(
    "arbejde beskæftigelse dansk faglighed fravær fællesskab fællesskaber idræt klima kultur kvalitet læring omsorg"
    " matematik miljø natur nærdemokrati rekreation samskabelse sundhed sygefravær tillid tilliden trivsel trivslen"
    " tryghed udvikling velfærd vilkår vækst økonomi bosætning erhvervsudvikling byliv kulturliv fritidsliv"
)

MEASURED_ENDINGS = (
    "skab",
    "hed",
    "heden",
    "itet",
    "iteten",
    "skabet",
    "vækst",
    "kvalitet",
    "kvaliteten",
    "sel",
    "slen",
)
