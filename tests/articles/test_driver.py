"""The connection that hand-written SQL takes is the one that Django takes."""

import asyncio
from threading import Thread

import pytest
from django.db import DEFAULT_DB_ALIAS, connections

from articles.models.driver import get_database

pytestmark = pytest.mark.once


async def find_databases():
    return get_database(), connections[DEFAULT_DB_ALIAS]


def test_a_thread_has_one_and_each_task_has_its_own():
    found = []

    def look():  # the browser tests leave a loop running in the thread of the tests
        found.append((get_database(), connections[DEFAULT_DB_ALIAS]))
        found.append(asyncio.run(find_databases()))
        found.append((get_database(), connections[DEFAULT_DB_ALIAS]))

    thread = Thread(target=look)
    thread.start()
    thread.join()
    own, of_task, again = found
    assert own[0] is own[1] is again[0] is again[1]
    assert of_task[0] is of_task[1] is not own[0]
