"""What the words are for, in our own words: these are not exchanged for the authority's. Pure: no Django."""

# By the term's key.
TERM_LABELS = {
    "goal": "mål",
    "goal.council": "byrådets mål",
    "goal.committee": "udvalgenes mål",
    "goal.unit": "enhedernes mål",
    "subgoal": "delmål",
    "strategy": "strategi",
    "focus_area": "fokusområde",
    "council": "byråd",
    "finance_committee": "økonomiudvalg",
    "committee": "udvalg",
    "directorate": "forvaltning",
    "department": "afdeling",
    "goal_consultant": "målkonsulent",
}
