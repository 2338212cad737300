"""Settings of the whole system, read from the environment.

`EPLAN_MODE` says what this process is for: `production` (the default, which insists on every secret),
`demonstration` (one machine, made-up data) or `test`. The README's table lists every variable.
"""

import os
import secrets
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def required(name, purpose):
    """The environment variable `name`; a missing one stops the start with a sentence that says what it is for."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: it is {purpose}. The README lists every variable.")
    return value


def listed(name):
    """The comma-separated environment variable `name` as a list without blanks."""
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]


def chosen(name, default, allowed):
    """The environment variable `name`, which must be one of `allowed`."""
    value = os.environ.get(name) or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
    return value


EPLAN_MODE = chosen("EPLAN_MODE", "production", ("production", "demonstration", "test"))
PRODUCTION = EPLAN_MODE == "production"
DEBUG = False

if PRODUCTION:
    SECRET_KEY = required("SECRET_KEY", "the key that signs sessions, 50 random characters")
    ALLOWED_HOSTS = [name.strip() for name in required("ALLOWED_HOSTS", "the host names served").split(",")]
    DATABASE_URL = required("DATABASE_URL", "where PostgreSQL is, such as postgres://user:password@host/eplan")
else:
    SECRET_KEY = os.environ.get("SECRET_KEY") or secrets.token_urlsafe(50)
    ALLOWED_HOSTS = listed("ALLOWED_HOSTS") or ["127.0.0.1", "localhost", "[::1]", "testserver"]
    DATABASE_URL = os.environ.get("DATABASE_URL", "")
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "eplan",
    "lao",
    "projects",
    "reporting",
    "evaluation",
    "public",
    "crispy_forms",
    "crispy_bootstrap5",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "eplan.middleware.RequestIdMiddleware",
    "eplan.middleware.CompressionMiddleware",
    "public.caching.PublishedPagesMiddleware",  # what it keeps has the headers of all that follow
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "eplan.middleware.ContentSecurityPolicyMiddleware",
    "eplan.admission.BusyMiddleware",
    "eplan.middleware.SentByScriptMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lao.middleware.SignInInPlaceMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lao.middleware.FirstThingsFirstMiddleware",
    "eplan.middleware.ClashMiddleware",
]

ROOT_URLCONF = "eplan.urls"
WSGI_APPLICATION = "eplan.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "eplan.context.site",
            ],
            "builtins": ["eplan.templatetags.eplan"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# The role that owns the tables, for the commands that make them (manage.py says which); all else signs in as that of
# DATABASE_URL, which owns nothing then.
DATABASE_OWNER_URL = os.environ.get("DATABASE_OWNER_URL", "")
DATABASE_APPLICATION_ROLE = dj_database_url.parse(DATABASE_URL)["USER"] if DATABASE_OWNER_URL and DATABASE_URL else ""
if DATABASE_OWNER_URL and os.environ.get("EPLAN_AS_OWNER") == "1":
    DATABASE_URL = DATABASE_OWNER_URL
# Kept open between requests: reconnecting costs more than most pages do.
DATABASES = (
    {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)} if DATABASE_URL else {}
)
# A streaming copy that public pages are read from while it is as new as the primary.
DATABASE_REPLICA_URL = os.environ.get("DATABASE_REPLICA_URL", "")
if DATABASES and DATABASE_REPLICA_URL:
    DATABASES["replica"] = dj_database_url.parse(DATABASE_REPLICA_URL, conn_max_age=600, conn_health_checks=True)
    DATABASES["replica"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)
    DATABASE_ROUTERS = ["public.replica.PublicReads"]
# Behind PgBouncer in transaction mode a cursor on the server would be left behind in another's connection.
for database in DATABASES.values():
    database["DISABLE_SERVER_SIDE_CURSORS"] = os.environ.get("EPLAN_PGBOUNCER", "") == "1"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "lao.User"
AUTHENTICATION_BACKENDS = ["lao.backends.AccountBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "landing"
PASSWORD_HASHERS = ["lao.hashers.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "lao.validators.LengthValidator"},
    {"NAME": "lao.validators.CommonPasswordValidator"},
    {"NAME": "lao.validators.OwnFactsValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
SESSION_ENGINE = "lao.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
CSRF_FAILURE_VIEW = "eplan.errors.csrf_failure"

# How an account that was never used gets in, and how a forgotten password is replaced (SPEC S3 and S15).
EPLAN_FIRST_ENTRY = chosen("EPLAN_FIRST_ENTRY", "confirm" if PRODUCTION else "open", ("open", "confirm", "code"))
EPLAN_PASSWORD_RESET = chosen(
    "EPLAN_PASSWORD_RESET", "email" if PRODUCTION else "screen", ("screen", "email", "officer")
)
# Whether officers prove at sign-in, by a code of an app, that they hold their telephone.
EPLAN_SECOND_FACTOR = chosen(
    "EPLAN_SECOND_FACTOR", "required" if PRODUCTION else "optional", ("off", "optional", "required")
)
# How letters by e-mail lead here, without a slash at the end.
EPLAN_SITE_URL = os.environ.get("EPLAN_SITE_URL") or (
    f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://127.0.0.1:8000"
)
# Reverse proxies in front of us whose X-Forwarded-For may be believed; 0 takes the peer's own address.
EPLAN_TRUSTED_PROXIES = int(os.environ.get("EPLAN_TRUSTED_PROXIES", "0"))
# Lets a collector on another machine read /metrics; without it only this machine may.
EPLAN_METRICS_TOKEN = os.environ.get("EPLAN_METRICS_TOKEN", "")
EPLAN_CONTACTS = {
    "problem": {
        "name": os.environ.get("EPLAN_CONTACT_PROBLEM_NAME", "สำนักพัฒนาและส่งเสริมธรรมาภิบาล สำนักงาน ป.ป.ช."),
        "phone": os.environ.get("EPLAN_CONTACT_PROBLEM_PHONE", "02 528 4800"),
    },
    "usage": {
        "name": os.environ.get("EPLAN_CONTACT_USAGE_NAME", "สำนักพัฒนาและส่งเสริมธรรมาภิบาล สำนักงาน ป.ป.ช."),
        "phone": os.environ.get("EPLAN_CONTACT_USAGE_PHONE", "02 528 4800"),
    },
}
# Under which licence the data is published: a name for programs (SPDX where there is one), one for people, its address.
EPLAN_DATA_LICENCE = {
    "name": os.environ.get("EPLAN_DATA_LICENCE_NAME", "CC-BY-4.0"),
    "title": os.environ.get("EPLAN_DATA_LICENCE_TITLE", "Creative Commons Attribution 4.0 (CC BY 4.0)"),
    "path": os.environ.get("EPLAN_DATA_LICENCE_ADDRESS", "https://creativecommons.org/licenses/by/4.0/deed.th"),
}
# How many downloads of the whole nation run at once, over all processes; of smaller parts twice as many.
EPLAN_DOWNLOADS_AT_ONCE = int(os.environ.get("EPLAN_DOWNLOADS_AT_ONCE", "2"))

# How much of the public pages each process keeps in memory; 0 keeps none.
# Where processes share them, such as redis://host/0; without it each has its own.
EPLAN_CACHE_URL = os.environ.get("EPLAN_CACHE_URL", "")
EPLAN_PAGE_CACHE_MB = int(os.environ.get("EPLAN_PAGE_CACHE_MB") or (0 if EPLAN_MODE == "test" else 64))

LANGUAGE_CODE = "th"
TIME_ZONE = "Asia/Bangkok"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # it would print the year 2561 as 2,561

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("EPLAN_STATIC_ROOT", BASE_DIR / ".eplan" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "eplan.finders.BootstrapFinder",
    "eplan.finders.SarabunFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if EPLAN_MODE == "test":
    WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # as they lie; nothing is collected
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

EMAIL_BACKEND = os.environ.get(
    "EMAIL_BACKEND",
    "eplan.mail.EmailBackend" if PRODUCTION else "django.core.mail.backends.console.EmailBackend",
)
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "e-PlanNACC <no-reply@localhost>")

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = os.environ.get("SECURE_SSL_REDIRECT", "1") == "1"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if EPLAN_TRUSTED_PROXIES else None
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# The largest LAO's grid of a round (500 projects, 9 fields each) stays below; a flood does not.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "eplan.logs.RequestIdFilter"}},
    "formatters": {"json": {"()": "eplan.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": "INFO" if PRODUCTION else "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO" if PRODUCTION else "WARNING", "propagate": True},
        "fontTools": {"level": "WARNING"},  # else collectstatic tells of every glyph
    },
}
