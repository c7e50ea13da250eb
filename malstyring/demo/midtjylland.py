"""The model of Central Denmark Region in an invented region: the eight national health goals are the region's own, and
some of them it shares with its hospitals and with three municipalities in a cluster.

Plain rows; `malstyring.demo.builder` stores them, `malstyring.demo.cluster` ties the authorities together. The names
of the eight goals are those agreed in 2016 (docs/demo.md says where); everything else is invented.
"""

from malstyring.demo.rows import GoalRow, IndicatorRow, PersonRow, SeriesRow, UnitRow

AUTHORITY = {
    "code": "906",
    "name": "Region Midtland",
    "kind": "region",
    "address": "Regionshuset, Hedevej 1, 9996 Midtland",
    "phone": "70 00 00 06",
    "email": "midtland@example.dk",
    "is_example": True,
    "is_portal_open": True,
}
STRATEGY = {
    "name": "Mest mulig sundhed for pengene",
    "text": "Regionsrådet styrer efter de otte nationale mål for sundhedsvæsenet. Økonomi, aktivitet og kvalitet "
    "bliver set sammen, og mål, der går på tværs, er fælles med hospitalerne og kommunerne i klyngen.",
    "first_year": 2025,
    "last_year": 2029,
}
PUBLISHED_NOTE = ""

UNITS = [
    UnitRow("MR", "", "council", "Regionsrådet"),
    UnitRow("MFU", "MR", "finance_committee", "Forretningsudvalget"),
    UnitRow("MHU", "MR", "committee", "Hospitalsudvalget"),
    UnitRow("MNU", "MR", "committee", "Udvalget for nære sundhedstilbud"),
    UnitRow("MKL", "MR", "executive_board", "Koncernledelsen", "MFU"),
    UnitRow("MHO", "MKL", "directorate", "Hospitalerne", "MHU"),
    UnitRow("MHN", "MHO", "institution", "Hospitalet Nordlyst"),
    UnitRow("MMA", "MHN", "team", "Medicinsk Afdeling"),
    UnitRow("MHS", "MHO", "institution", "Hospitalet Sydholm"),
    UnitRow("MNS", "MKL", "directorate", "Nære Sundhedstilbud", "MNU"),
]

_DIRECTOR, _NORTH, _SOUTH = "midtjylland-direktoer", "midtjylland-hospital", "midtjylland-hospital2"
_NEAR = "midtjylland-naer"
PEOPLE = [
    PersonRow(
        "midtjylland-politiker", "Vibeke", "Nørgaard", "Formand for Hospitalsudvalget",
        [("politician", "MHU"), ("politician", "MR")],
    ),
    PersonRow(_DIRECTOR, "Helle", "Bruun", "Koncerndirektør", [("director", "MKL")]),
    PersonRow(_NORTH, "Morten", "Skovgaard", "Hospitalsdirektør", [("director", "MHN")]),
    PersonRow(_SOUTH, "Sidsel", "Kvist", "Hospitalsdirektør", [("director", "MHS")]),
    PersonRow(_NEAR, "Rasmus", "Toftegaard", "Chef for Nære Sundhedstilbud", [("director", "MNS")]),
    PersonRow("midtjylland-overlaege", "Amira", "Haddad", "Ledende overlæge", [("manager", "MMA")]),
    PersonRow("midtjylland-konsulent", "Jesper", "Ibsen", "Målkonsulent", [("goal_consultant", "MR")]),
    PersonRow("midtjylland-administrator", "Tove", "Lysgaard", "Systemadministrator", [("administrator", "MR")]),
]  # fmt: skip

_SHARE = {"value_kind": "ratio", "unit_rollup": "ratio", "time_rollup": "ratio"}
_NATIONAL = {"origin": "national"}
_FIXED = {"price_level": "fixed", "price_year": 2026}
_QUALITY, _ACTIVITY, _ECONOMY = {"side": "quality"}, {"side": "activity"}, {"side": "economy"}

INDICATORS = [
    # 1 Bedre sammenhængende patientforløb
    IndicatorRow("genindlagt", "Akutte genindlæggelser inden 30 dage", "pct.", "quarter", "lower", "effect",
                 "Andelen af patienter", definition="Akutte genindlæggelser af alle indlæggelser i kvartalet.",
                 **_SHARE, **_NATIONAL, **_QUALITY),
    IndicatorRow("faerdigdage", "Dage, færdigbehandlede venter i en hospitalsseng", "dage", "quarter", "lower",
                 "result", "Antallet af dage", definition="Pr. 1.000 borgere i regionen.", **_NATIONAL),
    IndicatorRow("melding", "Udskrivninger meldt til kommunen dagen før", "pct.", "month", "higher", "output",
                 "Andelen af udskrivninger", **_SHARE),
    IndicatorRow("opkald", "Patienter ringet op to dage efter udskrivningen", "pct.", "month", "higher", "output",
                 "Andelen af patienter", **_SHARE),
    # 2 Styrket indsats for kronikere og ældre patienter
    IndicatorRow("forebyggelig", "Forebyggelige indlæggelser blandt ældre", "pr. 1.000 ældre", "quarter", "lower",
                 "effect", "Antallet af indlæggelser", **_NATIONAL),
    IndicatorRow("overbelaegning", "Overbelægning på medicinske afdelinger", "pct.", "quarter", "lower", "result",
                 "Overbelægningen", **_NATIONAL),
    IndicatorRow("faelles-plan", "Patienter med KOL eller diabetes, der har én fælles plan", "pct.", "quarter",
                 "higher", "output", "Andelen af patienter", origin="regional"),
    # 3 Forbedret overlevelse og patientsikkerhed
    IndicatorRow("kraeft", "Overlevelse fem år efter en kræftsygdom", "pct.", "year", "higher", "effect",
                 "Overlevelsen", **_NATIONAL),
    IndicatorRow("infektioner", "Infektioner fået på hospitalet", "pr. 10.000 sengedage", "quarter", "lower",
                 "result", "Antallet af infektioner", **_NATIONAL, **_QUALITY),
    # 4 Behandling af høj kvalitet
    IndicatorRow("kvalitetsmaal", "Opfyldte mål i de kliniske kvalitetsdatabaser", "pct.", "year", "higher", "result",
                 "Andelen af mål", **_NATIONAL),
    IndicatorRow("hofte", "Hoftebrud opereret inden et døgn", "pct.", "quarter", "higher", "output",
                 "Andelen af patienter", **_SHARE),
    # 5 Hurtig udredning og behandling
    IndicatorRow("udredt", "Patienter udredt inden 30 dage", "pct.", "quarter", "higher", "result",
                 "Andelen af patienter", **_SHARE, **_NATIONAL, **_QUALITY),
    IndicatorRow("operationer", "Planlagte operationer", "operationer", "quarter", "higher", "output",
                 "Antallet af operationer", decimals=0, unit_rollup="sum", time_rollup="sum", **_ACTIVITY),
    IndicatorRow("private", "Udgift til behandling på private hospitaler", "mio. kr.", "quarter", "lower",
                 "operation", "Udgiften", price_level="current", **_ECONOMY),
    # 6 Øget patientinddragelse
    IndicatorRow("inddraget", "Patienter, der er med i beslutninger om deres behandling", "point", "year", "higher",
                 "effect", "Vurderingen", decimals=2, definition="Middel på en skala fra 1 til 5.", **_NATIONAL),
    IndicatorRow("egen-plan", "Patienter udskrevet med egen plan", "pct.", "quarter", "higher", "output",
                 "Andelen af patienter", **_SHARE),
    # 7 Flere sunde leveår
    IndicatorRow("levetid", "Middellevetid", "år", "year", "higher", "effect", "Middellevetiden", **_NATIONAL),
    IndicatorRow("rygere", "Dagligrygere", "pct.", "year", "lower", "effect", "Andelen af borgere", **_NATIONAL),
    # 8 Mere effektivt sundhedsvæsen
    IndicatorRow("udgift", "Udgift pr. behandlet patient", "kr.", "quarter", "lower", "operation", "Udgiften",
                 decimals=0, **_FIXED, **_ECONOMY, **_NATIONAL),
    IndicatorRow("behandlede", "Behandlede patienter", "patienter", "quarter", "higher", "output",
                 "Antallet af patienter", decimals=0, unit_rollup="sum", time_rollup="sum", **_ACTIVITY),
    IndicatorRow("liggetid", "Liggetid pr. indlæggelse", "dage", "quarter", "lower", "operation", "Liggetiden",
                 **_NATIONAL, **_ACTIVITY),
    IndicatorRow("vikarer", "Udgift til vikarer", "mio. kr.", "quarter", "lower", "operation", "Udgiften",
                 price_level="current", **_ECONOMY),
]  # fmt: skip


def _national(number: int, title: str, short: str, why: str, specific: str, kind: str = "effect") -> GoalRow:
    """One of the eight, in the words it was agreed in."""
    said = (
        f"Nr. {number} af de otte nationale mål for sundhedsvæsenet, som staten, regionerne og kommunerne er enige om."
    )
    return GoalRow(f"N{number}", "MR", "", kind, title, short, _DIRECTOR, why, description=said, specific=specific)


GOALS = [
    _national(1, "Bedre sammenhængende patientforløb", "Sammenhæng",
              "Den, der bliver sendt hjem uden en aftale, kommer igen.",
              "Færre bliver genindlagt, og ingen venter i en hospitalsseng på hjælp derhjemme."),
    _national(2, "Styrket indsats for kronikere og ældre patienter", "Kronikere og ældre",
              "De fleste indlæggelser af ældre begynder med noget, der kunne være set i tide.",
              "Færre ældre bliver indlagt for noget, der kunne være forebygget."),
    _national(3, "Forbedret overlevelse og patientsikkerhed", "Overlevelse",
              "Ingen skal blive mere syg af at være patient.",
              "Flere overlever en kræftsygdom, og færre får en infektion på hospitalet."),
    _national(4, "Behandling af høj kvalitet", "Kvalitet",
              "Patienten skal have den bedste behandling, hvor end den gives.",
              "Hospitalerne opfylder flere af målene i de kliniske kvalitetsdatabaser.", "result"),
    _national(5, "Hurtig udredning og behandling", "Hurtig udredning", "Ventetid er utryg og gør nogle mere syge.",
              "Ni ud af ti patienter ved inden 30 dage, hvad de fejler.", "result"),
    _national(6, "Øget patientinddragelse", "Patienten er med", "Den, det handler om, ved noget, vi ikke ved.",
              "Patienterne oplever, at de er med til at bestemme over deres behandling."),
    _national(7, "Flere sunde leveår", "Sunde leveår", "Det bedste hospitalsophold er det, man slap for.",
              "Færre ryger hver dag, og borgerne lever længere."),
    _national(8, "Mere effektivt sundhedsvæsen", "Sundhed for pengene",
              "Hver krone, vi bruger bedre, hjælper en patient til.",
              "Vi behandler flere for det samme pr. patient, uden at flere bliver genindlagt.", "operation"),
    # The committees' and the hospitals' own words.
    GoalRow("HU1", "MHU", "N1", "result", "Ingen færdigbehandlet patient venter i en hospitalsseng", "Ingen venter",
            _DIRECTOR, "Hjemme kommer man sig hurtigere."),
    GoalRow("NU1", "MNU", "N2", "result", "Færre ældre bliver indlagt for noget, der kunne være forebygget",
            "Forebygge indlæggelser", _NEAR, "Et besøg i tide er bedre end en ambulance."),
    GoalRow("HN1", "MHN", "N1", "effect", "Patienten kommer hjem til en aftale og ikke tilbage til os",
            "Hjem til en aftale", _NORTH, "En god udskrivning er lavet sammen med kommunen."),
    GoalRow("HN2", "MHN", "N5", "result", "Ni ud af ti ved inden 30 dage, hvad de fejler", "Svar på 30 dage", _NORTH,
            "Et klart svar er begyndelsen på behandlingen."),
    GoalRow("HN3", "MHN", "N8", "operation", "Vi behandler flere for de samme penge og lige så godt",
            "Flere for det samme", _NORTH, "Økonomi, aktivitet og kvalitet skal følges ad."),
    GoalRow("HN4", "MHN", "N3", "result", "Færre patienter får en infektion hos os", "Færre infektioner", _NORTH,
            "En infektion koster patienten uger."),
    GoalRow("HN5", "MHN", "N6", "output", "Patienten har sin egen plan med hjem", "Egen plan", _NORTH,
            "Det, man selv har været med til at skrive, holder man."),
    GoalRow("HN6", "MHN", "N2", "result", "Ingen patient ligger på gangen", "Ingen på gangen", _NORTH,
            "Den, der ligger på gangen, får hverken ro eller hjælp i tide."),
    GoalRow("MA1", "MMA", "HN1", "output", "Kommunen kender udskrivningen dagen før", "Meldt dagen før",
            "midtjylland-overlaege", "Så står sengen og maden klar."),
    GoalRow("HS1", "MHS", "N1", "output", "Vi ringer til patienten to dage efter udskrivningen", "Opkald efter to dage",
            _SOUTH, "Det, der er uklart, viser sig først hjemme."),
    GoalRow("HS2", "MHS", "N5", "result", "Ingen venter over 30 dage på at blive udredt", "Udredt i tide", _SOUTH,
            "Ventetid er utryg."),
    GoalRow("HS3", "MHS", "N8", "operation", "Samme udgift pr. patient, selv om flere bliver behandlet",
            "Udgift pr. patient", _SOUTH, "Vi skal have råd til de næste patienter."),
    GoalRow("HS4", "MHS", "N4", "output", "Ingen med brækket hofte venter over et døgn", "Hofte inden et døgn", _SOUTH,
            "Hver time i sengen koster kræfter."),
    GoalRow("NS1", "MNS", "NU1", "output", "Læge, kommune og hospital følger samme plan for kronikeren",
            "Én fælles plan", _NEAR, "Tre planer er ingen plan."),
    GoalRow("NS2", "MNS", "N7", "result", "Færre begynder at ryge, og flere holder op", "Færre rygere", _NEAR,
            "Røg er den største enkelte grund til tabte leveår."),
]  # fmt: skip

SERIES = [
    SeriesRow("genindlagt", "MKL", "N1", ("2022K4", "12.4"), ("2029K4", "10.2"), "0.2", rolled_up=True),
    SeriesRow("faerdigdage", "MKL", "N1", ("2022K4", "9.2"), ("2029K4", "5.0"), "0.5", "atrisk"),
    SeriesRow("faerdigdage", "MKL", "HU1", prioritised=True),
    SeriesRow("forebyggelig", "MKL", "N2", ("2022K4", "16.4"), ("2029K4", "13.0"), "0.5", "offtrack", prioritised=True),
    SeriesRow("overbelaegning", "MKL", "N2", ("2022K4", "3.4"), ("2028K4", "1.0"), "0.3", "atrisk"),
    SeriesRow("forebyggelig", "MKL", "NU1", prioritised=True),
    SeriesRow("kraeft", "MKL", "N3", ("2021", "66.2"), ("2029", "70.0"), "0.6", "ontrack", lag=120, prioritised=True),
    SeriesRow("infektioner", "MKL", "N3", ("2022K4", "24.0"), ("2028K4", "18.0"), "1.0", "ontrack"),
    SeriesRow("kvalitetsmaal", "MKL", "N4", ("2021", "58"), ("2029", "75"), "3", "atrisk", lag=90, prioritised=True),
    SeriesRow("udredt", "MKL", "N5", ("2022K4", "78"), ("2028K4", "92"), "2", rolled_up=True),
    SeriesRow("operationer", "MKL", "", ("2022K4", "10350"), ("2028K4", "11400"), "150", rolled_up=True),
    SeriesRow("operationer", "MKL", "N5"),
    SeriesRow("private", "MKL", "N5", ("2022K4", "41"), ("2028K4", "28"), "2", "atrisk"),
    SeriesRow("inddraget", "MKL", "N6", ("2021", "3.82"), ("2029", "4.2"), "0.05", "ontrack", lag=60,
              prioritised=True),
    SeriesRow("levetid", "MKL", "N7", ("2021", "81.3"), ("2029", "83.0"), "0.2", "ontrack", lag=45),
    SeriesRow("rygere", "MKL", "N7", ("2021", "15.8"), ("2029", "10.0"), "0.6", "ontrack", lag=60, prioritised=True),
    SeriesRow("rygere", "MKL", "NS2", prioritised=True),
    SeriesRow("udgift", "MKL", "N8", ("2022K4", "21400"), ("2028K4", "20600"), "120", "ontrack", prioritised=True),
    SeriesRow("behandlede", "MKL", "", ("2022K4", "46800"), ("2028K4", "50400"), "500", rolled_up=True),
    SeriesRow("behandlede", "MKL", "N8"),
    SeriesRow("liggetid", "MKL", "N8", ("2022K4", "3.6"), ("2028K4", "3.0"), "0.1", "ontrack"),
    SeriesRow("genindlagt", "MKL", "N8", prioritised=True),
    # Hospitalet Nordlyst
    SeriesRow("genindlagt", "MHN", "HN1", ("2022K4", "12.1"), ("2028K4", "10.2"), "0.3", "ontrack", size=9400),
    SeriesRow("udredt", "MHN", "HN2", ("2022K4", "80"), ("2028K4", "92"), "2", "ontrack", size=5200),
    SeriesRow("operationer", "MHN", "HN2", ("2022K4", "6200"), ("2028K4", "6800"), "100", "ontrack"),
    SeriesRow("udgift", "MHN", "HN3", ("2022K4", "21900"), ("2028K4", "20900"), "150", "ontrack", prioritised=True),
    SeriesRow("behandlede", "MHN", "HN3", ("2022K4", "28400"), ("2028K4", "30600"), "300", "ontrack", prioritised=True),
    SeriesRow("liggetid", "MHN", "HN3", ("2022K4", "3.7"), ("2028K4", "3.0"), "0.1", "atrisk"),
    SeriesRow("genindlagt", "MHN", "HN3", prioritised=True),
    SeriesRow("vikarer", "MHN", "HN3", ("2022K4", "18.5"), ("2028K4", "9.0"), "1.0", "offtrack"),
    SeriesRow("infektioner", "MHN", "HN4", ("2022K4", "25.0"), ("2028K4", "18.0"), "1.2", "atrisk"),
    SeriesRow("egen-plan", "MHN", "HN5", ("2022K4", "34"), ("2027K4", "80"), "4", "ontrack", size=640),
    SeriesRow("overbelaegning", "MHN", "HN6", ("2022K4", "4.1"), ("2028K4", "1.0"), "0.4", "ontrack"),
    SeriesRow("melding", "MMA", "MA1", ("2023M12", "61"), ("2027M12", "95"), "3", "ontrack", size=310),
    # Hospitalet Sydholm
    SeriesRow("genindlagt", "MHS", "HS1", ("2022K4", "12.9"), ("2028K4", "10.6"), "0.3", "atrisk", size=6100),
    SeriesRow("opkald", "MHS", "HS1", ("2023M12", "18"), ("2027M12", "85"), "5", "ontrack", size=220),
    SeriesRow("udredt", "MHS", "HS2", ("2022K4", "75"), ("2028K4", "92"), "2", "offtrack", size=3700),
    SeriesRow("operationer", "MHS", "HS2", ("2022K4", "4150"), ("2028K4", "4600"), "80", "offtrack"),
    SeriesRow("udgift", "MHS", "HS3", ("2022K4", "20700"), ("2028K4", "20200"), "120", "atrisk", prioritised=True),
    SeriesRow("behandlede", "MHS", "HS3", ("2022K4", "18400"), ("2028K4", "19800"), "250", "ontrack", prioritised=True),
    SeriesRow("genindlagt", "MHS", "HS3", prioritised=True),
    SeriesRow("hofte", "MHS", "HS4", ("2022K4", "71"), ("2027K4", "95"), "3", "ontrack", size=96),
    # Nære Sundhedstilbud
    SeriesRow("faelles-plan", "MNS", "NS1", ("2022K4", "12"), ("2028K4", "70"), "4", "atrisk"),
]  # fmt: skip
NARRATIVES = {
    "N1": {
        "what_happened": "Færre bliver genindlagt, mest på Hospitalet Nordlyst.",
        "why": "Kommunerne kender nu udskrivningen dagen før, og patienten har en aftale med hjem.",
        "what_we_do": "Sydholm ringer til alle patienter efter to dage. Kommunerne kommer på besøg inden et døgn.",
    },
    "N2": {
        "what_happened": "Flere ældre end ventet bliver indlagt for noget, der kunne være forebygget.",
        "why": "Vand og mad svigter, når hjælpen skifter hænder i weekenden.",
        "what_we_do": "Hospitalet Nordlyst og Engholm Kommune prøver et fælles akutteam fra nytår.",
        "beyond_numbers": "Pårørende fortæller, at de selv må fortælle det samme tre steder.",
    },
    "N5": {
        "what_happened": "Nordlyst følger planen, Sydholm gør ikke.",
        "why": "To stillinger i røntgen på Sydholm står tomme.",
        "what_we_do": "Nordlyst tager 60 udredninger om måneden fra Sydholm.",
    },
    "N8": {
        "what_happened": "Flere patienter er behandlet for lidt færre kroner pr. patient.",
        "why": "Flere bliver behandlet og sendt hjem samme dag.",
        "what_we_do": "Vi holder øje med genindlæggelserne, så kortere ophold ikke bliver til flere ophold.",
    },
    "HS2": {
        "what_happened": "Tre ud af ti venter over 30 dage.",
        "why": "Røntgen er flaskehalsen.",
        "what_we_do": "Patienter, der selv vil, bliver udredt på Nordlyst.",
    },
}
ACCEPTED: dict[str, str] = {}
JUDGEMENTS = [
    ("N2", "atrisk", "Det fælles akutteam er i gang fra nytår. Vi venter at se det i tallene til sommer."),
]
# goal, owner, what, expected effect, days until it is due, how it ended, what came of it
ACTIONS = [
    ("HN1", _NORTH, "Fast kontaktperson i hver af de tre kommuner", "Aftalen er lavet, før patienten går hjem.", -25,
     "yes", "Alle tre kommuner har en fast kontakt, og 9 ud af 10 udskrivninger er aftalt."),
    ("HS2", _SOUTH, "Send 60 patienter om måneden til udredning på Nordlyst", "Flere er udredt inden 30 dage.", 35,
     "", ""),
    ("N2", _DIRECTOR, "Aftale om et fælles akutteam", "Færre forebyggelige indlæggelser inden sommer.", 60, "", ""),
]  # fmt: skip

# Body -> unit -> how far its report has come; `*` for the rest.
REPORTED = {
    "MHU": {"MHN": "draft", "MMA": "submitted", "MHS": "submitted", "*": "draft"},
    "MNU": {"*": "draft"},
    "MFU": {"*": "draft"},
}
READY_BODIES: set[str] = set()
CORRECTED = "MHS"  # the unit with a number that was put right after it was approved
