"""An editor, their authenticator app, and the time of both."""

from datetime import datetime, timedelta

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from newsroom import lockouts
from newsroom.second_factor import access, devices, pending
from tests import staff


class Clock:
    """The time of the site and of the app. It stands until a test shifts it."""

    now = datetime.fromisoformat("2026-03-04T00:00:10Z")

    def shift(self, **duration):
        self.now += timedelta(**duration)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    monkeypatch.setattr("time.time", lambda: clock.now.timestamp())
    for module in (lockouts, access, devices, pending):
        monkeypatch.setattr(module, "time", lambda: clock.now.timestamp())
    return clock


@pytest.fixture
def editor(clock):
    return staff.editor()


@pytest.fixture
def app(editor):
    """The editor's authenticator app."""
    return TOTPDevice.objects.create(user=editor, name="電話")
