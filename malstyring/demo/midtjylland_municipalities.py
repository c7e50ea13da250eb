"""Three invented municipalities in a cluster with an invented region and its hospitals (`midtjylland`).

They are built alike and say the same thing in their own words; each has a goal that is nobody else's business.
"""

from types import SimpleNamespace

from malstyring.demo.rows import GoalRow, IndicatorRow, PersonRow, SeriesRow, UnitRow

_SHARE = {"value_kind": "ratio", "unit_rollup": "ratio", "time_rollup": "ratio"}

_INDICATORS = [
    IndicatorRow("genindlagt", "Borgere over 65 år, der bliver genindlagt inden 30 dage", "pct.", "quarter", "lower",
                 "effect", "Andelen af borgere", side="quality", **_SHARE),
    IndicatorRow("besoeg", "Besøg hjemme inden et døgn efter udskrivningen", "pct.", "quarter", "higher", "output",
                 "Andelen af udskrevne", side="activity", **_SHARE),
    IndicatorRow("sygepleje", "Udgift til sygepleje pr. borger over 65 år", "kr.", "quarter", "lower", "operation",
                 "Udgiften", decimals=0, side="economy", price_level="fixed", price_year=2026),
    IndicatorRow("traening", "Ventetid til genoptræning", "dage", "quarter", "lower", "result", "Ventetiden"),
    IndicatorRow("roegfri", "Borgere, der er røgfri et halvt år efter et forløb", "pct.", "quarter", "higher",
                 "effect", "Andelen af borgere"),
]  # fmt: skip


def _municipality(
    *,
    code: str,
    name: str,
    address: str,
    account: str,
    leader: tuple[str, str],
    head: tuple[str, str],
    consultant: tuple[str, str],
    words: dict[str, str],
    own: tuple[GoalRow, IndicatorRow, SeriesRow],
    aims: dict[str, str],
    people: list[PersonRow] | None = None,
) -> SimpleNamespace:
    """The rows of one municipality. `account` is its leader's; `words` the goals' titles, `own` the goal of its own."""
    short = name.removesuffix(" Kommune")
    own_goal, own_indicator, own_series = own
    chief = f"{account}-direktoer"
    return SimpleNamespace(
        AUTHORITY={
            "code": code,
            "name": name,
            "address": address,
            "email": f"{account}@example.dk",
            "is_example": True,
            "is_portal_open": True,
        },
        STRATEGY={
            "name": f"{short} sammen",
            "text": "Byrådet følger få mål. På sundhedsområdet er nogle af dem fælles med regionen og naboerne.",
            "first_year": 2025,
            "last_year": 2029,
        },
        PUBLISHED_NOTE="",
        UNITS=[
            UnitRow("BY", "", "council", f"{short} Byråd"),
            UnitRow("OKU", "BY", "finance_committee", "Økonomiudvalget"),
            UnitRow("SSU", "BY", "committee", "Social- og Sundhedsudvalget"),
            UnitRow("DIR", "BY", "executive_board", "Direktionen", "OKU"),
            UnitRow("SO", "DIR", "directorate", "Sundhed og Omsorg", "SSU"),
            UnitRow("HSP", "SO", "team", "Hjemmesygeplejen"),
            UnitRow("REH", "SO", "institution", "Træning og Rehabilitering"),
        ],
        PEOPLE=[
            PersonRow(chief, *head, "Kommunaldirektør", [("director", "DIR")]),
            PersonRow(account, *leader, "Chef for Sundhed og Omsorg", [("director", "SO")]),
            PersonRow(f"{account}-konsulent", *consultant, "Målkonsulent", [("goal_consultant", "BY")]),
            *(people or []),
        ],
        INDICATORS=[*_INDICATORS, own_indicator],
        GOALS=[
            GoalRow("K1", "BY", "", "effect", words["K1"], "Hjemme efter indlæggelse", account,
                    "Det er hjemme, livet leves."),
            GoalRow("K2", "BY", "", "effect", words["K2"], "Sundt liv", account,
                    "Sunde vaner giver flere gode år."),
            own_goal,
            GoalRow("E1", "SO", "K1", "output", words["E1"], "Besøg inden et døgn", account,
                    "Det første døgn afgør, om borgeren kan blive hjemme."),
            GoalRow("E2", "REH", "K1", "result", words["E2"], "Træning i tide", account,
                    "Kræfter, man mister i sengen, er svære at hente."),
            GoalRow("E3", "SO", "K2", "output", words["E3"], "Røgfri", account,
                    "De fleste rygere vil gerne holde op."),
        ],
        SERIES=[
            SeriesRow("genindlagt", "SO", "K1", ("2022K4", "13.4"), ("2028K4", "10.8"), "0.5", aims["genindlagt"],
                      size=840, prioritised=True),
            SeriesRow("roegfri", "SO", "K2", ("2022K4", "24"), ("2028K4", "40"), "2", aims["roegfri"],
                      prioritised=True),
            own_series,
            SeriesRow("besoeg", "HSP", "E1", ("2022K4", "48"), ("2028K4", "95"), "3", aims["besoeg"], size=220,
                      prioritised=True),
            SeriesRow("sygepleje", "SO", "E1", ("2022K4", "1480"), ("2028K4", "1420"), "15", aims["sygepleje"]),
            SeriesRow("genindlagt", "SO", "E1"),
            SeriesRow("traening", "REH", "E2", ("2022K4", "16"), ("2027K4", "7"), "1", aims["traening"]),
            SeriesRow("roegfri", "SO", "E3"),
        ],
        NARRATIVES={},
        ACCEPTED={},
        JUDGEMENTS=[],
        ACTIONS=[],
        REPORTED={"SSU": {"REH": "submitted", "*": "draft"}, "OKU": {"*": "draft"}},
        READY_BODIES=set(),
        CORRECTED="REH",
    )  # fmt: skip


ENGHOLM = _municipality(
    code="907",
    name="Engholm Kommune",
    address="Rådhusvej 7, 9995 Engholm",
    account="midtjylland-kommune",
    leader=("Charlotte", "Rask"),
    head=("Peter", "Lyngby"),
    consultant=("Line", "Mogensen"),
    people=[
        PersonRow(
            "midtjylland-borgmester", "Steen", "Agerskov", "Borgmester", [("politician", "BY"), ("politician", "OKU")]
        ),
        PersonRow("midtjylland-sygeplejen", "Fatma", "Demir", "Leder af Hjemmesygeplejen", [("manager", "HSP")]),
        PersonRow("midtjylland-traening", "Kasper", "Dalby", "Leder af Træning", [("manager", "REH")]),
    ],
    words={
        "K1": "Ældre klarer sig hjemme, når de kommer fra hospitalet",
        "K2": "Flere borgere har vaner, de kan blive gamle med",
        "E1": "Sygeplejersken står i døren inden et døgn",
        "E2": "Træningen begynder, mens viljen er der",
        "E3": "Alle, der vil holde op med at ryge, får hjælp til det",
    },
    own=(
        GoalRow("K3", "BY", "", "result", "Alle unge er i gang med job eller uddannelse", "Unge i gang",
                "midtjylland-kommune-direktoer", "En god begyndelse varer længe."),
        IndicatorRow("unge", "Unge uden job eller uddannelse", "pct.", "quarter", "lower", "effect", "Andelen af unge"),
        SeriesRow("unge", "DIR", "K3", ("2022K4", "8.1"), ("2028K4", "5.0"), "0.3", "atrisk"),
    ),
    aims={"genindlagt": "ontrack", "roegfri": "ontrack", "besoeg": "ontrack", "sygepleje": "ontrack",
          "traening": "ontrack"},
)  # fmt: skip

HEDELUND = _municipality(
    code="908",
    name="Hedelund Kommune",
    address="Torvet 2, 9994 Hedelund",
    account="midtjylland-kommune2",
    leader=("Bjarne", "Østergård"),
    head=("Inge", "Thorup"),
    consultant=("Camilla", "Vester"),
    words={
        "K1": "Et hospitalsophold er ikke begyndelsen på et længere",
        "K2": "Færre bliver syge af at ryge",
        "E1": "Ingen venter over et døgn på hjælp efter udskrivningen",
        "E2": "Højst en uge fra hospitalsseng til træningssal",
        "E3": "Rygestop tæt på arbejde og hjem",
    },
    own=(
        GoalRow("K3", "BY", "", "result", "Flere familier flytter til byerne langs fjorden", "Nye familier",
                "midtjylland-kommune2-direktoer", "Skolerne skal have børn at lære af."),
        IndicatorRow("tilflyttede", "Tilflyttede børn", "børn", "quarter", "higher", "effect", "Antallet af børn",
                     decimals=0),
        SeriesRow("tilflyttede", "DIR", "K3", ("2022K4", "38"), ("2028K4", "70"), "6", "offtrack"),
    ),
    aims={"genindlagt": "atrisk", "roegfri": "atrisk", "besoeg": "atrisk", "sygepleje": "ontrack",
          "traening": "offtrack"},
)  # fmt: skip

KLITBORG = _municipality(
    code="909",
    name="Klitborg Kommune",
    address="Havnegade 11, 9993 Klitborg",
    account="midtjylland-kommune3",
    leader=("Naja", "Clausen"),
    head=("Ulrik", "Bang"),
    consultant=("Signe", "Høst"),
    words={
        "K1": "Ældre kan blive i deres eget hjem ved havet",
        "K2": "Flere lever et liv uden røg",
        "E1": "Besøg samme dag, som borgeren kommer hjem",
        "E2": "Træning inden for en uge, også på øen",
        "E3": "En ven at holde op sammen med",
    },
    own=(
        GoalRow("K3", "BY", "", "result", "Havnen bliver drevet uden olie og gas", "Grøn havn",
                "midtjylland-kommune3-direktoer", "Havnen er kommunens største udleder."),
        IndicatorRow("havn", "Havnens udledning", "ton CO2", "quarter", "lower", "effect", "Udledningen", decimals=0),
        SeriesRow("havn", "DIR", "K3", ("2022K4", "410"), ("2028K4", "120"), "25", "ontrack"),
    ),
    aims={"genindlagt": "ontrack", "roegfri": "offtrack", "besoeg": "offtrack", "sygepleje": "atrisk",
          "traening": "atrisk"},
)  # fmt: skip

ALL = (ENGHOLM, HEDELUND, KLITBORG)
