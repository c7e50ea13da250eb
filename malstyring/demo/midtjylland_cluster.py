"""What ties an invented region, its hospitals and three municipalities together: `malstyring.demo.cluster` plays it."""

from malstyring.demo.diverging import PersonalRow, PullRow
from malstyring.demo.rows import OwnerRow, ProposalRow

REGION, ENGHOLM, HEDELUND, KLITBORG = "906", "907", "908", "909"
_DIRECTOR, _NORTH, _SOUTH = "midtjylland-direktoer", "midtjylland-hospital", "midtjylland-hospital2"
_NEAR = "midtjylland-naer"
_A, _B, _C = "midtjylland-kommune", "midtjylland-kommune2", "midtjylland-kommune3"

# The first owner of each goal is its own unit.
OWNERS = [
    OwnerRow("N1", REGION, "MR", _DIRECTOR,
             "Regionen betaler for sygeplejerskens opkald og deler tallene med klyngen hvert kvartal.",
             "2 årsværk og 1,5 mio. kr. om året", "genindlagt", "MKL"),
    OwnerRow("N1", REGION, "MHN", _NORTH,
             "Vi laver aftalen med kommunen, før patienten går hjem, og melder udskrivningen dagen før.",
             "En udskrivningskoordinator på hvert sengeafsnit", "melding", "MMA"),
    OwnerRow("N1", REGION, "MHS", _SOUTH, "Vi ringer til alle patienter over 65 år to dage efter udskrivningen.",
             "3 årsværk", "opkald", "MHS"),
    OwnerRow("N1", ENGHOLM, "SO", _A, "Sygeplejersken kommer på besøg inden et døgn, også i weekenden.",
             "4 årsværk i Hjemmesygeplejen", "besoeg", "HSP"),
    OwnerRow("N1", HEDELUND, "SO", _B, "Vi tager imod alle udskrevne inden et døgn.", "2 årsværk", "besoeg", "HSP"),
    OwnerRow("N1", KLITBORG, "SO", _C,
             note="Vi mangler jer, for hver femte patient på Sydholm kommer fra Klitborg."),
    OwnerRow("N2", REGION, "MR", _DIRECTOR, "Regionen giver alle med KOL eller diabetes en fast kontakt.",
             "3 mio. kr. om året", "forebyggelig", "MKL"),
    OwnerRow("N2", REGION, "MHN", _NORTH, "Speciallægen kan ringes op af kommunens sygeplejerske hele døgnet.",
             "En speciallæge i vagt", "overbelaegning", "MHN"),
    OwnerRow("N2", REGION, "MNS", _NEAR, "Vi skriver én plan sammen med patient, læge og kommune.", "5 årsværk",
             "faelles-plan", "MNS"),
    OwnerRow("N2", ENGHOLM, "SO", _A, "Vi ser til alle over 80 år, der har været indlagt i det sidste halve år.",
             "3 årsværk og 0,4 mio. kr.", "genindlagt", "SO"),
    OwnerRow("N2", HEDELUND, "SO", _B, "Vi opretter en akutplads på plejecentret.", "1 mio. kr.", "genindlagt", "SO",
             leaves="withdrawn",
             reason="Byrådet har i budgettet for næste år lukket akutpladsen. Vi kan ikke holde det, vi lovede."),
    OwnerRow("N2", KLITBORG, "SO", _C, "Hjemmesygeplejen måler blodsukker og vejrtrækning hjemme hos borgeren.",
             "1 årsværk", "genindlagt", "SO"),
    OwnerRow("N7", REGION, "MR", _DIRECTOR, "Alle rygere får tilbudt et forløb, når de bliver indlagt.",
             "0,8 mio. kr. om året", "rygere", "MKL"),
    OwnerRow("N7", ENGHOLM, "SO", _A, "Alle, hospitalet henviser, bliver ringet op inden tre dage.", "1 årsværk",
             "roegfri", "SO"),
    OwnerRow("N7", HEDELUND, "SO", _B, "Vi holder rygestophold på de fem største arbejdspladser.",
             "0,5 årsværk og lokaler på arbejdspladserne", "roegfri", "SO"),
    OwnerRow("N7", KLITBORG, "SO", _C, leaves="declined",
             reason="Vi har tre frivillige hold, som virker. Vi vil ikke binde os til et fælles forløb i år."),
]  # fmt: skip

PROPOSAL = ProposalRow(
    "N1", "genindlagt", "MKL", "2029K4", "9.8",
    "Nordlyst er foran planen, og de to kommuner, der kommer inden et døgn, har halveret genindlæggelserne.",
    "MR", agreed=[(REGION, "MHN"), (REGION, "MHS"), (ENGHOLM, "SO")],
)  # fmt: skip

# Goals of municipalities that help a goal of the region's: authority, goal, the region's goal, why.
CONTRIBUTIONS = [
    (ENGHOLM, "E1", "N1", "et besøg det første døgn fanger det, der ellers bliver til en genindlæggelse"),
    (HEDELUND, "E1", "N1", "hjælp det første døgn giver ro, så borgeren ikke ringer 112"),
    (ENGHOLM, "E3", "N7", "den, der holder op med at ryge, får flere gode år"),
]

PULLS = [
    PullRow("N1", "N8", "Kortere indlæggelser kan give flere genindlæggelser.", "N1", "MR", "punkt 5"),
    PullRow("N2", "N5", "Planlagte operationer og akutte ældre patienter kæmper om de samme senge."),
]

# By authority. The goals are the region's: those it owns together with others, and one of its own.
PERSONAL = {
    REGION: [
        PersonalRow(_NORTH, "MHN", "N1", "Jeg holder møde med de tre kommuner hver måned",
                    "Jeg tager selv af sted, og vi gennemgår fem udskrivninger, der gik galt.", 120,
                    [(_NORTH, 40, "To møder holdt. Klitborg meldte afbud begge gange."),
                     (_DIRECTOR, 33, "Ring til Klitborg selv, før det næste møde."),
                     (_NORTH, 12, "Fire møder holdt, og Klitborg var med til det sidste.")]),
        PersonalRow(_SOUTH, "MHS", "N1", "Jeg følger en patient hjem hver måned",
                    "For selv at se, hvad vi ikke får sagt.", 90),
        PersonalRow(_NORTH, "MHN", "N8", "Jeg lærer at læse økonomien sammen med afdelingerne",
                    "Kursus for hospitalsledelser og et fast møde om tal.", -20,
                    [(_NORTH, 25, "Kurset er taget, og mødet ligger fast.")], is_reached=True),
    ],
    ENGHOLM: [
        PersonalRow(_A, "SO", "N1", "Jeg taler hver uge med en borger, der er kommet hjem",
                    "Og tager det med til mødet med hospitalet.", 150),
    ],
}  # fmt: skip
