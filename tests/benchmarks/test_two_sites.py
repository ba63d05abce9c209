"""A site and the copy that was restored from its backup share one Redis, and no text."""

import os
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest

from tests.benchmarks import servers
from tests.redis_server import Server as RedisServer

pytestmark = pytest.mark.slow

SETTINGS = "tests.newsroom.door.settings"
CONTENT = """
from comments.posting import post
from tests import factories
post(factories.article(slug="ship", title="元の船"), text="元の意見")
"""
# As a hand in the database would, so that no counter rises: only the identity tells them apart.
CHANGE = """
from articles.models import Article
from comments.models import Comment
Article.objects.update(title="写しの船")
Comment.objects.update(text="写しの意見", html="<p>写しの意見</p>")
"""
PAGES = ("/", "/articles/ship/", "/feed/", "/articles/ship/")


@pytest.fixture
def redis(tmp_path):
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


def test_a_restored_copy_shows_its_own_texts(tmp_path, redis):
    changes = {
        "CACHE_URL": f"redis://127.0.0.1:{redis.port}/0",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "SITE_URL": "http://127.0.0.1:8000",  # of both: their keys begin alike
        "PAGE_CACHE_SECONDS": "600",
    }
    urls = {name: f"sqlite:///{tmp_path / name}.sqlite3" for name in ("original", "copy")}

    def manage(name, *words):
        media = {"MEDIA_ROOT": str(tmp_path / f"media-{name}")}
        environment = {**os.environ, **servers.environment(urls[name]), **changes, **media}
        command = [sys.executable, "manage.py", *map(str, words)]
        subprocess.run(command, env=environment, cwd=servers.ROOT, check=True, capture_output=True)

    manage("original", "migrate", "-v0")
    manage("original", "shell", "-v0", "-c", CONTENT)
    manage("original", "backup", tmp_path / "kept")
    manage("copy", "restore", tmp_path / "kept")
    manage("copy", "shell", "-v0", "-c", CHANGE)
    with servers.Server(urls["original"], **changes) as original:
        first = read(original)
        assert "元の船" in first and "元の意見" in first
        with servers.Server(urls["copy"], **changes) as copy:
            for _ in range(2):
                assert "元の" not in read(copy)
                assert "写しの" not in read(original)
            assert "写しの船" in read(copy)
            manage("copy", "restore", tmp_path / "kept", "--force")  # under the running site
            assert "写しの" not in read(copy, after=0.5)


def read(site, after=0.0):
    """Return all pages of a site in one text, as two readers see them."""
    time.sleep(after)
    texts = []
    for page in PAGES * 2:
        with urlopen(f"{site.address}{page}", timeout=30) as answer:
            texts.append(answer.read().decode())
    return "\n".join(texts)
