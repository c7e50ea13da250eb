"""Forms of the answer to the citizens."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.comment_forms import REFUSED
from citizens.models import PublishedAnswer, Survey
from followup.action_forms import OwnerChoiceField
from followup.models import Action
from goals.forms.shared import VersionedForm, date_input, rows
from goals.models import Decision
from organisation.models import Membership, Unit, User
from organisation.permissions import TABLE, Permission

PAIR_REFUSED = REFUSED | {
    "finished": gettext_lazy("Svaret er offentliggjort og kan ikke ændres. Skriv i stedet, hvad der kom af det."),
    "not_open": gettext_lazy("Undersøgelsen er ikke åbnet endnu."),
    "not_closed": gettext_lazy("Undersøgelsen er ikke lukket endnu."),
    "not_finished": gettext_lazy("Svaret er ikke offentliggjort endnu."),
    "survey_unanswered": gettext_lazy(
        "Borgerne mangler et svar. Skriv, hvad vi hørte, og hvad vi gør, før undersøgelsen kan afsluttes."
    ),
}
MOST = 200  # actions and decisions to choose among


def writers_for(survey: Survey, today) -> "forms.models.QuerySet[User]":
    """Those who may write the answer: who run surveys of the unit."""
    roles = Membership.objects.current(today).filter(
        unit__in=Unit.objects.above(survey.unit), role__in=TABLE[Permission.RUN_SURVEYS]
    )
    return User.objects.filter(pk__in=roles.values("user"), is_active=True)


class PairForm(VersionedForm):
    """What was heard, what is done about it, who writes that and by when, and what it leads to."""

    responsible = OwnerChoiceField(
        label=gettext_lazy("Hvem skriver, hvad vi gør?"), queryset=User.objects.none(), required=False,
        empty_label=gettext_lazy("Ingen endnu"),
    )  # fmt: skip
    action = forms.ModelChoiceField(
        label=gettext_lazy("Handling"), queryset=Action.objects.none(), required=False,
        empty_label=gettext_lazy("Ingen endnu"),
    )  # fmt: skip
    decision = forms.ModelChoiceField(
        label=gettext_lazy("Beslutning"), queryset=Decision.objects.none(), required=False,
        empty_label=gettext_lazy("Ingen"),
    )  # fmt: skip

    class Meta:
        model = PublishedAnswer
        fields = ["heard", "doing", "responsible", "due_date", "action", "decision", "needs_decision"]
        widgets = {"heard": rows(3), "doing": rows(3), "due_date": date_input()}
        help_texts = {
            "heard": gettext_lazy("Skriv med jeres egne ord, ikke borgernes."),
            "doing": gettext_lazy("Kan skrives senere. Svaret bliver først offentligt, når alle felter er fyldt ud."),
        }

    def __init__(self, *args, survey, user, today, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("heard", "doing"):
            self.fields[name].widget.attrs["maxlength"] = 1000
            self.fields[name].max_length = 1000
        chosen = self.instance
        self.fields["responsible"].queryset = (
            writers_for(survey, today) | User.objects.filter(pk=chosen.responsible_id or 0)
        ).order_by("first_name", "last_name")
        self.fields["action"].queryset = _actions(survey, user, today, chosen)
        self.fields["decision"].queryset = _decisions(survey, user, today, chosen)

    def clean_heard(self):
        return _short(self.cleaned_data["heard"])

    def clean_doing(self):
        return _short(self.cleaned_data["doing"])

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("doing") and cleaned.get("responsible") and not cleaned.get("due_date"):
            self.add_error("due_date", _("Skriv, hvornår det senest skal være skrevet."))
        return cleaned


def _short(text: str) -> str:
    if len(text) > 1000:
        raise forms.ValidationError(_("Skriv højst 1.000 tegn."))
    return text.strip()


def _actions(survey: Survey, user, today, chosen: PublishedAnswer):
    """Actions of the unit and what is below it, and those about the goal, newest first."""
    about = Q(unit__in=Unit.objects.below(survey.unit))
    if survey.goal_id is not None:
        about |= Q(goal=survey.goal_id)
    seen = Action.objects.visible_to(user, today).filter(authority=survey.authority_id)
    newest = seen.filter(about).order_by("-created_at", "-pk").values("pk")[:MOST]
    keys = [*newest.values_list("pk", flat=True), chosen.action_id or 0]
    return Action.objects.filter(pk__in=keys).order_by("-created_at", "-pk")


def _decisions(survey: Survey, user, today, chosen: PublishedAnswer):
    """Decisions that the person may read; what is closed is never linked to what is published."""
    seen = Decision.objects.filter(authority=survey.authority_id, is_closed=False).order_by("-date", "-pk")
    keys = [*seen.values_list("pk", flat=True)[:MOST], chosen.decision_id or 0]
    return Decision.objects.filter(pk__in=keys).select_related("body").order_by("-date", "-pk")


class OutcomeForm(VersionedForm):
    """What came of a published pair."""

    class Meta:
        model = PublishedAnswer
        fields = ["outcome"]
        widgets = {"outcome": rows(3)}
        labels = {"outcome": gettext_lazy("Hvad kom der af det?")}
        help_texts = {"outcome": gettext_lazy("Teksten bliver offentlig. Skriv med jeres egne ord.")}

    def clean_outcome(self):
        return _short(self.cleaned_data["outcome"])
