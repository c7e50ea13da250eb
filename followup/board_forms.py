"""Forms of boards: what one shows, and what a meeting says about an indicator and an action."""

from collections.abc import Iterable, Sequence
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followup.actions.boards import Chosen, Said
from followup.kinds import Worked
from followup.labels import WORKED
from followup.models import Action, Board
from followup.recurrence import RecurrenceError, parse_recurrence
from goals.forms.fields import PeriodField
from goals.forms.shared import UnitChoiceField, VersionedForm, date_input, rows
from goals.labels import PERIOD_KINDS
from goals.models import Series
from goals.periods import PeriodKind, parse_period
from organisation.models import Unit, User

NEW_ROWS = 3


def people_of(unit: Unit) -> list[User]:
    """Who works in the unit or below it, or leads it."""
    around = Unit.objects.below(unit).values("pk")
    return list(User.objects.filter(memberships__unit__in=around, is_active=True).distinct())


def _named(people: Iterable[User]) -> list[tuple[str, str]]:
    return [("", "–"), *((str(one.pk), f"{one}, {one.title}" if one.title else str(one)) for one in people)]


class BoardForm(VersionedForm):
    """What a board is called and when it meets."""

    class Meta:
        model = Board
        fields = ["name", "rule", "first_meeting", "meeting_time", "is_active"]
        widgets = {
            "first_meeting": date_input(),
            "meeting_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def clean_rule(self):
        rule = self.cleaned_data["rule"]
        try:
            parse_recurrence(rule)
        except RecurrenceError as error:
            raise forms.ValidationError(
                _("Vi forstår ikke ”%s”. Skriv fx hver 14. dag eller hver måned.") % error.text
            ) from error
        return rule


class NewBoardForm(BoardForm):
    """A new board of one of the person's units."""

    unit = UnitChoiceField(label=gettext_lazy("Enhed"))

    class Meta(BoardForm.Meta):
        fields = ["unit", "name", "rule", "first_meeting", "meeting_time"]

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def clean(self):
        cleaned = super().clean()
        unit, name = cleaned.get("unit"), cleaned.get("name")
        if unit is not None and Board.objects.filter(unit=unit, name=name).exists():
            self.add_error("name", _("Enheden har allerede en tavle med det navn."))
        return cleaned


class RowForm(forms.Form):
    """One indicator on the board; without an indicator the row is empty."""

    series = forms.ChoiceField(label=gettext_lazy("Indikator"), required=False)
    focus_area = forms.CharField(
        label=gettext_lazy("Fokusområde"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"list": "fokusomraader"}),
    )  # fmt: skip
    position = forms.IntegerField(label=gettext_lazy("Rækkefølge"), min_value=1, max_value=999, required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Ansvarlig"), required=False)
    leave = forms.BooleanField(label=gettext_lazy("Fjern"), required=False)

    def __init__(self, *args, series_choices, owner_choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["series"].choices = series_choices
        self.fields["owner"].choices = owner_choices

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("series") and not cleaned.get("leave") and not cleaned.get("focus_area"):
            self.add_error("focus_area", _("Skriv, hvilket fokusområde indikatoren hører under."))
        return cleaned


class BoardRows:
    """All the indicators of a board as one form: those it shows, and a few empty rows for more."""

    def __init__(self, board: Board, posted=None) -> None:
        shown = list(board.board_series.select_related("series__indicator", "series__unit").order_by("position", "pk"))
        people, more = people_of(board.unit), _candidates(board, [row.series_id for row in shown])
        self.series = {str(one.pk): one for one in (*(row.series for row in shown), *more)}
        self.people = {str(one.pk): one for one in people}
        self.areas = list(dict.fromkeys(row.focus_area for row in shown))
        owners = _named(people)
        self.shown = [
            self._form(at, posted, owners, [(str(row.series_id), _series_name(row.series))], row)
            for at, row in enumerate(shown)
        ]
        choices = [("", "–"), *((str(one.pk), _series_name(one)) for one in more)]
        self.new = [self._form(at, posted, owners, choices) for at in range(len(shown), len(shown) + NEW_ROWS)]

    @staticmethod
    def _form(at: int, posted, owners, choices, row=None) -> RowForm:
        initial = {"position": (at + 1) * 10}
        if row is not None:
            initial = {
                "series": str(row.series_id), "focus_area": row.focus_area, "position": row.position,
                "owner": str(row.owner_id or ""),
            }  # fmt: skip
        form = RowForm(posted, prefix=f"r{at}", initial=initial, series_choices=choices, owner_choices=owners)
        form.row = row
        return form

    @property
    def forms(self) -> list[RowForm]:
        return [*self.shown, *self.new]

    def is_valid(self) -> bool:
        refused = [form for form in self.forms if not form.is_valid()]
        return not refused

    def chosen(self) -> list[Chosen]:
        """What the board is to show, in order; an indicator that is named twice stands where it was named last."""
        found: dict[str, Chosen] = {}
        for form in self.forms:
            asked = form.cleaned_data
            if asked["series"] and not asked["leave"]:
                found[asked["series"]] = Chosen(
                    self.series[asked["series"]],
                    asked["focus_area"].strip(),
                    asked["position"] or 999,
                    self.people.get(asked["owner"]),
                )
        return sorted(found.values(), key=lambda one: one.position)


def _candidates(board: Board, shown: Sequence[int]) -> list[Series]:
    """Series of the unit and of those right below it that are not on the board yet."""
    near = Unit.objects.filter(pk=board.unit_id) | Unit.objects.filter(parent=board.unit_id)
    found = Series.objects.filter(unit__in=near.values("pk")).exclude(pk__in=shown)
    return list(found.select_related("indicator", "unit").order_by("indicator__name", "unit__name")[:300])


def _series_name(series: Series) -> str:
    return f"{series.indicator.name}, {series.unit.name}"


class PointForm(forms.Form):
    """What the meeting says about one indicator: the explanation, and an action or why it is let be."""

    explanation = forms.CharField(
        label=gettext_lazy("Hvad er sket, hvorfor, hvad gør vi?"), required=False, max_length=4000, widget=rows(3)
    )
    what = forms.CharField(
        label=gettext_lazy("Ny handling: Hvad?"), required=False, max_length=300, widget=forms.TextInput
    )
    owner = forms.ChoiceField(label=gettext_lazy("Hvem?"), required=False)
    due_date = forms.DateField(label=gettext_lazy("Hvornår?"), required=False, widget=date_input())
    acceptance = forms.CharField(
        label=gettext_lazy("Vi lader det være, fordi"), required=False, max_length=2000, widget=rows(2)
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    all_optional = True

    def __init__(self, *args, people: dict[str, User], tile, today: date, **kwargs):
        text = tile.point.explanation if tile.point else ""
        kwargs["initial"] = {
            "explanation": text, "seen": text, "acceptance": tile.acceptance.reason if tile.acceptance else "",
        }  # fmt: skip
        super().__init__(*args, auto_id=f"id_{tile.series.pk}_%s", **kwargs)
        self.people, self.tile, self.today = people, tile, today
        self.fields["owner"].choices = _named(people.values())

    def clean_due_date(self):
        day = self.cleaned_data["due_date"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("Datoen er passeret. Skriv den dag, handlingen skal være gjort."))
        return day

    def clean(self):
        cleaned = super().clean()
        given = [name for name in ("what", "owner", "due_date") if cleaned.get(name)]
        if given and not self.errors:
            asked = {"what": _("Skriv, hvad der skal gøres."), "owner": _("Vælg, hvem der gør det."),
                     "due_date": _("Vælg, hvornår det er gjort.")}  # fmt: skip
            for name, text in asked.items():
                if name not in given:
                    self.add_error(name, text)
        return cleaned

    def said(self) -> Said:
        """In the words of the action."""
        asked = self.cleaned_data
        return Said(
            self.tile.series,
            explanation=asked["explanation"],
            acceptance=asked["acceptance"],
            what=asked["what"],
            owner=self.people.get(asked["owner"]),
            due_date=asked["due_date"],
            seen=asked["seen"].replace("\r\n", "\n"),
        )


MOVE, DROP = "move", "drop"


class StepForm(forms.Form):
    """What the meeting does with an open action: another day, or its end."""

    step = forms.ChoiceField(
        label=gettext_lazy("Hvad gør vi?"),
        choices=[
            ("", gettext_lazy("Vælg")),
            (MOVE, gettext_lazy("Ny dato")),
            *((key.value, gettext_lazy("Udført: %s") % label) for key, label in WORKED.items()),
            (DROP, gettext_lazy("Droppet")),
        ],
    )
    due_date = forms.DateField(label=gettext_lazy("Ny dato"), required=False, widget=date_input())
    text = forms.CharField(
        label=gettext_lazy("Hvorfor, eller hvad kom der ud af det?"), required=False, max_length=500,
        widget=forms.TextInput,
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    all_optional = True

    def __init__(self, *args, action: Action, today: date, **kwargs):
        super().__init__(*args, auto_id=f"id_handling{action.pk}_%s", initial={"version": action.version}, **kwargs)
        self.action, self.today = action, today

    def clean(self):
        cleaned = super().clean()
        step, day = cleaned.get("step"), cleaned.get("due_date")
        if step == MOVE and "due_date" not in self.errors and (day is None or day < self.today):
            self.add_error("due_date", _("Vælg den dag, handlingen skal være gjort."))
        is_late = step == MOVE and self.action.is_overdue(self.today)
        if (is_late or step == DROP) and not cleaned.get("text"):
            self.add_error("text", _("Skriv hvorfor."))
        return cleaned

    @property
    def worked(self) -> Worked:
        """Whether the action that was carried out worked."""
        return Worked(self.cleaned_data["step"])


class CloseForm(forms.Form):
    """The last words of a meeting."""

    note = forms.CharField(
        label=gettext_lazy("Hvad talte vi ellers om?"), required=False, max_length=4000, widget=rows(2)
    )


class InterventionForm(forms.Form):
    """What was done to move a series, and from which period it may show."""

    period = PeriodField(label=gettext_lazy("Periode"), help_text=gettext_lazy("Fx 2026U34F eller 2026M08"))
    text = forms.CharField(label=gettext_lazy("Hvad gjorde I?"), max_length=200)
    freezes_median = forms.BooleanField(
        label=gettext_lazy("Fasthold medianen, som den var før"), required=False, initial=True
    )

    def __init__(self, *args, frequency, **kwargs):
        super().__init__(*args, **kwargs)
        self.frequency = frequency

    def clean_period(self):
        code = self.cleaned_data["period"]
        if parse_period(code).kind != self.frequency:
            raise forms.ValidationError(_("Indikatoren opgøres %s. Skriv en periode af den slags.") % self._rhythm())
        return code

    def _rhythm(self) -> str:
        return str(PERIOD_KINDS[PeriodKind(self.frequency)])
