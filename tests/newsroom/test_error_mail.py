"""Errors are mailed to ADMINS, without a reader's data and not without end."""

import logging
from time import sleep
from unittest import mock

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from comments.views import writing
from newsroom import error_mail
from newsroom.environment import Environment, parse_mail_addresses
from newsroom.error_mail import MOST, ErrorMailHandler
from tests import factories
from tests.comments.conftest import Browser


@pytest.fixture
def admins(settings):
    settings.ADMINS = [("admin@news.example", "admin@news.example")]


def log(handler, message, *args, name="newsroom"):
    handler.handle(logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, None))


def wait_for_mails(number):
    for _attempt in range(200):
        if len(mail.outbox) >= number:
            break
        sleep(0.01)
    return mail.outbox


@pytest.mark.django_db
@pytest.mark.once
def test_a_failing_page_is_mailed_without_its_reader(admins, monkeypatch):
    broken = mock.Mock(side_effect=DatabaseError('bad value "太郎"'))
    monkeypatch.setattr(writing, "submit", broken)
    browser = Browser(raise_request_exception=False, REMOTE_ADDR="192.0.2.77")
    assert browser.write(factories.article(), "長い意見", name="太郎").status_code == 500
    [letter] = wait_for_mails(1)
    assert letter.to == ["admin@news.example"]
    assert "/threads/" in letter.body and "DatabaseError: bad value …" in letter.body
    for secret in ("太郎", "長い意見", "192.0.2.77"):
        assert secret not in letter.body + letter.subject


def test_a_fault_that_repeats_is_mailed_a_few_times(admins, monkeypatch):
    clock = mock.Mock(return_value=1_000.0)
    monkeypatch.setattr(error_mail, "monotonic", clock)
    handler = ErrorMailHandler()
    for _error in range(MOST + 5):
        log(handler, "Again")
    clock.return_value += error_mail.PERIOD + 1
    log(handler, "After an hour")
    assert len(wait_for_mails(MOST + 1)) == MOST + 1


def test_refused_requests_of_robots_are_not_mailed(admins):
    handler = ErrorMailHandler()
    log(handler, "Invalid HTTP_HOST header", name="django.security.DisallowedHost")
    log(handler, "A fault")
    assert [letter.body for letter in wait_for_mails(1)] == ["A fault"]


def test_no_other_handler_mails_requests():
    handlers = logging.getLogger("django").handlers + logging.getLogger("django.request").handlers
    assert [handler for handler in handlers if "mail" in type(handler).__module__] == []
    assert any(isinstance(handler, ErrorMailHandler) for handler in logging.root.handlers)


def test_a_wrong_address_stops_the_start(monkeypatch):
    monkeypatch.setenv("ADMINS", "a@news.example,nobody")
    with pytest.raises(ImproperlyConfigured, match="ADMINS is wrong: 'nobody' is not a mail"):
        Environment(None).read_parsed("ADMINS", "", parse_mail_addresses)
