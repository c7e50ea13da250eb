"""Agendas, decisions and questions in Strandby Kommune: effect chains are what the committees talk about."""

from goals.kinds import DecisionKind, LeadsTo
from malstyring.demo.politics import ItemRow, Politics, QuestionRow

HELD = {
    "GBU": [
        ItemRow(
            "En fast voksen til alle i udskolingen",
            "Politikere, ledere og medarbejdere valgte i foråret en fast voksen som fokusområde. Målet er vedtaget, og "
            "timerne er fundet i skemaet.",
            "At skolerne begynder efter sommerferien, og at udvalget ser de første tal til næste møde.",
            goal="VO1",
            kind=DecisionKind.APPROVED,
            decided="Skolerne begynder efter sommerferien. Udvalget vil se tal for hver skole.",
            leads_to=LeadsTo.NEW_EFFORT,
            responsible="greve-direktoer",
        ),
    ],
    "GSA": [
        ItemRow(
            "Træningen begynder til tiden",
            "Tre af fire forløb begynder nu inden for ti dage.",
            goal="S1",
            is_for_decision=False,
            kind=DecisionKind.NOTED,
            decided="Taget til efterretning.",
        ),
    ],
}
COMING = {
    "GBY": [
        ItemRow(
            "En plan for kommunens bygninger",
            "Udledningen falder, men ingen forvaltning har gjort målet til sit eget, og to varmepumper er forsinket.",
            "At Direktionen fordeler målet på forvaltningerne inden 1. marts.",
            goal="C4",
        ),
    ],
    "GBU": [
        ItemRow(
            "Lektietimer med den faste voksen",
            "Strandskolen vil prøve en lektietime om ugen for elever med højt fravær. Det koster 0,2 mio. kr. i et "
            "halvt år.",
            "At forsøget sættes i gang på Strandskolen.",
            goal="B1",
        ),
    ],
    "GSA": [
        ItemRow(
            "Opfølgning i hjemmet efter fire uger",
            "Flere borgere end ventet får hjælp igen, når træningen er slut.",
            "At Træningscenter Syd besøger alle borgere fire uger efter, at forløbet er slut.",
            goal="S1",
        ),
    ],
}
QUESTIONS = {
    "GBU": [QuestionRow("Er det de samme elever, der er væk to kvartaler i træk?", "B1", "greve-politiker", 5)],
    "GSA": [
        QuestionRow(
            "Hvor mange borgere får hjælp igen inden for et halvt år?",
            "S1",
            "greve-politiker2",
            30,
            answer="En ud af fem. De fleste siger, at de holdt op med at træne, da holdet sluttede.",
        ),
    ],
}
CONCLUSIONS = {
    "GBY": "Flere unge er i uddannelse. Fraværet i skolen og genoptræningen går ikke, som effektkæderne siger. Byrådet "
    "skal tage stilling til, hvem der skal bidrage til målet om CO2.",
    "GJU": "Færre unge falder fra i det første år, og effektkæden holder i alle led.",
}
WRITTEN = {
    "GJU": (
        "Færre unge falder fra.\nAlle led i effektkæden er på rette vej.",
        "at udvalget tager opfølgningen til efterretning",
    ),
}
POLITICS = Politics(HELD, COMING, QUESTIONS, CONCLUSIONS, WRITTEN)
