"""Bans: a banned reader is refused, a banned network is held, until time or an undo ends it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from articles.models import NetworkKey
from comments.bans import Ban, ban_network, ban_reader, find_bans
from comments.checks import Draft, Facts, Outcome
from comments.checks.banned import banned
from comments.models import Comment, Measure, Report
from comments.models.ledger import BANS
from comments.models.states import State
from comments.refusals import NetworkForgotten, NotRecognised
from comments.retention import purge
from tests import factories
from tests.comments.conftest import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(article, reader):
    reader.write(article, text="書いた本人です。")
    return Comment.objects.get()


@pytest.fixture
def staff():
    return factories.moderator()


@pytest.fixture
def carry_out(django_capture_on_commit_callbacks):
    """Call a verb as a request would: what waits for the commit happens after it."""

    def carry_out(verb, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return verb(*args, **kwargs)

    return carry_out


@pytest.fixture
def act(written, staff, carry_out):
    return carry_out(ban_reader, written, by=staff, days=7, reason="abuse")


def pass_weeks(monkeypatch, weeks):
    """Let time pass; what a process has cached for seconds is gone by then."""
    later = timezone.now() + timedelta(weeks=weeks)
    monkeypatch.setattr(timezone, "now", lambda: later)
    cache.clear()


class TestReader:
    def test_posting_is_refused_with_term_and_reason_and_the_text_is_kept(
        self, act, article, reader
    ):
        answer = reader.write(article, text="もう一度書きます。")
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "個人への攻撃" in page and "もう一度書きます。" in page
        assert str((timezone.localtime(timezone.now()) + timedelta(days=7)).day) in page
        assert Comment.objects.count() == 1

    def test_voting_reporting_and_editing_are_refused(self, act, article, reader, written):
        other = factories.comment(article, text="別の人", reader=factories.reader("other"))
        report = {"reason": "spam", "text": "宣伝です"}
        edit = {"text": "直した", "before": written.digest}
        assert reader.vote(other, 1).status_code == 403
        assert reader.send(f"/comments/{other.pk}/report/", **report).status_code == 403
        answer = reader.send(f"/comments/{written.pk}/edit/", **edit)
        assert answer.status_code == 403 and "直した" in answer.content.decode()
        other.refresh_from_db()
        assert (other.score, Report.objects.count()) == (0, 0)

    def test_own_comments_can_still_be_deleted(self, act, reader, written):
        reader.send(f"/comments/{written.pk}/delete/", before=written.digest)
        written.refresh_from_db()
        assert written.is_removed

    def test_my_comments_say_so(self, act, reader):
        assert "個人への攻撃" in reader.get("/me/").content.decode()

    def test_others_are_not_concerned(self, act, article, other_reader):
        assert other_reader.write(article, text="別の人です。").status_code == 303
        assert "個人への攻撃" not in other_reader.get("/me/").content.decode()

    def test_an_undo_ends_it_at_once(self, act, article, reader, staff, carry_out):
        assert reader.write(article, text="まだ。").status_code == 403
        carry_out(act.undo, by=staff)
        assert reader.write(article, text="もう大丈夫。").status_code == 303

    def test_a_ban_holds_at_once(self, article, reader, written, staff, carry_out):
        assert reader.write(article, text="禁止の前。").status_code == 303
        carry_out(ban_reader, written, by=staff, days=1, reason="spam")
        assert reader.write(article, text="禁止のあと。").status_code == 403

    def test_time_ends_it(self, act, article, reader, monkeypatch):
        pass_weeks(monkeypatch, 2)
        assert reader.write(article, text="戻りました。").status_code == 303

    def test_a_cached_ban_ends_on_time(self, act, written, monkeypatch):
        banned_reader = factories.Reader(hash=written.reader_hash)
        assert find_bans(banned_reader)
        later = timezone.now() + timedelta(days=8)
        listed = cache.get(BANS)
        monkeypatch.setattr(timezone, "now", lambda: later)
        cache.set(BANS, listed)
        assert find_bans(banned_reader) == []

    def test_an_imported_comment_names_no_reader(self, article, staff):
        with pytest.raises(NotRecognised):
            ban_reader(factories.comment(article), by=staff, days=7, reason="spam")

    def test_it_is_looked_up_without_a_query(self, act, written, django_assert_num_queries):
        find_bans(factories.Reader(hash=written.reader_hash))
        with django_assert_num_queries(0):
            assert find_bans(factories.Reader(hash=written.reader_hash))


class TestNetwork:
    @pytest.fixture
    def act(self, written, staff, carry_out):
        return carry_out(ban_network, written, by=staff, days=30, reason="spam")

    def test_comments_are_held_whatever_the_cookie(self, act, article):
        Browser().write(article, text="同じ網から。")
        comment = Comment.objects.order_by("pk").last()
        assert (comment.state, comment.reason) == (State.HELD, "network")

    def test_votes_are_not_walled(self, act, article):
        other = factories.comment(article, text="別の人", reader=factories.reader("other"))
        assert Browser().vote(other, 1).status_code == 303

    def test_an_edit_is_held(self, act, reader, written):
        reader.send(f"/comments/{written.pk}/edit/", text="直した", before=written.digest)
        written.refresh_from_db()
        assert (written.text, written.state) == ("直した", State.HELD)

    def test_other_networks_are_not_concerned(self, act, article, other_reader):
        other_reader.write(article, text="別の網から。")
        assert Comment.objects.order_by("pk").last().is_published

    def test_it_outlives_the_week_and_the_purge_of_keys(self, act, article, monkeypatch):
        old = NetworkKey.this_week()
        pass_weeks(monkeypatch, 2)
        NetworkKey.objects.all().delete()
        Browser().write(article, text="月曜のあと。")
        assert NetworkKey.objects.get().week != old
        assert Comment.objects.order_by("pk").last().is_held

    def test_a_wide_network_holds_its_neighbours(self, article, staff, carry_out):
        Browser(REMOTE_ADDR="2001:db8:1:2::1").write(article, text="最初の人です。")
        carry_out(ban_network, Comment.objects.get(), by=staff, days=1, reason="spam", is_wide=True)
        Browser(REMOTE_ADDR="2001:db8:1:ffff::9").write(article, text="隣の人です。")
        Browser(REMOTE_ADDR="2001:db8:2::9").write(article, text="遠くの人です。")
        states = list(Comment.objects.order_by("pk").values_list("state", flat=True))
        assert states == [State.PUBLISHED, State.HELD, State.PUBLISHED]

    def test_without_the_key_of_its_week_there_is_no_ban(self, written, staff):
        NetworkKey.objects.all().delete()
        with pytest.raises(NetworkForgotten):
            ban_network(written, by=staff, days=1, reason="spam")

    def test_the_key_of_a_ban_serves_no_other_purpose(self, act):
        key = Measure.objects.get().network_key
        assert key not in (NetworkKey.objects.get().key, NetworkKey.derive("reads").hex())


def test_of_two_bans_the_graver_counts():
    until = timezone.now()
    bans = [Ban(until, "spam", "", "n", "k"), Ban(until, "abuse", "r", "", "")]
    verdict = banned(Draft(text="文"), Facts(now=None, rules={}, bans=bans))
    assert verdict.outcome is Outcome.REFUSE
    assert banned(Draft(text="文"), Facts(now=None, rules={})) is None


def test_the_purge_forgets_whom_an_ended_ban_named(written, staff, carry_out):
    ended = carry_out(ban_network, written, by=staff, days=1, reason="spam")
    ban_reader(written, by=staff, days=1, reason="spam")
    carry_out(ended.undo, by=staff)
    assert purge(before=timezone.now() - timedelta(days=30))["bans"] == 1
    undone, in_force = Measure.objects.order_by("pk")
    assert (undone.network_hash, undone.network_key) == ("", "")
    assert in_force.reader_hash == written.reader_hash


def test_readers_see_no_trace_of_a_ban_and_its_end(written, staff):
    thread = written.thread
    version = thread.version
    ban_reader(written, by=staff, days=1, reason="spam").undo(by=staff)
    thread.refresh_from_db()
    assert thread.version == version
