"""The site's own production settings, without static files that must be collected first."""

from newsroom.settings import *  # noqa: F403
from tests.settings import run

STATIC_ROOT = run.folder() / "static"
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
