"""Sign-in (the library's views at Danish paths) and the setup pages."""

from allauth.account import views as account
from django.urls import include, path, re_path

from organisation.access import public
from organisation.views import access as access_views
from organisation.views import account as account_views
from organisation.views import own_words, people, people_import, units
from organisation.views import setup as setup_views

sign_in = [
    path("log-ind/", public(account.login), name="account_login"),
    path("log-ud/", account_views.sign_out, name="account_logout"),
    path("opret/", public(account.signup), name="account_signup"),  # closed: the adapter says so
    path("adgangskode/skift/", public(account.password_change), name="account_change_password"),
    path("adgangskode/saet/", public(account.password_set), name="account_set_password"),
    path("adgangskode/glemt/", public(account.password_reset), name="account_reset_password"),
    path("adgangskode/glemt/sendt/", public(account.password_reset_done), name="account_reset_password_done"),
    # The key has a hyphen of its own, so that a path converter would part the two at the wrong one.
    re_path(
        r"^adgangskode/ny/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
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
        path("konto/", account_views.account, name="account"),
        path("konto/mine-data.csv", account_views.account_data, name="account_data"),
        path("konto/skift-myndighed/", account_views.authority_switch, name="authority_switch"),
        path("udvalg/<int:pk>/anmod-om-adgang/", access_views.access_request, name="access_request"),
        path("indstillinger/", setup_views.setup, name="setup"),
        path("indstillinger/enheder/", units.unit_list, name="unit_list"),
        path("indstillinger/enheder/ny/", units.unit_create, name="unit_create"),
        path("indstillinger/enheder/<int:pk>/ret/", units.unit_edit, name="unit_edit"),
        path("indstillinger/enheder/<int:pk>/afslut/", units.unit_end, name="unit_end"),
        path("indstillinger/enheder/<int:pk>/udvalg/", units.body_link_create, name="body_link_create"),
        path("indstillinger/udvalgslink/<int:pk>/afslut/", units.body_link_end, name="body_link_end"),
        path("indstillinger/personer/", people.person_list, name="person_list"),
        path("indstillinger/personer/ny/", people.person_create, name="person_create"),
        path("indstillinger/personer/<int:pk>/ret/", people.person_edit, name="person_edit"),
        path("indstillinger/personer/<int:pk>/adgang/", people.person_activity, name="person_activity"),
        path("indstillinger/personer/<int:pk>/adgangskode/", people.person_password, name="person_password"),
        path("indstillinger/personer/<int:pk>/rolle/", people.membership_add, name="membership_add"),
        path("indstillinger/roller/<int:pk>/afslut/", people.membership_end, name="membership_end"),
        path("indstillinger/ord/", own_words.own_word_list, name="own_word_list"),
        path("indstillinger/ord/<slug:slug>/", own_words.own_word_edit, name="own_word_edit"),
        path("indstillinger/indlaes/", people_import.people_import, name="people_import"),
    ],
    "organisation",
)

urlpatterns = [*sign_in, path("", include(setup))]
