"""Each part of a site under light load is killed, stopped, filled, slowed and started again.

No acknowledged comment is lost, and every answer is a whole page of the site.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from redis import Redis

from tests.benchmarks import servers
from tests.benchmarks.chaos_load import Load
from tests.benchmarks.chaos_parts import Postgresql, Sqlite, small_disk
from tests.benchmarks.relay import Relay
from tests.redis_server import Server as RedisServer
from tests.settings import run

pytestmark = pytest.mark.slow

SETTINGS = "tests.newsroom.door.settings"
CONTENT = """
from comments.posting import post
from tests import factories
article = factories.article(slug="ship", title="修理船")
print(article.pk, post(article, text="一番").pk)
"""
FALLEN = 3  # seconds that a part is away
HUNG = 20  # seconds, if it does not even refuse: requests under way wait for some of them
BACK = 4  # seconds until the site is whole again, 2 on an idle machine


@pytest.fixture(scope="module", params=[Sqlite, Postgresql], ids=["sqlite", "postgresql"])
def database(request):
    # Of this process: two workers may have tests of this module.
    folder = run.folder() / f"chaos-{request.param.name}-{os.getpid()}"
    with small_disk(folder, request.param.disk) as is_small:
        folder.chmod(0o755)  # PostgreSQL may run as another user
        database = request.param(folder)
        database.folder, database.is_small = folder, is_small
        yield database
        database.stop()


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    server.relay = Relay(("127.0.0.1", server.port))
    yield server
    server.relay.close()
    server.stop()


@pytest.fixture(scope="module")
def site(database, redis):
    changes = {
        "CACHE_URL": f"redis://127.0.0.1:{redis.relay.port}/0",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "MEDIA_ROOT": str(database.folder / "media"),
    }
    environment = {**os.environ, **servers.environment(database.url), **changes}
    for command in (["migrate", "-v0"], ["shell", "-v0", "-c", CONTENT]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            env=environment,
            cwd=servers.ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
    with servers.Server(database.url, workers=2, **changes) as site:
        site.article, site.comment = map(int, done.stdout.split()[-2:])
        yield site


@pytest.fixture
def load(site, database):
    """The load, from before a part falls until it is back."""
    load = Load(
        site.address,
        article=site.article,
        comment=site.comment,
        pages=["/", "/articles/ship/", "/search/?q=修理船", "/feeds/", "/articles/ship/?order=new"],
    )
    load.pages = [quote(page, safe="/?=&") for page in load.pages]
    load.start()
    wait_until_whole(load)
    yield load
    load.stop()
    stored = {pk for (pk,) in database.query("SELECT id FROM comments_comment")}
    assert load.acknowledged
    assert [pk for pk in load.acknowledged if pk not in stored] == []
    assert load.unreadable == [], site.log


def wait_until_whole(load):
    """Wait until every kind of request succeeds, and none fails."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        load.take()
        time.sleep(1)
        seen, broken, _slowest = load.take()
        kinds, statuses = {kind for kind, _ in seen}, {status for _, status in seen}
        if len(kinds) == 3 and statuses <= {200, 303} and not broken:
            return
    raise AssertionError(f"The site does not come back: {seen} {broken}")


def fall(load, seconds=FALLEN):
    """Let time pass while a part is away; returns what was seen."""
    load.take()
    time.sleep(seconds)
    return load.take()


def check_back(load):
    """Assert that the site is whole, a moment after all parts are."""
    time.sleep(BACK)
    load.take()
    time.sleep(1.5)
    seen, broken, _slowest = load.take()
    assert {status for _kind, status in seen} <= {200, 303}, seen
    assert not broken


def find_workers(site):
    return [
        child
        for child in psutil.Process(site.group).children()
        if "resource_tracker" not in " ".join(child.cmdline())
    ]


class TestWorker:
    def test_killed(self, site, load):
        workers = find_workers(site)
        assert len(workers) == 2
        workers[0].send_signal(signal.SIGKILL)
        seen, broken, _slowest = fall(load)
        assert {status for _kind, status in seen} == {200, 303}
        assert sum(broken.values()) <= 4  # what that worker was about to answer
        check_back(load)
        assert len(find_workers(site)) == 2


class TestRedis:
    @pytest.fixture(autouse=True)
    def healthy(self, redis, load):
        yield
        check_back(load)

    def goes_on(self, load):
        seen, broken, slowest = fall(load, 2 * FALLEN)  # a first request waits for Redis
        assert {status for _kind, status in seen} == {200, 303}, seen
        assert not broken
        assert max(slowest.values()) < 8, slowest

    def test_killed(self, redis, load):
        os.kill(redis.pid, signal.SIGKILL)
        redis.stop()
        try:
            self.goes_on(load)
        finally:
            redis.start()

    def test_stopped(self, redis, load):
        os.kill(redis.pid, signal.SIGSTOP)
        try:
            self.goes_on(load)
        finally:
            os.kill(redis.pid, signal.SIGCONT)

    def test_filled(self, redis, load):
        with Redis(port=redis.port) as client:
            client.config_set("maxmemory-policy", "noeviction")
            client.config_set("maxmemory", "1mb")
            try:
                self.goes_on(load)
            finally:
                client.config_set("maxmemory", "0")

    def test_flushed(self, redis, load):
        with Redis(port=redis.port) as client:
            client.flushall()
        self.goes_on(load)

    def test_slowed(self, redis, load):
        redis.relay.delay = 0.1
        try:
            self.goes_on(load)
        finally:
            redis.relay.delay = 0.0


class TestDatabase:
    @pytest.fixture(autouse=True)
    def _only_a_server(self, database):
        if database.name == "sqlite":
            pytest.skip("SQLite is no server")

    def reading_goes_on(self, load, seconds=FALLEN):
        seen, broken, _slowest = fall(load, seconds)
        assert not broken
        assert seen["read", 200], seen
        assert not seen["post", 303] and seen["post", 503], seen

    def test_killed(self, database, load):
        processes = database.processes
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=5)
        self.reading_goes_on(load)
        database.start()
        check_back(load)

    def test_stopped(self, database, load):
        processes = database.processes
        for process in processes:
            process.suspend()
        time.sleep(1)
        try:
            self.reading_goes_on(load, HUNG)
        finally:
            for process in processes:
                with suppress(psutil.NoSuchProcess):
                    process.resume()
        check_back(load)

    def test_cut_off(self, database, load):
        database.relay.is_hole = True
        time.sleep(1)
        try:
            self.reading_goes_on(load, HUNG)
        finally:
            database.relay.is_hole = False
        check_back(load)

    def test_slowed(self, database, load):
        database.relay.delay = 0.02
        try:
            seen, broken, _slowest = fall(load)
        finally:
            database.relay.delay = 0.0
        assert {status for _kind, status in seen} <= {200, 303, 503}
        assert seen["read", 200]
        assert not broken
        check_back(load)

    def test_read_only(self, database, load):
        database.make_read_only("on")
        time.sleep(1)
        try:
            self.reading_goes_on(load)
        finally:
            database.make_read_only("off")
        check_back(load)


class TestDisk:
    def test_filled(self, site, database, load):
        """The disk of the database and the media."""
        if not database.is_small:
            pytest.skip("Only root can mount a small disk")
        ballast = Path(database.folder, "ballast")
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        try:
            seen, broken, _slowest = fall(load, 8)
            assert not broken
            assert {status for kind, status in seen if kind == "read"} == {200}, seen
            assert seen["post", 503], seen
        finally:
            ballast.unlink()
        check_back(load)
