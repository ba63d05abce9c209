"""Two logins at a time do not block each other's counts."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from newsroom.models import LoginCount

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

KEYS = "fedcba9876543210"  # the table has them in this order
ROUNDS = 80


def repeat(change):
    try:
        for _round in range(ROUNDS):
            change(LoginCount.objects)
    finally:
        connections.close_all()


@pytest.mark.parametrize("take", [LoginCount.objects.lower_all, LoginCount.objects.delete_all])
def test_a_login_that_succeeds_waits_for_one_that_begins(take):
    ends = dict.fromkeys(KEYS, 2_000_000_000)
    for key in KEYS:
        LoginCount.objects.raise_all({key: ends[key]})
    changes = [lambda counts: counts.raise_all(ends), lambda counts: take(KEYS)] * 2
    with ThreadPoolExecutor(len(changes)) as pool:
        list(pool.map(repeat, changes))  # raises what PostgreSQL says of a deadlock
