"""The two pages everybody reads: the verdict in words, the counts, and what is better, worse or missing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followup.goal_views import GoalView
from followup.models import Round
from followup.presentation import reason
from followup.status import ORDER, Light, count_lights
from goals.period_names import period_name
from organisation.danish import NBSP, join_words
from organisation.templatetags.components import light_word
from reports.action_parts import Actions
from reports.parts import Change, Missing, Overview

# Lights that say how it goes: only a step between two of these is better or worse.
JUDGED = (Light.OFF_TRACK, Light.AT_RISK, Light.UNCERTAIN, Light.ON_TRACK, Light.REACHED)
NAMED = 3  # indicators named in full before "og 4 til"
_COUNT = re.compile(r"(\d) ")  # a number stays with its word

Numbered = tuple[str, GoalView]


def overview_of(numbered: Sequence[Numbered], previous: Round | None, today: date, *, actions: Actions) -> Overview:
    """What the report's first pages say of the goals."""
    views = [view for _number, view in numbered]
    return Overview(
        verdict=verdict(views),
        counts={light.value: count for light, count in count_lights(view.light for view in views).items()},
        compared_with=period_name(previous.period) if previous is not None else "",
        improved=tuple(_change(*one) for one in numbered if steps(one[1]) > 0),
        worsened=tuple(_change(*one) for one in numbered if steps(one[1]) < 0),
        missing=tuple(_missing(numbered, today)),
        overdue_actions=actions.overdue,
        more_overdue=actions.more_overdue,
    )


def anchor(view: GoalView) -> str:
    """Where the goal's section is."""
    return f"maal-{view.goal.pk}"


def verdict(views: Sequence[GoalView]) -> str:
    """`7 af 12 mål er på rette vej. 2 er ikke på rette vej, 1 mangler tal og 2 kræver opmærksomhed.`"""
    total = len(views)
    if not total:
        return _("Der er ingen mål at følge op på.")
    if total == 1:
        return _("Målets status: %s.") % light_word(views[0].light)
    counts = count_lights(view.light for view in views)
    good = counts.get(Light.ON_TRACK, 0) + counts.get(Light.REACHED, 0)
    if good == total:
        return _COUNT.sub(rf"\1{NBSP}", _("Alle %d mål er på rette vej.") % total)
    sentences = [
        _("%(good)d af %(total)d mål er på rette vej.") % {"good": good, "total": total}
        if good
        else _("Ingen af de %d mål er på rette vej.") % total
    ]
    rest = join_words(list(_deviations(counts)))
    if rest:
        sentences.append(f"{rest}.")
    return _COUNT.sub(rf"\1{NBSP}", " ".join(sentences))


def _deviations(counts: Mapping[Light, int]) -> Iterable[str]:
    words = {
        Light.OFF_TRACK: lambda n: ngettext("%d er ikke på rette vej", "%d er ikke på rette vej", n),
        Light.OVERDUE: lambda n: ngettext("%d mangler tal", "%d mangler tal", n),
        Light.AT_RISK: lambda n: ngettext("%d kræver opmærksomhed", "%d kræver opmærksomhed", n),
        Light.UNCERTAIN: lambda n: ngettext("%d er usikkert", "%d er usikre", n),
    }
    for light, text in words.items():
        if count := counts.get(light, 0):
            yield text(count) % count
    without = sum(counts.get(light, 0) for light in (Light.NOT_DUE, Light.NO_DATA, Light.NO_TARGET))
    if without:
        yield ngettext("%d har ingen status", "%d har ingen status", without) % without


def steps(view: GoalView) -> int:
    """How many places the light has moved since the previous round, as `steps_between` counts."""
    return steps_between(view.before, view.light)


def steps_between(before: Light | None, now: Light) -> int:
    """How many places a light has moved: positive is better, zero also where one of the two says nothing."""
    return ORDER[now] - ORDER[before] if before in JUDGED and now in JUDGED else 0


def _change(number: str, view: GoalView) -> Change:
    assert view.before is not None
    return Change(number, anchor(view), view.goal.short_name, view.before.value, view.light.value)


def _missing(numbered: Sequence[Numbered], today: date) -> Iterable[Missing]:
    for number, view in numbered:
        late = [standing for standing, _prioritised in view.standings if standing.light is Light.OVERDUE]
        if late:
            names = [f"{one.series.indicator.name}, {one.series.unit.name}" for one in late]
            yield Missing(
                number,
                anchor(view),
                view.goal.short_name,
                tuple(names[:NAMED]),
                max(len(names) - NAMED, 0),
                reason(late[0], today),
            )
