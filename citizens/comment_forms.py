"""Forms of the reading list: what narrows it, what is decided about a comment, and quotes in other words."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.kinds import CommentState
from citizens.models import Quote, Theme
from citizens.specs import current_questionnaire, worded
from goals.forms.shared import rows

CHOSEN = 100  # comments sorted under a theme at once
REFUSED = {
    "cpr": gettext_lazy(
        "Her står noget, der ligner et CPR-nummer. Fjern det, før du gemmer. Vi gemmer ikke CPR-numre."
    ),
    "repeats": gettext_lazy("Det gentager, hvad en borger har skrevet. Skriv det med jeres egne ord."),
    "names": gettext_lazy("Teksten nævner måske en person (”%s”). Skriv den uden navne."),
    "nothing_left": gettext_lazy("Der er ikke mere tilbage af kommentaren. Skjul den i stedet."),
    "added": gettext_lazy("Du kan kun tage ord ud. Skriv ikke noget nyt i en borgers kommentar."),
    "not_closed": gettext_lazy("Undersøgelsen er ikke lukket endnu."),
}


def refusal_words(refusal, sentences=REFUSED) -> str:
    """Why it is refused, as a sentence."""
    text = str(sentences[refusal.key])
    return text % "”, ”".join(refusal.words) if refusal.words else text


class CommentFilterForm(forms.Form):
    """What narrows the reading list. Only readable comments unless the hidden ones are asked for."""

    all_optional = True

    spm = forms.ChoiceField(label=gettext_lazy("Spørgsmål"), required=False)
    tema = forms.ModelChoiceField(
        label=gettext_lazy("Tema"), queryset=Theme.objects.none(), required=False, empty_label=gettext_lazy("Alle")
    )
    vis = forms.ChoiceField(label=gettext_lazy("Vis"), required=False)

    def __init__(self, *args, survey, comments, may_decide, **kwargs):
        super().__init__(*args, **kwargs)
        self.comments = comments
        questionnaire = current_questionnaire(survey)
        texts = questionnaire.questions.filter(kind="text") if questionnaire else []
        self.fields["spm"].choices = [("", _("Alle")), *((one.code, worded(one.text, "da")) for one in texts)]
        self.fields["tema"].queryset = survey.themes.all()
        states = [(CommentState.HELD, _("Holdt tilbage")), (CommentState.HIDDEN, _("Skjult"))] if may_decide else []
        self.fields["vis"].choices = [("", _("Kan læses")), *states]

    def narrow(self):
        """The comments that fit."""
        asked = self.cleaned_data if self.is_valid() else {}
        found = self.comments.filter(state=asked.get("vis") or CommentState.READABLE)
        if asked.get("spm"):
            found = found.filter(question_code=asked["spm"])
        if asked.get("tema"):
            found = found.filter(themes=asked["tema"])
        return found


class ThemeForm(forms.Form):
    """The theme that the chosen comments are sorted under: one there is, or a new one."""

    theme = forms.ModelChoiceField(
        label=gettext_lazy("Tema"),
        queryset=Theme.objects.none(),
        required=False,
        empty_label=gettext_lazy("Vælg"),
    )
    name = forms.CharField(label=gettext_lazy("Eller nyt tema"), required=False, max_length=120)

    def __init__(self, *args, survey, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = survey.themes.all()

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("theme") and not (cleaned.get("name") or "").strip():
            self.add_error("name", _("Vælg et tema, eller skriv et nyt."))
        return cleaned

    def chosen_name(self) -> str:
        """The name of the theme."""
        asked = self.cleaned_data
        return (asked["name"] or "").strip() or asked["theme"].name


class SeenForm(forms.Form):
    """Which text the person decides on."""

    seen = forms.CharField(widget=forms.HiddenInput)


class CutForm(SeenForm):
    """The comment with words taken out."""

    text = forms.CharField(
        label=gettext_lazy("Kommentaren uden det, der peger på en person"),
        help_text=gettext_lazy("Slet ord, eller skriv […] i stedet. Det slettede bliver ikke gemt."),
        max_length=4000,
        widget=rows(5),
    )


class HideForm(SeenForm):
    """Why nobody may read the comment."""

    reason = forms.CharField(
        label=gettext_lazy("Hvorfor skal den skjules?"),
        help_text=gettext_lazy("Begrundelsen bliver i historikken. Gentag ikke kommentaren."),
        max_length=300,
        widget=rows(2),
    )


class QuoteForm(forms.Form):
    """A comment in other words."""

    text = forms.CharField(
        label=gettext_lazy("Sådan kan det siges med andre ord"),
        help_text=gettext_lazy("Teksten bliver offentlig og mærket ”omskrevet”. Skriv ikke navne."),
        max_length=500,
        widget=rows(3),
    )
    theme = forms.ModelChoiceField(
        label=gettext_lazy("Tema"), queryset=Theme.objects.none(), required=False, empty_label=gettext_lazy("Intet")
    )

    def __init__(self, *args, survey, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = survey.themes.all()


class QuoteEditForm(forms.ModelForm):
    """A quote worded otherwise."""

    seen = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Quote
        fields = ["text"]
        widgets = {"text": rows(3)}
