"""Effect chains as they stand: each step with the lights of what it is measured by, and the arrows between.

For any number of goals it takes at most six queries, none for no goals.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followup.charts.chain_spec import Arrow, Chain, Mark, Step
from followup.standing import Standing, standing_at, standings_of
from followup.status import Light
from followup.weakening import Past, light_on
from goals.kinds import StepKind, Strength
from goals.labels import STEP_KINDS, STRENGTHS
from goals.models import Assumption, ChainStep, Series
from organisation.danish import long_date
from organisation.templatetags.components import LIGHT_WORDS

# A step of each kind in a sentence.
ONE = {
    StepKind.INPUT: gettext_lazy("ressource"),
    StepKind.ACTIVITY: gettext_lazy("aktivitet"),
    StepKind.OUTPUT: gettext_lazy("præstation"),
    StepKind.SHORT: gettext_lazy("effekt på kort sigt"),
    StepKind.MEDIUM: gettext_lazy("effekt på mellemlang sigt"),
    StepKind.LONG: gettext_lazy("effekt på lang sigt"),
    StepKind.EXTERNAL: gettext_lazy("ydre forhold"),
}
THE = {
    StepKind.INPUT: gettext_lazy("ressourcen"),
    StepKind.ACTIVITY: gettext_lazy("aktiviteten"),
    StepKind.OUTPUT: gettext_lazy("præstationen"),
    StepKind.SHORT: gettext_lazy("effekten på kort sigt"),
    StepKind.MEDIUM: gettext_lazy("effekten på mellemlang sigt"),
    StepKind.LONG: gettext_lazy("effekten på lang sigt"),
    StepKind.EXTERNAL: gettext_lazy("det ydre forhold"),
}
ORDER = {kind: place for place, kind in enumerate(StepKind)}


def pasts_of(series_ids: Collection[int], *, today: date) -> dict[int, Past]:
    """Each series' lights at the end of every period that it has a whole, approved number of."""
    series = list(Series.objects.filter(pk__in=series_ids).select_related("indicator")) if series_ids else []
    if not series:
        return {}
    standings = standings_of(series, until=today, today=today, whole=[one.pk for one in series])
    return {pk: past_of(standing) for pk, standing in standings.items()}


def past_of(standing: Standing) -> Past:
    """The series' lights by the last days of its periods. What is late is not known to go badly."""
    ends = [one.period_end for one in standing.values if one.value is not None and not one.is_provisional]
    return {end: standing_at(standing, end).light for end in ends}


def weakened_sentence(one: Assumption) -> str:
    """`Aktiviteten er på rette vej i to perioder, men effekten på lang sigt følger ikke med.`"""
    start, end = THE[StepKind(one.from_step.kind)], THE[StepKind(one.to_step.kind)]
    said = {"start": str(start)[:1].upper() + str(start)[1:], "end": end}
    return _("%(start)s er på rette vej i to perioder, men %(end)s følger ikke med.") % said


# ---- the drawing -----------------------------------------------------------------------------------------------------


def chains_of(goals: Iterable[tuple[int, str]], *, until: date, today: date) -> dict[int, Chain]:
    """The effect chains of the goals that have one, by goal, ready to be drawn; each goal with its name."""
    names = dict(goals)
    if not names:
        return {}
    steps: dict[int, list[ChainStep]] = defaultdict(list)
    for step in ChainStep.objects.filter(goal__in=list(names)).order_by("position", "pk"):
        steps[step.goal_id].append(step)
    if not steps:
        return {}
    marks = _marks(list(steps), until, today)
    arrows: dict[int, list[Assumption]] = defaultdict(list)
    found = Assumption.objects.filter(from_step__goal__in=list(steps)).select_related("from_step", "to_step")
    for one in found.order_by("pk"):
        arrows[one.from_step.goal_id].append(one)
    return {pk: _chain(names[pk], own, arrows[pk], marks, today) for pk, own in steps.items()}


def _marks(goals: Sequence[int], until: date, today: date) -> dict[int, list[Mark]]:
    """What each step is measured by, with its light."""
    links = ChainStep.series.through.objects.filter(chainstep__goal__in=goals).order_by("series")
    links = list(links.select_related("series__indicator", "series__unit"))
    series = {link.series_id: link.series for link in links}
    if not series:
        return {}
    standings = standings_of(list(series.values()), until=until, today=today)
    found: dict[int, list[Mark]] = defaultdict(list)
    for link in links:
        light = standings[link.series_id].light
        name = f"{link.series.indicator.name}, {link.series.unit.name}"
        found[link.chainstep_id].append(Mark(light.value, str(LIGHT_WORDS[light.value]), name, link.series_id))
    return found


def _chain(
    name: str, steps: Sequence[ChainStep], arrows: Sequence[Assumption], marks: dict[int, list[Mark]], today: date
) -> Chain:
    steps = sorted(steps, key=lambda one: (ORDER[StepKind(one.kind)], one.position, one.pk))
    numbers = {step.pk: number for number, step in enumerate(steps, 1)}
    drawn = tuple(
        Step(numbers[step.pk], step.pk, step.kind, step.text, tuple(marks.get(step.pk, ()))) for step in steps
    )
    ties = tuple(_arrow(one, numbers, today) for one in arrows)
    return Chain(
        title=_("Effektkæde: %s") % name,
        alt=alt_text(drawn, ties),
        heads=tuple((kind.value, _capital(str(word))) for kind, word in STEP_KINDS.items()),
        weakened=_("svækket"),
        feedback=_("virker tilbage"),
        steps=drawn,
        arrows=ties,
    )


def _arrow(one: Assumption, numbers: dict[int, int], today: date) -> Arrow:
    is_weakened = one.weakened_on is not None and one.weakened_on <= today
    return Arrow(
        pk=one.pk,
        start=numbers[one.from_step_id],
        end=numbers[one.to_step_id],
        text=one.text,
        evidence=one.evidence,
        strength=one.strength,
        strength_word=str(STRENGTHS[Strength(one.strength)]),
        is_feedback=one.is_feedback,
        weakened=weakened_sentence(one) if is_weakened else "",
        weakened_on=long_date(one.weakened_on) if is_weakened else "",
    )


def alt_text(steps: Sequence[Step], arrows: Sequence[Arrow]) -> str:
    """`4 led. Aktivitet nået, effekt på lang sigt ikke på rette vej: antagelse svækket.` (language.md, 2.8)."""
    by_number = {step.number: step for step in steps}
    told = [
        _("%(start)s, %(end)s: antagelse svækket.")
        % {"start": _capital(_state(by_number[one.start])), "end": _state(by_number[one.end])}
        for one in arrows
        if one.weakened
    ]
    return " ".join([_("%s led.") % len(steps), *(told or [_("Ingen antagelser er svækket.")])])


def _state(step: Step) -> str:
    """`aktivitet nået`: the step's kind and its worst light."""
    light = light_on([{date.min: Light(mark.key)} for mark in step.marks])
    return f"{ONE[StepKind(step.kind)]} {str(LIGHT_WORDS[light.value]).lower()}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
