"""From results to what the survey's page prints: ready texts and drawings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.html import mark_safe
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citizens.charts import Wave, WaveFrame, answer_bar, frame_of, share_bar, wave_svg
from citizens.kinds import Assesses, QuestionKind
from citizens.labels import ASSESSES, METHODS
from citizens.models import Survey, SurveyMeasure
from citizens.published import GroupResult, QuestionResult, SurveyResults
from citizens.suppression import COARSE, FINE
from followup.models import Measurement
from followup.standing import reading_of, rule_of, split_targets, targets_of
from followup.status import Light, Verdict, assess
from goals.period_names import period_name_short
from organisation.danish import NBSP, format_number, join_words
from organisation.templatetags.components import light_word

DASH = "–"
BARS = (QuestionKind.SCALE, QuestionKind.TEN)
MOST_ACROSS = 9  # columns of a table of groups; where there are more, questions go down and groups across


@dataclass(frozen=True, slots=True)
class Judged:
    """What a question's series came to by this survey: the light and the target."""

    verdict: Verdict
    decimals: int

    @property
    def target(self) -> str:
        target = self.verdict.target
        if target is None:
            return ""
        if target.value is not None:
            return format_number(target.value, self.decimals)
        return f"{format_number(target.low or 0, self.decimals)}–{format_number(target.high or 0, self.decimals)}"

    @property
    def note(self) -> str:
        """How the interval lies to what is expected now."""
        expected, interval, target = self.verdict.expected, self.verdict.interval, self.verdict.target
        if expected is None or interval is None:
            return ""
        is_target = target is not None and target.value == expected
        wanted = _("måltallet") if is_target else _("det forventede nu, %s") % format_number(expected, self.decimals)
        if self.verdict.light is Light.UNCERTAIN:
            return _("intervallet rummer %s") % wanted
        return (
            _("hele intervallet er over %s") if interval[0] > expected else _("hele intervallet er under %s")
        ) % wanted


@dataclass(frozen=True, slots=True)
class Row:
    """One question as a line of a table."""

    code: str
    name: str
    text: str
    is_shown: bool
    bar: SafeString
    mean: str
    interval: str
    n: str
    beside: str
    judged: Judged | None
    choices: Sequence[Mapping[str, object]] = ()
    kind: str = ""
    ends: tuple[str, str] | None = None


def judged_of(survey: Survey, measures: Sequence[SurveyMeasure], today: date) -> dict[str, Judged]:
    """The light of each question that feeds a series, at the survey's own period: two queries."""
    series = {measure.series_id: measure.series for measure in measures}
    if not series:
        return {}
    values = {
        one.series_id: one for one in Measurement.objects.approved().filter(series__in=series, period=survey.period)
    }
    targets = targets_of(list(series))
    found = {}
    for measure in measures:
        value = values.get(measure.series_id)
        if value is not None and measure.question_code not in found:
            in_force, _superseded = split_targets(targets[measure.series_id])
            verdict = assess(rule_of(measure.series, in_force), reading_of(value), today)
            found[measure.question_code] = Judged(verdict, measure.series.indicator.decimals)
    return found


def scale_rows(results: SurveyResults, judged: Mapping[str, Judged], *, assessing: bool) -> list[Row]:
    """The scales: those that assess something, or the others."""
    found = [one for one in results.questions if one.kind in BARS and bool(one.assesses) == assessing]
    order = {key.value: at for at, key in enumerate(Assesses)}
    found.sort(key=lambda one: order.get(one.assesses, 0))
    return [_row(at, one, judged.get(one.code)) for at, one in enumerate(found)]


def other_rows(results: SurveyResults, judged: Mapping[str, Judged]) -> list[Row]:
    """The questions with options: each with its options as bars."""
    found = [one for one in results.questions if one.kind not in BARS and not one.is_background]
    return [_row(at, one, judged.get(one.code)) for at, one in enumerate(found)]


def _row(at: int, one: QuestionResult, judged: Judged | None) -> Row:
    heading = str(ASSESSES[Assesses(one.assesses)]) if one.assesses else one.label
    counts = [choice.count or 0 for choice in one.choices]
    has_bar = one.kind in BARS and any(counts)
    return Row(
        code=one.code,
        name=heading,
        text=one.label if one.assesses else "",
        is_shown=one.is_shown,
        bar=mark_safe(answer_bar(f"b-{one.kind}-{one.assesses}-{at}", _alt(heading, one), counts))
        if has_bar
        else mark_safe(""),
        mean=mean_words(one),
        interval=interval_words(one),
        n=format_number(one.n, 0) if one.n is not None else DASH,
        beside=format_number(one.beside, 0) if one.beside is not None else DASH,
        judged=judged,
        choices=list(_choices(at, one)) if one.kind not in BARS else [],
        kind=one.kind,
        ends=(one.choices[0].label, one.choices[-1].label) if one.choices else None,
    )


def _alt(name: str, one: QuestionResult) -> str:
    """`Mål: 2 pct. slet ikke, … 9 svarede ved ikke. Tallene står i tabellen.`"""
    total = sum(choice.count or 0 for choice in one.choices)
    said = [
        _("%(share)s pct. %(answer)s")
        % {"share": format_number(Decimal(100 * (choice.count or 0)) / total, 0), "answer": choice.label}
        for choice in one.choices
    ]
    beside = ngettext("%s svarede ved ikke.", "%s svarede ved ikke.", one.beside) % one.beside if one.beside else ""
    return " ".join(filter(None, [f"{name}: {', '.join(said)}.", beside, _("Tallene står i tabellen.")]))


def mean_words(one: QuestionResult) -> str:
    """The mean of a scale, or the share who said yes."""
    if one.share is not None:
        return f"{format_number(one.share, 0)}{NBSP}pct."
    return DASH if one.mean is None else format_number(one.mean, decimals_of(one.mean))


def decimals_of(number: Decimal) -> int:
    """As many as it was published with."""
    exponent = number.as_tuple().exponent
    return min(max(-exponent, 0), FINE) if isinstance(exponent, int) else COARSE


def interval_words(one: QuestionResult) -> str:
    if one.low is None or one.high is None:
        return ""
    decimals = 0 if one.share is not None else decimals_of(one.low)
    return f"{format_number(one.low, decimals)}–{format_number(one.high, decimals)}"


def _choices(at: int, one: QuestionResult) -> Iterator[dict[str, object]]:
    if one.kind == QuestionKind.RANKING:
        yield from _ranked(one)
        return
    for place, choice in enumerate(one.choices):
        share = Decimal(100 * choice.count) / one.n if choice.count is not None and one.n else None
        words = f"{format_number(share, 0)}{NBSP}pct." if share is not None else ""
        bar = share_bar(f"s-{at}-{place}", f"{choice.label}: {words}", share) if share is not None else ""
        yield {
            "label": choice.label,
            "count": _("vises ikke") if choice.count is None else format_number(choice.count, 0),
            "share": words,
            "bar": mark_safe(bar),
        }


def _ranked(one: QuestionResult) -> Iterator[dict[str, object]]:
    """The options, the one ranked highest first."""
    for choice in sorted(one.choices, key=lambda choice: choice.mean_place or Decimal(len(one.choices) + 1)):
        place = format_number(choice.mean_place, 1) if choice.mean_place is not None else DASH
        yield {"label": choice.label, "count": "", "share": _("plads %s") % place, "bar": ""}


# ---- groups ----------------------------------------------------------------------------------------------------------


Cells = list[tuple[str, str | None]]  # heading and figure; None: not shown


@dataclass(frozen=True, slots=True)
class GroupTable:
    """The results by groups: a line for each group, or for each question where there are many."""

    key: str
    title: str
    corner: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Cells]]

    @property
    def has_hidden(self) -> bool:
        return any(figure is None for _label, cells in self.rows for _head, figure in cells)


def group_tables(results: SurveyResults) -> list[GroupTable]:
    """By the survey's groups, then by each background question."""
    found = []
    if results.groups:
        found.append(_group_table("grupper", _("Grupperne"), results.groups))
    for code, groups in results.backgrounds:
        asked = results.question(code)
        title = _("Efter svaret på ”%s”") % (asked.label if asked else code)
        found.append(_group_table(f"baggrund-{len(found)}", title, groups))
    return found


def _group_table(key: str, title: str, groups: Sequence[GroupResult]) -> GroupTable:
    rows = [(group.label, _group_cells(group)) for group in groups]
    heads = [head for head, _figure in rows[0][1]] if rows else []
    if any(group.invited is not None for group in groups):
        counted = [
            (_("Inviteret"), DASH if group.invited is None else format_number(group.invited, 0)) for group in groups
        ]
        rows = [(label, [cell, *cells]) for cell, (label, cells) in zip(counted, rows, strict=True)]
        heads = [_("Inviteret"), *heads]
    if len(heads) <= MOST_ACROSS:
        return GroupTable(key, title, _("Gruppe"), heads, rows)
    labels = [label for label, _cells in rows]
    turned = [(head, [(label, cells[at][1]) for label, cells in rows]) for at, head in enumerate(heads)]
    return GroupTable(key, title, _("Spørgsmål"), labels, turned)


def _group_cells(group: GroupResult) -> Cells:
    asked = [one for one in group.questions if one.kind in (*BARS, QuestionKind.YES_NO)]
    cells: Cells = [(_("Svar"), None if group.n is None else format_number(group.n, 0))]
    return cells + [
        (
            str(ASSESSES[Assesses(one.assesses)]) if one.assesses else one.label,
            mean_words(one) if one.is_shown else None,
        )
        for one in asked
    ]


def method_words(results: SurveyResults) -> str:
    """`invitation 120 · papir 44 · interview vises ikke`."""
    shown = (
        f"{METHODS[method]} {_('vises ikke') if count is None else format_number(count, 0)}"
        for method, count in results.methods
    )
    return " · ".join(shown)


# ---- over time -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OverTime:
    """One question from time to time: a drawing, and what stands beside it."""

    name: str
    title: str
    subtitle: str
    drawing: SafeString
    rows: Sequence[Mapping[str, str]]
    is_changed: bool  # was another question some time, which is left out


def over_time(chain: Sequence[tuple[Survey, SurveyResults]], judged: Mapping[str, Judged]) -> list[OverTime]:
    """The scales of the last survey in the chain, oldest first, as far as they were asked in the same way."""
    _survey, results = chain[-1]
    asked = [one for one in results.questions if one.kind in BARS and one.is_shown and one.mean is not None]
    asked.sort(key=lambda one: (not one.assesses, list(Assesses).index(Assesses(one.assesses)) if one.assesses else 0))
    waves = {one.code: [_wave(*at, one) for at in chain] for one in asked}
    asked = [one for one in asked if sum(wave.mean is not None for wave in waves[one.code]) > 1]
    targets = {
        code: one.verdict.target.value
        for code, one in judged.items()
        if one.verdict.target is not None and one.verdict.target.value is not None
    }
    # Drawings of one scale share their axes.
    frames = {kind: _frame([one for one in asked if one.kind == kind], waves, targets) for kind in BARS}
    return [
        _over_time(at, one, waves[one.code], chain, frame, targets.get(one.code))
        for at, one in enumerate(asked)
        if (frame := frames[QuestionKind(one.kind)]) is not None
    ]


def _frame(
    asked: Sequence[QuestionResult], waves: Mapping[str, Sequence[Wave]], targets: Mapping[str, Decimal]
) -> WaveFrame | None:
    return frame_of([waves[one.code] for one in asked], [targets[one.code] for one in asked if one.code in targets])


def _wave(survey: Survey, results: SurveyResults, now: QuestionResult) -> Wave:
    then = results.question(now.code)
    day = survey.closes_on or date.min
    label = period_name_short(survey.period) if survey.period else str(day.year)
    if then is None or then.wording != now.wording or then.kind != now.kind:
        return Wave(day, label, None)
    return Wave(day, label, then.mean, then.low, then.high)


def _over_time(
    at: int,
    one: QuestionResult,
    waves: Sequence[Wave],
    chain: Sequence[tuple[Survey, SurveyResults]],
    frame: WaveFrame,
    target: Decimal | None,
) -> OverTime:
    name = str(ASSESSES[Assesses(one.assesses)]) if one.assesses else one.label
    point = point_words(name, waves)
    values = "; ".join(f"{wave.label}: {format_number(wave.mean, FINE)}" for wave in waves if wave.mean is not None)
    alt = f"{point}. {values}. " + (_("Måltallet er %s. ") % format_number(target, 1) if target is not None else "")
    was_other = any(
        (then := results.question(one.code)) is not None and then.wording != one.wording for _survey, results in chain
    )
    svg = wave_svg(
        f"tid-{at}", alt + _("Tallene står i tabellen."), waves, frame, target, decimals_of(one.mean or Decimal(0))
    )
    subtitle = _("%s, middel og 95 pct.-interval") % name
    return OverTime(name, point, subtitle, mark_safe(svg), [_wave_row(wave) for wave in waves], was_other)


def _wave_row(wave: Wave) -> dict[str, str]:
    if wave.mean is None:
        return {"label": wave.label, "mean": _("vises ikke"), "interval": ""}
    mean = format_number(wave.mean, decimals_of(wave.mean))
    if wave.low is None or wave.high is None:
        return {"label": wave.label, "mean": mean, "interval": ""}
    low, high = (format_number(edge, decimals_of(edge)) for edge in (wave.low, wave.high))
    return {"label": wave.label, "mean": mean, "interval": f"{low}–{high}"}


def point_words(name: str, waves: Sequence[Wave]) -> str:
    """What the drawing says: higher or lower than the first time only when the intervals lie apart."""
    shown = [wave for wave in waves if wave.mean is not None]
    first, last = shown[0], shown[-1]
    if None in (first.low, first.high, last.low, last.high):
        return _("%s: for få svar til at sammenligne") % name
    if last.low > first.high:
        return _("%(name)s er højere end i %(first)s") % {"name": name, "first": first.label}
    if last.high < first.low:
        return _("%(name)s er lavere end i %(first)s") % {"name": name, "first": first.label}
    return _("%s: ingen sikker ændring") % name


# ---- in words --------------------------------------------------------------------------------------------------------

ORDER = (Light.OFF_TRACK, Light.AT_RISK, Light.UNCERTAIN, Light.ON_TRACK, Light.REACHED)


def verdict_words(rows: Sequence[Row]) -> str:
    """`Indsats og effekt er ikke på rette vej. Mål er usikker. Samarbejde er nået.` Empty without lights."""
    by_light: dict[Light, list[str]] = {}
    for row in rows:
        if row.judged is not None:
            by_light.setdefault(row.judged.verdict.light, []).append(row.name)
    sentences = []
    for light in ORDER:
        if names := by_light.get(light):
            joined = join_words([names[0], *(name.lower() for name in names[1:])])
            sentences.append(f"{joined}: {light_word(light)}.")
    return " ".join(sentences)


def count_table(results: SurveyResults) -> list[dict[str, object]]:
    """How many gave each answer of the scales, for the table below the bars."""
    return [
        {"name": str(ASSESSES[Assesses(one.assesses)]) if one.assesses else one.label, "lines": _count_lines(one)}
        for one in results.questions
        if one.kind in BARS and one.choices
    ]


def _count_lines(one: QuestionResult) -> list[tuple[str, str]]:
    lines = [(choice.label, format_number(choice.count or 0, 0)) for choice in one.choices]
    if one.beside is not None:
        lines.append((_("Ved ikke eller ikke relevant"), format_number(one.beside, 0)))
    return lines
