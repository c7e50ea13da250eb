"""Sign-in (the library's views at Danish paths) and the setup pages."""

from allauth.account import views as account
from django.urls import include, path

from organisation.access import public
from organisation.views.stub import stub

sign_in = [
    path("log-ind/", public(account.login), name="account_login"),
    path("log-ud/", public(account.logout), name="account_logout"),
    path("opret/", public(account.signup), name="account_signup"),  # closed: the adapter says so
    path("adgangskode/skift/", public(account.password_change), name="account_change_password"),
    path("adgangskode/saet/", public(account.password_set), name="account_set_password"),
    path("adgangskode/glemt/", public(account.password_reset), name="account_reset_password"),
    path("adgangskode/glemt/sendt/", public(account.password_reset_done), name="account_reset_password_done"),
    path(
        "adgangskode/ny/<uidb36>-<key>/",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "adgangskode/ny/faerdig/",
        public(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]

setup = (
    [
        path("konto/", stub, name="account"),
        path("indstillinger/", stub, name="setup"),
    ],
    "organisation",
)

urlpatterns = [*sign_in, path("", include(setup))]
