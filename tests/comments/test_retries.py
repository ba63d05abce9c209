"""A form that is sent again, because no answer came, finds its comment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from comments.models import Comment
from comments.readers import COOKIE
from tests import factories
from tests.comments.conftest import Browser
from tests.comments.test_two_people import Stranger, make_token

LATER = timedelta(minutes=10)  # longer than a proxy waits


@pytest.mark.django_db
class TestLater:
    @pytest.fixture
    def first(self, article):
        """A comment whose writer has seen no answer; its parent and its form's token."""
        self.parent = factories.comment(article, text="元の文")
        self.token = make_token(article, self.parent)
        answer = self.send(article)
        Comment.objects.update(posted_at=timezone.now() - LATER)
        return answer

    def send(self, article, browser=None):
        browser = browser or Stranger()
        fields = {"parent": self.parent.pk, "token": self.token}
        return browser.write(article, "一度だけの返事", **fields)

    def test_it_is_found_without_a_cookie(self, article, first):
        again = self.send(article)
        assert (again.status_code, again["Location"]) == (303, first["Location"])
        assert not again.cookies  # no key of a comment that the request does not prove its own
        assert Comment.objects.count() == 2

    def test_it_is_found_with_another_cookie(self, article, first):
        browser = Browser()
        browser.write(article, "別の文")
        assert self.send(article, browser)["Location"] == first["Location"]

    def test_it_is_found_in_a_thread_that_has_closed(self, article, first, moderator):
        path = f"/moderation/threads/{article.pk}/mode/"
        moderator.send(path, value="closed", hours=2, note="落ち着くまで")
        assert Stranger().write(article, "別の文").status_code == 409
        assert self.send(article)["Location"] == first["Location"]

    def test_a_vote_is_found_in_a_thread_that_has_closed(self, article, moderator):
        comment, voter = factories.comment(article), Browser(REMOTE_ADDR="192.0.2.5")
        assert voter.vote(comment, 1).status_code == 303
        moderator.send(f"/moderation/threads/{article.pk}/mode/", value="closed", note="深夜")
        assert voter.vote(comment, 1).status_code == 303
        assert Browser(REMOTE_ADDR="192.0.2.6").vote(comment, 1).status_code == 409
        comment.refresh_from_db()
        assert comment.score == 1

    def test_it_is_found_below_a_comment_that_was_removed(self, article, first, moderator):
        self.parent.remove(by=moderator.user, reason="other")
        assert self.send(article)["Location"] == first["Location"]

    def test_a_reader_with_a_cookie_needs_no_token(self, article):
        browser = Browser()
        browser.write(article, "最初の文")
        first = browser.write(article, "一度だけ")
        Comment.objects.update(posted_at=timezone.now() - LATER + timedelta(seconds=5))
        assert browser.write(article, "一度だけ")["Location"] == first["Location"]


@pytest.mark.django_db(transaction=True)
class TestMeanwhile:
    SENDINGS = 4

    def test_one_form_sent_while_it_is_worked_on_is_one_comment(self, article):
        token, barrier = make_token(article), Barrier(self.SENDINGS)

        def send(_number):
            barrier.wait()
            try:
                return Stranger().write(article, "一度だけ", token=token)
            finally:
                connection.close()

        with ThreadPoolExecutor(self.SENDINGS) as senders:
            answers = list(senders.map(send, range(self.SENDINGS)))
        assert {answer.status_code for answer in answers} == {303}
        assert len({answer["Location"] for answer in answers}) == 1
        comment = Comment.objects.get()
        keys = [answer.cookies[COOKIE].value for answer in answers if answer.cookies]
        assert len(keys) == 1  # of the one that has written it
        browser = Browser()
        browser.cookies[COOKIE] = keys[0]
        assert str(comment.pk) in browser.get("/me/").content.decode()
