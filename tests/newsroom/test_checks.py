"""The checks of ``manage.py check --deploy``."""

import ipaddress
import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.core.checks import run_checks

from newsroom import deploy_checks
from newsroom.demo.staff import STAFF, find_or_create_user

PRODUCTION = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "SITE_URL": "https://example.org",
    "TRUSTED_PROXIES": "unix",
}


@pytest.fixture
def database(tmp_path):
    """The file of a database that only its owner may read."""
    path = tmp_path / "site.sqlite3"
    path.touch(0o600)
    return path


@pytest.fixture
def found(settings, tmp_path, database, monkeypatch, db):
    """The ids of what the checks of this project find, as if it were deployed."""
    settings.SITE_URL, settings.HTTPS = "https://example.org", True
    settings.ALLOWED_HOSTS = ["example.org"]
    settings.ENV_FILE = tmp_path / ".env"
    settings.VAR_DIR = settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(deploy_checks, "find_database_file", lambda connection: database)

    def find(**changed):
        for name, value in changed.items():
            setattr(settings, name, value)
        messages = run_checks(include_deployment_checks=True)
        return sorted(message.id for message in messages if message.id.startswith("newsroom."))

    return find


def test_right_settings_are_not_reported(found):
    assert found() == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"COMMENT_LIMITS": False}, "newsroom.W001"),
        ({"SECOND_FACTOR_GROUPS": ["superusers", "editor", "Editors"]}, "newsroom.E008"),
        ({"SITE_URL": "http://example.org", "HTTPS": False}, "newsroom.W002"),
        ({"ALLOWED_HOSTS": ["*"]}, "newsroom.W003"),
        ({"TRUSTED_PROXIES": ["unix", ipaddress.ip_network("0.0.0.0/0")]}, "newsroom.E001"),
        ({"TRUSTED_PROXIES": [ipaddress.ip_network("::/0")]}, "newsroom.E001"),
        ({"TRUSTED_PROXIES": [ipaddress.ip_network("10.0.0.0/8")]}, "newsroom.W004"),
        ({"TRUSTED_PROXIES": [ipaddress.ip_network("2001::/16")]}, "newsroom.W004"),
        ({"ALLOWED_HOSTS": ["www.example.org"]}, "newsroom.E002"),
    ],
)
def test_a_setting_wrong_for_a_public_site_is_reported(found, changed, expected):
    assert found(**changed) == [expected]


@pytest.mark.parametrize(
    ("hosts", "url"),
    [([".example.org"], "https://news.example.org"), (["[::1]"], "https://[::1]:8000")],
)
def test_hosts_may_be_patterns_and_addresses(found, hosts, url):
    assert found(ALLOWED_HOSTS=hosts, SITE_URL=url) == []


@pytest.mark.parametrize("network", ["unix", "127.0.0.1/32", "104.16.0.0/13", "2c0f:f248::/32"])
def test_a_proxy_of_ones_own_or_of_a_large_network_is_trusted(found, network):
    parsed = network if network == "unix" else ipaddress.ip_network(network)
    assert found(TRUSTED_PROXIES=[parsed]) == []


def test_a_site_without_a_proxy_trusts_none(found):
    url = "http://127.0.0.1:8000"
    options = {"SITE_URL": url, "HTTPS": False, "ALLOWED_HOSTS": ["127.0.0.1"]}
    assert found(**options) == ["newsroom.W002"]
    assert found(TRUSTED_PROXIES=["unix"], **options) == ["newsroom.W002", "newsroom.W004"]


def test_the_passwords_of_the_demo_are_refused_on_a_public_site(found):
    writer, editor = (find_or_create_user(member) for member in STAFF[:2])
    assert found() == ["newsroom.E003"] * 2
    writer.set_password("a word of our own")
    writer.save()
    editor.is_active = False
    editor.save()
    assert found() == []
    find_or_create_user(STAFF[2])
    local = found(SITE_URL="http://localhost:8000", ALLOWED_HOSTS=["localhost"])
    assert "newsroom.E003" not in local


def test_a_folder_that_others_may_write_into_is_refused(found, tmp_path):
    tmp_path.chmod(0o757)
    assert found() == ["newsroom.E004"]
    tmp_path.chmod(0o775)
    assert found() == []


def test_a_media_folder_that_the_site_cannot_write_is_refused(found, tmp_path):
    assert found(MEDIA_ROOT=tmp_path / "not yet" / "media") == []
    (tmp_path / "file").touch()
    assert found(MEDIA_ROOT=tmp_path / "file" / "media") == ["newsroom.E005"]


@pytest.mark.parametrize("name", [".env", "site.sqlite3", "site.sqlite3-wal"])
def test_a_secret_file_that_others_may_read_is_refused(found, tmp_path, name):
    (tmp_path / name).touch()
    (tmp_path / name).chmod(0o644)
    assert found() == ["newsroom.E006"]
    (tmp_path / name).chmod(0o640)
    assert found() == []


@pytest.mark.slow
@pytest.mark.once
def test_a_new_database_is_made_for_its_owner_only(tmp_path):
    variables = {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "PATH": os.environ["PATH"]}
    command = [sys.executable, "manage.py", "makemigrations", "--check", "-v", "0"]
    subprocess.run(command, cwd=project.BASE_DIR, env={**PRODUCTION, **variables}, check=True)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def check_deploy(**variables):
    """Run the real command with an environment of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=project.BASE_DIR,
        env={"PATH": os.environ["PATH"], **PRODUCTION, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_are_clean():
    checked = check_deploy()
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.slow
def test_load_test_settings_are_not():
    checked = check_deploy(COMMENT_LIMITS="off")
    assert checked.returncode == 1
    assert "newsroom.W001" in checked.stderr


def test_a_start_without_a_secret_names_the_variable():
    checked = check_deploy(SECRET_KEY="")
    assert checked.returncode == 1
    assert checked.stderr.startswith("SECRET_KEY is not set.")
    assert "Traceback" not in checked.stderr
