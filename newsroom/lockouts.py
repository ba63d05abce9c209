"""Counts failed logins, and refuses those that cannot be counted."""

from axes.handlers.cache import AxesCacheHandler
from django.db import OperationalError


class LockoutHandler(AxesCacheHandler):
    def user_login_failed(self, *args, **kwargs):
        """Count a failure. Raises OperationalError if the database does not write: Django's cache
        swallows that error and lacks the count afterwards."""
        try:
            super().user_login_failed(*args, **kwargs)
        except ValueError as error:
            raise OperationalError("A failed login cannot be counted: readonly database") from error
