"""kill -9 of the server in the midst of posting loses no acknowledged post."""

import pytest

from tests.benchmarks.killing import kill_while_posting


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_killed_server_loses_no_acknowledged_post(site):
    aftermath = kill_while_posting(site, posts=80)
    assert aftermath.faults == []
    assert aftermath.acknowledged > 0
