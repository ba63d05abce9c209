"""A measure that is taken while a post waits for the lock of its thread counts for it."""

from functools import partial

import pytest

from comments import posting
from comments.models import Comment, Measure
from comments.models.states import Verb
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def before_the_lock(monkeypatch):
    """Register what happens between the checks of a post and its lock."""
    acts, post = [], posting.post

    def act_and_post(*arguments, **options):
        while acts:
            acts.pop()()
        return post(*arguments, **options)

    monkeypatch.setattr(posting, "post", act_and_post)
    return acts


@pytest.fixture
def desk():
    return factories.moderator("desk")


@pytest.fixture
def parent(article):
    return factories.comment(article)


def test_a_site_that_closes_takes_no_waiting_post(reader, article, parent, desk, before_the_lock):
    before_the_lock.append(partial(Measure.take, Verb.MODE, by=desk, value="closed"))
    assert reader.write(article, parent=parent.pk).status_code == 409
    assert Comment.objects.count() == 1


def test_a_site_that_holds_everything_holds_it(reader, article, parent, desk, before_the_lock):
    before_the_lock.append(partial(Measure.take, Verb.MODE, by=desk, value="held"))
    reader.write(article)
    assert Comment.objects.get(number=2).is_held


def test_a_branch_that_is_locked_takes_none(reader, article, parent, desk, before_the_lock):
    before_the_lock.append(partial(Measure.take, Verb.LOCK, by=desk, comment=parent))
    assert reader.write(article, parent=parent.pk).status_code == 409
