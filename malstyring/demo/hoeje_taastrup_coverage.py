"""The service areas of the invented municipality, and three documents that steered before the goals did.

Two areas have no goal: leisure, and the whole of town and environment. Some promises never became one.
"""

from malstyring.demo.rows import AreaRow, DocumentRow

AREAS = [
    AreaRow("10", "Børn og unge"),
    AreaRow("10.1", "Dagtilbud", "10", ["B1"]),
    AreaRow("10.2", "Skole", "10", ["B2", "B3", "SKO1"]),
    AreaRow("10.3", "Fritid og klub", "10"),
    AreaRow("20", "Ældre og sundhed"),
    AreaRow("20.1", "Hjemmepleje", "20", ["S3", "HJE1"]),
    AreaRow("20.2", "Genoptræning", "20", ["S1", "S2", "TRA1"]),
    AreaRow("20.3", "Plejecentre", "20", ["PLE1", "PLE2"]),
    AreaRow("30", "Arbejde og uddannelse", "", ["M4", "B4"]),
    AreaRow("30.1", "Beskæftigelse", "30", ["E1", "E2", "JVO1"]),
    AreaRow("30.2", "Ungdomsuddannelse", "30", ["M3", "JUN1"]),
    AreaRow("40", "By og miljø"),
    AreaRow("40.1", "Veje og stier", "40"),
    AreaRow("40.2", "Klima og natur", "40"),
    AreaRow("50", "Ledelse og økonomi", "", ["O1", "O2"]),
]

# page, what is promised, the goals it became
DOCUMENTS = [
    DocumentRow(
        "Vækst, aktivt liv, uddannelse",
        "strategy",
        "BY",
        [
            (4, "Alle børn skal have et godt sprog, når de begynder i skole.", ["M1", "B1"]),
            (6, "Flere unge skal have en ungdomsuddannelse.", ["M3"]),
            (9, "Flere borgere skal i arbejde.", ["M4", "E2"]),
            (12, "Fjordby skal være klimaneutral i 2035.", []),
        ],
    ),
    DocumentRow(
        "Budgetaftalen",
        "budget",
        "BY",
        [
            (2, "Vi holder det budget, vi har vedtaget.", ["O2"]),
            (3, "Sygefraværet skal ned, så borgerne møder kendte ansigter.", ["O1", "S3"]),
            (5, "Vi laver 20 km nye cykelstier.", []),
        ],
    ),
    DocumentRow(
        "Ældrepolitikken",
        "policy",
        "SSU",
        [
            (3, "Den, der kan blive selvhjulpen, får træning før hjælp.", ["S1"]),
            (5, "Ingen skal vente længe på genoptræning.", ["S2"]),
            (8, "Ingen ældre skal være ufrivilligt ensomme.", []),
        ],
    ),
]
