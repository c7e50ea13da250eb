"""What the invented municipality thinks of the links between its goals: by the code of the goal below."""

from dataclasses import replace

from goals.kinds import Strength
from malstyring.demo.rows import GoalRow

LINKS = {
    "B1": ("børn, der får hjælp tidligt, når at indhente de andre før skolestart", Strength.STRONG),
    "B2": ("elever, der trives, lærer mere", Strength.MEDIUM),
    "B3": ("elever, der møder op, klarer prøverne bedre", Strength.STRONG),
    "B4": ("unge, der går direkte videre, oftere gennemfører", Strength.STRONG),
    "E1": ("lav ledighed viser, at flere er kommet i arbejde", Strength.STRONG),
    "E2": ("kort ledighed gør det lettere at finde arbejde igen", Strength.MEDIUM),
    "S1": ("træning gør, at man kan klare sig selv længere", Strength.STRONG),
    "S2": ("træning virker bedst, når den begynder hurtigt", Strength.MEDIUM),
    "S3": ("kendte hjælpere opdager tidligere, når noget er galt", Strength.WEAK),
    "SKO1": ("fravær, der bliver set samme uge, bliver kortere", Strength.MEDIUM),
    "SKO2": ("lærere med de rette kompetencer giver bedre timer", Strength.WEAK),
    "JUN1": ("en vejleder, der følger op, holder den unge til valget", Strength.MEDIUM),
    "JVO1": ("samtaler til tiden gør ledigheden kortere", Strength.WEAK),
}


def linked(row: GoalRow) -> GoalRow:
    """The goal with how it is thought to help the one above, where that is said."""
    assumption, strength = LINKS.get(row.code, (row.assumption, row.strength))
    return replace(row, assumption=assumption, strength=strength)
