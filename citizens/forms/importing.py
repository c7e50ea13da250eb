"""Forms of importing answers: the file, what its columns become, and the survey they make."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.declared import day_faults
from citizens.defaults import days_after, default_period
from citizens.forms.surveys import DAY_SENTENCES
from citizens.importing import group_title
from citizens.importing_columns import Role
from citizens.kinds import LEAST_SENSITIVE, LEAST_SHOWN, Anonymity, Audience
from citizens.labels import AUDIENCES
from citizens.models import Survey
from goals.forms.fields import PeriodField
from goals.forms.shared import UnitChoiceField, date_input
from goals.labels import choices
from goals.models import Goal
from organisation.file_messages import file_message
from organisation.forms import FILE_LIMIT
from organisation.sheets import MEGABYTE, FileProblem, read_sheets

ROLES = {
    Role.SKIP: gettext_lazy("spring over"),
    Role.TICK: gettext_lazy("kryds i et spørgsmål med flere svar"),
    Role.OTHER: gettext_lazy("kryds med egne ord"),
    Role.SCALE: gettext_lazy("skala 1–5"),
    Role.TEN: gettext_lazy("skala 0–10"),
    Role.YES_NO: gettext_lazy("ja eller nej"),
    Role.SINGLE: gettext_lazy("vælg ét"),
    Role.BACKGROUND: gettext_lazy("vælg ét, og del resultaterne op"),
    Role.TEXT: gettext_lazy("med egne ord (holdes tilbage)"),
}
MEGABYTES = FILE_LIMIT // MEGABYTE


class AnswerFileForm(forms.Form):
    """The file with answers."""

    file = forms.FileField(
        label=gettext_lazy("Fil med svar"),
        help_text=gettext_lazy("CSV eller Excel (XLSX), højst 20 MB"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        error_messages={"empty": gettext_lazy("Filen er tom. Vælg en fil med svar i.")},
    )

    def clean_file(self):
        chosen = self.cleaned_data["file"]
        if chosen.size > FILE_LIMIT:
            raise forms.ValidationError(file_message(FileProblem("too_large", megabytes=MEGABYTES)))
        self.content = chosen.read()
        try:
            sheets = read_sheets(self.content, chosen.name, limit=FILE_LIMIT).sheets
        except FileProblem as problem:
            raise forms.ValidationError(file_message(problem)) from problem
        if not sheets or len([row for row in sheets[0].rows if any(row)]) < 2:
            raise forms.ValidationError(_("Der er ingen svar i filen. Første linje skal være spørgsmålene."))
        return chosen


class ColumnsForm(forms.Form):
    """What each column becomes, and what questions with several choices are called."""

    all_optional = True  # so no field says that it is

    def __init__(self, *args, columns, roles, titles, surveys, **kwargs):
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.fields["survey"] = forms.ModelChoiceField(
            label=_("Svarene hører til"),
            queryset=surveys,
            required=False,
            empty_label=_("en ny, lukket undersøgelse"),
            help_text=_("Kun en åben undersøgelse kan få flere svar."),
        )
        for column in columns:
            self.fields[f"col-{column.index}"] = forms.ChoiceField(
                label=_("Kolonne %d") % (column.index + 1),
                choices=choices({Role.SKIP: ROLES[Role.SKIP]} if column.is_of_persons else ROLES),
                initial=roles[column.index].value,
            )
        groups = [column.group for column in columns if roles[column.index] in (Role.TICK, Role.OTHER)]
        self.groups = list(dict.fromkeys(groups))
        for group in self.groups:
            self.fields[f"title-{group}"] = forms.CharField(
                label=_("Spørgsmål %s") % group if group else _("Spørgsmål"),
                max_length=500,
                required=False,
                initial=titles.get(group) or group_title(group),
            )

    @property
    def title_fields(self):
        """The names of the questions with several choices."""
        return [self[f"title-{group}"] for group in self.groups]

    def choice(self) -> dict[str, Any]:
        """What was chosen, as it is kept until the answers are stored."""
        asked = self.cleaned_data
        return {
            "roles": {str(column.index): asked[f"col-{column.index}"] for column in self.columns},
            "titles": {group: asked[f"title-{group}"] for group in self.groups},
            "survey": asked["survey"].pk if asked["survey"] else None,
        }


class ImportedSurveyForm(forms.Form):
    """What must be said of answers that were given elsewhere."""

    title = forms.CharField(label=gettext_lazy("Overskrift"), max_length=200)
    unit = UnitChoiceField(label=gettext_lazy("Ansvarlig enhed"))
    goal = forms.ModelChoiceField(
        label=gettext_lazy("Om målet"),
        queryset=Goal.objects.none(),
        required=False,
        empty_label=gettext_lazy("Intet valgt"),
    )
    effort = forms.CharField(label=gettext_lazy("Om indsatsen"), max_length=200, required=False)
    audience = forms.ChoiceField(label=gettext_lazy("Hvem svarede"), choices=choices(AUDIENCES))
    day = forms.DateField(label=gettext_lazy("Den dag, svarene gælder"), widget=date_input())
    period = PeriodField(label=gettext_lazy("Svarene gælder perioden"), help_text=gettext_lazy("Fx 2026K4 eller 2026"))
    purpose = forms.CharField(
        label=gettext_lazy("Formål"), max_length=200, help_text=gettext_lazy("Fx gøre hjemmeplejen bedre")
    )
    is_sensitive = forms.BooleanField(
        label=gettext_lazy("Følsomt emne: vis kun resultater fra 10 svar"), required=False
    )
    answer_by = forms.DateField(label=gettext_lazy("Borgerne får svar senest"), widget=date_input())
    answers_until = forms.DateField(label=gettext_lazy("Svar slettes"), widget=date_input())

    def __init__(self, *args, units, goals, today, filename, **kwargs):
        days = days_after(today)
        begun = {
            "title": filename.rpartition(".")[0][:200],
            "audience": Audience.CITIZEN,
            "day": today,
            "period": default_period(today),
            "answer_by": days["answer_by"],
            "answers_until": days["answers_until"],
        }
        super().__init__(*args, initial=begun, **kwargs)
        self.today = today
        self.fields["unit"].queryset, self.fields["goal"].queryset = units, goals

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("Datoen ligger i fremtiden. Vælg en dag, hvor der blev svaret."))
        return day

    def clean(self):
        cleaned = super().clean()
        days = {"closes_on": cleaned.get("day"), "answer_by": cleaned.get("answer_by")}
        for name, why in day_faults(**days, answers_until=cleaned.get("answers_until")):
            self.add_error(name, DAY_SENTENCES[why])
        if not cleaned.get("goal") and not cleaned.get("effort") and "goal" not in self.errors:
            self.add_error("effort", _("Vælg et mål, eller skriv, hvilken indsats det handler om."))
        return cleaned

    def facts(self, contact: str) -> dict[str, Any]:
        """The survey's fields; addresses were never here."""
        asked = {name: value for name, value in self.cleaned_data.items() if name not in ("unit", "day")}
        day = self.cleaned_data["day"]
        kept = {"addresses_until": day, "anonymity": Anonymity.ANONYMOUS, "contact": contact}
        least = LEAST_SENSITIVE if asked["is_sensitive"] else LEAST_SHOWN
        return {**asked, **kept, "least_shown": least}


def open_surveys(surveys):
    """Those that more answers may be added to."""
    return surveys.filter(state="open").order_by("title")


class DayForm(forms.Form):
    """The day of answers that are added to a survey."""

    day = forms.DateField(label=gettext_lazy("Den dag, svarene gælder"), widget=date_input())

    def __init__(self, *args, survey: Survey, today, **kwargs):
        super().__init__(*args, initial={"day": today}, **kwargs)
        self.survey, self.today = survey, today

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not self.survey.opens_on <= day <= min(self.survey.closes_on, self.today):
            raise forms.ValidationError(_("Vælg en dag, hvor undersøgelsen har været åben."))
        return day
