"""What all tests share: a strict template engine, a municipality, signed-in clients."""

import os

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import settings as hypothesis_settings

from reports.portal import kept, opened
from tests import factories
from tests.copies import copies  # noqa: F401
from tests.races import without_locks  # noqa: F401

# Playwright runs an event loop in the test's own thread; the ORM calls beside it are still one at a time.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# A busy machine is no fault of the rule under test.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items):
    """What asks no database says the same on each: it runs with the first."""
    for item in items:
        asks = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)
        if not asks and item.get_closest_marker("browser") is None:
            item.add_marker("once")


def pytest_configure() -> None:
    settings.DEBUG = False
    settings.SECURE_SSL_REDIRECT = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.SECURE_HSTS_SECONDS = 0
    settings.ANSWERING_KEPT_SECONDS = 0
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedIsError()


class UndefinedIsError(str):
    """Makes an undefined template variable fail the test. `{% if %}` and `default` still work: they never print it."""

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, missing: object) -> str:
        raise AssertionError(f"undefined template variable: {missing}")


@pytest.fixture(autouse=True)
def no_page_of_another_test():
    """What a process keeps of one test's database is not true of the next's."""
    kept.forget()
    opened.forget()


@pytest.fixture
def town(db):
    """A small municipality with a person in every role."""
    return factories.municipality()


@pytest.fixture
def clock(monkeypatch):
    """It is the morning of `factories.NOW`."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.NOW)


@pytest.fixture
def sign_in():
    """A client signed in as the person: `sign_in(town.manager).get(...)`."""

    def sign_in(person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in
