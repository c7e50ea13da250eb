"""Forms of the mail pages."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from followup.kinds import MailTopic
from followup.labels import MAIL_STATES, MAIL_TOPICS
from goals.labels import choices


class MailFilterForm(forms.Form):
    """What narrows the log. The form owns the queryset."""

    all_optional = True  # so no field says that it is

    q = forms.CharField(label=_("Person eller mailadresse"), required=False, max_length=100)
    tilstand = forms.ChoiceField(label=_("Tilstand"), required=False, choices=[("", _("Alle")), *choices(MAIL_STATES)])

    def is_narrowing(self) -> bool:
        """Whether anything is asked for."""
        return self.is_valid() and any(self.cleaned_data.values())

    def narrow(self, mails):
        """The mails that fit."""
        if not self.is_valid():
            return mails
        for word in self.cleaned_data["q"].split():
            mails = mails.filter(
                Q(to__first_name__icontains=word) | Q(to__last_name__icontains=word) | Q(address__icontains=word)
            )
        state = self.cleaned_data["tilstand"]
        return mails.filter(state=state) if state else mails


class MailTopicsForm(forms.Form):
    """Which mails a person wants besides the mandatory ones."""

    topics = forms.MultipleChoiceField(
        label=_("Det vil jeg have mail om"),
        required=False,
        choices=choices(MAIL_TOPICS),
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def without(self) -> set[MailTopic]:
        """The topics that are not ticked."""
        return set(MailTopic) - {MailTopic(value) for value in self.cleaned_data["topics"]}
