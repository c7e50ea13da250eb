"""The form for one of the authority's own words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.words.terms import FORMS, LONGEST, Gender, Word, problem, suggested

PROBLEMS = {
    "blank": _("Skriv ordet i denne form."),
    "too_long": _("Ordet må højst fylde 40 tegn."),
    "letters": _("Skriv kun bogstaver, med ét mellemrum eller én bindestreg imellem."),
}
assert LONGEST == 40


class WordForm(forms.Form):
    """Gender and four forms. Written as they stand within a sentence; capitals come by themselves."""

    gender = forms.ChoiceField(
        label=_("Hedder det et eller en?"), choices=[(one.value, one.value) for one in Gender], widget=forms.RadioSelect
    )
    one = forms.CharField(label=_("Ental"), help_text=_("Som i ”et pejlemærke”"))
    the = forms.CharField(label=_("Ental, bestemt"), help_text=_("Som i ”pejlemærket”"))
    many = forms.CharField(label=_("Flertal"), help_text=_("Som i ”to pejlemærker”"))
    all = forms.CharField(label=_("Flertal, bestemt"), help_text=_("Som i ”pejlemærkerne”"))
    seen = forms.CharField(widget=forms.HiddenInput)

    # The forms may be asked for with only the singular filled in.
    use_required_attribute = False

    def __init__(self, *args: Any, is_asking: bool = False, **kwargs: Any) -> None:
        """`is_asking`: only gender and the singular are given, and the others are asked for."""
        super().__init__(*args, **kwargs)
        self.is_asking = is_asking
        for name in FORMS:
            self.fields[name].error_messages["required"] = PROBLEMS["blank"]
            self.fields[name].required = not is_asking or name == "one"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        for name in FORMS[:1] if self.is_asking else FORMS:
            if name not in cleaned:
                continue
            cleaned[name] = " ".join(cleaned[name].split())
            if key := problem(cleaned[name]):
                self.add_error(name, PROBLEMS[key])
        for name in FORMS:
            self.fields[name].required = True
        return cleaned

    @property
    def word(self) -> Word:
        """What was written, once it is valid."""
        said = self.cleaned_data
        return Word(Gender(said["gender"]), *(said[name] for name in FORMS))

    def with_suggestions(self) -> "WordForm":
        """The form with the other forms filled in from the singular, as most words have them."""
        said = self.cleaned_data
        word = suggested(said["one"], Gender(said["gender"]))
        return WordForm({"gender": word.gender.value, **word.forms(), "seen": said["seen"]})
