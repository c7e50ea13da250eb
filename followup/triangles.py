"""Steering triangles as they stand: from standings to ready texts. No query of its own."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followup.charts.triangle_spec import Corner, Moment, Triangle
from followup.standing import Standing, standing_at
from followup.status import Light
from followup.triangle import (
    Combination,
    Measured,
    SideState,
    Turn,
    Way,
    combination,
    moments,
    triangle,
)
from goals.kinds import Direction, Side
from goals.labels import SIDES
from goals.period_names import period_name_short
from goals.periods import parse_period
from goals.price_names import price_words
from goals.prices import Prices, prices_of
from organisation.templatetags.components import LIGHT_WORDS

HISTORY = 120  # values of a series: ten years of months
LONGEST = 48  # of a name that is said in the middle of a sentence

WAYS = {Way.UP: gettext_lazy("op"), Way.DOWN: gettext_lazy("ned"), Way.FLAT: gettext_lazy("uændret")}
JUDGED = {
    Turn.BETTER: gettext_lazy("bedre"),
    Turn.WORSE: gettext_lazy("dårligere"),
    Turn.UNCHANGED: gettext_lazy("hverken bedre eller dårligere"),
}
# A side that is measured by several series, or by one whose name is no part of a sentence. Quality goes up and down.
TURNS = {
    Side.QUALITY: {
        Turn.BETTER: gettext_lazy("kvalitet op"),
        Turn.WORSE: gettext_lazy("kvalitet ned"),
        Turn.MIXED: gettext_lazy("kvalitet både op og ned"),
        Turn.UNCHANGED: gettext_lazy("kvalitet uændret"),
        Turn.LATE: gettext_lazy("tal om kvalitet mangler"),
        Turn.APART: gettext_lazy("kvalitet i forskellige priser"),
    },
    Side.ACTIVITY: {
        Turn.BETTER: gettext_lazy("aktivitet bedre"),
        Turn.WORSE: gettext_lazy("aktivitet dårligere"),
        Turn.MIXED: gettext_lazy("aktivitet både bedre og dårligere"),
        Turn.UNCHANGED: gettext_lazy("aktivitet uændret"),
        Turn.LATE: gettext_lazy("tal om aktivitet mangler"),
        Turn.APART: gettext_lazy("aktivitet i forskellige priser"),
    },
    Side.ECONOMY: {
        Turn.BETTER: gettext_lazy("økonomi bedre"),
        Turn.WORSE: gettext_lazy("økonomi dårligere"),
        Turn.MIXED: gettext_lazy("økonomi både bedre og dårligere"),
        Turn.UNCHANGED: gettext_lazy("økonomi uændret"),
        Turn.LATE: gettext_lazy("tal om økonomi mangler"),
        Turn.APART: gettext_lazy("økonomi i forskellige priser"),
    },
}
# In a corner of the drawing, under the side's own name.
MOVED = {
    Turn.BETTER: gettext_lazy("Bedre end sidst"),
    Turn.WORSE: gettext_lazy("Dårligere end sidst"),
    Turn.MIXED: gettext_lazy("Noget bedre, noget dårligere"),
    Turn.UNCHANGED: gettext_lazy("Uændret"),
    Turn.LATE: gettext_lazy("Det nyeste tal mangler"),
    Turn.NOTHING: gettext_lazy("Intet at sammenligne med"),
    Turn.APART: gettext_lazy("Forskellige priser kan ikke sammenlignes"),
}
READINGS = {
    Combination.BOTH_BETTER: gettext_lazy("Både kvalitet og økonomi er bedre end sidst."),
    Combination.BETTER_FOR_THE_SAME: gettext_lazy("Kvaliteten er bedre end sidst, og økonomien er uændret."),
    Combination.BETTER_AT_A_PRICE: gettext_lazy("Kvaliteten er bedre end sidst, men økonomien er dårligere."),
    Combination.SAME_FOR_LESS: gettext_lazy("Økonomien er bedre end sidst, og kvaliteten er uændret."),
    Combination.SAME_AT_A_PRICE: gettext_lazy("Økonomien er dårligere end sidst, uden at kvaliteten er blevet bedre."),
    Combination.WORSE_FOR_LESS: gettext_lazy("Økonomien er bedre end sidst, men kvaliteten er dårligere."),
    Combination.WORSE_FOR_THE_SAME: gettext_lazy("Kvaliteten er dårligere end sidst, og økonomien er uændret."),
    Combination.BOTH_WORSE: gettext_lazy("Både kvalitet og økonomi er dårligere end sidst."),
}


def triangle_of(name: str, standings: Iterable[Standing], *, now: str, history: int = HISTORY) -> Triangle:
    """The triangle of those of the standings whose indicator is on a side.

    `now` is what the time of the standings is called; `history` how many values they hold.
    """
    standings = [one for one in standings if one.series.indicator.side]
    series = [measured(one) for one in standings]
    sides = triangle(series)
    return Triangle(
        name=name,
        sentence=sentence(sides),
        reading=_reading(sides),
        alt=_alt(sides),
        corners=tuple(_corner(side) for side in sides),
        notes=tuple(_notes(sides)),
        moments=_with_now(now, sides, _moments(standings, series, history)) if series else (),
    )


def measured(standing: Standing) -> Measured:
    """A standing of a series that is on a side, in the plain values of `followup.triangle`."""
    indicator = standing.series.indicator
    return Measured(
        key=standing.series.pk,
        name=indicator.name,
        side=Side(indicator.side),
        light=standing.light,
        rule=standing.rule,
        values=tuple((parse_period(one.period), one.value) for one in standing.values),
        prices=prices_of(indicator.unit_of_measure, indicator.price_level, indicator.price_year),
    )


# ---- words -----------------------------------------------------------------------------------------------------------


def sentence(sides: Sequence[SideState]) -> str:
    """`Trivsel op, udgift pr. elev uændret`: the combination, a part for each side that says something.

    Empty when nothing is measured.
    """
    said = [_part(side) for side in sides if side.is_measured and side.turn is not Turn.NOTHING]
    if said or not any(side.is_measured for side in sides):
        return _capital(", ".join(said))
    return _("Endnu intet at sammenligne med")


def _part(side: SideState) -> str:
    only = side.only
    if only is None or not _is_sayable(only.name) or side.turn in (Turn.LATE, Turn.APART):
        return str(TURNS[side.side][side.turn])
    return f"{_small(only.name)} {_moved(only, side)}"


def _moved(only: Measured, side: SideState) -> str:
    """`op`; with how that is where the word does not tell: less of what is best low is better."""
    word = str(WAYS[side.way])
    says_itself = only.rule.direction is Direction.HIGHER or side.way is Way.FLAT
    return word if says_itself else f"{word} ({JUDGED[side.turn]})"


def _is_sayable(name: str) -> bool:
    """Whether a name can stand in the middle of a sentence."""
    return len(name) <= LONGEST and "," not in name and " der " not in name


def _small(name: str) -> str:
    """Without its capital, but for `CO2-udledning` and its like."""
    return name if name[1:2].isupper() or name[1:2].isdigit() else name[:1].lower() + name[1:]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _reading(sides: Sequence[SideState]) -> str:
    found = combination(sides)
    return str(READINGS[found]) if found is not None else ""


def _corner(side: SideState) -> Corner:
    if not side.is_measured:
        return Corner(
            side.side.value, _capital(str(SIDES[side.side])), Light.NO_DATA.value, _("Ingen tal endnu"), {}, ""
        )
    return Corner(
        side=side.side.value,
        name=_capital(str(SIDES[side.side])),
        light=side.light.value,
        word=str(LIGHT_WORDS[side.light.value]),
        counts={light.value: count for light, count in side.counts.items()},
        moved=_corner_moved(side),
    )


def _corner_moved(side: SideState) -> str:
    """What one series does is said with its name; of several whether they are better."""
    only = side.only
    if only is None or side.turn not in JUDGED:
        return str(MOVED[side.turn])
    word = str(WAYS[side.way])
    return f"{only.name}: {word if side.way is Way.FLAT else f'{word} ({JUDGED[side.turn]})'}"


def _alt(sides: Sequence[SideState]) -> str:
    """`Kvalitet: på rette vej. Trivsel: op (bedre). Økonomi: …` (language.md, 2.8)."""
    told = []
    for side in sides:
        corner = _corner(side)
        told.append(f"{corner.name}: {corner.word.lower()}." + (f" {corner.moved}." if corner.moved else ""))
    return " ".join([*told, _("Tallene står i tabellen.")])


def _notes(sides: Sequence[SideState]) -> Iterable[str]:
    if without := [str(SIDES[side.side]) for side in sides if not side.is_measured]:
        yield _("Der er ingen tal om %s.") % _and(without)
    for side in sides:
        name = str(SIDES[side.side])
        if side.turn is Turn.APART:
            yield _apart(side)
        elif any(one.level is None for one in side.kroner):
            yield _("Om %s er det ikke oplyst, hvilket års priser beløbet er i.") % name
        elif any(one.year is None for one in side.kroner):
            yield _("%s er i løbende priser. Prisstigninger er ikke trukket fra.") % _capital(name)


def _apart(side: SideState) -> str:
    words = _(
        "%(side)s er opgjort i %(kroner)s. Beløb i forskellige priser kan hverken sammenlignes eller lægges sammen, "
        "så de er ikke læst samlet."
    )
    return words % {"side": _capital(str(SIDES[side.side])), "kroner": _and([_kroner(one) for one in side.kroner])}


def _kroner(prices: Prices) -> str:
    return price_words(prices.level or "", prices.year) or _("priser, der ikke er oplyst")


def _and(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} {_('og')} {words[-1]}" if len(words) > 1 else "".join(words)


# ---- over time -------------------------------------------------------------------------------------------------------


def _with_now(now: str, sides: Sequence[SideState], past: Iterable[Moment]) -> tuple[Moment, ...]:
    """Now, when it is known what is late, stands for the period that has its name."""
    return (_moment(now, sides), *(one for one in past if one.period != now))


def _moments(standings: Sequence[Standing], series: Sequence[Measured], history: int) -> Iterable[Moment]:
    """How the sides stood at the end of each of the last periods. A series is known no further back than its values."""
    cut = [one.values[0].period_end for one in standings if len(one.values) >= history]
    for period in moments(series, since=max(cut, default=None)):
        sides = triangle([measured(standing_at(one, period.last)) for one in standings])
        yield _moment(period_name_short(period), sides)


def _moment(when: str, sides: Sequence[SideState]) -> Moment:
    return Moment(
        period=when,
        lights=tuple(side.light.value if side.is_measured else "" for side in sides),
        sentence=sentence(sides),
    )
