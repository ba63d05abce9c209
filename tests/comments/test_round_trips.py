"""How often a post and a vote wait for PostgreSQL: statements under the lock go out together."""

import random
from functools import partial

import psycopg
import pytest
from django.db import DataError, IntegrityError, connection, transaction
from psycopg.waiting import Wait

from articles.models import compiled, driver
from comments.models import Comment, Vote, trees
from comments.posting import submit
from comments.refusals import WrongThread
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
    assert len(waits) <= 6  # two of them for the limits of pace


def test_a_refused_post_leaves_the_prepared_statements():
    article = factories.article()
    root = factories.comment(article)
    for number in range(7):
        submit(article, text=f"{number}", parent_id=root.pk, reader=factories.reader(f"{number}"))
    prepared = list_prepared()
    with pytest.raises(WrongThread):
        submit(factories.article(), text="別", parent_id=root.pk, reader=factories.reader("a"))
    assert prepared & list_prepared()  # psycopg may have evicted a few of a hundred
    with pytest.raises(DataError), transaction.atomic():
        driver.execute("SELECT 1 / %s", [0])
    submit(article, text="続き", parent_id=root.pk, reader=factories.reader("b"))


def list_prepared():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {name for (name,) in cursor.fetchall()}


def test_what_is_sent_together_waits_for_the_first_reader(waits):
    comment = factories.comment(factories.article())
    query = "SELECT %s::int, '%%'"
    with driver.at_once(), transaction.atomic():
        waits.clear()
        cursors = [driver.execute(query, [number]) for number in range(3)]
        assert not waits
        assert driver.fetch_all(cursors[1]) == [(1, "%")]
        assert [driver.fetch_all(each) for each in (cursors[0], cursors[2])] == [
            *([(0, "%")], [(2, "%")]),
        ]
        assert len(waits) <= 1
        compiled.insert_keyless(Vote.of(factories.reader("a"), comment_id=comment.pk, value=1))
    assert Vote.objects.count() == 1


def test_a_statement_with_many_values_is_converted_once(monkeypatch):
    converted = []
    monkeypatch.setattr(
        "psycopg._queries._query2pg_nocache",
        lambda *given: converted.append(given),
    )
    [row] = driver.fetch_all(driver.execute(f"SELECT {'%s::int, ' * 60} 7", list(range(60))))
    assert row == (*range(60), 7) and not converted


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


@pytest.fixture
def flushed_after():
    """Return a function that calls another one, and says how many bytes behind the place where the
    log of the server ended before are on the disk then: less than none if it waited for no disk.
    What others write meanwhile can only make them more. For the tests' own speed their commits do
    not wait for the disk."""

    def ask(act):
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
            cursor.execute("SELECT pg_current_wal_insert_lsn()")
            [[end]] = cursor.fetchall()
            act()
            cursor.execute("SELECT pg_current_wal_flush_lsn() - %s::pg_lsn", [end])
            [[flushed]] = cursor.fetchall()
        return flushed

    yield ask
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")


def test_what_is_acknowledged_is_on_the_disk(flushed_after):
    article, drawn = factories.article(), random.Random("text")
    for number in range(5):
        text = "".join(chr(drawn.randrange(0x4E00, 0x9FA5)) for _ in range(1_500))  # takes no less
        reader, comments = factories.reader(f"a{number}"), []
        post = partial(submit, article, text=text, reader=reader)
        assert flushed_after(lambda: comments.append(post())) > 3_000  # noqa: B023
        vote = partial(comments[0].vote, reader=factories.reader(f"b{number}"), value=1)
        assert flushed_after(vote) > 0


def test_the_locks_are_given_back_before_the_disk_has_written():
    """And the next commit of the connection waits for the disk again."""
    comment = factories.comment(factories.article())
    sent = []
    with pytest.MonkeyPatch.context() as patched:
        execute = psycopg.Connection._exec_command
        patched.setattr(
            psycopg.Connection,
            "_exec_command",
            lambda self, command, **kw: sent.append(command) or execute(self, command, **kw),
        )
        comment.vote(reader=factories.reader("a"), value=1)
    assert [command[:10] for command in sent] == [
        *(b"BEGIN", b"SET LOCAL ", b"COMMIT", b"SELECT pg_"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        [[value]] = cursor.fetchall()
    assert value == connection_default()


def connection_default():
    with connection.cursor() as cursor:
        cursor.execute("SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit'")
        return cursor.fetchall()[0][0]


def test_an_error_of_the_commit_is_raised_and_the_connection_goes_on():
    comment = factories.comment(factories.article())
    with pytest.raises(IntegrityError), trees.thread_write(comment.thread.article_id) as thread:
        thread.read_no_more()
        twin = Comment(thread=thread, number=9, tree_id=comment.tree_id, text="", html="")
        twin.parent, twin.lft, twin.rght, twin.level = comment, comment.lft, comment.rght, 1
        compiled.insert_keyless(twin)  # two comments with one edge: noticed at the COMMIT
    assert Comment.objects.count() == 1
    comment.vote(reader=factories.reader("a"), value=1)
    assert Vote.objects.count() == 1


def test_a_commit_that_was_not_reached_leaves_no_transaction():
    """As where the disk is full: a statement fails, and the COMMIT sent with it is not executed."""
    comment = factories.comment(factories.article())
    vote = Vote.of(factories.reader("a"), comment_id=comment.pk, value=1)
    with pytest.raises(IntegrityError), trees.thread_write(comment.thread.article_id) as thread:
        thread.read_no_more()
        compiled.insert_keyless(vote)
        compiled.insert_keyless(vote)
    assert Comment.objects.count() == 1 and not Vote.objects.exists()
    comment.vote(reader=factories.reader("a"), value=1)
    assert Vote.objects.count() == 1


def test_what_nobody_reads_is_one_statement(django_assert_num_queries):
    comment = factories.comment(factories.article())
    votes = [
        Vote.of(factories.reader(name), comment_id=comment.pk, value=1) for name in ("a", "b", "c")
    ]
    with django_assert_num_queries(1), driver.as_one():
        for vote in votes[:2]:
            compiled.insert_keyless(vote)
    with django_assert_num_queries(2), driver.as_one() as send:
        compiled.insert_keyless(votes[2])
        send()
        assert Vote.objects.count() == 3
    with pytest.raises(KeyError), driver.as_one():
        compiled.insert_keyless(Vote.of(factories.reader("d"), comment_id=comment.pk, value=1))
        raise KeyError
    assert Vote.objects.count() == 3
