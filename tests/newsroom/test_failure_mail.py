"""A failed unit of systemd mails its name to ADMINS."""

import re

import pytest
from django.core import mail
from django.core.management import call_command

from tests.newsroom.test_deploy_units import UNITS

REPORTER = "newsroom-failure@.service"


def test_the_mail_names_the_unit(settings):
    settings.ADMINS = [("a@example.org", "a@example.org")]
    call_command("report_failure", "newsroom-backup.service")
    [sent] = mail.outbox
    assert sent.to == ["a@example.org"]
    assert "newsroom-backup.service failed" in sent.subject
    assert "journalctl -u newsroom-backup.service" in sent.body


def test_without_a_recipient_it_says_so(settings, capsys):
    settings.ADMINS = []
    call_command("report_failure", "newsroom-backup.service")
    assert mail.outbox == []
    assert "ADMINS" in capsys.readouterr().err


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_each_unit_that_runs_the_site_reports_its_failure(name):
    runs_site = re.search(r"manage\.py|granian", UNITS[name])
    reports = f"OnFailure={REPORTER.replace('@', '@%n')}" in UNITS[name]
    assert reports == bool(runs_site and name != REPORTER)  # it does not report itself
