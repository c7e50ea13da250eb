"""Forms of the year wheel: rounds with their dates, plans, other days, and how an authority follows up."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followup.actions.plans import plan_for, proposed_dates
from followup.actions.rounds import DATES
from followup.kinds import EventKind, RoundState
from followup.models import FollowUpSettings, Plan, Round, YearEvent
from followup.recurrence import RecurrenceError, parse_recurrence, words
from goals.forms.fields import PeriodField
from goals.forms.shared import VersionedForm, date_input
from goals.labels import PERIOD_KINDS
from goals.periods import PeriodKind, parse_period

# Periods that follow each other without an end, so that a plan can go on.
PLANNED_KINDS = (
    PeriodKind.FORTNIGHT, PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.TERTIAL, PeriodKind.HALF_YEAR,
    PeriodKind.YEAR, PeriodKind.SCHOOL_YEAR,
)  # fmt: skip
DAYS = ("entry_days", "department_days", "directorate_days", "approval_days", "conclusion_days")
REQUIRED_DATES = ("opens", "entry_deadline", "approval_deadline", "meeting_date")


def time_input() -> forms.TimeInput:
    """The browser's own clock."""
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def check_order(form: forms.Form, cleaned: dict[str, Any], names: Iterable[str]) -> None:
    """Say beside a date that it lies before an earlier step; dates left out are passed over."""
    given = [(name, cleaned[name]) for name in names if name in form.fields and cleaned.get(name)]
    for (earlier, before), (later, after) in pairwise(given):
        if after < before:
            form.add_error(later, _("Datoen skal ligge efter ”%s”.") % form.fields[earlier].label)


class RoundForm(forms.ModelForm):
    """A round: body, period and dates. The order of the dates is checked beside them.

    Of a new round the dates left out are counted back from the meeting.
    """

    all_optional = True  # the page says which dates may be left out

    period = PeriodField(label=gettext_lazy("Periode"), help_text=gettext_lazy("Fx 2026K3, 2026H1 eller 2026"))
    field_order = ["body", "period", "meeting_date", "meeting_time", "meeting_place", *DATES]

    class Meta:
        model = Round
        fields = ["body", "period", "meeting_time", "meeting_place", *DATES]
        widgets = {name: date_input() for name in DATES} | {"meeting_time": time_input()}

    def __init__(self, *args, bodies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies
        self.is_new = self.instance.pk is None
        if self.is_new:
            for name in REQUIRED_DATES[:-1]:
                self.fields[name].required = False
        elif self.instance.state != RoundState.PLANNED:
            for name in ("body", "period", "opens"):
                self.fields[name].disabled = True

    def clean(self):
        cleaned = super().clean()
        if self.is_new and all(cleaned.get(name) for name in ("body", "period", "meeting_date")):
            cleaned |= self._filled(cleaned)
        check_order(self, cleaned, DATES)
        return cleaned

    def _filled(self, cleaned: dict[str, Any]) -> dict[str, date]:
        """Proposals for the dates left out, between those that were given."""
        filled: dict[str, date] = {}
        earliest = date.min
        for name, proposed in zip(DATES, self._proposed(cleaned), strict=True):
            later = [cleaned[other] for other in DATES[DATES.index(name) + 1 :] if cleaned.get(other)]
            if name in self.errors:
                continue
            earliest = filled[name] = cleaned.get(name) or max(min([proposed, *later]), earliest)
        return filled

    @staticmethod
    def _proposed(cleaned: dict[str, Any]) -> tuple[date, ...]:
        period = parse_period(cleaned["period"])
        return proposed_dates(cleaned["body"], period, cleaned["meeting_date"]).in_order()

    def with_proposals(self) -> "RoundForm":
        """The form again, not stored, with every date counted back from the meeting."""
        proposed = dict(zip(DATES, self._proposed(self.cleaned_data), strict=True))
        if self.fields["opens"].disabled:
            proposed["opens"] = min(self.instance.opens, proposed["entry_deadline"])
        initial = self.cleaned_data | proposed
        return RoundForm(instance=self.instance, bodies=self.fields["body"].queryset, initial=initial)

    def save(self, commit=True):
        if self.is_new:
            self.instance.plan = plan_for(self.instance.body, self.instance.covers)
        return super().save(commit=commit)


def movable_dates(round_: Round) -> list[tuple[str, str]]:
    """Names and labels of the round's dates that may still be moved."""
    if round_.state == RoundState.CLOSED:
        return []
    stays = () if round_.state == RoundState.PLANNED else ("opens",)
    return [
        (name, Round._meta.get_field(name).verbose_name)
        for name in DATES
        if name not in stays and getattr(round_, name) is not None
    ]


class MoveDateForm(forms.Form):
    """One date of a round, and the day it moves to."""

    field = forms.ChoiceField(label=gettext_lazy("Hvilken dato?"))
    day = forms.DateField(label=gettext_lazy("Flyttes til"), widget=date_input())

    def __init__(self, *args, round_: Round, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = movable_dates(round_)


class PlanForm(VersionedForm):
    """A body's plan. The rule is written in plain words and said again in canonical ones."""

    class Meta:
        model = Plan
        fields = [
            "body", "period_kind", "rule", "first_meeting", "meeting_time", "meeting_place", "follows", "most_below",
            "series", *DAYS, "is_active",
        ]  # fmt: skip
        widgets = {
            "first_meeting": date_input(),
            "meeting_time": time_input(),
            "series": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, bodies, series, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies
        if self.instance.pk:
            self.fields["body"].disabled = True
            self.fields["series"].queryset = series
        else:
            del self.fields["series"]
        self.fields["period_kind"].choices = [(kind.value, PERIOD_KINDS[kind]) for kind in PLANNED_KINDS]
        self.fields["most_below"].required = False
        for name in DAYS:
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean_rule(self):
        text = self.cleaned_data["rule"]
        try:
            return words(parse_recurrence(text))
        except RecurrenceError as error:
            raise forms.ValidationError(
                _("Vi forstår ikke ”%s”. Skriv fx kvartalsvis, hver 14. dag eller 1. tirsdag i marts og september.")
                % error.text
            ) from error

    def clean_most_below(self):
        given = self.cleaned_data["most_below"]
        return self.instance.most_below if given is None else given

    def clean(self):
        cleaned = super().clean()
        for below, above in pairwise(DAYS):
            lower, higher = cleaned.get(below), cleaned.get(above)
            if lower is not None and higher is not None and higher > lower:
                said = {"above": self.fields[above].label, "below": self.fields[below].label}
                self.add_error(above, _("”%(above)s” kan ikke ligge længere før mødet end ”%(below)s”.") % said)
        return cleaned

    def reading(self) -> Plan | None:
        """The plan as far as it can be read, for showing its next meetings; None when rule or first meeting cannot."""
        names = ("rule", "first_meeting", "period_kind", *DAYS)
        if any(name in self.errors for name in names):
            return None
        return Plan(**{name: self.cleaned_data[name] for name in names})


class YearEventForm(forms.ModelForm):
    """A day in the year wheel that is no follow-up."""

    class Meta:
        model = YearEvent
        fields = ["kind", "body", "title", "day", "last_day"]
        widgets = {"day": date_input(), "last_day": date_input()}

    def __init__(self, *args, bodies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies
        self.fields["body"].empty_label = _("Hele kommunen")

    def clean(self):
        cleaned = super().clean()
        is_meeting = cleaned.get("kind") == EventKind.MEETING
        if is_meeting and not cleaned.get("body") and "body" not in self.errors:
            self.add_error("body", _("Vælg, hvem der holder møde."))
        if not is_meeting and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", _("Skriv, hvad der sker den dag."))
        check_order(self, cleaned, ("day", "last_day"))
        return cleaned


class SettingsForm(forms.ModelForm):
    """How the authority follows up."""

    class Meta:
        model = FollowUpSettings
        fields = [
            "division", "agenda_days", "material_days", "answer_days", "constitution_day_counts",
            "christmas_eve_counts", "new_years_eve_counts",
        ]  # fmt: skip
        widgets = {"division": forms.RadioSelect}

    def clean(self):
        cleaned = super().clean()
        agenda, material = cleaned.get("agenda_days"), cleaned.get("material_days")
        if agenda is not None and material is not None and material > agenda:
            self.add_error("material_days", _("Materialet kan ikke være ude før dagsordenen."))
        return cleaned
