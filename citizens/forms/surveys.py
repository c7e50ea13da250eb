"""Forms that begin a survey and set it up."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.actions.surveys import plain
from citizens.declared import DAYS, day_faults
from citizens.defaults import default_days, default_period
from citizens.kinds import LEAST_SENSITIVE, LEAST_SHOWN, QuestionTemplateKey, SurveyState
from citizens.labels import LANGUAGES, QUESTION_TEMPLATES
from citizens.models import Survey
from goals.forms.fields import PeriodField
from goals.forms.shared import UnitChoiceField, VersionedForm, date_input, rows
from goals.labels import choices
from goals.models import Series
from organisation.models import Unit

MANY = 200  # choices of a select before one searches among them
DAY_SENTENCES = {
    "before_opening": gettext_lazy("Den sidste dag ligger før den dag, undersøgelsen åbner."),
    "before_closing": gettext_lazy("Datoen ligger før den sidste dag, man kan svare."),
    "before_answer": gettext_lazy("Datoen ligger før den dag, borgerne får svar."),
}
LATE_STATES = (SurveyState.OPEN, SurveyState.CLOSED, SurveyState.FINISHED)


class SeriesChoiceField(forms.ModelChoiceField):
    """A series, by its indicator and unit."""

    def label_from_instance(self, obj):
        return f"{obj.indicator.name}, {obj.unit.name}"


def found_among(queryset, words: str, *fields: str, keep: int | None = None):
    """The few that hold every word, and the one that is chosen already: a select never has thousands."""
    condition = Q()
    for word in words.split()[:8]:
        condition &= Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR)
    ids = list(queryset.filter(condition).values_list("pk", flat=True)[:MANY])
    return queryset.filter(Q(pk__in=ids) | Q(pk=keep or 0))


class AboutForm(VersionedForm):
    """What a survey is about: a goal, an indicator or an effort."""

    series = SeriesChoiceField(label=gettext_lazy("Om indikatoren"), queryset=Series.objects.none(), required=False)

    def offer(self, *, units, goals, series, words: str = "") -> None:
        """What may be chosen; of goals and series those that hold the words. A post may name any of them."""
        chosen = self.instance
        self.is_many = bool(words) or goals.count() > MANY or series.count() > MANY
        if self.is_bound:
            self.fields["goal"].queryset, self.fields["series"].queryset = goals, series
        else:
            self.fields["goal"].queryset = found_among(goals, words, "title", "short_name", keep=chosen.goal_id)
            self.fields["series"].queryset = found_among(
                series, words, "indicator__name", "unit__name", keep=chosen.series_id
            )
        self.fields["unit"].queryset = units
        self.fields["goal"].empty_label = self.fields["series"].empty_label = _("Intet valgt")

    def clean(self):
        cleaned = super().clean()
        about = [name for name in ("goal", "series", "effort") if cleaned.get(name)]
        if not about and not {"goal", "series", "effort"} & set(self.errors):
            self.add_error("effort", _("Vælg et mål eller en indikator, eller skriv, hvilken indsats det handler om."))
        return cleaned


class SurveyCreateForm(AboutForm):
    """The first step: what about, who is asked, and which questions to begin from."""

    unit = UnitChoiceField(label=gettext_lazy("Ansvarlig enhed"))
    template = forms.ChoiceField(
        label=gettext_lazy("Begynd med"),
        choices=[*choices(QUESTION_TEMPLATES), ("", gettext_lazy("Ingen spørgsmål"))],
        widget=forms.RadioSelect,
        required=False,
        initial=QuestionTemplateKey.FOUR_ASSESSMENTS,
    )

    class Meta:
        model = Survey
        fields = ["title", "unit", "goal", "series", "effort", "audience"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].help_text = _("Sådan ser borgeren den. Fx Hvordan oplever du hjemmeplejen?")

    def facts(self, today: date, contact: str) -> dict[str, Any]:
        """What is stored: what was asked, and days and words to begin from."""
        asked = dict(self.cleaned_data)
        asked.pop("template"), asked.pop("unit")
        days = default_days(today)
        frequency = asked["series"].indicator.frequency if asked.get("series") else ""
        return {**asked, **days, "contact": contact, "period": default_period(days["closes_on"], frequency)}


class LanguageFields:
    """The heading and the introduction in Danish and in each further language."""

    def add_languages(self) -> None:
        survey = self.instance
        self.fields["intro_da"] = self._intro(_("Det læser borgeren først"), survey.intro.get("da", ""), required=True)
        for language in survey.languages:
            said = {"language": LANGUAGES.get(language, language)}
            self.fields[f"title_{language}"] = forms.CharField(
                label=_("Overskrift på %(language)s") % said,
                initial=survey.titles.get(language, ""),
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs={"lang": language}),
            )
            self.fields[f"intro_{language}"] = self._intro(
                _("Det læser borgeren først, på %(language)s") % said, survey.intro.get(language, ""), language
            )

    @staticmethod
    def _intro(label, initial, language="da", *, required=False):
        widget = rows(3)
        widget.attrs["lang"] = language
        return forms.CharField(label=label, initial=initial, required=required, max_length=1000, widget=widget)

    @property
    def titles(self):
        """The heading in the further languages."""
        return [self[name] for name in self.fields if _is_of(name, "title")]

    @property
    def intros(self):
        """The introduction in every language."""
        return [self[name] for name in self.fields if _is_of(name, "intro")]

    def said(self, kind: str) -> dict[str, str]:
        """The texts of a kind by language; languages that are not offered here keep theirs."""
        kept = dict(self.instance.titles if kind == "title" else self.instance.intro)
        asked = {name.removeprefix(f"{kind}_"): text for name, text in self.cleaned_data.items() if _is_of(name, kind)}
        return {language: text for language, text in {**kept, **asked}.items() if text}


def _is_of(name: str, kind: str) -> bool:
    return name.startswith(f"{kind}_") and name.removeprefix(f"{kind}_") in LANGUAGES


class SurveyForm(LanguageFields, AboutForm):
    """The second step: when, what is kept, what for, and who may be asked about it."""

    all_optional = True  # nearly everything may wait until it opens: so no field says that it may

    unit = UnitChoiceField(label=gettext_lazy("Ansvarlig enhed"))
    period = PeriodField(
        label=gettext_lazy("Svarene gælder perioden"), required=False, help_text=gettext_lazy("Fx 2026K4 eller 2026")
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Sprog ud over dansk"),
        choices=[(code, name) for code, name in LANGUAGES.items() if code != "da"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    groups = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Vis resultater for hver af"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    areas = forms.CharField(
        label=gettext_lazy("Andre grupper, én på hver linje"),
        required=False,
        max_length=2000,
        widget=rows(3),
        help_text=gettext_lazy("Fx områder. Resultater for en gruppe vises først, når mange nok har svaret."),
    )

    class Meta:
        model = Survey
        fields = [
            "title", "unit", "goal", "series", "effort", "audience", "period", *DAYS, "anonymity", "purpose",
            "is_sensitive", "least_shown", "contact", "phone", "has_open_link", "is_one_a_screen", "languages",
        ]  # fmt: skip
        widgets = {day: date_input() for day in DAYS}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_languages()
        self.fields["purpose"].help_text = _("Vi spørger for at … Fx gøre hjemmeplejen bedre")
        self.fields["least_shown"].help_text = _("Mindst 6 svar. Tallet kan kun sættes op; følsomme emner: mindst 10.")
        self.fields["addresses_until"].help_text = _("De bruges kun til invitationen.")
        if self.instance.state in LATE_STATES:
            self._keep_what_was_declared()

    def offer_groups(self, units) -> None:
        """The units that answers may be told apart by, and those that are."""
        groups = list(self.instance.groups.all())
        ids = [group.unit_id for group in groups if group.unit_id]
        below = list(units.values_list("pk", flat=True)[:MANY])
        self.fields["groups"].queryset = Unit.objects.filter(pk__in=[*below, *ids]).order_by("name")
        self.fields["groups"].initial = ids
        self.fields["areas"].initial = "\n".join(group.name for group in groups if group.unit_id is None)
        if self.fields["areas"].disabled:
            self.fields["groups"].disabled = True
        if not below and not ids:
            del self.fields["groups"]

    def _keep_what_was_declared(self) -> None:
        """Those who answered were told: it does not change under them."""
        for name in ("unit", "goal", "series", "effort", "anonymity", "purpose", "period"):
            self.fields[name].disabled = True
        for name in ("addresses_until", "answers_until", "opens_on"):
            self.fields[name].disabled = True
        if self.instance.state != SurveyState.OPEN:  # its results are kept as they were when it closed
            for name in ("least_shown", "is_sensitive", "closes_on", "has_open_link", "areas"):
                self.fields[name].disabled = True

    def clean_least_shown(self):
        least = self.cleaned_data["least_shown"]
        if least < LEAST_SHOWN:
            raise forms.ValidationError(_("Resultater vises tidligst ved %d svar.") % LEAST_SHOWN)
        if self.instance.state in LATE_STATES and least < self.instance.least_shown:
            raise forms.ValidationError(_("Tallet kan kun sættes op, når undersøgelsen er åben."))
        return least

    def clean_areas(self):
        names = [" ".join(line.split()) for line in self.cleaned_data["areas"].splitlines()]
        names = list(dict.fromkeys(name for name in names if name))
        if any(len(name) > 120 for name in names):
            raise forms.ValidationError(_("Skriv højst 120 tegn på hver linje."))
        codes = [plain(name) for name in names]
        if len(set(codes)) < len(codes) or not all(codes):
            raise forms.ValidationError(_("To grupper ligner hinanden for meget. Giv dem hver sit navn."))
        return names

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_sensitive") and (cleaned.get("least_shown") or 0) < LEAST_SENSITIVE:
            cleaned["least_shown"] = LEAST_SENSITIVE
        for name, why in day_faults(**{day: cleaned.get(day) for day in DAYS}):
            self.add_error(name, DAY_SENTENCES[why])
        return cleaned

    def save(self, commit=False):
        """The survey with what was asked; the action stores it."""
        survey = super().save(commit=False)
        survey.titles, survey.intro = self.said("title"), self.said("intro")
        return survey


class CloseForm(forms.Form):
    """Closing by hand; where that cuts a period short that is measured, knowing it."""

    accepts_part = forms.BooleanField(
        label=gettext_lazy("Ja, tallet må bygge på en del af perioden"),
        required=False,
    )

    def __init__(self, *args, is_part: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_part:
            del self.fields["accepts_part"]


class VersionForm(forms.Form):
    """A step that is taken on the survey as it was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
