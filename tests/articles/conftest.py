"""Browsers of the staff."""

import pytest

from tests import staff


@pytest.fixture
def editor(db):
    return staff.browser_of(staff.editor())


@pytest.fixture
def writer(db):
    return staff.browser_of(staff.writer())
