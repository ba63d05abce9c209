"""Sixteen writers at once leave no broken tree, no lost comment and no deadlock."""

import random
import threading

import pytest
from django.db import connection

from comments import verification
from comments.models import Comment, ModerationAction, Vote
from comments.posting import post, submit
from comments.refusals import Refused
from tests import factories

WRITERS = 16
TURNS = 50
ARTICLES = 3


class Writer(threading.Thread):
    """Posts, replies, votes and prunes at random; remembers what was acknowledged."""

    def __init__(self, seed, articles, moderator, start):
        super().__init__(name=f"writer {seed}")
        self.random = random.Random(seed)
        self.reader = factories.reader(f"writer {seed}")
        self.articles, self.moderator, self.gate = articles, moderator, start
        self.posted, self.voted, self.pruned, self.errors = [], {}, 0, []

    def run(self):
        self.gate.wait()
        try:
            for _ in range(TURNS):
                try:
                    self.turn()
                except Refused:
                    continue
        except Exception as error:
            self.errors.append(error)
        finally:
            connection.close()

    def turn(self):
        article = self.random.choice(self.articles)
        chance = self.random.random()
        comments = Comment.objects.filter(thread__article=article)
        known = list(comments.values_list("pk", flat=True)) if chance >= 0.25 else []
        if not known:
            self.posted.append(post(article, text=self.name, reader=self.reader).pk)
        elif chance < 0.65:
            parent = self.random.choice(known)
            made = post(article, text=self.name, parent_id=parent, reader=self.reader)
            self.posted.append(made.pk)
        elif chance < 0.95:
            comment = Comment.objects.get(pk=self.random.choice(known))
            comment.vote(reader=self.reader, value=1)
            self.voted[comment.pk] = 1
        else:
            comment = Comment.objects.get(pk=self.random.choice(known))
            action = comment.prune(by=self.moderator, reason="spam")
            self.pruned += 1
            if self.random.random() < 0.7:
                action.undo(by=self.moderator)


@pytest.mark.django_db(transaction=True)
def test_many_writers_break_nothing():
    articles = [factories.article() for _ in range(ARTICLES)]
    moderator = factories.user("moderator")
    start = threading.Event()
    writers = [Writer(seed, articles, moderator, start) for seed in range(WRITERS)]
    for writer in writers:
        writer.start()
    start.set()
    for writer in writers:
        writer.join(timeout=240)
    assert not any(writer.is_alive() for writer in writers), "a writer hangs"
    assert [error for writer in writers for error in writer.errors] == []
    acknowledged = {pk for writer in writers for pk in writer.posted}
    assert set(Comment.objects.values_list("pk", flat=True)) == acknowledged
    assert Vote.objects.count() == sum(len(writer.voted) for writer in writers)
    assert ModerationAction.objects.count() == sum(writer.pruned for writer in writers)
    for article in articles:
        thread = factories.thread_of(article)
        assert verification.find_faults(thread) == []
        numbers = list(thread.comments.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, thread.last_number + 1))


def all_at_once(count, act):
    """Let so many threads do ``act(number)`` at one moment; none may fail or hang."""
    gate = threading.Barrier(count)
    errors = []

    def run(number):
        try:
            gate.wait()
            act(number)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_the_first_two_posts_of_an_article_make_one_thread():
    article = factories.article()
    all_at_once(8, lambda _writer: post(article, text="一番乗り"))
    assert factories.thread_of(article).published_count == 8
    assert verification.find_faults(factories.thread_of(article)) == []


@pytest.mark.django_db(transaction=True)
def test_a_rate_holds_when_all_come_at_once(settings):
    article = factories.article()
    written, refused = [], []
    most = settings.COMMENT_RULES["network_rate"][60][0]

    def flood(writer):
        reader = factories.reader(f"flood {writer}", network="one network")
        for number in range(4):
            try:
                written.append(submit(article, text=f"{writer} {number}", reader=reader))
            except Refused as refusal:
                refused.append(refusal)

    all_at_once(12, flood)
    assert (len(written), len(refused)) == (most, 48 - most)
