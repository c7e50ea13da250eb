"""From everybody's answers to what may be shown of them. The one place that makes results. Pure: no Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from citizens.kinds import Method, QuestionKind
from citizens.published import Choice, GroupResult, QuestionResult, SurveyResults
from citizens.questionnaire import QuestionSpec
from citizens.suppression import (
    COARSE,
    FINE,
    MERGED,
    Detail,
    Limits,
    Part,
    Parts,
    coarse_sd,
    conceal,
    detail_of,
    may_be_known,
    merged_counts,
    rounded_mean,
    shown_counts,
)
from citizens.tally import Column, Mask, Row, Tally, column, mean_interval, people, share_interval, tally, yes_share
from organisation.danish import round_half_up

GROUPS, METHODS = "groups", "methods"
REST = ""  # those of no group, and those who left a background question out
LEAST_INVITED = 4  # rules.md: person counts from n >= 4


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, with what is printed of it."""

    spec: QuestionSpec
    label: str
    labels: Mapping[str, str]  # value -> what it says
    assesses: str = ""
    is_background: bool = False
    wording: int = 1


@dataclass(frozen=True, slots=True)
class AskedGroup:
    """A part of those who were asked, and how many they are; None when that is not known."""

    code: str
    label: str
    invited: int | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """Everything a survey's results are made of."""

    asked: Sequence[Asked]
    rows: Sequence[Row]
    limits: Limits
    groups: Sequence[AskedGroup] = ()
    invited: int | None = None
    comments: int = 0
    repeated: int = 0
    is_rated: bool = True
    rest_labels: tuple[str, str] = ("Uden gruppe", "Ikke oplyst")
    notes: tuple[str, ...] = field(default=())


def compile_results(of: Answered) -> SurveyResults:
    """What may be shown."""
    n, limits = len(of.rows), of.limits
    if n < limits.shown:
        return _too_few(of)
    return _Compiling(of).results()


def _too_few(of: Answered) -> SurveyResults:
    questions = tuple(_not_shown(one) for one in _told(of))
    invited = _invited(of)
    groups = tuple(GroupResult(one.code, one.label, invited[one.code], None) for one in of.groups)
    return SurveyResults(
        None, of.invited, (), questions, groups, (), of.limits.shown, (*of.notes, "few"), None, None, of.is_rated
    )


def _told(of: Answered) -> list[Asked]:
    return [one for one in of.asked if one.spec.kind != QuestionKind.TEXT]


def _invited(of: Answered) -> dict[str, int | None]:
    return shown_counts({group.code: group.invited for group in of.groups}, LEAST_INVITED)


def _enough(count: int, limits: Limits) -> int | None:
    return count if count == 0 or count >= limits.shown else None


def _not_shown(one: Asked) -> QuestionResult:
    return QuestionResult(
        one.spec.code, one.label, one.spec.kind, one.assesses, False, wording=one.wording,
        is_background=one.is_background,
    )  # fmt: skip


class _Compiling:
    """One survey's results on their way."""

    def __init__(self, of: Answered) -> None:
        self.of, self.limits = of, of.limits
        self.everybody: Mask = (1 << len(of.rows)) - 1
        self.told = _told(of)
        self.columns: dict[str, Column] = {one.spec.code: column(one.spec, of.rows) for one in self.told}
        self.partitions = self._partitions()
        self.gone = conceal(
            {**self.partitions, METHODS: self._methods()}, lambda who: who.bit_count() >= self.limits.shown
        )
        self.details: dict[str, Detail] = {}
        self.gone_of: dict[str, set[Part]] = {}  # question -> parts that it is not shown of
        for one in self.told:
            if not one.is_background:
                self._conceal(one)

    def _partitions(self) -> dict[str, Parts]:
        """The groups, and each background question's answers; with the rest each is everybody."""
        found: dict[str, Parts] = {}
        if self.of.groups:
            known = [group.code for group in self.of.groups]
            places: dict[str, list[int]] = {code: [] for code in [*known, REST]}
            for number, row in enumerate(self.of.rows):
                places[row.group if row.group in known else REST].append(number)
            found[GROUPS] = {code: people(those, len(self.of.rows)) for code, those in places.items()}
        for one in self.told:
            if one.is_background:
                values = self.columns[one.spec.code].values
                found[_background(one.spec.code)] = {
                    **values,
                    REST: self.everybody & ~self.columns[one.spec.code].answered,
                }
        return found

    def _methods(self) -> dict[str, Mask]:
        size = len(self.of.rows)
        return {
            method: people((at for at, row in enumerate(self.of.rows) if row.method == method), size)
            for method in Method
        }

    # ---- what is hidden ----

    def _conceal(self, one: Asked) -> None:
        """Decide what is shown of the question, of everybody and of each part."""
        code, of = one.spec.code, self.columns[one.spec.code]
        whole = tally(of, self.everybody)
        detail = detail_of(whole, self.limits) if self._condition_is_shown(one) else Detail()
        self.details[code] = detail
        parts = {
            name: {part: who & of.answered for part, who in those.items()} for name, those in self.partitions.items()
        }
        if not detail:
            self.gone_of[code] = {(name, part) for name, those in parts.items() for part in those}
            return

        known = whole if detail.has_counts else None

        @cache
        def is_fit(who: Mask) -> bool:
            return may_be_known(tally(of, who), known, self.limits)

        hidden = {part for part in self.gone if part[0] != METHODS} | self._hidden_by_condition(one)
        self.gone_of[code] = conceal(parts, is_fit, hidden)

    def _condition_is_shown(self, one: Asked) -> bool:
        """How many met a question tells how many gave the answer that it hangs on: that must be shown itself."""
        condition = one.spec.shown_if
        if condition is None or condition.question not in self.columns:
            return condition is None
        if _background(condition.question) in self.partitions:
            return not any((_background(condition.question), option) in self.gone for option in condition.options)
        parent = self.details.get(condition.question, Detail())
        return parent.has_counts and not parent.is_merged

    def _hidden_by_condition(self, one: Asked) -> set[Part]:
        """Parts where what the question hangs on is not shown, or is shown of too few to say who met it."""
        condition = one.spec.shown_if
        if condition is None:
            return set()
        if _background(condition.question) in self.partitions:
            return {(name, part) for name, parts in self.partitions.items() for part in parts}
        few = {
            (name, part)
            for name, parts in self.partitions.items()
            for part, who in parts.items()
            if who.bit_count() < self.limits.distribution
        }
        return few | self.gone_of.get(condition.question, set())

    # ---- what is shown ----

    def results(self) -> SurveyResults:
        of = self.of
        methods = [
            (method.value, None if (METHODS, method) in self.gone else who.bit_count())
            for method, who in ((method, self._methods()[method]) for method in Method)
            if who
        ]
        groups = self._groups(GROUPS, {group.code: group.label for group in of.groups}, of.rest_labels[0])
        invited = self._invited(groups)
        return SurveyResults(
            n=len(of.rows),
            invited=of.invited,
            methods=tuple(methods),
            questions=tuple(map(self._question, self.told)),
            groups=tuple(replace(group, invited=invited.get(group.code)) for group in groups),
            backgrounds=tuple(
                (
                    one.spec.code,
                    tuple(self._groups(_background(one.spec.code), one.labels, of.rest_labels[1])),
                )
                for one in self.told
                if one.is_background
            ),
            least_shown=self.limits.shown,
            notes=(*of.notes, *self._notes()),
            comments=_enough(of.comments, self.limits),
            repeated=_enough(of.repeated, self.limits),
            is_rated=of.is_rated,
        )

    def _notes(self) -> list[str]:
        hidden = {
            "hidden_questions": any(not detail for detail in self.details.values()),
            "hidden_groups": any(name == GROUPS for name, _part in self.gone),
            "hidden_backgrounds": any(name not in (GROUPS, METHODS) for name, _part in self.gone),
            "hidden_methods": any(name == METHODS for name, _part in self.gone),
            "hidden_cells": any(
                part not in self.gone for code, gone in self.gone_of.items() if self.details[code] for part in gone
            ),
        }
        return [key for key, is_so in hidden.items() if is_so]

    def _question(self, one: Asked) -> QuestionResult:
        if one.is_background:
            return self._background_question(one)
        return _result(
            one, tally(self.columns[one.spec.code], self.everybody), self.details[one.spec.code], self.limits
        )

    def _background_question(self, one: Asked) -> QuestionResult:
        """How many gave each answer, of those parts that are shown."""
        name = _background(one.spec.code)
        parts = self.partitions[name]
        counts = {part: None if (name, part) in self.gone else who.bit_count() for part, who in parts.items()}
        choices = tuple(Choice(value, one.labels[value], counts[value]) for value in one.spec.values)
        if not any(choice.count for choice in choices):
            return _not_shown(one)
        rest = counts[REST]
        n = None if rest is None else len(self.of.rows) - rest
        return replace(_not_shown(one), is_shown=True, n=n, choices=choices)

    def _invited(self, groups: Sequence[GroupResult]) -> dict[str, int | None]:
        """How many were invited of each group; of hidden ones only if that leaves open how many answered."""
        invited = _invited(self.of)
        hidden = [group.code for group in groups if group.n is None]
        most = [invited.get(code) for code in hidden]
        together = len(self.of.rows) - sum(group.n or 0 for group in groups)
        if _is_settled(together, [together if one is None else one for one in most]):
            return invited | dict.fromkeys(hidden)
        return invited

    def _groups(self, name: str, labels: Mapping[str, str], rest: str) -> list[GroupResult]:
        parts = self.partitions.get(name, {})
        all_labels = [*labels.items(), *([(REST, rest)] if parts.get(REST) else [])]
        return [self._group(name, part, label, parts[part]) for part, label in all_labels if part in parts]

    def _group(self, name: str, part: str, label: str, who: Mask) -> GroupResult:
        n = None if (name, part) in self.gone else who.bit_count()
        own = [one for one in self.told if not one.is_background]
        return GroupResult(part, label, None, n, tuple(self._of_part(one, (name, part), who) for one in own))

    def _of_part(self, one: Asked, part: Part, who: Mask) -> QuestionResult:
        of = tally(self.columns[one.spec.code], who)
        if part in self.gone_of[one.spec.code] or not of.n:
            return _not_shown(one)
        if of.is_numeric:
            # How many answered is told where a whole distribution could be.
            tells_n = who.bit_count() >= self.limits.distribution and one.spec.shown_if is None
            return replace(
                _not_shown(one), is_shown=True, n=of.n if tells_n else None, mean=rounded_mean(of, self.limits)
            )
        shown = _result(one, of, Detail(has_counts=True), self.limits)
        return replace(shown, beside=None, low=None, high=None)


def _is_settled(together: int, most: Sequence[int]) -> bool:
    """Whether one of some numbers, each at least 1, is known from their sum and the most that each can be."""
    for at, own in enumerate(most):
        others = [*most[:at], *most[at + 1 :]]
        if max(1, together - sum(others)) >= min(own, together - len(others)):
            return True
    return False


def _background(code: str) -> str:
    return f"by {code}"


def _result(one: Asked, of: Tally, detail: Detail, limits: Limits) -> QuestionResult:
    """The question's figures as far as the detail goes."""
    if not detail:
        return _not_shown(one)
    result = replace(
        _not_shown(one), is_shown=True, n=of.n, choices=_choices(one, of, detail), is_merged=detail.is_merged
    )
    if of.n >= limits.distribution:
        result = replace(result, beside=of.beside)
    if one.spec.kind == QuestionKind.YES_NO:
        chose, n = of.share(("yes",))
        low, high = share_interval(chose, n)
        result = replace(result, share=yes_share(of.counts, n), low=low, high=high)
    return _with_mean(result, of, detail, limits) if detail.has_mean else result


def _with_mean(result: QuestionResult, of: Tally, detail: Detail, limits: Limits) -> QuestionResult:
    """The mean, its interval and the spread. Of few, the interval comes from what is printed: it tells no more."""
    mean, sd = of.mean, of.sd
    assert mean is not None and sd is not None
    decimals = FINE if detail.has_counts else COARSE
    shown = replace(result, mean=round_half_up(mean, decimals))
    if not detail.has_sd:
        return shown
    if not detail.has_counts:
        mean, sd = round_half_up(mean, decimals), coarse_sd(sd)
    low, high = mean_interval(mean, sd, of.n, decimals)
    return replace(shown, low=low, high=high, sd=round_half_up(sd, decimals))


def _choices(one: Asked, of: Tally, detail: Detail) -> tuple[Choice, ...]:
    if detail.is_merged:
        ends = ["–".join(dict.fromkeys((values[0], values[-1]))) for values in MERGED]
        return tuple(Choice(code, code, count) for code, count in zip(ends, merged_counts(of), strict=True))
    if not detail.has_counts:
        return ()
    return tuple(
        Choice(value, one.labels.get(value, value), of.counts[value], _place(one, of, value))
        for value in one.spec.values
    )


def _place(one: Asked, of: Tally, value: str) -> Decimal | None:
    mean = of.mean_place(value) if one.spec.kind == QuestionKind.RANKING else None
    return None if mean is None else round_half_up(mean, FINE)
