"""Every setting of the site.

The README lists the variables that an operator may set. A wrong value stops the start with a
sentence that names its variable.
"""

from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext_lazy as _

from articles import renditions
from newsroom import content_policy, environment
from newsroom.release import name_release

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / ".var"
with suppress(OSError):  # a read-only project has its files elsewhere
    VAR_DIR.mkdir(exist_ok=True)

ENV_FILE = BASE_DIR / ".env"
env = environment.Environment(ENV_FILE)

DEBUG = env.read_flag("DEBUG", False)
SECRET_KEY = env.read_secret_key()

LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LANGUAGE_CODE = env.read_parsed(
    "LANGUAGE_CODE", "ja", environment.parse_choice, choices=[code for code, name in LANGUAGES]
)
_DEMO_NAME = "港湾新報" if LANGUAGE_CODE == "ja" else "The Saltmere Courier"
SITE_NAME = env.read_text("SITE_NAME", _DEMO_NAME, shortest=1)
SITE_URL = env.read_parsed("SITE_URL", "http://127.0.0.1:8000", environment.parse_site_url)
HTTPS = SITE_URL.startswith("https://")

ALLOWED_HOSTS = env.read_parsed(
    "ALLOWED_HOSTS",
    f"{urlsplit(SITE_URL).hostname},127.0.0.1,localhost,[::1]",
    environment.parse_hosts,
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "newsroom.views.errors.refuse_stale_form"
TRUSTED_PROXIES = env.read_parsed("TRUSTED_PROXIES", "", environment.parse_networks)
COMMENT_LIMITS = env.read_flag("COMMENT_LIMITS", True)

# Limits on comments and on the rate of posts. Periods are seconds.
COMMENT_RULES = {
    "length": 5_000,  # characters
    "links": 2,  # more are held
    "repetition": 10,  # of one character in a row; more need a confirmation
    "depth": 100,  # levels of replies
    "reader_rate": {60: 5, 3600: 30},  # period: posts of one reader
    # Period: posts of one network, which many may share, before each writer is asked "sure?",
    # before comments are held, and before they are refused.
    "network_rate": {60: (20, 60, 200), 3600: (300, 600, 1200)},
    "vote_rate": {60: 30, 3600: 300},  # votes of one reader
    "network_vote_rate": {60: 200, 3600: 3000},  # votes of one network
    "report_rate": {3600: 10},  # reports of one reader; without a cookie, of one network
    "network_report_rate": {3600: 100},  # reports of one network
    "edit_rate": {60: 10, 3600: 60},  # edits of one reader; each keeps the old text
    "network_edit_rate": {3600: 600},  # edits of one network
    "objection_rate": {3600: 5},  # objections of one reader
    "network_objection_rate": {3600: 50},  # objections of one network
    "branch_pause": 120,  # between two replies of a reader to the same person in one branch
    "raid_pause": 300,  # between two comments of a reader during a slow raid protection
    "same_text": 600,  # a repeated text of a reader in one place is the same comment
    "same_click": 600,  # a repeated text of a network, without cookie and token, needs a "sure?"
    "held_link": 604_800,  # how long a link shows a held comment to a writer without a cookie
    "token": (3, 43_200),  # the minimum and maximum age of a form token
    "own_network": 86_400,  # how long nobody new may vote on a comment of their own network
    "edit": 900,  # how long a comment without replies may be edited
}
RESERVED_NAMES = env.read_parsed("RESERVED_NAMES", "", environment.split_list)
COMMENT_CLOSE_AFTER_DAYS = env.read_count("COMMENT_CLOSE_AFTER_DAYS", 0)  # 0: never
# What follows an edit of a comment that was judged before, where no check speaks against it.
COMMENT_EDITED_SINCE = env.read_parsed(
    "COMMENT_EDITED_SINCE", "hold", environment.parse_choice, choices=["hold", "queue"]
)
# The weight of reports (comments.models.report_weights) at which a comment is held. 0: never.
COMMENT_HOLD_AT_REPORTS = env.read_count("COMMENT_HOLD_AT_REPORTS", 3)
COMMENT_DOWN_VOTES = env.read_flag("COMMENT_DOWN_VOTES", False)

# How old the figures of other articles' threads on a page may be. 0: no page cache.
PAGE_CACHE_SECONDS = env.read_count("PAGE_CACHE_SECONDS", 5)
# Seconds for which a process uses the version of a page that it has read, for those who only read.
PAGE_VERSION_SECONDS = 0.2
# How many pages of the newest articles are rendered before anybody asks for them. 0: none.
PAGES_PRELOADED = env.read_count("PAGES_PRELOADED", 5_000)
# Where others are told of new articles (newsroom.announcing).
WEBSUB_HUB = env.read_parsed("WEBSUB_HUB", "", environment.parse_optional_address)
INDEXNOW_KEY = env.read_parsed("INDEXNOW_KEY", "", environment.parse_indexnow_key)
WEBMENTIONS = env.read_flag("WEBMENTIONS", False)
PUSH_PRIVATE_KEY = env.read_parsed("PUSH_PRIVATE_KEY", "", environment.parse_push_key)
WORDPRESS_APPLICATION_PASSWORD = env.read_text("WORDPRESS_APPLICATION_PASSWORD", "")  # old site
SEARCH_INDEXED = env.read_flag("SEARCH_INDEXED", False)  # pages of results, by search engines
# For caches between the site and its readers. Where one shows a page from before the reader's
# first comment, as Firefox does, the script adds the comment.
PAGE_CACHE_CONTROL = env.read_text(
    "PAGE_CACHE_CONTROL",
    "public, max-age=0, s-maxage=2, stale-while-revalidate=30, stale-if-error=86400",
)

# Part of every cache key: a new release shows new pages.
RELEASE = env.read_text("RELEASE", "") or name_release(BASE_DIR)

INSTALLED_APPS = [
    "newsroom",
    "comments",
    "articles",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_prose_editor",
    "cabinet",
    "imagefield",
    "mptt",
    "taggit",
    "simple_history",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_otp_webauthn",
]

MIDDLEWARE = [
    "newsroom.incoming.IncomingMiddleware",
    "newsroom.middleware.BrowserPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "newsroom.middleware.SafeInputMiddleware",
    "newsroom.middleware.ContentPolicyMiddleware",
    "newsroom.outage_middleware.OutageMiddleware",
    "newsroom.reader_doors.ReaderDoorsMiddleware",
    "newsroom.redirects.RedirectMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "newsroom.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "newsroom.middleware.SessionIdleMiddleware",
    "newsroom.middleware.StaffMarkerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "newsroom.kept_form_middleware.KeptFormMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "newsroom.jinja.build_environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "newsroom.jinja.DjangoFiles",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.context_processors.site",
            ],
        },
    },
]

DATABASES = {
    "default": env.read_parsed(
        "DATABASE_URL",
        f"sqlite:///{VAR_DIR / 'newsroom.sqlite3'}",
        environment.parse_database,
        base=BASE_DIR,
        pool_size=env.read_count("DATABASE_POOL_SIZE", 16),
        prepares=env.read_flag("DATABASE_PREPARED_STATEMENTS", True),
    )
}
# Limits in processes that answer requests (newsroom.database_limits), not in commands.
DATABASE_LOCK_SECONDS = env.read_count("DATABASE_LOCK_SECONDS", 5, least=1)
DATABASE_STATEMENT_SECONDS = env.read_count("DATABASE_STATEMENT_SECONDS", 15, least=1)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = env.read_parsed(
    "CACHE_URL",
    "locmem://",
    environment.parse_caches,
    # No colon in the first part, by which a site knows what is its own.
    key_prefix=":".join(quote(part, safe="") for part in (SITE_URL, RELEASE, LANGUAGE_CODE)),
)
SILENCED_SYSTEM_CHECKS = [
    # comments.Comment: the unique (tree_id, lft) is deferrable, which SQLite does not support. An
    # immediate one would fail while mptt shifts rows, so SQLite has no such constraint.
    "models.W038",
    # Passkeys need HTTPS; without it the site has none (newsroom.second_factor.passkeys).
    "otp_webauthn.E031",
    *("security.W005", "security.W021"),  # HSTS for subdomains, and preloading: the operator's
]

AUTH_USER_MODEL = "newsroom.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"

# Failed logins (newsroom.lockouts) before others are refused. Period in seconds: how many.
LOGIN_RATES = {
    "name_and_network": {900: 8},
    "network": {60: 10, 900: 30, 86_400: 200},  # of all names
    # From all networks. One customer's IPv6 network reaches no more than 32 in 900 seconds.
    "name": {60: 40, 900: 120},
}

# Whose login needs a second factor (newsroom.second_factor): names of groups, or "superusers".
SECOND_FACTOR_GROUPS = env.read_parsed("SECOND_FACTOR_GROUPS", "", environment.split_list)
# Failed codes before others are refused, whatever the password was. Period in seconds: how many.
CODE_RATES = {
    "code": {900: 8, 86_400: 30},  # of one person
    "code_network": {900: 30, 86_400: 200},
}
OTP_TOTP_ISSUER = SITE_NAME
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0  # CODE_RATES limit them all
# Required by its system checks; newsroom.second_factor.passkeys says all three for each request.
OTP_WEBAUTHN_RP_ID, OTP_WEBAUTHN_RP_NAME = urlsplit(SITE_URL).hostname, SITE_NAME
OTP_WEBAUTHN_ALLOWED_ORIGINS = [SITE_URL]

# Mail, for the digests of the moderators and about errors.
EMAIL_TIMEOUT = 10  # seconds
vars().update(
    {
        f"EMAIL_{name}": value
        for name, value in env.read_parsed(
            "EMAIL_URL", "console://", environment.parse_mail
        ).items()
    }
)
DEFAULT_FROM_EMAIL = env.read_text("EMAIL_FROM", f"newsroom@{urlsplit(SITE_URL).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
# Who gets a mail about an error.
ADMINS = [
    (address, address)
    for address in env.read_parsed("ADMINS", "", environment.parse_mail_addresses)
]
DIGEST_URGENT_HOURS = env.read_count("DIGEST_URGENT_HOURS", 2)

LOCALE_PATHS = [BASE_DIR / "newsroom" / "locale"]
TIME_ZONE = env.read_parsed("TIME_ZONE", "Asia/Tokyo", environment.parse_time_zone)

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_STORAGE, MEDIA_URL = env.read_parsed("MEDIA_STORAGE_URL", "", environment.parse_media_storage)
MEDIA_ROOT = env.read_parsed(
    "MEDIA_ROOT", f"{VAR_DIR / 'media'}", environment.parse_folder, base=BASE_DIR
)
STORAGES = {
    "default": MEDIA_STORAGE,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "newsroom.static_files.BundledStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
# Imports that are started in the admin: the folder whose files it offers, and where uploads are.
IMPORT_DIR = env.read_parsed("IMPORT_DIR", "", environment.parse_optional_folder, base=BASE_DIR)
IMPORT_UPLOADS = VAR_DIR / "imports"
IMPORT_UPLOAD_MB = env.read_count("IMPORT_UPLOAD_MB", 512, least=1)
IMPORT_UNPACKED_MB = env.read_count("IMPORT_UNPACKED_MB", 8192, least=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 16_000_000  # bytes: a text of 5 MB, percent-encoded
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
READ_RATE = {60: 120, 3600: 2000}  # period: readings of one network
READS_WRITTEN_EVERY = 10  # seconds between two writes of the read counts

CABINET_FILE_MODEL = "articles.MediaFile"
IMAGEFIELD_BIN_DEPTH = 2
IMAGEFIELD_FORMATS = {"articles.mediafile.image_file": renditions.FORMATS}
IMAGEFIELD_SILENTFAILURE = False

TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = False

# Cookies and transport. Under HTTPS every cookie is Secure, and by its name a browser takes the
# session's and the CSRF token's from this host only, not from a neighbouring subdomain.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_AGE = 3600 * env.read_parsed("SESSION_IDLE_HOURS", "12", environment.parse_hours)
SECURE_SSL_REDIRECT = env.read_flag("SECURE_SSL_REDIRECT", HTTPS)
SECURE_HSTS_SECONDS = env.read_count("SECURE_HSTS_SECONDS", 31_536_000 if HTTPS else 0)
# Both bind hosts that are not this site's, and preloading can hardly be taken back.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.read_flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.read_flag("SECURE_HSTS_PRELOAD", False)
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

CONTENT_SECURITY_POLICY = {"DIRECTIVES": content_policy.build_directives(MEDIA_URL)}

# Where the processes of the server count for /metrics, and who may read it.
METRICS_DIR = env.read_parsed("METRICS_DIR", "", environment.parse_optional_folder, base=BASE_DIR)
METRICS_NETWORKS = env.read_parsed(
    "METRICS_NETWORKS", "127.0.0.0/8,::1", environment.parse_networks
)
LOG_FORMAT = env.read_parsed(
    "LOG_FORMAT", "text", environment.parse_choice, choices=["text", "json"]
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "newsroom.log_format.LineFormatter"},
        "json": {"()": "newsroom.log_format.JsonFormatter"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
        "mail": {"class": "newsroom.error_mail.ErrorMailHandler", "formatter": "text"},
    },
    "root": {"handlers": ["stderr", "mail"], "level": "WARNING"},
    "loggers": {
        # Without Django's own handler for ADMINS, which mails the address and form of a reader.
        "django": {"handlers": [], "level": "WARNING"},
        # Unknown addresses are not logged, errors are.
        "django.request": {"level": "ERROR"},
        "newsroom.security": {"level": "INFO"},  # lockouts and changes of rights
    },
}
