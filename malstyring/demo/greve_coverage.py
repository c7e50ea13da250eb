"""What Strandby Kommune is about and has promised: service areas of which several have no goal, documents mapped to
goals, ceilings over how many goals there may be, and workshops where focus areas are chosen."""

from malstyring.demo.rows import AreaRow, CeilingRow, ChosenRow, DocumentRow, FocusRow, WorkshopRow

AREAS = [
    AreaRow("10", "Børn og unge"),
    AreaRow("10.1", "Dagtilbud", "10", ["B3", "KL1"]),
    AreaRow("10.2", "Skole", "10", ["C1", "B1", "B2", "SKO1", "ST1", "MO1"]),
    AreaRow("10.3", "Fritid og klub", "10"),
    AreaRow("20", "Sundhed og ældre"),
    AreaRow("20.1", "Hjemmepleje", "20", ["S3", "HJ1"]),
    AreaRow("20.2", "Genoptræning", "20", ["C2", "S1", "TR1", "TR2"]),
    AreaRow("20.3", "Aktivitet og samvær", "20"),
    AreaRow("20.4", "Sundhedsfremme", "20"),
    AreaRow("30", "Job og uddannelse"),
    AreaRow("30.1", "Unge", "30", ["C3", "J1", "J2", "UN1"]),
    AreaRow("30.2", "Voksne i job", "30"),
    AreaRow("40", "Kultur og idræt"),
    AreaRow("40.1", "Biblioteker", "40"),
    AreaRow("40.2", "Idrætsanlæg", "40"),
    AreaRow("50", "By, klima og kyst"),
    AreaRow("50.1", "Kommunens bygninger", "50", ["C4"]),
    AreaRow("50.2", "Veje og stier", "50"),
    AreaRow("50.3", "Kystsikring", "50"),
    AreaRow("60", "Ledelse og personale", "", ["C5", "O1"]),
]

# page, what is promised, the goals it became
DOCUMENTS = [
    DocumentRow(
        "Strandby 2028",
        "strategy",
        "GBY",
        [
            (4, "Alle børn skal være i skole og have nogen at være sammen med.", ["C1", "B1", "B2"]),
            (6, "Ni af ti unge skal have en uddannelse.", ["C3", "J1"]),
            (7, "Borgerne skal kunne klare sig selv længst muligt.", ["C2", "S1"]),
            (9, "Kommunen går foran i den grønne omstilling.", ["C4"]),
            (11, "Kysten skal sikres mod højvande, før vi bygger nyt.", []),
        ],
    ),
    DocumentRow(
        "Budgetaftalen",
        "budget",
        "GBY",
        [
            (2, "Der ansættes to kontaktlærere, 0,9 mio. kr. om året.", ["B1", "SKO1"]),
            (3, "Sygefraværet skal ned på 5 pct.", ["C5", "O1"]),
            (5, "Vi sætter 18 mio. kr. af til varmepumper.", ["C4"]),
            (6, "Biblioteket får åbent om søndagen.", []),
        ],
    ),
    DocumentRow(
        "Ungepolitikken",
        "policy",
        "GBU",
        [
            (3, "Ingen unge skal fortælle deres historie mere end én gang.", ["J2", "UN2"]),
            (5, "Alle unge skal have en voksen på skolen, de kan gå til.", ["VO1", "SKO1"]),
        ],
    ),
    DocumentRow(
        "Værdighedspolitikken",
        "policy",
        "GSA",
        [
            (2, "Borgeren skal møde kendte ansigter.", ["S3", "HJ1"]),
            (4, "Ingen ældre skal være ufrivilligt ensomme.", []),
            (6, "Træning kommer før hjælp.", ["S1", "TR1"]),
        ],
    ),
]

# The council and one committee are full; another is one over, by decision. One decision waits to be used.
CEILINGS = [
    CeilingRow("GBY", 5),
    CeilingRow("GBU", 3, "Målloftet for Børne- og Ungeudvalget hæves til fire", "punkt 7"),
    CeilingRow("GSA", 3, "Målloftet for Sundheds- og Ældreudvalget hæves til fire", "punkt 6"),
    CeilingRow("GJU", 4),
]

CHOSEN_AREA = "Alle elever i udskolingen har en fast voksen på skolen i 2027"
# The open workshop's link, for docs/demo.md.
OPEN_LINK = "strandby2345hjemme6789pqrst"
WORKSHOPS = [
    WorkshopRow(
        "GBU",
        "C1",
        "Hvad skal vi samle kræfterne om i udskolingen?",
        -250,
        [
            FocusRow("Senere mødetid i 8. og 9. klasse", {"politiker": 1, "leder": 2, "medarbejder": 3},
                     [("medarbejder", "Det løser ikke noget for dem, der slet ikke kommer.")]),
            FocusRow(CHOSEN_AREA, {"politiker": 6, "leder": 5, "medarbejder": 17},
                     [("medarbejder", "De elever, der har en voksen at gå til, ringer selv, når de er syge."),
                      ("leder", "Det kræver en time i skemaet. Ellers bliver det ved det gode ønske."),
                      ("politiker", "Kan vi måle det uden nye skemaer til lærerne?")]),
            FocusRow("Valgfag hver uge med virksomheder i byen", {"politiker": 4, "leder": 1, "medarbejder": 6}),
            FocusRow("Mindre hold i matematik", {"politiker": 2, "leder": 2, "medarbejder": 9},
                     [("leder", "Godt for fagligheden, men fraværet begynder et andet sted.")]),
            FocusRow("Fælles regler for telefoner", {"politiker": 3, "leder": 0, "medarbejder": 4}),
        ],
    ),
    WorkshopRow(
        "GSA",
        "S3",
        "Hvad giver flest gode aftener for dem, der får hjælp?",
        12,
        [
            FocusRow("Den samme hjælper tre aftener om ugen", {"politiker": 3, "leder": 2, "medarbejder": 11},
                     [("medarbejder", "Det kan lade sig gøre, hvis vi bytter ruter og ikke vagter."),
                      ("politiker", "Hvad siger borgerne selv?")]),
            FocusRow("Et opkald, når hjælperen er forsinket", {"politiker": 2, "leder": 1, "medarbejder": 8},
                     [("leder", "Koster ikke noget. Vi kan begynde på mandag.")]),
            FocusRow("Aftensmad sammen med en nabo", {"politiker": 4, "leder": 0, "medarbejder": 5}),
            FocusRow("Færre besøg, men længere", {"politiker": 1, "leder": 2, "medarbejder": 6},
                     [("medarbejder", "Borgere med medicin tre gange om dagen kan ikke nøjes med færre.")]),
        ],
        OPEN_LINK,
    ),
]  # fmt: skip

CHOSEN = [
    ChosenRow(
        CHOSEN_AREA,
        "VO1",
        "Fast voksen i udskolingen",
        "greve-direktoer",
        {
            "specific": "Alle elever i 7., 8. og 9. klasse ved, hvem deres faste voksen er, og taler med den hver uge.",
            "measurable": "Andelen af elever i udskolingen, der har en fast voksen på skolen: 100 pct.",
            "attractive": "Politikere, ledere og medarbejdere valgte det i fællesskab: En elev, der bliver "
            "savnet, kommer igen.",
            "realistic": "En time om ugen til hver fast voksen er lagt i skemaet.",
            "timed": "Ved udgangen af 2027.",
        },
        [("fast-voksen", "GST"), ("fast-voksen", "GMO")],
    ),
]
