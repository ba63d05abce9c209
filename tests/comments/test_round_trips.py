"""How often a post and a vote wait for PostgreSQL: statements under the lock go out together."""

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.waiting import Wait

from articles.models import compiled, driver
from comments.models import Comment, Vote
from comments.posting import submit
from tests import factories

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def waits(monkeypatch):
    """The list of what the connections have waited for since it was cleared."""
    waits = []
    wait = psycopg.Connection.wait

    def watch(generator):
        is_waiting, ready = False, None
        try:
            while True:
                wanted = generator.send(ready)
                if wanted == Wait.R and not is_waiting:  # others only want to send more
                    is_waiting = True
                    waits.append(generator)
                ready = yield wanted
        except StopIteration as end:
            return end.value

    monkeypatch.setattr(
        psycopg.Connection, "wait", lambda self, *given: wait(self, watch(given[0]), *given[1:])
    )
    return waits


def test_a_vote_waits_for_its_lock_and_its_commit(waits):
    comment = factories.comment(factories.article())
    for name in "ab":
        comment = Comment.objects.select_related("thread__article").get(pk=comment.pk)
        waits.clear()
        comment.vote(reader=factories.reader(name), value=1)
    assert len(waits) <= 3  # fewer if an answer is there before anybody looks


def test_a_reply_waits_no_longer_than_it_must(waits):
    article = factories.article()
    root = factories.comment(article)
    for name in "ab":
        waits.clear()
        submit(article, text="それな", parent_id=root.pk, reader=factories.reader(name))
    assert len(waits) <= 10  # six of them for the limits of pace


def test_an_error_of_what_was_sent_together_is_raised():
    comment = factories.comment(factories.article())
    vote = Vote.of(factories.reader("a"), comment_id=comment.pk, value=1)
    with pytest.raises(IntegrityError), transaction.atomic(), driver.at_once():
        compiled.insert_keyless(vote)
        compiled.insert_keyless(vote)
    assert not Vote.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic(), driver.at_once():
        Comment.objects.filter(pk=comment.pk).update(lft=7, rght=3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
