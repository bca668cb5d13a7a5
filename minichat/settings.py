"""All settings, in the order of the rooms. Values come from the environment or from `.env`; see `.env.example`."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF

from minichat.config import Config
from minichat.expectations import Values, examine
from minichat.lib.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
# Tests read no .env: they say the same on every machine.
TEST_ENVIRONMENT = {
    "MINICHAT_MODE": "local",
    "SECRET_KEY": "tests-only-0123456789-abcdefghijklmnopqrstuv",
    "DEMO_PASSWORD": "tests-only-demo",
}
ENV_FILE = Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env")
config = Config(None, {**TEST_ENVIRONMENT, **os.environ}) if TESTING else Config(ENV_FILE)

# --- Mode -----------------------------------------------------------------------------------------------------------
# local: what `make run` starts. selfhost: plain http on private hosts allowed. production: https only.
MINICHAT_MODE = config.choice("MINICHAT_MODE", ["local", "selfhost", "production"], "production")
LOCAL = MINICHAT_MODE == "local"
PRODUCTION = MINICHAT_MODE == "production"
DEBUG = config.flag("DEBUG", False)
SIGNUPS = config.choice("SIGNUPS", ["open", "invited"], "open")
DEMO = LOCAL and config.flag("DEMO", True)
PORT = config.number("PORT", 8000, minimum=1)
BASE_URL = config.text("BASE_URL", f"http://127.0.0.1:{PORT}" if LOCAL else "").rstrip("/")
SECRET_KEY = config.text("SECRET_KEY")
# Older keys, while what they signed and encrypted is still in use.
SECRET_KEY_FALLBACKS = config.names("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = config.names("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if LOCAL else [])
# How many proxies stand in front; only what they add to X-Forwarded-For and -Proto is believed.
TRUSTED_PROXIES = config.number("TRUSTED_PROXIES", 0)
CSRF_TRUSTED_ORIGINS = config.names("CSRF_TRUSTED_ORIGINS", [BASE_URL] if BASE_URL else [])
_https = urlsplit(BASE_URL).scheme == "https"

# --- Django ---------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.admin",
    "csp",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "accounts.apps.SessionsConfig",
    "minichat.lib",
    "accounts",
    "workspaces",
    "notifications",
    "contacts",
    "chat",
    "ai",
]
MIDDLEWARE = [
    # Headers first, so that probes and static files have them too.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "minichat.lib.headers.SecurityHeadersMiddleware",
    "minichat.lib.headers.PolicyMiddleware",
    "minichat.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "minichat.lib.logs.RequestLog",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sessions.SeenMiddleware",
    "accounts.limits.AccountCallsMiddleware",
    "minichat.lib.errors.ErrorMiddleware",
]
ROOT_URLCONF = "minichat.urls"
ASGI_APPLICATION = "minichat.asgi.application"
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
                "minichat.context.house",
                "workspaces.context.workspaces",
                "notifications.context.bell",
                "chat.context.inbox_counts",
                "ai.context.models",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The largest request body that is read at all; and the largest file, at the few addresses that take one.
BODY_LIMIT = config.number("BODY_LIMIT", 1024 * 1024, minimum=1024)
UPLOAD_LIMIT = config.number("UPLOAD_LIMIT", 10 * 1024 * 1024, minimum=1024 * 1024)
# Bytes that files of conversations and of the knowledge may take up, per workspace.
STORAGE_PER_WORKSPACE = config.number("STORAGE_PER_WORKSPACE", 5 * 1024**3, minimum=1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# --- Database, cache, queue: SQLite and memory unless Postgres and Redis are given ----------------------------------
DATABASE_URL = config.text("DATABASE_URL")
REDIS_URL = config.text("REDIS_URL")
DATABASES = {"default": config.database("DATABASE_URL", f"sqlite:///{BASE_DIR / 'minichat.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # Each thread keeps its connection: opening one costs more than a message.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: without it two readers that both want to write fail with "database is locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: an acknowledged message survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=134217728;"
        "PRAGMA cache_size=-20000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        "pool": {
            "min_size": config.number("DATABASE_POOL_MIN", 2),
            "max_size": config.number("DATABASE_POOL_MAX", 10, minimum=2),
            # A database that is away is noticed before a probe or a person gives up.
            "timeout": 4,
        },
        "options": "-c statement_timeout=5000 -c lock_timeout=5000",
    }
if TESTING:
    if "sqlite" in DATABASES["default"]["ENGINE"]:
        # A file per process: an in-memory database cannot be shared by the threads of a socket test.
        test_file = Path(tempfile.gettempdir()) / f"minichat-test-{os.getpid()}.sqlite3"
        DATABASES["default"]["TEST"] = {"NAME": str(test_file)}
    else:
        DATABASES["default"]["OPTIONS"].pop("pool")

# redis-py 8 gives sockets a 5 s time-out, the same as the layer's blocking read: idle sockets would die.
REDIS_LAYER_HOST = {"address": REDIS_URL, "socket_timeout": None}
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "minichat",
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_LAYER_HOST], "prefix": "minichat"},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "minichat"}}
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
# A visitor waits for an answer: it does not stand in line behind a site that is being read.
CELERY_TASK_ROUTES = {
    "ai.tasks.answer": {"queue": "answers"},
    "ai.tasks.sweep_owed": {"queue": "answers"},
    "ai.tasks.*": {"queue": "ai"},
    "notifications.tasks.*": {"queue": "mail"},
}
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ALWAYS_EAGER = TESTING
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that is away must not hold up the request that hurries an outbox row: the sweep finds the row anyway.
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 0} if REDIS_URL else {"polling_interval": 0.03}
)
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {"task": "notifications.tasks.sweep", "schedule": 60.0},
    "send-due-notifications": {"task": "notifications.tasks.send_due", "schedule": 60.0},
    "forget-old-notifications": {"task": "notifications.tasks.forget_old", "schedule": crontab(hour=19, minute=45)},
    "alert-waits": {"task": "chat.tasks.alert_waits", "schedule": 15.0},
    "mail-unseen": {"task": "chat.tasks.mail_unseen", "schedule": 15.0},
    "end-idle": {"task": "chat.tasks.end_idle", "schedule": 60.0},
    "sweep-stranded": {"task": "chat.tasks.sweep_stranded", "schedule": 300.0},
    "tidy-search": {"task": "chat.tasks.tidy_search", "schedule": 30.0},
    "bring-back-snoozed": {"task": "chat.tasks.bring_back", "schedule": 15.0},
    "sweep-acts": {"task": "chat.tasks.sweep_acts", "schedule": 60.0},
    "end-closed-workspaces": {"task": "workspaces.tasks.end_closed", "schedule": crontab(hour=20, minute=0)},
    "sweep-sessions": {"task": "accounts.tasks.sweep_sessions", "schedule": crontab(hour=20, minute=15)},
    "sweep-exports": {"task": "accounts.tasks.sweep_exports", "schedule": 600.0},
    "sweep-uploads": {"task": "chat.tasks.sweep_uploads", "schedule": 3600.0},
    "forget-addresses": {"task": "chat.tasks.forget_addresses", "schedule": 600.0},
    "sweep-owed-answers": {"task": "ai.tasks.sweep_owed", "schedule": 5.0},
    "sweep-knowledge": {"task": "ai.tasks.sweep_waiting", "schedule": 300.0},
    "sweep-checks": {"task": "ai.tasks.sweep_checks", "schedule": 60.0},
    "sweep-reservations": {"task": "ai.tasks.sweep_reservations", "schedule": 60.0},
    "read-due-pages": {"task": "ai.tasks.read_due", "schedule": 600.0},
    "sweep-meaning": {"task": "ai.tasks.sweep_meaning", "schedule": crontab(minute=50)},
    "sweep-files": {"task": "minichat.lib.tasks.sweep_files", "schedule": crontab(hour=19, minute=30)},
}
# What the embedded mode runs once when it starts: whatever a killed process left behind.
TASKS_AT_START = [
    "notifications.tasks.sweep",
    "chat.tasks.sweep_stranded",
    "chat.tasks.sweep_uploads",
    "minichat.lib.tasks.sweep_files",
    "workspaces.tasks.end_closed",
    "accounts.tasks.sweep_exports",
    "ai.tasks.sweep_waiting",
    "ai.tasks.sweep_checks",
    "ai.tasks.sweep_reservations",
    "ai.tasks.sweep_meaning",
]

# --- Language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("th", "ไทย")]
# Visitors are spoken to in these. The pages of those who answer have no Japanese.
VISITOR_LANGUAGES = [*LANGUAGES, ("ja", "日本語")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "minichat_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _https
USE_TZ = True
TIME_ZONE = "Asia/Bangkok"

# --- Static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
if TESTING:
    # Nothing is collected: what `make run` collected may be older than the sources.
    STATIC_ROOT = Path(tempfile.gettempdir()) / "minichat-test-static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING

# --- Files of users: private, behind the storage interface; views of ours hand them out -----------------------------
MEDIA_ROOT = Path(config.text("MEDIA_ROOT", str(BASE_DIR / "media")))
if TESTING:
    MEDIA_ROOT = Path(tempfile.gettempdir()) / "minichat-test-media"
MEDIA_URL = "/media/"
# What is being received lies beside what is kept, not in a folder that other programs look into.
FILE_UPLOAD_TEMP_DIR = MEDIA_ROOT / "incoming"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- Security -------------------------------------------------------------------------------------------------------
# __Host- cookies need https; on http (local mode, private hosts) the plain names are used.
SESSION_COOKIE_NAME = "__Host-minichat_session" if _https else "minichat_session"
CSRF_COOKIE_NAME = "__Host-minichat_csrf" if _https else "minichat_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=7).total_seconds())
SECURE_SSL_REDIRECT = PRODUCTION and _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# For browsers that do not know frame-ancestors; the widget's frame is exempt.
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "minichat.lib.errors.csrf_failure"
SECURE_REDIRECT_EXEMPT = [r"^health"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Whether browsers report what it refused, to `minichat.csp_reports`.
CSP_REPORTS = config.flag("CSP_REPORTS")
if CSP_REPORTS:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["report-uri"] = ["/csp-report/"]
# Visitors behind one address (an office, a mobile carrier) share it.
SOCKETS_PER_NETWORK = config.number("SOCKETS_PER_NETWORK", 200, minimum=1)
THROTTLE_SCALE = config.number("THROTTLE_SCALE", 1, minimum=1)

# --- Logs -----------------------------------------------------------------------------------------------------------
LOG_LEVEL = config.choice("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR"], "WARNING" if TESTING else "INFO")
LOG_FORMAT = config.choice("LOG_FORMAT", ["json", "text"], "text" if LOCAL else "json")
LOGGING = logging_config(level=LOG_LEVEL, as_json=LOG_FORMAT == "json")
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
# The id has been looked at before (`minichat.lib.logs.RequestLog`).
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = logging.DEBUG

# --- accounts -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PasswordBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home-workspace"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.Composition"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.NotOneOfTheLast"},
]
# Who keeps something about a person: asked for an export and when an account is closed (accounts/holders.py).
PERSONAL_DATA = [
    "accounts.personal",
    "workspaces.personal",
    "notifications.personal",
    "contacts.personal",
    "chat.personal",
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmCodeForm",
    "request_login_code": "accounts.forms.RequestCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
# One address per person: a new one replaces the old one once its code was entered.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_ON_GET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_FORMAT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# The owner is told when the password or the address has changed.
ACCOUNT_EMAIL_NOTIFICATIONS = True
PASSWORD_RESET_TIMEOUT = 60 * 60
# What a token stands for is in Django's own; allauth's would also write to the table of addresses.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
# All is counted in accounts/limits.py but the mails with codes, which allauth counts for known and unknown alike. Each
# code may be guessed at three times, so their number per day bounds the guessing; the reset link is the way around.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "signup": None,
    "reset_password": None,
    "reset_password_from_key": None,
    "change_password": None,
    "manage_email": None,
    "reauthenticate": None,
    "request_login_code": None,
    "confirm_email": "1/10s/key,6/15m/key,30/d/key",
}
# Each provider is offered when its pair is set (accounts/provider.py, accounts/social_adapter.py).
GOOGLE = config.pair("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET")
GITHUB = config.pair("GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET")
LINE = config.pair("LINE_CHANNEL_ID", "LINE_CHANNEL_SECRET")
_offered = {
    "google": (GOOGLE, ["openid", "email", "profile"]),
    "github": (GITHUB, ["read:user", "user:email"]),
    "line": (LINE, ["openid", "email", "profile"]),
}
SOCIALACCOUNT_PROVIDERS = {
    name: {"APP": {"client_id": pair[0], "secret": pair[1]}, "SCOPE": scope, "OAUTH_PKCE_ENABLED": True}
    for name, (pair, scope) in _offered.items()
    if all(pair)
}
SOCIALACCOUNT_ADAPTER = "accounts.social_adapter.SocialAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.SocialSignupForm"}
# Off: the adapter alone decides when an address opens an account, and connects for good when it does (SR-12).
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
# The second step of signing in. Nobody has to use it but our own staff (accounts/staff.py).
MFA_ADAPTER = "accounts.factors.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.factors.forms.CodeForm",
    "reauthenticate": "accounts.factors.forms.ConfirmCodeForm",
    "activate_totp": "accounts.factors.forms.ActivateForm",
    "authenticate_webauthn": "accounts.factors.forms.AuthenticatePasskeyForm",
    "login_webauthn": "accounts.factors.forms.LoginPasskeyForm",
    "reauthenticate_webauthn": "accounts.factors.forms.ConfirmPasskeyForm",
    "add_webauthn": "accounts.factors.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.factors.forms.RenamePasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
# A passkey alone signs in, so the device always asks who is there: one sort of passkey, one strength.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_REAUTHENTICATION_REQUIRED = True
MFA_ALLOW_UNVERIFIED_EMAIL = False
MFA_TRUST_ENABLED = False
# Counted in accounts/limits.py.
MFA_RATE_LIMITS = {"webauthn_login": None}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _https else "http"

# --- notifications --------------------------------------------------------------------------------------------------
# Every mail is a row in the outbox first; the outbox sends through DELIVERY_EMAIL_BACKEND.
EMAIL_BACKEND = "notifications.backends.OutboxBackend"
DELIVERY_EMAIL_BACKEND = config.text(
    "DELIVERY_EMAIL_BACKEND",
    "django.core.mail.backends.dummy.EmailBackend" if LOCAL else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_HOST = config.text("EMAIL_HOST", "localhost")
EMAIL_PORT = config.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = config.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = config.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = config.flag("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = config.text("DEFAULT_FROM_EMAIL", "MiniChat <hello@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- ai: where the providers are ------------------------------------------------------------------------------------
# The operator's word: a proxy, or a fake server in tests. What a workspace types is judged first (ai/providers/web.py).
AI_ADDRESSES = {
    "openai": config.text("AI_OPENAI_URL", "https://api.openai.com/v1"),
    "openrouter": config.text("AI_OPENROUTER_URL", "https://openrouter.ai/api/v1"),
    "groq": config.text("AI_GROQ_URL", "https://api.groq.com/openai/v1"),
    "anthropic": config.text("AI_ANTHROPIC_URL", "https://api.anthropic.com"),
    "gemini": config.text("AI_GEMINI_URL", "https://generativelanguage.googleapis.com/v1beta"),
    # Empty: there is none. It may stand in our own network, so only the operator can name it.
    "ollama": config.text("AI_OLLAMA_URL", "http://127.0.0.1:11434" if LOCAL else ""),
}
# Ours: whoever has no key of their own asks with these, as far as their plan goes (`ModelOffer`, `PlanAllowance`).
AI_KEYS = {
    "openai": config.text("AI_OPENAI_KEY"),
    "openrouter": config.text("AI_OPENROUTER_KEY"),
    "groq": config.text("AI_GROQ_KEY"),
    "anthropic": config.text("AI_ANTHROPIC_KEY"),
    "gemini": config.text("AI_GEMINI_KEY"),
}

# The optional extra: hits rise by what they mean, beside their words (ai/knowledge/meaning.py).
AI_SEMANTIC = config.flag("AI_SEMANTIC", False)

# --- Public pages: who runs this, and where people write to ---------------------------------------------------------
OPERATOR_NAME = config.text("OPERATOR_NAME", "MiniChat")
# The widget on the landing page; empty: none, in local mode that of the demo shop.
LANDING_WIDGET_KEY = config.text("LANDING_WIDGET_KEY", "")
CONTACT_EMAIL = config.text("CONTACT_EMAIL", parseaddr(DEFAULT_FROM_EMAIL)[1])

# --- demo -----------------------------------------------------------------------------------------------------------
DEMO_PASSWORD = config.text("DEMO_PASSWORD")

examine(
    config,
    Values(
        mode=MINICHAT_MODE,
        debug=DEBUG,
        secret_key=SECRET_KEY,
        base_url=BASE_URL,
        allowed_hosts=ALLOWED_HOSTS,
        trusted_proxies=TRUSTED_PROXIES,
        throttle_scale=THROTTLE_SCALE,
        redis_url=REDIS_URL,
        is_semantic=AI_SEMANTIC,
        google=GOOGLE,
        github=GITHUB,
        line=LINE,
    ),
)
config.check()
CONFIG_WARNINGS = config.warnings
