"""How signing in differs from the library's defaults."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """People are created by the goal consultant; nobody signs up alone."""

    def is_open_for_signup(self, request):
        return False
