"""Mails errors of the log to ``settings.ADMINS``."""

import logging
from collections import deque
from threading import Thread
from time import monotonic

from django.conf import settings
from django.core.mail import mail_admins

PERIOD = 3600  # seconds
MOST = 10  # mails of a process in PERIOD; further errors are in the log only
REFUSALS = "django.security"  # requests of robots that were refused


class ErrorMailHandler(logging.Handler):
    """Mails what the log says, and no more: neither the request nor variables."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self._sent_at = deque(maxlen=MOST)

    def emit(self, record):
        if not settings.ADMINS or record.name.startswith(REFUSALS) or self._is_full():
            return
        self._sent_at.append(monotonic())
        subject = f"{record.levelname} {record.name}"
        options = {"fail_silently": True}
        # In a thread, because a mail server may be slow.
        Thread(
            target=mail_admins, args=(subject, self.format(record)), kwargs=options, daemon=True
        ).start()

    def _is_full(self):
        return len(self._sent_at) == MOST and self._sent_at[0] > monotonic() - PERIOD
