"""What both test databases share. Each sets DATABASE_URL before it imports this."""

import os

from tests.settings import run

os.environ.update(
    DEBUG="off",
    SECRET_KEY="only-for-tests",
    SITE_URL="http://testserver",
    ALLOWED_HOSTS="testserver,127.0.0.1,localhost",
    CACHE_URL="locmem://",
    LANGUAGE_CODE="ja",
    TIME_ZONE="Asia/Tokyo",
    COMMENT_LIMITS="on",
    PAGES_PRELOADED="0",  # of servers that tests start
    TRUSTED_PROXIES="",
    MEDIA_ROOT=str(run.folder() / f"media-{os.getpid()}"),
)

from newsroom.settings import *  # noqa: F403

IMPORT_UPLOADS = run.folder() / f"imports-{os.getpid()}"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
READS_WRITTEN_EVERY = 0  # at once
PAGE_CACHE_SECONDS = 0  # tests look at what they changed, also inside a transaction
PAGE_VERSION_SECONDS = 0
STATIC_ROOT = run.folder() / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
