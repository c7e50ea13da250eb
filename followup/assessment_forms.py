"""What a leader writes about a goal in the entry grid: the form, and storing what can be stored of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followup.actions.assessments import JUDGEMENT, SavedAssessment, accept_deviation, save_assessment
from followup.deviations import Account
from followup.entry import posted_ids_in, without_nulls
from followup.explaining import own_lights
from followup.models import TEXT_FIELDS, Assessment, Submission
from goals.period_names import period_name
from organisation.models import User
from organisation.templatetags.components import LIGHT_WORDS

LONGEST = 2000


class PlainTextField(forms.CharField):
    """Some lines of text, the same whether a browser or a script posts them."""

    def __init__(self, *, rows: int = 3, **kwargs):
        kwargs = {"required": False, "max_length": LONGEST, "widget": forms.Textarea(attrs={"rows": rows})} | kwargs
        super().__init__(**kwargs)

    def to_python(self, value):
        return super().to_python(without_nulls(value or "").replace("\r\n", "\n"))


class AssessmentForm(forms.Form):
    """The three questions, what numbers miss, and the leader's own judgement of one goal in one report.

    Texts begin with those of the round before. One that is left as it was, and that nobody says still holds, is not
    stored as written this time.
    """

    all_optional = True  # so no field says that it is

    what_happened = PlainTextField(label=gettext_lazy("Hvad er sket?"))
    why = PlainTextField(label=gettext_lazy("Hvorfor?"))
    what_we_do = PlainTextField(label=gettext_lazy("Hvad gør vi nu?"))
    beyond_numbers = PlainTextField(
        label=gettext_lazy("Det, tallene ikke viser"),
        rows=2,
        help_text=gettext_lazy("Resultater, der kan ses, men ikke tælles"),
    )
    still_holds = forms.BooleanField(label=gettext_lazy("Teksten fra sidste opfølgning gælder stadig"), required=False)
    own_light = forms.ChoiceField(label=gettext_lazy("Min vurdering"), required=False)
    own_reason = PlainTextField(label=gettext_lazy("Hvorfor vurderer du det anderledes?"), rows=2)
    acceptance = PlainTextField(
        label=gettext_lazy("Ingen ny handling, fordi"),
        rows=2,
        help_text=gettext_lazy("Skriv, hvorfor I lader afvigelsen være. Det kan ses i rapporten."),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, account: Account, data: Mapping[str, str] | None = None, *, may_judge: bool) -> None:
        self.account, self.may_judge = account, may_judge
        self.refused: Mapping[str, str] = {}  # what could not be stored, because somebody else had written
        super().__init__(data, prefix=prefix_of(account.goal.pk), initial=self._initial())
        if not self.prefilled:
            del self.fields["still_holds"]
        for name in self.prefilled:
            self.fields[name].help_text = _("Fra sidste opfølgning (%s)") % period_name(account.last.round.period)
        if may_judge:
            self.fields["own_light"].choices = [("", _("Som beregnet")), *self._lights()]
        else:
            for name in (*JUDGEMENT, "acceptance"):
                del self.fields[name]

    def _initial(self) -> dict[str, object]:
        stored, accepted = self.stored, self.account.acceptance
        texts = {name: getattr(stored, name) or self.last_text(name) for name in TEXT_FIELDS}
        judged = {name: getattr(stored, name) for name in JUDGEMENT}
        return texts | judged | {"version": stored.version, "acceptance": accepted.reason if accepted else ""}

    def _lights(self):
        """The lights the leader may set, and the one set before the figures changed."""
        allowed = own_lights(self.account.light)
        return [(key, word) for key, word in LIGHT_WORDS.items() if key in allowed or key == self.stored.own_light]

    @property
    def stored(self) -> Assessment:
        """This round's assessment; an empty one when there is none."""
        return self.account.assessment or Assessment(version=0)

    def last_text(self, name: str) -> str:
        """What was written in the round before."""
        return getattr(self.account.last, name) if self.account.last is not None else ""

    @cached_property
    def prefilled(self) -> list[str]:
        """The fields that begin with the text of the round before."""
        return [name for name in TEXT_FIELDS if not getattr(self.stored, name) and self.last_text(name)]

    @property
    def is_open(self) -> bool:
        """Whether it stands open in the grid: something is lacking, written or refused."""
        return bool(
            self.account.off_track or self.account.lacks or self.stored.says_something or self.errors or self.refused
        )

    def clean(self):
        cleaned = super().clean()
        light, reason = cleaned.get("own_light"), cleaned.get("own_reason")
        if light and not reason:
            self.add_error("own_reason", _("Skriv, hvorfor du vurderer det anderledes."))
        if reason and not light:
            self.add_error("own_light", _("Vælg, hvad du vurderer."))
        return cleaned

    def texts(self) -> dict[str, str]:
        """What may be stored of what was written: no field with an error, no text nobody has looked at."""
        cleaned = self.cleaned_data
        texts = {name: cleaned[name] for name in TEXT_FIELDS if name in cleaned}
        if not cleaned.get("still_holds"):
            texts |= {name: "" for name in self.prefilled if texts.get(name) == self.last_text(name)}
        if all(name in cleaned for name in JUDGEMENT):
            texts |= {name: cleaned[name] for name in JUDGEMENT}
        return texts

    def begun_from(self) -> int:
        """The version of the assessment the person saw; what no page posts counts as none."""
        text = self.cleaned_data.get("version", "")
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    def save(self, submission: Submission, *, by: User, now: datetime) -> SavedAssessment:
        """Store what can be stored; the account carries what stands now, the form what was refused."""
        self.full_clean()
        round_, goal = submission.round, self.account.goal
        saved = save_assessment(round_, goal, texts=self.texts(), version=self.begun_from(), by=by, now=now)
        self.account.assessment, self.refused = saved.assessment, saved.refused
        if "acceptance" in self.cleaned_data and not self.refused:
            reason = self.cleaned_data["acceptance"]
            self.account.acceptance = accept_deviation(round_, goal, reason=reason, by=by, now=now)
        return saved

    @property
    def status(self) -> int:
        """The status of the answer."""
        return 409 if self.refused else 422 if self.errors else 200

    @property
    def theirs(self) -> list[tuple[str, str]]:
        """What somebody else wrote meanwhile, where it differs from what was refused: label and text."""
        stored = self.account.assessment
        if stored is None:
            return []
        words = {name: getattr(stored, name) for name, mine in self.refused.items() if getattr(stored, name) != mine}
        return [(self.fields[name].label, LIGHT_WORDS.get(text, text) or "–") for name, text in words.items()]


def prefix_of(goal_id: int) -> str:
    """What a goal's fields begin with in the grid's one form."""
    return f"a-{goal_id}"


def goals_posted(names: Sequence[str]) -> set[int]:
    """The goals whose fields are among those posted."""
    parts = (name.split("-") for name in names if name.startswith("a-") and name.endswith("-version"))
    return set(posted_ids_in(part[1] for part in parts if len(part) == 3))
