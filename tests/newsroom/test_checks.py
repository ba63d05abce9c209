"""The checks of ``manage.py check --deploy``."""

import ipaddress
import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.core.checks import run_checks

PRODUCTION = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "SITE_URL": "https://example.org",
    "TRUSTED_PROXIES": "unix",
}


@pytest.fixture
def found(settings):
    """The ids of what the checks of this project find, as if it were deployed."""
    settings.SITE_URL, settings.HTTPS = "https://example.org", True
    settings.ALLOWED_HOSTS = ["example.org"]

    def find(**changed):
        for name, value in changed.items():
            setattr(settings, name, value)
        messages = run_checks(include_deployment_checks=True)
        return [message.id for message in messages if message.id.startswith("newsroom.")]

    return find


def test_right_settings_are_not_reported(found):
    assert found() == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"COMMENT_LIMITS": False}, "newsroom.W001"),
        ({"SITE_URL": "http://example.org", "HTTPS": False}, "newsroom.W002"),
        ({"ALLOWED_HOSTS": ["*"]}, "newsroom.W003"),
        ({"TRUSTED_PROXIES": ["unix", ipaddress.ip_network("0.0.0.0/0")]}, "newsroom.E001"),
        ({"TRUSTED_PROXIES": [ipaddress.ip_network("::/0")]}, "newsroom.E001"),
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


def test_load_test_settings_are_not():
    checked = check_deploy(COMMENT_LIMITS="off")
    assert checked.returncode == 1
    assert "newsroom.W001" in checked.stderr


def test_a_start_without_a_secret_names_the_variable():
    checked = check_deploy(SECRET_KEY="")
    assert checked.returncode == 1
    assert checked.stderr.startswith("SECRET_KEY is not set.")
    assert "Traceback" not in checked.stderr
