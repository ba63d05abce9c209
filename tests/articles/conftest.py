"""Browsers of the staff, and the key of the readings."""

import pytest

from articles.models import NetworkKey
from tests import factories, staff


@pytest.fixture
def editor(db):
    return staff.browser_of(staff.editor())


@pytest.fixture
def writer(db):
    return staff.browser_of(staff.writer())


@pytest.fixture
def fixed_key(db):
    """The key of this week, under which the networks of the tests fill slots of their own."""
    return NetworkKey.objects.create(week=NetworkKey.this_week(), key="5" * 64)


@pytest.fixture
def draft(db):
    """A draft that lacks nothing."""
    return factories.article(
        title="港の朝", status="draft", published_at=None, category=factories.category()
    )
