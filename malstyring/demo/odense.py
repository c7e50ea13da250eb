"""The effect-based management of Odense's elderly and disability care in an invented municipality: citizens assess
goal, effort, effect and cooperation, and the assessments adjust the effort.

Plain rows; `malstyring.demo.builder` stores them, `malstyring.demo.citizens` plays the surveys. All of it is invented.
"""

from malstyring.demo.rows import GoalRow, IndicatorRow, PersonRow, SeriesRow, UnitRow

AUTHORITY = {
    "code": "903",
    "name": "Solbæk Kommune",
    "address": "Rådhustorvet 3, 9997 Solbæk",
    "phone": "72 10 00 00",
    "email": "solbaek@example.dk",
    "is_example": True,
}
STRATEGY = {
    "name": "Længst muligt i eget liv",
    "text": "Byrådet følger få mål for ældre og mennesker med handicap. Borgerne vurderer selv mål, indsats, effekt og "
    "samarbejde, og vurderingerne bruges til at justere indsatsen.",
    "first_year": 2025,
    "last_year": 2029,
}
PUBLISHED_NOTE = ""

UNITS = [
    UnitRow("SB", "", "council", "Solbæk Byråd"),
    UnitRow("SOK", "SB", "finance_committee", "Økonomiudvalget"),
    UnitRow("AHU", "SB", "committee", "Ældre- og Handicapudvalget"),
    UnitRow("SDIR", "SB", "executive_board", "Direktionen", "SOK"),
    UnitRow("AOH", "SDIR", "directorate", "Ældre og Handicap", "AHU"),
    UnitRow("HJM", "AOH", "department", "Hjemmeplejen"),
    UnitRow("NORD", "HJM", "team", "Hjemmeplejen Nord"),
    UnitRow("MIDT", "HJM", "team", "Hjemmeplejen Midt"),
    UnitRow("SYD", "HJM", "team", "Hjemmeplejen Syd"),
    UnitRow("OER", "HJM", "team", "Hjemmeplejen Øerne"),
    UnitRow("NAT", "HJM", "team", "Nattevagten"),
    UnitRow("TRN", "AOH", "institution", "Træningscentret"),
    UnitRow("HAV", "AOH", "institution", "Bostedet Havblik"),
]

PEOPLE = [
    PersonRow(
        "odense-politiker", "Else", "Brandt", "Formand for Ældre- og Handicapudvalget",
        [("politician", "AHU"), ("politician", "SB")],
    ),
    PersonRow("odense-direktoer", "Karen", "Holst", "Direktør", [("director", "SDIR")]),
    PersonRow("odense-chef", "Jonas", "Lind", "Chef for Ældre og Handicap", [("manager", "AOH")]),
    PersonRow("odense-leder", "Pia", "Kjær", "Leder, Hjemmeplejen Syd", [("manager", "SYD")]),
    PersonRow("odense-leder2", "Ole", "Munk", "Leder, Hjemmeplejen Nord", [("manager", "NORD")]),
    PersonRow("odense-medarbejder", "Sara", "Yilmaz", "Social- og sundhedsassistent", [("professional", "SYD")]),
    PersonRow("odense-terapeut", "Mikkel", "Juhl", "Ergoterapeut, Træningscentret", [("professional", "TRN")]),
    PersonRow("odense-konsulent", "Dorte", "Lauritsen", "Målkonsulent", [("goal_consultant", "SB")]),
    PersonRow("odense-administrator", "Bent", "Skov", "Systemadministrator", [("administrator", "SB")]),
    PersonRow("odense-laeser", "Lis", "Toft", "Revisor", [("reader", "SB")]),
]  # fmt: skip

_SHARE = {"value_kind": "ratio", "unit_rollup": "ratio", "time_rollup": "ratio", "interval": "share"}


def _assessment(code: str, name: str, sentence: str, kind: str) -> IndicatorRow:
    """What a survey measures: the mean on a scale of 1–5."""
    return IndicatorRow(
        code, name, "point", "half_year", "higher", kind, sentence, decimals=2, interval="mean",
        definition="Middel af borgernes svar på en skala fra 1 (slet ikke) til 5 (i meget høj grad).",
        source="Kommunens egen undersøgelse",
    )  # fmt: skip


INDICATORS = [
    _assessment("borger-maal", "Hjælpen går ud på det vigtige, borgernes vurdering", "Vurderingen af målet", "effect"),
    _assessment("borger-indsats", "Hjælpen er den rigtige, borgernes vurdering", "Vurderingen af indsatsen", "output"),
    _assessment("borger-effekt", "Klarer mere i hverdagen, borgernes vurdering", "Vurderingen af effekten", "effect"),
    _assessment("borger-samarbejde", "Samarbejdet er godt, borgernes vurdering", "Vurderingen af samarbejdet",
                "result"),
    IndicatorRow("mindre-hjaelp", "Borgere med mindre eller ingen hjælp efter et rehabiliteringsforløb", "pct.",
                 "quarter", "higher", "effect", "Andelen af borgere", definition="Af afsluttede forløb i kvartalet.",
                 **_SHARE),
    IndicatorRow("faste-hjaelpere", "Forskellige hjælpere hos en borger på 14 dage", "hjælpere", "quarter", "lower",
                 "output", "Antallet af hjælpere"),
    IndicatorRow("skrevet-sammen", "Mål skrevet sammen med borgeren ved første besøg", "pct.", "quarter", "higher",
                 "output", "Andelen af mål", **_SHARE),
    IndicatorRow("egne-maal", "Borgere, der nåede deres eget mål", "pct.", "half_year", "higher", "effect",
                 "Andelen af borgere", definition="Borgere, der selv vurderer, at de er mindst to trin nærmere målet.",
                 **_SHARE),
    IndicatorRow("eget-liv-bosted", "Beboere, der selv har valgt ugens aktiviteter", "pct.", "quarter", "higher",
                 "result", "Andelen af beboere", **_SHARE),
    IndicatorRow("sygefravaer-aeldre", "Sygefravær, 12 måneder", "pct.", "quarter", "lower", "operation",
                 "Sygefraværet"),
]  # fmt: skip

GOALS = [
    GoalRow("S1", "SB", "", "effect", "Ældre klarer sig længst muligt i eget liv", "Længst i eget liv", "odense-chef",
            "Det betyder mest for borgeren selv at kunne klare sin egen hverdag."),
    GoalRow("S2", "SB", "", "effect", "Mennesker med handicap bestemmer over deres eget liv", "Eget valg",
            "odense-chef", "Selvbestemmelse er forudsætningen for et godt liv."),
    GoalRow("S3", "SB", "", "operation", "Færre sygedage i ældreplejen", "Sygefravær", "odense-chef",
            "Når de faste hjælpere er på arbejde, møder borgeren dem, de kender."),
    GoalRow("A1", "AHU", "S1", "effect", "Hjælpen i hjemmet går ud på det, borgeren selv vil kunne",
            "Hjælp til det vigtige", "odense-chef", "Borgerne siger selv, hvad der er vigtigt."),
    GoalRow("A2", "AHU", "S1", "effect", "Flere klarer sig med mindre hjælp efter et forløb", "Mindre hjælp",
            "odense-chef", "Et kort forløb kan give år med egne kræfter."),
    GoalRow("A3", "AHU", "S2", "result", "Beboerne vælger selv deres aktiviteter", "Eget valg på bostedet",
            "odense-chef", "Den, der vælger selv, er med."),
    GoalRow("H1", "HJM", "A1", "output", "Højst seks faste hjælpere hos hver borger", "Faste hjælpere", "odense-chef",
            "Det er nemmere at tage imod hjælp fra nogen, man kender."),
    GoalRow("H2", "SYD", "A1", "output", "Målet skrives sammen med borgeren ved første besøg", "Mål skrevet sammen",
            "odense-leder", "Så ved begge, hvad hjælpen går ud på."),
    GoalRow("H3", "NORD", "A1", "output", "Samme team morgen og aften", "Samme team", "odense-leder2",
            "Aftenen er den svære tid for mange."),
    GoalRow("T1", "TRN", "A2", "effect", "Borgerne når det mål, de selv har sat", "Borgernes egne mål",
            "odense-chef", "Det er borgerens mål, der tæller."),
    GoalRow("B1", "HAV", "A3", "result", "Ugeplanen laves sammen med hver beboer", "Ugeplan sammen", "odense-chef",
            "Beboeren kender sin egen uge bedst."),
]  # fmt: skip

# What citizens assess has no invented values: the surveys and the forms write them.
SERIES = [
    SeriesRow("borger-maal", "HJM", "A1", ("2024H1", "3.62"), ("2028", "4.2"), "0.05", "", prioritised=True),
    SeriesRow("borger-indsats", "HJM", "A1", ("2024H1", "3.70"), ("2028", "4.2"), "0.05", ""),
    SeriesRow("borger-effekt", "HJM", "A1", ("2024H1", "3.50"), ("2028", "4.2"), "0.05", "", prioritised=True),
    SeriesRow("borger-samarbejde", "HJM", "A1", ("2024H1", "4.10"), ("2028", "4.3"), "0.05", ""),
    SeriesRow("mindre-hjaelp", "TRN", "A2", ("2024K1", "58"), ("2028", "72"), "3", "ontrack", size=92,
              prioritised=True),
    SeriesRow("mindre-hjaelp", "TRN", "S1"),
    SeriesRow("borger-effekt", "HJM", "S1", prioritised=True),
    SeriesRow("sygefravaer-aeldre", "AOH", "S3", ("2024K1", "8.1"), ("2028", "5.5"), "0.2", "offtrack",
              prioritised=True),
    SeriesRow("egne-maal", "TRN", "T1", ("2024H1", "55"), ("2028", "75"), "4", "", size=40),
    SeriesRow("faste-hjaelpere", "HJM", "H1", ("2024K1", "9.4"), ("2027", "6"), "0.4", "offtrack"),
    SeriesRow("skrevet-sammen", "SYD", "H2", ("2024K1", "40"), ("2027", "95"), "5", "ontrack", size=60),
    SeriesRow("faste-hjaelpere", "NORD", "H3", ("2024K1", "8.8"), ("2027", "6"), "0.4", "atrisk"),
    SeriesRow("eget-liv-bosted", "HAV", "A3", ("2024K1", "52"), ("2027", "90"), "4", "ontrack", size=24,
              prioritised=True),
    SeriesRow("eget-liv-bosted", "HAV", "B1"),
    SeriesRow("eget-liv-bosted", "HAV", "S2", prioritised=True),
]  # fmt: skip
NARRATIVES = {
    "S1": {
        "what_happened": "Borgerne klarer lidt mere i hverdagen end for et år siden.",
        "why": "Målene bliver i stigende grad skrevet sammen med borgeren.",
        "what_we_do": "Borger og medarbejder skriver målet sammen ved første besøg og ser på det igen efter seks uger.",
    },
    "S2": {
        "what_happened": "Otte ud af ti beboere valgte selv ugens aktiviteter.",
        "why": "Ugeplanen laves nu på et møde med beboerne.",
        "what_we_do": "Havblik prøver ugeplaner med billeder, så flere kan vælge uden hjælp.",
    },
    "S3": {
        "what_happened": "Fraværet falder, men ikke hurtigt nok.",
        "why": "Langtidsfraværet er højt i to af fem områder.",
        "what_we_do": "De to områder med mest fravær har hver en plan, og chefen følger dem hver måned.",
    },
    "A1": {
        "what_happened": "Borgerne er gladere for samarbejdet, men mange møder stadig for mange hjælpere.",
        "why": "Vagtplanen følger ruter og ikke borgere.",
        "what_we_do": "Alle får højst seks faste hjælpere. Syd er med fra 1. februar.",
    },
}
ACCEPTED: dict[str, str] = {}
JUDGEMENTS: list[tuple[str, str, str]] = []
ACTIONS: list[object] = []

# Body -> unit -> how far its report has come; `*` for the rest.
REPORTED = {"AHU": {"SYD": "submitted", "NORD": "draft", "HAV": "approved", "*": "draft"}}
READY_BODIES: set[str] = set()
CORRECTED = "NORD"  # the unit with a number that was put right after it was approved

# What citizens are asked, and how the answers of the waves lie: question -> series, mean of each wave.
SURVEY = {
    "unit": "HJM",
    "goal": "A1",
    "title": "Hvordan oplever du hjælpen i hjemmet?",
    "purpose": "gøre hjælpen i hjemmet bedre",
    "effort": "Hjælpen i hjemmet",
    "responsible": "odense-chef",
}
ASSESSED = {
    "q1": ("borger-maal", (3.62, 3.74, 3.84)),
    "q2": ("borger-indsats", (3.70, 3.69, 3.75)),
    "q3": ("borger-effekt", (3.50, 3.66, 3.71)),
    "q4": ("borger-samarbejde", (4.12, 4.15, 4.31)),
}
# Unit -> how many are invited, and how many answer in each wave. The two smallest are never shown.
INVITED = {
    "NORD": (121, (50, 54, 58)),
    "MIDT": (152, (63, 66, 71)),
    "SYD": (115, (44, 49, 51)),
    "OER": (14, (4, 5, 4)),
    "NAT": (10, (3, 3, 3)),
}
COMMENTS = [
    "De spørger, hvad jeg selv vil kunne. Det gjorde de ikke før.",
    "Der kommer stadig nye ansigter hver uge, og så skal jeg forklare det hele igen.",
    "Jeg kan selv gå ned efter posten nu.",
    "Ingen ved, hvornår træningen er slut, eller hvad der så skal ske.",
    "Hjælpen er god om morgenen, men om aftenen har de travlt.",
    "Det er rart, at de ringer, når de er forsinkede.",
    "Jeg vil gerne have den samme hjælper om tirsdagen.",
    "Min hjælper hedder Fru Jensen, og hun er den eneste, der har tid.",
    "Skriv til mig på 010145-1234, hvis I vil vide mere.",
    "Målet var noget, de havde skrevet. Vi har ikke talt om det.",
    "Jeg klarer selv badet nu, og det er jeg glad for.",
    "Tak for de to, der kommer fast.",
]
# What was heard, what is done, who writes it, and, of earlier waves, what came of it. Empty: still to be written.
PAIRS = (
    [
        ("Mange oplever, at målet er skrevet uden dem.", "Vi skriver målet sammen ved første besøg fra 1. marts.",
         "odense-leder", "I Hjemmeplejen Syd er ni ud af ti mål nu skrevet sammen med borgeren."),
    ],
    [
        ("Der kommer for mange forskellige hjælpere.", "Alle får højst otte faste hjælpere.", "odense-chef",
         "Antallet er faldet, men er endnu over otte i Nord. Derfor fortsætter vi."),
        ("Det er trygt, at hjælperen ringer ved forsinkelse.", "Det gør vi nu alle steder.", "odense-leder2",
         "Alle fem områder ringer nu."),
    ],
    [
        ("Samarbejdet er godt, men der kommer mange forskellige i hjemmet.",
         "Alle får højst seks faste hjælpere. Syd er med fra 1. februar.", "odense-leder", ""),
        ("Mange savner at vide, hvad målet med hjælpen er.",
         "Borger og medarbejder skriver målet sammen og ser på det igen efter seks uger.", "odense-chef", ""),
        ("Det er uklart, hvornår træningen slutter, og hvad der så sker.", "", "odense-terapeut", ""),
    ],
)  # fmt: skip
# An answered hearing, which a goal came of, and one that is open.
HEARD = {
    "title": "Hvad skal målene for ældre være?",
    "text": "Byrådet vil have borgernes ord for, hvad der er vigtigt, før målene bliver vedtaget.",
    "goal": "A2",
    "said": [
        "Hjælp os til at kunne selv i stedet for at gøre det for os.",
        "Et forløb skal have en plan for bagefter.",
        "Spørg, hvad vi vil, før I skriver det.",
    ],
    "theme": ("At kunne selv", "Mange vil hellere lære at klare sig selv end have mere hjælp.",
              "Udvalget har gjort det til et mål, at flere klarer sig med mindre hjælp efter et forløb."),
}  # fmt: skip
OPEN_HEARING = {
    "title": "Nyt mål: færre ældre er ensomme",
    "text": "Ældre- og Handicapudvalget overvejer et mål om ensomhed. Skriv, hvad du mener.",
    "goals": [
        ("Færre ældre over 80 år er ensomme", "Færre ensomme"),
        ("Alle, der flytter på plejecenter, får en besøgsven", "Besøgsven til alle"),
    ],
    "said": ["Besøgsvenner virker, det har jeg selv set.", "Husk dem, der bor langt fra byen."],
}
OWN_GOALS = {
    "unit": "TRN",
    "name": "Borgernes egne mål i træningen",
    "series": "egne-maal",
    "categories": ["Klare mig selv i hjemmet", "Komme ud og handle", "Være sammen med andre"],
}
