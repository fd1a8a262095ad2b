"""All settings, in one file, from the environment.

Nothing here differs "per environment" by name: what differs is what the environment says.
``DEMO_MODE`` is the only switch of character: it allows demo secrets, the demo world and the
Outbox page. Wrong or missing settings are reported by the system checks in ``checks.py``.
"""

from pathlib import Path

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

# --- Character of this installation -------------------------------------------------------

DEMO_MODE = env.bool("DEMO_MODE", False)
TESTING = env.bool("TESTING", False)
DEBUG = env.bool("DEBUG", False)

#: Known to everybody who can read this file: accepted in demo mode only (checks.py).
DEMO_SECRET_KEY = "demo-only-secret-key-known-to-everybody-0123456789abcdefghijkl"
SECRET_KEY = env.str("SECRET_KEY", DEMO_SECRET_KEY if DEMO_MODE or TESTING else "")
#: Encrypts access-key secrets at rest (url-safe base64, 32 bytes). First key encrypts, all decrypt.
DEMO_FIELD_KEY = "ZGVtby1vbmx5LWZpZWxkLWtleS0wMTIzNDU2Nzg5YWI="
FIELD_ENCRYPTION_KEYS = env.list(
    "FIELD_ENCRYPTION_KEYS", [DEMO_FIELD_KEY] if DEMO_MODE or TESTING else []
)
#: Keys the hashes of the audit trail are made with: the first one writes, all of them verify.
AUDIT_SECRETS = env.list("AUDIT_SECRETS", [SECRET_KEY])

ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    ["127.0.0.1", "localhost", "testserver"] if DEMO_MODE or TESTING else [],
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
#: Public address of the portal: links in e-mails start with it. No trailing slash.
PORTAL_URL = env.str("PORTAL_URL", "http://127.0.0.1:8000")
HTTPS = PORTAL_URL.startswith("https://")
PORTAL_NAME = env.str("PORTAL_NAME", "Partner Center")

# --- Applications, lowest floor first (see ARCHITECTURE.md) --------------------------------

HOUSE_APPS = [
    "partner_center",
    "audit",
    "outbox",
    "accounts",
    "notifications",
    "exports",
    "catalog",
    "realname",
    "resellers",
    "customers",
    "resources",
    "metering",
    "budgets",
    "churn",
    "orders",
    "billing",
    "bss_api",
    "demo",
]

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_celery_beat",
    "django_cotton",
    "django_countries",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "csp",
    "rest_framework",
    "drf_spectacular",
    *HOUSE_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "partner_center.middleware.RequestIdMiddleware",
    "bss_api.middleware.JsonErrorsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "partner_center.middleware.HtmxRedirectMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ActorMiddleware",
    "accounts.middleware.FirstPasswordMiddleware",
    "orders.middleware.OnBehalfMiddleware",
    "partner_center.views.RefusalMiddleware",
]

ROOT_URLCONF = "partner_center.urls"
WSGI_APPLICATION = "partner_center.wsgi.application"
# No path of the API ends with "/" and the SDK does not follow redirects (bss_api): we never redirect.
APPEND_SLASH = False

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
                "partner_center.context.portal",
            ],
            "builtins": ["partner_center.templatetags.portal"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
COTTON_DIR = "cotton"
DJANGO_TABLES2_TEMPLATE = "portal/lists/table.html"

# --- Data ----------------------------------------------------------------------------------

DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL",
        "postgresql://postgres@127.0.0.1:5432/partner_center",
        conn_max_age=env.int("DATABASE_CONN_MAX_AGE", 60),
        conn_health_checks=True,
    )
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("application_name", "partner_center")
if TESTING:  # the test runner empties tables with TRUNCATE, also append-only ones (appendonly.py)
    DATABASES["default"]["OPTIONS"]["options"] = "-c partner_center.allow_truncate=on"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
}

#: The tenant model, as AUTH_USER_MODEL is the user model: lower floors name it, nobody imports it.
TENANT_MODEL = "accounts.Account"
AUTH_USER_MODEL = "accounts.User"

# --- Sign-in -------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["accounts.backends.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.passwords.PortalPasswordValidator"}]
ACCOUNT_ADAPTER = "accounts.adapters.PortalAccountAdapter"
MFA_ADAPTER = "accounts.adapters.PortalMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = PORTAL_NAME
#: Codes of the half minute before and after count too: typing takes time, clocks differ.
MFA_TOTP_TOLERANCE = 1
ACCOUNT_EMAIL_VERIFICATION = "none"
#: Attempts per window; the windows' lengths are also said to people (accounts/adapters.py).
ACCOUNT_RATE_LIMITS = {
    "sign_in_address": "60/5m/ip",
    "sign_in": "5/5m/key",
    "sign_in_name": "50/5m/key",
    "send_code_address": "60/h/ip",
    "send_code": "10/h/key",
    "reset_password": "20/5m/ip",
    "check_code": "10/5m/key",
}
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "/sign-in"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", 8 * 3600)
#: With "Remember me", in seconds; without it a session ends with the browser.
REMEMBERED_SESSION_AGE = env.int("REMEMBERED_SESSION_AGE", 30 * 24 * 3600)

# --- Language and time ---------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
FORMAT_MODULE_PATH = ["partner_center.formats"]
USE_I18N = True
USE_TZ = True
# Business time of the whole portal: GMT+08:00 (partner_center.clock).
TIME_ZONE = "Asia/Shanghai"

# --- Files ---------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "static" / "collected")
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
#: Private files (uploads, exports): served only through views that ask for the actor.
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / ".data" / "files")
_S3_BUCKET = env.str("S3_BUCKET", "")
STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": _S3_BUCKET,
                "endpoint_url": env.str("S3_ENDPOINT_URL", None),
                "access_key": env.str("S3_ACCESS_KEY", None),
                "secret_key": env.str("S3_SECRET_KEY", None),
                "default_acl": "private",
                "file_overwrite": False,
            },
        }
        if _S3_BUCKET
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG or TESTING
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
# Found when asked for; else every client of a test would look at all files before its first page.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING

# --- Messages ------------------------------------------------------------------------------

#: The demo sends nothing: its Outbox page shows every e-mail and SMS.
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    "django.core.mail.backends.locmem.EmailBackend"
    if TESTING
    else "django.core.mail.backends.dummy.EmailBackend"
    if DEMO_MODE
    else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 20)
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", "Partner Center <noreply@partner-center.example>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
DEMO_SMS_GATEWAY = "outbox.gateways.DemoSmsGateway"
SMS_GATEWAY = env.str(
    "SMS_GATEWAY",
    DEMO_SMS_GATEWAY if DEMO_MODE or TESTING else "outbox.gateways.HttpSmsGateway",
)
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", "")
SMS_GATEWAY_TOKEN = env.str("SMS_GATEWAY_TOKEN", "")

# --- Background work -----------------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", REDIS_URL)
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
# A killed worker's task is delivered again: every task is safe to repeat.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    # A page that queues a task never waits for a broker that is away.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "socket_connect_timeout": 2,
    "global_keyprefix": env.str("CELERY_PREFIX", "pc:"),
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "partner_center.beat:PortalScheduler"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {}

# --- The operator's admin ------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": PORTAL_NAME,
    "SITE_HEADER": PORTAL_NAME,
    "SITE_SUBHEADER": _("Operator"),
    "SITE_SYMBOL": "cloud",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("favicon.svg")}
    ],
    "STYLES": [lambda request: static("admin.css")],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "ACCOUNT": {"navigation": [{"title": _("Portal"), "link": "/"}]},
    # The portal's petrol and its greys (design tokens of static/src/css/tokens.css).
    "COLORS": {
        "base": {
            "50": "#f5f7f6",
            "100": "#eef2f1",
            "200": "#e1e7e5",
            "300": "#c9d3d0",
            "400": "#93a4a7",
            "500": "#5b6b71",
            "600": "#43545b",
            "700": "#26363c",
            "800": "#1c2b31",
            "900": "#152126",
            "950": "#0e171b",
        },
        "primary": {
            "50": "#f0f7f7",
            "100": "#e1eff0",
            "200": "#bfdde1",
            "300": "#8ad8e1",
            "400": "#5cc1cf",
            "500": "#3f8692",
            "600": "#0b6271",
            "700": "#084b57",
            "800": "#133a42",
            "900": "#0b2e36",
            "950": "#06262c",
        },
    },
}

# --- Security ------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS and env.bool("SECURE_SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^v\d", r"^healthz$", r"^readyz$"]
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
#: How many proxies stand before us: decides which X-Forwarded-For entry is the client.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = env.str("SESSION_COOKIE_NAME", "pc_session")
CSRF_COOKIE_NAME = env.str("CSRF_COOKIE_NAME", "pc_csrf")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- The API door (bss_api) ----------------------------------------------------------------

REST_FRAMEWORK: dict[str, object] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "bss_api.operations.openapi.OperationSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "BSS partner API",
    "VERSION": "1",
    "DEFAULT_GENERATOR_CLASS": "bss_api.operations.openapi.OperationsGenerator",
    # The vendor's enumerations share names and differ in values: each stands where it is used.
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enum_id_removal"],
}
#: Requests per second and operation for one account and address; 0 switches throttling off.
API_THROTTLE_PER_SECOND = env.int("API_THROTTLE_PER_SECOND", 0 if TESTING else 10)

# --- Customers -----------------------------------------------------------------------------

# USD; above it, an account with a top-up balance does not associate by itself (AF17).
OUTSTANDING_INVOICE_LIMIT = env.str("OUTSTANDING_INVOICE_LIMIT", "0")
# Days until frozen resources are released and their data deleted (04-FRZ-07, 07-RFRZ-05).
RETENTION_DAYS = env.int("RETENTION_DAYS", 15)
# Whether freezing account and resources leaves yearly/monthly resources in service (04 D-17).
FREEZE_PAY_PER_USE_ONLY = env.bool("FREEZE_PAY_PER_USE_ONLY", False)
# How many threads work on a bill run together, each with a connection of its own.
BILL_RUN_THREADS = env.int("BILL_RUN_THREADS", 1 if TESTING else 2)
# Days within which an order is to be paid; then it is canceled.
ORDER_PAYMENT_DAYS = env.int("ORDER_PAYMENT_DAYS", 7)

# --- Real-name authentication --------------------------------------------------------------

# Applications of one account within 24 hours.
REALNAME_ATTEMPTS_PER_DAY = env.int("REALNAME_ATTEMPTS_PER_DAY", 5)
# Other accounts that may be authenticated, or apply, with the same certificate.
REALNAME_ACCOUNTS_PER_CERTIFICATE = env.int("REALNAME_ACCOUNTS_PER_CERTIFICATE", 5)

# --- Payments ------------------------------------------------------------------------------

#: Who moves money from cards: "sandbox" (nothing is moved; demo and tests only) or "stripe".
PAYMENT_GATEWAY = env.str("PAYMENT_GATEWAY", "sandbox" if DEMO_MODE or TESTING else "stripe")
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", "")
#: Signs what Stripe tells us at /billing/webhooks/stripe.
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", "")
#: Another address of Stripe's API, such as a local one for tests; empty: Stripe itself.
STRIPE_API_BASE = env.str("STRIPE_API_BASE", "")
#: Lower and upper limit of a single transaction, both included (05-TXL-01, TXL-02); a currency that is
#: not listed has those of USD, compared in USD.
PAYMENT_LIMITS = {
    currency: (low, high)
    for currency, low, high in (
        limit.split(":")
        for limit in env.list("PAYMENT_LIMITS", ["USD:0.01:20000", "CLP:1:11000000"])
    )
}

# --- Logging -------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        # At DEBUG it would write what it sends, numbers of cards among it.
        "stripe": {"level": "WARNING"},
    },
}
