"""The variables that an operator may set, and the refusal of wrong values."""

import ipaddress
import os
import runpy
import shutil
import traceback
from pathlib import Path
from unittest import mock

import pytest
from django.core.exceptions import ImproperlyConfigured

import newsroom.settings
from newsroom.environment import ensure_secret_key

SECRET = {"SECRET_KEY": "long and random, as far as a test can say"}


@pytest.fixture
def project(tmp_path):
    """A folder with nothing but the settings, as a fresh clone would be."""
    (tmp_path / "newsroom").mkdir()
    shutil.copy(newsroom.settings.__file__, tmp_path / "newsroom")
    return tmp_path


@pytest.fixture
def settings_for(project):
    def load(**variables):
        with mock.patch.dict(os.environ, variables, clear=True):
            return runpy.run_path(str(project / "newsroom" / "settings.py"))

    return load


def test_production_without_a_secret_is_refused_with_a_sentence(settings_for):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set. Set it in"):
        settings_for()


def test_debugging_needs_no_secret(settings_for):
    assert settings_for(DEBUG="on")["SECRET_KEY"]


def test_debugging_is_off_unless_set(settings_for):
    assert settings_for(**SECRET)["DEBUG"] is False


def test_a_file_beside_the_project_sets_variables_and_the_environment_wins(settings_for, project):
    (project / ".env").write_text("SECRET_KEY=from the file\nSITE_NAME=浜の声\n")
    read = settings_for(SECRET_KEY="from the environment")
    assert (read["SECRET_KEY"], read["SITE_NAME"]) == ("from the environment", "浜の声")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("COMMENT_LIMITS", "sometimes"),
        ("COMMENT_CLOSE_AFTER_DAYS", "-14"),
        ("SITE_NAME", ""),
        ("SITE_URL", "example.org"),
        ("SITE_URL", "ftp://example.org"),
        ("SITE_URL", "https://"),
        ("SITE_URL", "https://example.org:port"),
        ("SITE_URL", "https://example.org/news"),
        ("SITE_URL", "https://editor@example.org"),
        ("SITE_URL", "https://港湾新報.example"),
        ("ALLOWED_HOSTS", ""),
        ("TRUSTED_PROXIES", "the one in front"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "newsroom.sqlite3"),
        ("DATABASE_URL", "mysql://user@host/name"),
        ("DATABASE_URL", "postgres://user@host"),
        ("DATABASE_URL", "postgres://user@host:port/name"),
        ("DATABASE_POOL_SIZE", "-1"),
        ("DATABASE_POOL_SIZE", "many"),
        ("DATABASE_LOCK_SECONDS", "0"),
        ("DATABASE_STATEMENT_SECONDS", "soon"),
        ("CACHE_URL", ""),
        ("CACHE_URL", "memcached://localhost"),
        ("MEDIA_ROOT", ""),
        ("LANGUAGE_CODE", "fr"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("TIME_ZONE", ""),
        ("SECURE_SSL_REDIRECT", "perhaps"),
        ("SESSION_IDLE_HOURS", "0"),
        ("SESSION_IDLE_HOURS", "9999"),
        ("SECURE_HSTS_SECONDS", "a year"),
        ("SECURE_HSTS_SECONDS", "-1"),
    ],
)
def test_a_wrong_value_is_refused_by_name(settings_for, name, value):
    with pytest.raises(ImproperlyConfigured, match=f"variable {name} is wrong: "):
        settings_for(**SECRET | {name: value})


@pytest.mark.parametrize(
    "url", ["mysql://user@host/name", "redis://host", "postgis://host/name", "x", "://", "sqlite"]
)
def test_a_database_of_another_kind_is_refused_in_our_words(settings_for, url):
    with pytest.raises(ImproperlyConfigured, match="neither sqlite:// nor postgres://"):
        settings_for(**SECRET | {"DATABASE_URL": url})


def test_a_refusal_does_not_show_passwords(settings_for):
    for name, url in [
        ("CACHE_URL", "memcached://:hunter2@localhost"),
        ("DATABASE_URL", "mysql://user:hunter2@host/name"),
        ("CACHE_URL", "redis://user:hunter2/@localhost"),
        ("DATABASE_URL", "postgres://user:hunter2/@host/name"),
        ("EMAIL_URL", "smtp://user:hunter2/@host"),
        ("EMAIL_URL", "smtp://user:hunter2＠@host"),
        ("MEDIA_STORAGE_URL", "s3://key:hunter2＠@host/bucket"),
    ]:
        with pytest.raises(ImproperlyConfigured) as refusal:
            settings_for(**SECRET | {name: url})
        assert "hunter2" not in "".join(traceback.format_exception(refusal.value, limit=0)), url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgres://user@%2Fvar%2Frun%2Fpostgresql/name",
            {"HOST": "/var/run/postgresql", "USER": "user", "NAME": "name", "PORT": ""},
        ),
        (
            "postgresql://user:p%40ss@db.example.org:5433/name",
            {"HOST": "db.example.org", "PASSWORD": "p@ss", "PORT": 5433},
        ),
        ("postgres:///name", {"HOST": "", "NAME": "name"}),
        ("sqlite://:memory:", {"NAME": ":memory:"}),
        ("sqlite:////srv/news/site.sqlite3", {"NAME": Path("/srv/news/site.sqlite3")}),
    ],
)
def test_forms_of_database_addresses(settings_for, url, expected):
    read = settings_for(**SECRET, DATABASE_URL=url)["DATABASES"]["default"]
    assert {key: read[key] for key in expected} == expected


def test_options_of_a_database_address_reach_the_driver_beside_the_pool(settings_for):
    url = "postgres://user@host/name?sslmode=require"
    options = settings_for(**SECRET, DATABASE_URL=url, DATABASE_POOL_SIZE="7")["DATABASES"][
        "default"
    ]["OPTIONS"]
    assert options["sslmode"] == "require"
    assert options["pool"]["max_size"] == 7


def test_a_pool_of_none_is_no_pool(settings_for):
    read = settings_for(**SECRET, DATABASE_URL="postgres:///name", DATABASE_POOL_SIZE="0")
    assert "pool" not in read["DATABASES"]["default"]["OPTIONS"]


def test_a_relative_sqlite_file_lies_in_the_project(settings_for, project):
    read = settings_for(**SECRET, DATABASE_URL="sqlite:///site.sqlite3")
    assert read["DATABASES"]["default"]["NAME"] == project / "site.sqlite3"


def test_sqlite_is_the_default_and_takes_the_write_lock_first(settings_for, project):
    read = settings_for(**SECRET)["DATABASES"]["default"]
    assert read["NAME"] == project / ".var" / "newsroom.sqlite3"
    assert read["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in read["OPTIONS"]["init_command"]


def test_forms_of_trusted_proxies(settings_for):
    read = settings_for(**SECRET, TRUSTED_PROXIES="10.0.0.0/8, 192.0.2.7,::1 , unix")
    assert read["TRUSTED_PROXIES"] == [
        ipaddress.ip_network("10.0.0.0/8"),
        ipaddress.ip_network("192.0.2.7/32"),
        ipaddress.ip_network("::1/128"),
        "unix",
    ]


@pytest.mark.parametrize(
    ("url", "is_https"), [("https://example.org/", True), ("http://127.0.0.1:8001", False)]
)
def test_the_address_of_the_site_decides_about_transport(settings_for, url, is_https):
    read = settings_for(**SECRET, SITE_URL=url)
    assert read["SITE_URL"] == url.rstrip("/")
    assert read["ALLOWED_HOSTS"][0] in url
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
        assert read[name] is is_https
    assert bool(read["SECURE_HSTS_SECONDS"]) is is_https


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://News.Example.org", "https://news.example.org"),
        ("https://example.org:443/", "https://example.org"),
        ("http://[::1]:80", "http://[::1]"),
        ("https://example.org:80", "https://example.org:80"),
    ],
)
def test_the_address_of_the_site_is_the_origin_that_browsers_send(settings_for, url, origin):
    """Passkeys compare the two."""
    assert settings_for(**SECRET, SITE_URL=url)["SITE_URL"] == origin


@pytest.mark.parametrize(
    ("url", "prefix"), [("https://example.org", "__Host-"), ("http://127.0.0.1:8000", "")]
)
def test_cookies_of_a_host_are_named_so_under_https(settings_for, url, prefix):
    read = settings_for(**SECRET, SITE_URL=url)
    assert read["SESSION_COOKIE_NAME"] == f"{prefix}sessionid"
    assert read["CSRF_COOKIE_NAME"] == f"{prefix}csrftoken"


def test_a_session_ends_after_idle_hours(settings_for):
    assert settings_for(**SECRET)["SESSION_COOKIE_AGE"] == 12 * 3600
    assert settings_for(**SECRET, SESSION_IDLE_HOURS="2")["SESSION_COOKIE_AGE"] == 7200


def test_hosts_may_be_parted_with_blanks(settings_for):
    read = settings_for(**SECRET, ALLOWED_HOSTS="example.org, www.example.org")
    assert read["ALLOWED_HOSTS"] == ["example.org", "www.example.org"]


@pytest.mark.parametrize("url", ["redis://localhost/1", "rediss://h:6380", "unix:///run/r.sock"])
def test_redis_by_address(settings_for, url):
    cache = settings_for(**SECRET, CACHE_URL=url)["CACHES"]["default"]
    assert cache["BACKEND"].endswith("RedisCache")
    assert cache["LOCATION"] == url


@pytest.mark.parametrize("url", ["locmem://", "redis://localhost/1"])
def test_cached_pages_belong_to_one_release_of_one_site_in_one_language(settings_for, url):
    def caches(**variables):
        return settings_for(**SECRET, CACHE_URL=url, **variables)["CACHES"]

    one = caches(RELEASE="1", SITE_URL="https://a.example")
    for other in (
        caches(RELEASE="2", SITE_URL="https://a.example"),
        caches(RELEASE="1", SITE_URL="https://b.example"),
        caches(RELEASE="1", SITE_URL="https://a.example", LANGUAGE_CODE="en"),
    ):
        for name in ("default", "pages", "threads"):
            assert other[name].pop("KEY_PREFIX") != one[name]["KEY_PREFIX"]
            assert other[name].items() <= one[name].items()


def test_comment_limits_can_be_switched_off(settings_for):
    assert settings_for(**SECRET)["COMMENT_LIMITS"] is True
    assert settings_for(**SECRET, COMMENT_LIMITS="off")["COMMENT_LIMITS"] is False


def test_media_lies_where_it_is_set(settings_for, project):
    assert settings_for(**SECRET, MEDIA_ROOT="/srv/media")["MEDIA_ROOT"] == Path("/srv/media")
    assert settings_for(**SECRET)["MEDIA_ROOT"] == project / ".var" / "media"


@pytest.fixture
def without_secret():
    with mock.patch.dict(os.environ, SECRET_KEY="", DEBUG="off"):
        del os.environ["SECRET_KEY"]
        yield


def test_a_fresh_clone_gets_a_secret_that_only_its_owner_reads(without_secret, tmp_path):
    env_file = tmp_path / ".env"
    assert ensure_secret_key(env_file)
    name, _, secret = env_file.read_text().strip().partition("=")
    assert name == "SECRET_KEY"
    assert len(secret) >= 50
    assert env_file.stat().st_mode & 0o777 == 0o600


def test_the_secret_is_appended_to_the_file(without_secret, tmp_path):
    env_file = tmp_path / ".env"
    env_file.write_text("SITE_NAME=浜の声")
    ensure_secret_key(env_file)
    assert env_file.read_text().startswith("SITE_NAME=浜の声\nSECRET_KEY=")


def test_an_existing_secret_is_not_replaced(tmp_path):
    assert not ensure_secret_key(tmp_path / ".env")
    assert not (tmp_path / ".env").exists()
