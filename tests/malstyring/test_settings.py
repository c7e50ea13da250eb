"""Settings explain what is missing or unreadable, and are safe as they are run in production."""

import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError

from malstyring import env
from organisation.models import Authority

PRODUCTION = {"DEBUG": "0", "SECRET_KEY": secrets.token_urlsafe(60), "ALLOWED_HOSTS": "maal.example.dk"}


def manage(*arguments: str, **variables: str | None) -> subprocess.CompletedProcess[str]:
    """`manage.py` in a process of its own, with production settings changed by `variables` (None: not set)."""
    path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    chosen = {**PRODUCTION, "DATABASE_URL": "sqlite://:memory:", **variables}
    environment = {**path, **{name: value for name, value in chosen.items() if value is not None}}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_production_settings_pass_every_deployment_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING", BEHIND_PROXY="1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("SECRET_KEY", None, "Set the environment variable SECRET_KEY: a long random text"),
        ("DEBUG", "maybe", "DEBUG is 'maybe': write 1 or 0."),
        ("BEHIND_PROXY", "ja", "BEHIND_PROXY is 'ja': write 1 or 0."),
        ("HSTS_SECONDS", "1 år", "HSTS_SECONDS is '1 år': write a whole number."),
        ("SESSION_MINUTES", "1.5", "SESSION_MINUTES is '1.5': write a whole number."),
        ("EMAIL_URL", "mail.kommune.dk:25", "EMAIL_URL: it does not begin with smtp:// or smtps://; write smtp://"),
    ],
)
def test_what_is_missing_or_unreadable_explains_itself(variable, value, says):
    done = manage("check", **{variable: value})
    assert done.returncode == 1
    assert says in done.stderr.splitlines()[-1]


def test_a_missing_variable_names_the_page_that_explains_it(monkeypatch):
    monkeypatch.delenv("SOME_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match=r"SOME_KEY: what it is for\. See docs/operations\.md\."):
        env.text("SOME_KEY", why="what it is for")


@pytest.mark.parametrize(
    ("text", "meaning"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("no", False), ("", False)]
)
def test_flags_are_read_in_every_usual_spelling(monkeypatch, text, meaning):
    monkeypatch.setenv("SOME_FLAG", text)
    assert env.flag("SOME_FLAG", not meaning) is meaning


def test_words_are_parted_by_commas_and_trimmed(monkeypatch):
    monkeypatch.setenv("SOME_HOSTS", " a.dk, b.dk ,")
    assert env.words("SOME_HOSTS") == ["a.dk", "b.dk"]


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", env.MailServer()),
        ("smtp://mail.kommune.dk", env.MailServer("mail.kommune.dk", 25)),
        ("smtp://[::1]:2525/", env.MailServer("::1", 2525)),
        (
            "smtp://maal%40kommune.dk:p%2Fa%3As@mail.kommune.dk:587?tls=1",
            env.MailServer("mail.kommune.dk", 587, "maal@kommune.dk", "p/a:s", has_starttls=True),
        ),
        (
            "smtps://maal:kode@mail.kommune.dk",
            env.MailServer("mail.kommune.dk", 465, "maal", "kode", has_tls=True),
        ),
    ],
)
def test_a_mail_server_is_read_from_its_address(monkeypatch, url, server):
    monkeypatch.setenv("SOME_URL", url)
    assert env.mail_server("SOME_URL") == server


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://mail.kommune.dk", "does not begin with smtp://"),
        ("smtp://", "there is no host"),
        ("smtp://maal:hemmelig@mail.kommune.dk:http", "the port is no number"),
        ("smtp://maal:hemmelig@mail.kommune.dk:99999", "the port is no number"),
        ("smtp://maal:hem/melig@mail.kommune.dk", "%2F"),
        ("smtp://maal:hem#melig@mail.kommune.dk", "%23"),
        ("smtp://maal:hem?melig@mail.kommune.dk", "only .tls=1 or .tls=0"),
        ("smtp://maal@mail.kommune.dk", "go together"),
        ("smtp://mail.kommune.dk?tls=ja", "only .tls=1 or .tls=0"),
        ("smtp://mail.kommune.dk?timeout=3", "only .tls=1 or .tls=0"),
        ("smtps://mail.kommune.dk?tls=1", "encrypted already"),
    ],
)
def test_a_wrong_mail_address_explains_itself_without_the_password(monkeypatch, url, says):
    monkeypatch.setenv("SOME_URL", url)
    with pytest.raises(ImproperlyConfigured, match=says) as caught:
        env.mail_server("SOME_URL")
    assert "SOME_URL" in str(caught.value)
    assert "hemmelig" not in str(caught.value) and "melig" not in str(caught.value)


def test_links_in_mails_begin_with_the_first_host_unless_said_otherwise():
    ask = ("shell", "-v0", "-c", "from django.conf import settings as s; print(s.SITE_URL, s.EMAIL_HOST)")
    assert manage(*ask).stdout.split() == ["https://maal.example.dk"]
    told = manage(*ask, SITE_URL="https://maal.kommune.dk/", EMAIL_URL="smtp://mail.kommune.dk")
    assert told.stdout.split() == ["https://maal.kommune.dk", "mail.kommune.dk"]


def test_production_is_https_only_without_debug():
    shown = manage(
        "shell",
        "-v0",
        "-c",
        "from django.conf import settings as s; print(s.DEBUG, s.ALLOW_DEMO, s.SECURE_SSL_REDIRECT,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_PROXY_SSL_HEADER)",
    )
    assert shown.stdout.split() == ["False", "False", "True", "True", "True", "31536000", "None"]


def test_only_development_has_a_key_of_its_own():
    assert manage("check", DEBUG="1", SECRET_KEY=None, ALLOWED_HOSTS=None).returncode == 0


@pytest.mark.django_db
def test_the_demo_is_refused_unless_allowed(settings):
    settings.ALLOW_DEMO = False
    with pytest.raises(CommandError, match="ALLOW_DEMO=1"):
        call_command("load_demo")
    assert not Authority.objects.exists()


def test_a_server_has_loaded_its_views_before_it_is_asked():
    code = (
        "import gc, sys; import malstyring.wsgi; "
        "print('followup.views.goals' in sys.modules, gc.get_freeze_count() > 100_000)"
    )
    environment = {**os.environ, **PRODUCTION, "DATABASE_URL": "sqlite://:memory:"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, ["True", "True"]), done.stderr


@pytest.mark.parametrize(("keeps", "told"), [("1", ["False", "3"]), ("0", ["True", "None"])])
def test_nothing_is_left_on_the_server_behind_a_pool(keeps, told):
    """Neither cursors nor plans: the next question may come on another connection."""
    code = (
        "from django.conf import settings; one = settings.DATABASES['default']; "
        "print(one['DISABLE_SERVER_SIDE_CURSORS'], one['OPTIONS']['prepare_threshold'])"
    )
    environment = {**os.environ, **PRODUCTION, "DATABASE_URL": "postgres://a@b/c", "DATABASE_PREPARE": keeps}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split() == told, done.stderr
