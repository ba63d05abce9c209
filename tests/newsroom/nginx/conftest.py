"""The site behind nginx, on the database of the tests."""

import os
import shutil
import tempfile
from itertools import count
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from tests import factories
from tests.benchmarks import databases
from tests.newsroom.nginx.front import HOST, ErrorLog, Nginx, Site, read_example
from tests.settings import run

numbers = count(1)
MISSING = "There is no nginx here. Install nginx and libnginx-mod-http-brotli-static."


@pytest.fixture(scope="package")
def folder():
    """A folder with a short name, as sockets want it, that nginx's workers may enter."""
    folder = Path(tempfile.mkdtemp(prefix="nginx-", dir=run.folder()))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="package")
def started(folder, django_db_setup):
    """nginx, the site and the log of errors; all are stopped at the end."""
    if not shutil.which("nginx"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    front, errors = Nginx(folder), ErrorLog(folder)
    site = Site(folder, build_environment(front))
    call_command("build_error_pages", front.var / "errors", verbosity=0)
    try:
        for process in (errors, site, front):
            process.start()
        yield front, site, errors
    finally:
        for process in (front, site, errors):
            process.kill()


def build_environment(front):
    return {
        "DJANGO_SETTINGS_MODULE": "tests.newsroom.door.settings",
        "DATABASE_URL": databases.address_of(connection.settings_dict),
        "SITE_URL": front.address,
        "ALLOWED_HOSTS": HOST,
        "TRUSTED_PROXIES": "unix",
        "MEDIA_ROOT": str(front.var / "media"),
        "METRICS_DIR": str(front.folder / "metrics"),
        "METRICS_NETWORKS": "unix",
        "COMMENT_LIMITS": "off",
        "PAGE_CACHE_CONTROL": read_example()["PAGE_CACHE_CONTROL"],
    }


@pytest.fixture
def front(transactional_db, started):
    """nginx, with the site running behind it."""
    front, site, _errors = started
    if not site.process:
        site.start()
    return front


@pytest.fixture
def site(front, started):
    return started[1]


@pytest.fixture
def errors(started):
    return started[2]


@pytest.fixture
def article(front):
    """An article with an address that no other test has asked for."""
    article = factories.article(slug=f"ship-{next(numbers)}", title="修理船")
    factories.comment(article, text="一番")
    return article


@pytest.fixture
def address(article):
    return f"/articles/{article.slug}/"
