"""The psychiatry model in an invented region: every level translates the goal above, and a clinic follows 21
indicators, national, regional and its own, on its board.

Plain rows; `malstyring.demo.builder` stores them, `malstyring.demo.boards` plays the meetings. All of it is invented.
"""

from malstyring.demo.rows import BoardRow, GoalRow, IndicatorRow, PersonRow, SeriesRow, UnitRow

AUTHORITY = {
    "code": "905",
    "name": "Region Nordkyst",
    "kind": "region",
    "address": "Regionshuset, Klitvej 1, 9998 Nordkyst",
    "phone": "70 00 00 05",
    "email": "nordkyst@example.dk",
    "is_example": True,
    "is_portal_open": True,
}
STRATEGY = {
    "name": "Psykiatri på forkant",
    "text": "Regionsrådet sætter få mål for psykiatrien. Psykiatriledelsen, klinikkerne og teamene oversætter dem hver "
    "til deres egen opgave og følger dem på tavlen.",
    "first_year": 2025,
    "last_year": 2029,
}
PUBLISHED_NOTE = ""

UNITS = [
    UnitRow("RR", "", "council", "Regionsrådet"),
    UnitRow("PU", "RR", "committee", "Psykiatriudvalget"),
    UnitRow("PSY", "RR", "directorate", "Psykiatriledelsen", "PU"),
    UnitRow("VEST", "PSY", "institution", "Psykiatrisk Klinik Vest"),
    UnitRow("OEST", "PSY", "institution", "Psykiatrisk Klinik Øst"),
    UnitRow("BU", "PSY", "institution", "Børne- og Ungdomspsykiatrisk Klinik"),
    UnitRow("AKUT", "VEST", "team", "Akutteam Vest"),
    UnitRow("SENG", "VEST", "team", "Sengeafsnit V2"),
]

PEOPLE = [
    PersonRow(
        "psykiatrien-politiker", "Hanne", "Toft", "Formand for Psykiatriudvalget",
        [("politician", "PU"), ("politician", "RR")],
    ),
    PersonRow("psykiatrien-direktoer", "Anne", "Storm", "Psykiatridirektør", [("director", "PSY")]),
    PersonRow("psykiatrien-leder", "Ida", "Kjær", "Klinikchef, Klinik Vest", [("manager", "VEST")]),
    PersonRow("psykiatrien-leder2", "Mads", "Iversen", "Klinikchef, Klinik Øst", [("manager", "OEST")]),
    PersonRow("psykiatrien-leder3", "Karin", "Bloch", "Klinikchef, Børn og Unge", [("manager", "BU")]),
    PersonRow("psykiatrien-medarbejder", "Jon", "Bak", "Afdelingssygeplejerske", [("professional", "VEST")]),
    PersonRow("psykiatrien-rie", "Rie", "Dam", "Pårørendevejleder", [("professional", "VEST")]),
    PersonRow("psykiatrien-bo", "Bo", "Lind", "Udskrivningskoordinator", [("professional", "VEST")]),
    PersonRow("psykiatrien-per", "Per", "Holm", "Lægesekretær", [("professional", "VEST")]),
    PersonRow("psykiatrien-lea", "Lea", "Friis", "Overlæge", [("professional", "VEST")]),
    PersonRow("psykiatrien-sanne", "Sanne", "Vig", "Socialrådgiver", [("professional", "VEST")]),
    PersonRow("psykiatrien-konsulent", "Torben", "Aagaard", "Målkonsulent", [("goal_consultant", "RR")]),
    PersonRow("psykiatrien-administrator", "Gitte", "Lange", "Systemadministrator", [("administrator", "RR")]),
]  # fmt: skip


def _indicator(code, name, unit, direction, origin, kind="result", sentence="", **more) -> IndicatorRow:
    more = {"decimals": 0, **more}
    return IndicatorRow(code, name, unit, "fortnight", direction, kind, sentence or name, origin=origin, **more)


_SHARE = {"value_kind": "ratio", "unit_rollup": "ratio", "time_rollup": "ratio"}

INDICATORS = [
    # The upper levels' own.
    IndicatorRow("behandling-30", "Begyndt behandling inden 30 dage, hele regionen", "pct.", "quarter", "higher",
                 "effect", "Andelen af patienter", origin="national"),
    IndicatorRow("tvang-region", "Patienter udsat for tvang, hele regionen", "pct.", "quarter", "lower", "effect",
                 "Andelen af patienter", origin="national"),
    IndicatorRow("oplevet-medinddragelse", "Patienter, der føler sig hørt", "pct.", "quarter", "higher", "effect",
                 "Andelen af patienter", origin="regional"),
    IndicatorRow("bliver", "Medarbejdere, der bliver mindst et år", "pct.", "quarter", "higher", "result",
                 "Andelen af medarbejdere", origin="regional"),
    IndicatorRow("plan-uge", "Patienter med udredningsplan inden en uge", "pct.", "month", "higher", "output",
                 "Andelen af patienter", origin="regional"),
    IndicatorRow("trygge-afsnit", "Døgn uden tvang på sengeafsnittene", "pct.", "month", "higher", "result",
                 "Andelen af døgn", origin="regional"),
    IndicatorRow("faelles-plan", "Behandlingsplaner skrevet sammen med patienten", "pct.", "month", "higher", "output",
                 "Andelen af planer", origin="regional"),
    IndicatorRow("opsigelser", "Opsigelser", "personer", "month", "lower", "operation", "Antallet af opsigelser",
                 decimals=0, origin="regional"),
    IndicatorRow("visitation", "Henvisninger visiteret samme dag", "pct.", "month", "higher", "output",
                 "Andelen af henvisninger"),
    IndicatorRow("aktivitet", "Aftener med aktivitet i dagrummet", "aftener", "month", "higher", "output",
                 "Antallet af aftener", decimals=0),
    IndicatorRow("skolekontakt", "Første samtale holdt på skolen", "pct.", "month", "higher", "output",
                 "Andelen af samtaler"),
    IndicatorRow("svar-akut", "Akutte opkald besvaret med det samme", "pct.", "month", "higher", "output",
                 "Andelen af opkald"),
    # The 21 of the clinic's board.
    _indicator("udredt-30", "Udredt inden 30 dage", "pct.", "higher", "national", sentence="Andelen af patienter",
               **_SHARE),
    _indicator("ventetid", "Ventetid til første samtale", "dage", "lower", "national", sentence="Ventetiden"),
    _indicator("afvist", "Henvisninger afvist", "pct.", "lower", "regional", sentence="Andelen af henvisninger"),
    _indicator("telefon", "Telefonen taget inden 5 min.", "pct.", "higher", "own", "operation", "Andelen af opkald"),
    _indicator("baelte", "Bæltefikseringer", "gange", "lower", "national", sentence="Antallet af bæltefikseringer"),
    _indicator("udsat-tvang", "Patienter udsat for tvang", "pct.", "lower", "regional",
               sentence="Andelen af patienter"),
    _indicator("tvangsmedicin", "Tvangsmedicinering", "gange", "lower", "national",
               sentence="Antallet af tvangsmedicineringer"),
    _indicator("forebyggende", "Forebyggende samtale holdt", "pct.", "higher", "own", "output",
               "Andelen af samtaler"),
    _indicator("skaermning", "Skærmning over 24 timer", "gange", "lower", "regional",
               sentence="Antallet af skærmninger"),
    _indicator("egen-plan", "Patienter med egen plan", "pct.", "higher", "national", "output", "Andelen af patienter"),
    _indicator("paaroerende", "Pårørende inddraget", "pct.", "higher", "regional", "output",
               "Andelen af forløb med pårørende"),
    _indicator("tilfredse", "Tilfredse patienter", "pct.", "higher", "regional", "effect", "Andelen af patienter",
               interval="share", **_SHARE),
    _indicator("klager", "Klager besvaret på 14 dage", "pct.", "higher", "own", "operation", "Andelen af klager"),
    _indicator("genindlagt", "Genindlagt inden 30 dage", "pct.", "lower", "national", "effect",
               "Andelen af patienter"),
    _indicator("faerdige", "Færdigbehandlede, der venter", "personer", "lower", "national",
               sentence="Antallet af patienter"),
    _indicator("kommune", "Kommunen kontaktet i tide", "pct.", "higher", "own", "output", "Andelen af udskrivninger"),
    _indicator("epikrise", "Epikrise inden 1 døgn", "pct.", "higher", "national", "output", "Andelen af epikriser"),
    _indicator("sygefravaer", "Sygefravær", "pct.", "lower", "own", "operation", "Sygefraværet", decimals=1),
    _indicator("vold", "Vold og trusler", "episoder", "lower", "own", sentence="Antallet af episoder"),
    _indicator("belaegning", "Belægning", "pct.", "range", "regional", "operation", "Belægningen"),
    _indicator("besoeg", "Besøg pr. behandler", "besøg", "higher", "own", "output", "Antallet af besøg"),
]  # fmt: skip

GOALS = [
    GoalRow("R1", "RR", "", "effect", "Mennesker med psykisk sygdom får hjælp, mens de stadig tror på den",
            "Hjælp i tide", "psykiatrien-direktoer", "Ventetid gør sygdommen værre og livet mindre."),
    GoalRow("R2", "RR", "", "effect", "Færre patienter bliver udsat for tvang", "Mindre tvang",
            "psykiatrien-direktoer", "Tvang er det dybeste indgreb, regionen foretager."),
    GoalRow("R3", "RR", "", "effect", "Patienter og pårørende bestemmer med", "Patienten bestemmer med",
            "psykiatrien-direktoer", "Den, det handler om, ved noget, vi ikke ved."),
    GoalRow("R4", "RR", "", "result", "Psykiatrien er et sted, man vil arbejde", "Et sted at arbejde",
            "psykiatrien-direktoer", "Uden erfarne medarbejdere bliver de andre mål til papir."),
    # The psychiatric management's translation.
    GoalRow("P1", "PSY", "R1", "result", "Alle nye patienter kender deres plan inden en uge", "Plan inden en uge",
            "psykiatrien-direktoer", "En plan gør ventetid til forløb."),
    GoalRow("P2", "PSY", "R2", "result", "Sengeafsnittene har flere døgn helt uden tvang", "Døgn uden tvang",
            "psykiatrien-direktoer", "Et roligt afsnit forebygger bedre end en god procedure."),
    GoalRow("P3", "PSY", "R3", "output", "Planen bliver skrevet ved samme bord som patienten", "Fælles plan",
            "psykiatrien-direktoer", "Det, man selv har skrevet, holder man."),
    GoalRow("P4", "PSY", "R4", "operation", "Færre siger op i deres første år", "Færre opsigelser",
            "psykiatrien-direktoer", "Hver opsigelse koster et halvt års erfaring."),
    # The clinics' own. Nobody has translated P4.
    GoalRow("V1", "VEST", "P1", "result", "Vi udreder ni af ti patienter inden 30 dage", "Udredt inden 30 dage",
            "psykiatrien-leder", "Et klart svar er begyndelsen på behandlingen."),
    GoalRow("V2", "VEST", "P2", "effect", "Vi løsner op, før nogen bliver spændt fast", "Ingen i bælte",
            "psykiatrien-leder", "Bælte er et nederlag for begge parter."),
    GoalRow("V3", "VEST", "P3", "effect", "Patienten går hjem med sin egen plan og sine pårørende", "Egen plan",
            "psykiatrien-leder", "Planen skal virke derhjemme."),
    GoalRow("V4", "VEST", "P1", "effect", "Overgangen til kommunen holder, så patienten ikke kommer igen",
            "Overgangen holder", "psykiatrien-leder", "En god udskrivning er lavet sammen med kommunen."),
    GoalRow("O1", "OEST", "P1", "output", "Vi svarer på en henvisning samme dag", "Svar samme dag",
            "psykiatrien-leder2", "Den praktiserende læge skal vide, hvad der sker."),
    GoalRow("O2", "OEST", "P2", "output", "Ingen aften i dagrummet uden noget at lave", "Aktivitet hver aften",
            "psykiatrien-leder2", "Kedsomhed er uroens bedste ven."),
    GoalRow("B1", "BU", "P1", "output", "Vi møder barnet på skolen første gang", "Første møde på skolen",
            "psykiatrien-leder3", "Børn taler bedst der, hvor de er trygge."),
    GoalRow("T1", "AKUT", "V1", "output", "Ingen, der ringer akut, hører en optaget-tone", "Svar med det samme",
            "psykiatrien-leder", "Det første opkald afgør, om der kommer et til."),
]  # fmt: skip

SERIES = [
    SeriesRow("behandling-30", "RR", "R1", ("2025K1", "74"), ("2029", "90"), "3", "ontrack", prioritised=True),
    SeriesRow("tvang-region", "RR", "R2", ("2025K1", "21"), ("2029", "12"), "1.5", "atrisk", prioritised=True),
    SeriesRow("oplevet-medinddragelse", "RR", "R3", ("2025K1", "61"), ("2029", "80"), "3", "ontrack"),
    SeriesRow("bliver", "RR", "R4", ("2025K1", "70"), ("2029", "85"), "3", "offtrack"),
    SeriesRow("plan-uge", "PSY", "P1", ("2025M01", "58"), ("2028", "90"), "5", "ontrack", prioritised=True),
    SeriesRow("trygge-afsnit", "PSY", "P2", ("2025M01", "62"), ("2028", "80"), "4", "atrisk"),
    SeriesRow("faelles-plan", "PSY", "P3", ("2025M01", "40"), ("2028", "75"), "5", "ontrack"),
    SeriesRow("opsigelser", "PSY", "P4", ("2025M01", "14"), ("2028", "6"), "2", "offtrack"),
    SeriesRow("visitation", "OEST", "O1", ("2025M01", "66"), ("2027", "95"), "4", "ontrack"),
    SeriesRow("aktivitet", "OEST", "O2", ("2025M01", "12"), ("2027", "28"), "3", "reached"),
    SeriesRow("skolekontakt", "BU", "B1", ("2025M01", "20"), ("2027", "60"), "5", "ontrack"),
    SeriesRow("svar-akut", "AKUT", "T1", ("2025M01", "81"), ("2027", "98"), "2", "ontrack"),
]
NARRATIVES: dict[str, str] = {}

FAST, FORCE, PATIENT, WHOLE, WORK = (
    "Hurtig udredning", "Mindre tvang", "Patienten er med", "Sammenhæng", "Trygt arbejde og drift",
)  # fmt: skip
_IDA, _JON, _RIE, _BO = "psykiatrien-leder", "psykiatrien-medarbejder", "psykiatrien-rie", "psykiatrien-bo"
_PER, _LEA, _SANNE = "psykiatrien-per", "psykiatrien-lea", "psykiatrien-sanne"

BOARD = {"unit": "VEST", "name": "Tavle: Psykiatrisk Klinik Vest"}
# indicator, focus area, owner, goal, middle, spread, last, target now
BOARD_ROWS = [
    BoardRow("udredt-30", FAST, _IDA, "V1", 87, 4, 87, "90", tolerance="5", size=31),
    BoardRow("ventetid", FAST, _IDA, "V1", 20, 2, 19, "21", "18", "2"),
    BoardRow("afvist", FAST, _PER, "V1", 9, 2, 8, "10", "6", "1"),
    BoardRow("telefon", FAST, _SANNE, "", 84, 4, 86, "80", tolerance="4"),
    BoardRow("baelte", FORCE, _JON, "V2", 3, 2, 5, "2", tolerance="1"),
    BoardRow("udsat-tvang", FORCE, _JON, "V2", 16, 2, 16, "15", tolerance="2"),
    BoardRow("tvangsmedicin", FORCE, _LEA, "V2", 4, 2, 3, "4", "2", "1"),
    BoardRow("forebyggende", FORCE, _LEA, "", 95, 3, 96, "95", "98", "2"),
    BoardRow("skaermning", FORCE, _JON, "", 2.5, 2, 2, "3", "1", "1"),
    BoardRow("egen-plan", PATIENT, _RIE, "V3", 90, 3, 91, "90", "95", "3"),
    BoardRow("paaroerende", PATIENT, _RIE, "V3", 73, 4, 72, "75", tolerance="5"),
    BoardRow("tilfredse", PATIENT, _RIE, "V3", 83, 6, 85, "80", tolerance="3", size=20),
    BoardRow("klager", PATIENT, _PER, "", 95, 3, 97, "95", "98", "3", "few"),
    BoardRow("genindlagt", WHOLE, _BO, "V4", 18, 3, 24, "18", tolerance="2", shape="worse"),
    BoardRow("faerdige", WHOLE, _BO, "V4", 2.5, 2, 2, "3", "1", "1"),
    BoardRow("kommune", WHOLE, _SANNE, "V4", 91, 3, 92, "90", "95", "3"),
    BoardRow("epikrise", WHOLE, _PER, "", 94, 4, 95, "95", tolerance="3", shape="missing"),
    BoardRow("sygefravaer", WORK, _IDA, "", 5.1, 0.6, 5.3, "5", tolerance="0.5"),
    BoardRow("vold", WORK, _JON, "", 7, 2, 4, "5", "3", "1", "better"),
    BoardRow("belaegning", WORK, _IDA, "", 91, 4, 91, "85", tolerance="2", high="95"),
    BoardRow("besoeg", WORK, _PER, "", 38, 2, 39, "38", "42", "2"),
]

# What the last meeting said: indicator -> explanation; action (what, who, days from today to its due date); acceptance.
SAID = {
    "baelte": (
        "Tre patienter stod for alle fikseringerne. Uroen begynder sent på aftenen, når dagrummet er tomt.",
        ("To vagter med aktivitet i dagrummet", _JON, 7),
        "",
    ),
    "genindlagt": (
        "Patienter uden aftale med kommunen kommer igen. Tre kommuner mangler en fast kontakt.",
        ("Fast aftale om udskrivning med tre kommuner", _BO, -6),
        "",
    ),
    "vold": (
        "Færre episoder, siden vi begyndte at tale med patienten ved vagtens begyndelse.",
        None,
        "Det går den rigtige vej. Vi holder fast i samtalen ved vagtskifte.",
    ),
}
OTHER_ACTIONS = [
    ("paaroerende", "Ringe til pårørende inden to døgn", _RIE, 14),
    ("udredt-30", "Ny lægetid tirsdag og torsdag", _IDA, 21),
]
NOTE = "Vi prøver samtalen ved vagtskifte på sengeafsnit V2 fra mandag."
