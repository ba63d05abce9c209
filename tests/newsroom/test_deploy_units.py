"""The units, the example of the settings and the page of newsroom/deploy fit the code."""

import os
import re
import runpy
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.core.management import get_commands

from tests.deployment import page

DEPLOY = settings.BASE_DIR / "newsroom" / "deploy"
UNITS = {
    path.name: path.read_text()
    for path in (DEPLOY / "systemd").glob("newsroom-*.*")
    if path.is_file()
}
README = (settings.BASE_DIR / "README.md").read_text()
PAGE = page.PAGE.read_text()
# Run by hand: for one comment, after a change of the code, or at a moment that people choose.
BY_HAND = {"erase_comment", "make_push_key"}


def test_the_commands_of_the_units_are_there():
    named = re.findall(r"manage\.py (\w+)", " ".join(UNITS.values()))
    assert len(named) > 5
    assert set(named) <= set(get_commands())


def test_each_command_that_wants_a_timer_has_one():
    table = README.partition("Commands to run from a timer:\n\n")[2].partition("\n\n")[0]
    wanted = set(re.findall(r"^\| `manage\.py (\w+)", table, re.MULTILINE)) - BY_HAND
    assert len(wanted) > 5
    assert wanted <= set(re.findall(r"manage\.py (\w+)", " ".join(UNITS.values())))


def test_each_timer_starts_a_unit_and_the_page_enables_it():
    timers = {name for name in UNITS if name.endswith(".timer")}
    for name in timers:
        own = name.replace(".timer", ".service")
        unit = re.search(r"^Unit=(.+)$", UNITS[name], re.MULTILINE)
        assert re.sub("@[a-z]+", "@", unit[1] if unit else own) in UNITS, name
        assert f"{name} " in PAGE.replace("\n", " "), name
    assert len(timers) > 4


def test_all_units_are_hardened():
    hardening = (DEPLOY / "systemd" / "newsroom-.service.d" / "hardening.conf").read_text()
    for line in (
        *("User=newsroom", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes"),
        *("PrivateTmp=yes", "CapabilityBoundingSet=", "SystemCallFilter=@system-service"),
    ):
        assert line in hardening.splitlines()
    assert [name for name in UNITS if not name.startswith("newsroom-")] == []
    assert not any("User=root" in text for name, text in UNITS.items() if ".service" in name)


def read_example():
    lines = (DEPLOY / "env.example").read_text().splitlines()
    return dict(re.match(r"#?([A-Z_]+)=(.*)", line).groups() for line in lines if "=" in line[:25])


def test_the_example_names_settings_of_the_readme():
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert {"SITE_URL", "DATABASE_URL", "CACHE_URL", "TRUSTED_PROXIES"} <= set(read_example())
    assert set(read_example()) <= described


def test_the_settings_take_the_example():
    variables = {**read_example(), "SECRET_KEY": "long and random"}
    with mock.patch.dict(os.environ, variables, clear=True):
        loaded = runpy.run_path(str(settings.BASE_DIR / "newsroom" / "settings.py"))
    assert loaded["HTTPS"]
    assert loaded["DATABASES"]["default"]["HOST"] == "/var/run/postgresql"
    assert loaded["TRUSTED_PROXIES"] == loaded["METRICS_NETWORKS"] == ["unix"]
    assert loaded["METRICS_DIR"] == Path("/run/newsroom/metrics")


def test_every_path_of_nginx_is_made_by_the_page():
    configuration = (DEPLOY / "nginx.conf").read_text()
    for path in ("/etc/newsroom/tls", "/var/www/acme", "/srv/newsroom"):
        assert path in configuration
        assert path in PAGE
    assert "/run/newsroom/web.sock" in UNITS["newsroom-web.service"]
    assert "ListenDatagram=/run/newsroom-nginx-log" in UNITS["newsroom-nginx-log.socket"]


def test_the_page_says_what_the_container_puts_something_else_for():
    steps = page.read_steps()
    assert page.UPGRADE in steps
    assert len(steps) > 6
    assert "ADDRESS" not in page.build_script(steps)


def test_an_upgrade_runs_in_a_new_shell():
    commands = page.read_steps()[page.UPGRADE]
    definition = re.search(r"^manage\(\) .*\n", PAGE, re.MULTILINE)[0]
    assert commands.startswith(f"cd /srv/newsroom\n{definition}")
    assert "$HOST" not in commands


def test_an_upgrade_renders_pages_before_its_workers_answer():
    commands = page.read_steps()[page.UPGRADE].splitlines()
    preloading = commands.index("manage preload_pages")
    for needed in ("manage migrate -v 0", "manage collectstatic --noinput -v 0"):
        assert commands.index(needed) < preloading  # pages name static files by their content
    assert preloading < commands.index("systemctl reload newsroom-web.service")


def test_a_substitution_that_the_page_no_longer_needs_is_noticed():
    steps = page.read_steps()
    steps = {heading: text.replace("nano", "vi") for heading, text in steps.items()}
    with pytest.raises(ValueError, match="nano"):
        page.build_script(steps)
