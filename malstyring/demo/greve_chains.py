"""The effect chains of Strandby Kommune: what its goals are believed to come of, and on what evidence.

By the data two arrows are weakened when the demo is loaded (S1), one becomes so by the next value (B1), and one works
back (J1). The chain of C4 is only begun. The evidence is invented like the rest.
"""

from malstyring.demo.rows import ArrowRow, ChainRow

CHAINS = [
    ChainRow(
        "B1",
        [
            ("laerere", "input", "To kontaktlærere, 0,9 mio. kr. om året", []),
            ("tid", "input", "En time om ugen til hver fast voksen", []),
            ("ringer", "activity", "Skolen ringer hjem samme dag", [("ring-hjem", "GST"), ("ring-hjem", "GMO")]),
            ("samtale", "activity", "Samtale med elev og forældre på femte dag", []),
            ("voksen", "output", "Eleven har en fast voksen at gå til", [("aftaler", "GST")]),
            ("faerre", "short", "Færre elever på Strandskolen har højt fravær", [("hoejt-fravaer", "GST")]),
            ("trives", "medium", "Eleverne trives i udskolingen", [("trivsel-udskoling", "GBS")]),
            ("fravaer", "long", "Fraværet i udskolingen falder", [("fravaer-udskoling", "GBS")]),
            ("vinter", "external", "Influenza i vinterkvartalerne", []),
        ],
        [
            ArrowRow("laerere", "samtale", "en kontaktlærer har tid til at holde samtalen", "Budgetaftalen", "strong"),
            ArrowRow("tid", "voksen", "den faste voksen skal have timen i skemaet",
                     "Moseskolens evaluering af forsøgsåret", "medium"),
            ArrowRow("ringer", "samtale", "forældrene kommer, når de er ringet op", "Skolernes egen optælling",
                     "medium"),
            ArrowRow("samtale", "voksen", "samtalen ender med en aftale", "Skolernes egen optælling", "strong"),
            ArrowRow("voksen", "faerre", "en elev, der bliver savnet, kommer igen",
                     "Moseskolens evaluering af forsøgsåret, 62 elever", "medium"),
            ArrowRow("faerre", "trives", "den, der er i skole, har nogen at være sammen med",
                     "Elevrådenes rundspørge", "weak"),
            ArrowRow("trives", "fravaer", "elever, der trives, kommer i skole", "Lærernes erfaring", "weak"),
            ArrowRow("vinter", "faerre", "sygdom giver fravær, som vi ikke styrer", "Egen opgørelse pr. måned",
                     "strong"),
        ],
    ),
    ChainRow(
        "S1",
        [
            ("terapeuter", "input", "Tolv terapeuter og to træningssale", []),
            ("tidligt", "activity", "Træningen begynder inden 10 dage", [("traening-10", "GTR")]),
            ("selv", "output", "Borgeren træner selv hver uge", [("hjemmetraening", "GTR")]),
            ("klarer", "short", "Borgeren klarer sig uden hjælp", [("klarer-selv", "GTR")]),
            ("hjemme", "medium", "Færre bliver indlagt igen", [("genindlagt", "GSU")]),
            ("liv", "long", "Flere år i eget hjem med egne kræfter", []),
            ("udskrivning", "external", "Sygehuset udskriver tidligere", []),
        ],
        [
            ArrowRow("terapeuter", "tidligt", "der er en ledig tid inden for 10 dage", "Vagtplanen", "strong"),
            ArrowRow("tidligt", "selv", "den, der kommer tidligt i gang, får vanen", "Terapeuternes erfaring", "weak"),
            ArrowRow("tidligt", "klarer", "tidlig træning giver flere borgere deres hverdag igen",
                     "Evaluering af 180 forløb", "medium"),
            ArrowRow("selv", "klarer", "det er den daglige træning, der virker", "Evaluering af 180 forløb", "medium"),
            ArrowRow("klarer", "hjemme", "den, der klarer sig selv, falder sjældnere", "Faldregistreringen", "medium"),
            ArrowRow("hjemme", "liv", "hver indlæggelse koster kræfter", "Lægernes vurdering", "weak"),
            ArrowRow("udskrivning", "klarer", "borgeren kommer svagere hjem", "Udskrivningsrapporter", "medium"),
        ],
    ),
    ChainRow(
        "J1",
        [
            ("vejledere", "input", "Fire vejledere i Ungeteamet", []),
            ("samtaler", "activity", "Samtale inden 14 dage efter studiestart", [("vejledning", "GUN")]),
            ("fast", "output", "Den unge har en fast vejleder", [("vejleder", "GUN")]),
            ("bliver", "short", "Færre falder fra i det første år", [("frafald", "GJO")]),
            ("uddannelse", "medium", "Flere unge er i uddannelse", [("unge-i-gang", "GJO")]),
            ("job", "long", "Flere unge forsørger sig selv", []),
            ("ledighed", "external", "Ledigheden i kommunen", [("ledighed", "GJO")]),
        ],
        [
            ArrowRow("vejledere", "samtaler", "fire vejledere kan nå alle nye elever", "Regnet på 230 unge", "strong"),
            ArrowRow("samtaler", "fast", "den, der holder samtalen, bliver den faste vejleder", "Ungeteamets praksis",
                     "strong"),
            ArrowRow("fast", "bliver", "en fast vejleder fanger den unge, før det går galt", "Ungeteamets sager, 2024",
                     "medium"),
            ArrowRow("bliver", "uddannelse", "den, der bliver det første år, bliver færdig", "Kommunens egne årgange",
                     "strong"),
            ArrowRow("uddannelse", "job", "en uddannelse giver et job", "Danmarks Statistik", "strong"),
            ArrowRow("ledighed", "bliver", "når der er job, er det fristende at stoppe", "Vejledernes erfaring",
                     "weak"),
            ArrowRow("bliver", "samtaler", "færre frafald giver vejlederne tid til flere samtaler",
                     "Ungeteamets praksis", "weak", is_feedback=True),
        ],
    ),
    ChainRow(
        "C4",
        [
            ("penge", "input", "18 mio. kr. til varmepumper", []),
            ("skift", "activity", "Otte bygninger skifter fra gas", []),
            ("forbrug", "output", "Mindre gas i kommunens bygninger", []),
        ],
        [
            ArrowRow("penge", "skift", "pengene rækker til otte bygninger", "Anlægsbudgettet", "medium"),
            ArrowRow("skift", "forbrug", "en varmepumpe erstatter gassen helt", "Leverandørens tal", "weak"),
        ],
    ),
]  # fmt: skip
