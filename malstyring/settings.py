"""Settings. Everything that differs between installations comes from the environment (docs/operations.md)."""

from pathlib import Path

import dj_database_url

from malstyring import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

DEBUG = env.flag("DEBUG", False)
SECRET_KEY = (
    env.text("SECRET_KEY", "only-for-development-" + "0" * 50)
    if DEBUG
    else env.text("SECRET_KEY", why="a long random text that signs sessions and links")
)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else "")
# Where people find the application: the beginning of every link in a mail.
SITE_URL = env.text(
    "SITE_URL", "http://127.0.0.1:8000" if DEBUG else f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if ALLOWED_HOSTS else ""
).rstrip("/")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
ALLOW_DEMO = env.flag("ALLOW_DEMO", DEBUG)
SHOW_SERVER_TIMING = env.flag("SERVER_TIMING", False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "django_htmx",
    "malstyring",
    "organisation",
    "goals",
    "followup",
    "citizens",
    "reports",
]

MIDDLEWARE = [
    "malstyring.middleware.ServerTimingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "malstyring.middleware.ContentSecurityPolicyMiddleware",
    "malstyring.middleware.NobodyAnswersMiddleware",
    "organisation.middleware.OwnWordsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "malstyring.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "organisation.middleware.PersonMiddleware",
    "malstyring.middleware.LargestKeyMiddleware",
]

ROOT_URLCONF = "malstyring.urls"
WSGI_APPLICATION = "malstyring.wsgi.application"
ASGI_APPLICATION = "malstyring.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "malstyring.navigation.context",
            ],
            "builtins": ["organisation.templatetags.addresses"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# SQLite needs no set-up; DATABASE_URL names a PostgreSQL server in production.
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR_DIR / 'malstyring.sqlite3'}",
        conn_max_age=None,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
else:
    options = DATABASES["default"].setdefault("OPTIONS", {})
    # After how many times on a connection the server keeps a query from `organisation.prepared`.
    keeps_its_connection = env.flag("DATABASE_PREPARE", True)  # not behind a PgBouncer
    options["prepare_threshold"] = 3 if keeps_its_connection else None
    # A cursor on the server is gone with the connection that it was made on.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = not keeps_its_connection
    if keeps_its_connection:
        # And plans it once, whatever its arguments. Left to itself it plans many of them anew each time, which takes
        # longer than to read the few rows that a page asks for by their keys.
        options["options"] = f"{options.get('options', '')} -c plan_cache_mode=force_generic_plan".strip()
    if env.flag("DATABASE_POOL", False):
        DATABASES["default"]["CONN_MAX_AGE"] = 0  # the pool keeps the connections
        options["pool"] = {"min_size": 1, "max_size": env.number("DATABASE_POOL_SIZE", 8)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "organisation.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "organisation.accounts.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
SESSION_COOKIE_AGE = 60 * env.number("SESSION_MINUTES", 60)
SESSION_SAVE_EVERY_REQUEST = False
# How long after sign-in a report that was opened can be read without a network (docs/adr/0019-reading-offline.md).
READING_MINUTES = env.number("READING_MINUTES", SESSION_COOKIE_AGE // 60)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_NAME = "malstyring_session"
CSRF_COOKIE_NAME = "malstyring_csrf"
CSRF_FAILURE_VIEW = "malstyring.errors.csrf_failure"

SECURE_SSL_REDIRECT = not DEBUG and env.flag("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 0 if DEBUG else env.number("HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
# Then the proxy says how and from where a request came (X-Forwarded-Proto, the last of X-Forwarded-For).
BEHIND_PROXY = env.flag("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# plotly.js puts in one empty <style>; its hash is the only exception from 'self'.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; "
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
    "img-src 'self' data: blob:; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'"
)

LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Copenhagen"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# A spreadsheet of 20 MB is the limit in the browser; the form says so, this only bounds memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = 22 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# How long a process keeps what it has read of a survey that many answer at once (citizens/asking.py).
ANSWERING_KEPT_SECONDS = env.number("ANSWERING_KEPT_SECONDS", 0 if DEBUG else 5)

# Without a mail server the outbox keeps its mails, and other mail (a forgotten password) is written to the log.
MAIL_SERVER = env.mail_server("EMAIL_URL")
EMAIL_HOST = MAIL_SERVER.host
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = MAIL_SERVER.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_SERVER.has_starttls, MAIL_SERVER.has_tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "maalstyring@localhost")
SUPPORT_EMAIL = env.text("SUPPORT_EMAIL", "maalstyring@localhost")
ACCESSIBILITY_STATEMENT_URL = env.text("ACCESSIBILITY_STATEMENT_URL", "")

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"no_answer_pages": {"()": "malstyring.logs.NoAnswerPages"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_answer_pages"]},
    },
    # Before any handler, also Django's own.
    "loggers": {"django.request": {"filters": ["no_answer_pages"]}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
