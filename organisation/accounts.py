"""How signing in differs from the library's defaults."""

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """People are created by the goal consultant; nobody signs up alone."""

    def is_open_for_signup(self, request):
        return False


class LoginForm(forms.LoginForm):
    """Without the library's link between name and password: the page has it beside its button."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
