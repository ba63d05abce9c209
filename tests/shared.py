"""Rows shared by the tests of a module or class that change nothing."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def shared_rows(django_db_blocker):
    """Roll back what a fixture inserts once for many tests. Each test runs in a savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
