"""Goals of the invented municipality that were sent down: one in each state, one of them late."""

from malstyring.demo.rows import TranslationRow

TRANSLATIONS = [
    TranslationRow(
        "S1",
        "TRA",
        "accepted",
        40,
        -12,
        note="Hvad er jeres del af, at flere bliver selvhjulpne?",
        title="Seks ud af ti afslutter træningen uden at få brug for hjælp",
        short_name="Uden hjælp efter træning",
        indicator="selvhjulpen",
    ),
    TranslationRow("S1", "HJE", "asked", 3, 18, note="Tænk gerne på dem, der får hjælp for første gang."),
    TranslationRow("E1", "JVO", "asked", 30, -5),
    TranslationRow(
        "E3",
        "JUN",
        "answered",
        12,
        9,
        title="Halvdelen af de unge, der flytter hertil, kender en vejleder i 2027",
        short_name="Kender en vejleder",
        indicator="overgang",
    ),
    TranslationRow(
        "B1",
        "SKO",
        "returned",
        20,
        6,
        title="Skolerne styrker samarbejdet om sprog",
        short_name="Samarbejde om sprog",
        reason="Skriv, hvad der bliver anderledes for børnene. Samarbejdet er det, I gør.",
    ),
    TranslationRow(
        "B3", "DAG", "declined", 25, -1, reason="Målet handler om fravær i skolen. Vi følger det ikke i dagtilbud."
    ),
]
