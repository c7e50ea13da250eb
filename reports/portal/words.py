"""What the public pages say of goals, in whole sentences. Pure: no Django, and Danish only.

Shares are told as natural frequencies, `83 af 100 børn`, since more people read them right than percentages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from followup.status import Light
from goals.kinds import Direction
from organisation.danish import NBSP, format_number, format_value, round_half_up
from organisation.words.terms import BY_KEY, GOAL, Gender, Word

_NUMBERS = ["nul", "én", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv"]
SHARE_UNITS = ("pct.", "pct", "%", "procent")
SHARE_OF = "andelen af "
# What the verdict says of the goals with each light, in its order; the first are those that follow the plan.
_ON_COURSE = (Light.ON_TRACK, Light.REACHED)
_FOLLOWS = ("følger planen", "følger planen")
_NOT_ASSESSED = ("kan ikke vurderes endnu", "kan ikke vurderes endnu")
# Said of all of them, a "not" is read two ways: `ingen af de to mål …` is read one.
_OF_NONE = {"er ikke på rette vej": "er på rette vej", "kan ikke vurderes endnu": "kan vurderes endnu"}
_VERBS: Mapping[Light, tuple[str, str]] = {
    Light.AT_RISK: ("kræver opmærksomhed", "kræver opmærksomhed"),
    Light.UNCERTAIN: ("er usikkert", "er usikre"),
    Light.OVERDUE: ("mangler tal", "mangler tal"),
    Light.OFF_TRACK: ("er ikke på rette vej", "er ikke på rette vej"),
}


def number_word(count: int, *, is_neuter: bool = True) -> str:
    """`ét`, `to`, … `tolv`, `13`."""
    if count == 1:
        return "ét" if is_neuter else "én"
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def verdict(lights: Sequence[tuple[Light, str]], goal: Word = BY_KEY[GOAL].word) -> str:
    """How the goals go, in one sentence; `lights` are light and title of each, in the body's order.

    `goal`: what they are called.

    `Tre af otte mål følger planen, to kræver opmærksomhed, og ét er ikke på rette vej: Flere er i arbejde.`
    """
    total = len(lights)
    if not total:
        return ""
    counts = {light: sum(one is light for one, _title in lights) for light in Light}
    counted = [
        (sum(counts[light] for light in _ON_COURSE), _FOLLOWS),
        *((counts[light], verbs) for light, verbs in _VERBS.items()),
    ]
    (first, verbs), *others = [one for one in counted if one[0]] or [(total, _NOT_ASSESSED)]
    parts = [_of_all(first, total, _verb(first, verbs, goal), goal)]
    parts += [f"{_number(count, goal)} {_verb(count, verbs, goal)}" for count, verbs in others]
    sentence = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}, og {parts[-1]}"
    worst = [title for light, title in lights if light is Light.OFF_TRACK]
    named = f": {worst[0].rstrip('.')}" if len(worst) == 1 < total else ""
    text = f"{sentence}{named}."
    return text[0].upper() + text[1:]


def _verb(count: int, verbs: tuple[str, str], goal: Word) -> str:
    verb = verbs[0] if count == 1 else verbs[1]
    return "er usikker" if verb == "er usikkert" and goal.gender is Gender.COMMON else verb


def _number(count: int, goal: Word) -> str:
    return number_word(count, is_neuter=goal.gender is Gender.NEUTER)


def _of_all(count: int, total: int, verb: str, goal: Word) -> str:
    """What so many of all the goals do, as the sentence begins."""
    if total == 1:
        return f"{goal.the} {verb}"
    if count < total:
        return f"{_number(count, goal)} af {number_word(total)} {goal.many} {verb}"
    if verb in _OF_NONE:
        return f"ingen af de {number_word(total)} {goal.many} {_OF_NONE[verb]}"
    return f"begge {goal.many} {verb}" if total == 2 else f"alle {number_word(total)} {goal.many} {verb}"


@dataclass(frozen=True, slots=True)
class Told:
    """A series as a sentence needs it. `value` is what the light is about; `last` the one before, when it is late."""

    name: str
    name_in_sentence: str
    unit: str
    decimals: int
    direction: Direction
    light: Light
    value: Decimal | None
    last: Decimal | None = None
    expected: Decimal | None = None
    target: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    when: str = ""  # the target's
    interval: tuple[Decimal, Decimal] | None = None


def plain_words(it: Told) -> str:
    """The latest figure and what it is to become, as one says it."""
    if it.value is None:
        return " ".join(part for part in (_nothing_new(it), _wanted(it, 0)) if part)
    per = _per(it)
    parts = [_now(it, per), _doubt(it, per), _plan(it, per) or _wanted(it, per)]
    return " ".join(part for part in parts if part).replace("..", ".")


def _per(it: Told) -> int:
    """Out of how many the share is told: 100, 1,000 where that hides what the light is about, 0 for other figures."""
    if it.unit not in SHARE_UNITS or not it.name_in_sentence.lower().startswith(SHARE_OF):
        return 0
    shown = [one for one in (it.value, it.target, it.expected) if one is not None]
    if any(not 0 <= one <= 100 for one in shown):
        return 0
    rounded = {round_half_up(one, 0) for one in shown}
    return 100 if len(rounded) == len({round_half_up(one, it.decimals) for one in shown}) else 1000


def _count(value: Decimal, per: int) -> str:
    return format_number(value * per / 100, 0)


def _amount(value: Decimal, it: Told, per: int) -> str:
    """The figure alone where it is out of a hundred, else with its unit."""
    return _count(value, per) if per else format_value(value, it.decimals, it.unit)


def _now(it: Told, per: int) -> str:
    assert it.value is not None
    if per:
        who = it.name_in_sentence[len(SHARE_OF) :]
        return f"{it.name}: {_count(it.value, per)}{NBSP}af{NBSP}{format_number(per, 0)}{NBSP}{who}."
    return f"{it.name_in_sentence or it.name} er {format_value(it.value, it.decimals, it.unit)}."


def _doubt(it: Told, per: int) -> str:
    if it.light is not Light.UNCERTAIN or it.interval is None:
        return ""
    low, high = it.interval
    first = _count(low, per) if per else format_number(low, it.decimals)
    return f"Det rigtige tal ligger sandsynligvis mellem {first} og {_amount(high, it, per)}."


def _plan(it: Told, per: int) -> str:
    """Off the plan: where it should have been by now."""
    if it.light is not Light.OFF_TRACK or it.expected is None or it.target is None:
        return ""
    now, then = _amount(it.expected, it, per), _amount(it.target, it, per)
    if now == then:
        return ""
    return f"Efter planen skulle det være {_most(it)} {now} nu og {then} i{NBSP}{it.when}."


def _wanted(it: Told, per: int) -> str:
    if it.low is not None and it.high is not None:
        return f"Det skal ligge mellem {format_number(it.low, it.decimals)} og {_amount(it.high, it, 0)}."
    if it.target is None:
        return ""
    if it.light is Light.REACHED:
        return f"Måltallet for {it.when}, {_most(it)} {_amount(it.target, it, per)}, er nået."
    return f"I{NBSP}{it.when} skal det være {_most(it)} {_amount(it.target, it, per)}."


def _most(it: Told) -> str:
    return "højst" if it.direction is Direction.LOWER else "mindst"


def _nothing_new(it: Told) -> str:
    name = it.name_in_sentence or it.name
    if it.light is Light.OVERDUE:
        told = "Det nyeste tal er ikke indberettet."
        return f"{told} {name} var sidst {_amount(it.last, it, 0)}." if it.last is not None else told
    return f"{name} har endnu ikke noget tal, vi kan vise."
