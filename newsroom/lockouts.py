"""Counts failed logins, refuses those that cannot be counted, and logs lockouts."""

import logging

from axes.handlers.cache import AxesCacheHandler
from django.conf import settings
from django.db import OperationalError

from newsroom.models import User

logger = logging.getLogger("newsroom.security")


class LockoutHandler(AxesCacheHandler):
    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        """Count a failure. Raises OperationalError if the database does not write: Django's cache
        swallows that error and lacks the count afterwards."""
        try:
            super().user_login_failed(sender, credentials, request=request, **kwargs)
        except ValueError as error:
            raise OperationalError("A failed login cannot be counted: readonly database") from error
        failures = getattr(request, "axes_failures_since_start", 0)
        if failures == settings.AXES_FAILURE_LIMIT:
            log_lockout(credentials)


def log_lockout(credentials):
    """Log whose login is locked, by number: a name that no user has may be a password."""
    user = User.objects.filter(username=credentials.get("username", "")).first()
    whose = f"user {user.pk}" if user else "an unknown name"
    logger.warning("Lockout: too many failed logins of %s from one network", whose)
