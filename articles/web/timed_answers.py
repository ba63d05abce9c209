"""Answers of servers that are not ours, read until a moment and not longer: a time-out alone begins
again with every byte."""

import http.client
import io
from time import monotonic

from django.utils.translation import gettext as _


class TimedResponse(http.client.HTTPResponse):
    """A response that raises ``TimeoutError`` at ``until`` (of ``monotonic``), be it in the middle
    of a header."""

    def __init__(self, sock, *args, until, **options):
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock, until))


class _TimedReader(io.RawIOBase):
    def __init__(self, raw, sock, until):
        self._raw, self._sock, self._until = raw, sock, until
        self._timeout = sock.gettimeout()

    def readable(self):
        return True

    def readinto(self, buffer):
        self._sock.settimeout(min(self._timeout, find_time_left(self._until)))
        return self._raw.readinto(buffer)

    def close(self):
        self._raw.close()
        super().close()


def find_time_left(until):
    """Return the seconds until a moment of ``monotonic``; raises ``TimeoutError`` when it is
    over."""
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError(_("too slow"))
    return left
