"""Moderation in the admin: the verbs of the models, and nothing beside them."""

import pytest

from comments.models import Comment, Mention, ModerationAction, Thread, Vote
from tests import factories, staff
from tests.moderating import choose
from tests.reading import parsed, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]
COMMENTS = "/admin/comments/comment/"
LEDGER = "/admin/comments/moderationaction/"
THREADS = "/admin/comments/thread/"
MENTIONS = "/admin/comments/mention/"


@pytest.fixture
def moderator():
    return staff.browser_of(staff.moderator())


@pytest.fixture
def article():
    return factories.article(title="離島の診療所")


@pytest.fixture
def branch(article):
    """A comment, a reply to it and a reply to that."""
    first = factories.comment(article, text="診療日が減った。")
    second = factories.comment(article, text="船の便も減った。", parent=first)
    third = factories.comment(article, text="冬はもっと減る。", parent=second)
    return first, second, third


def act(browser, place, action, *objects, **fields):
    return browser.post(place, {"action": action, **choose(*objects), **fields}, follow=True)


def states(*comments):
    found = Comment.objects.in_bulk([comment.pk for comment in comments])
    return [found[comment.pk].state for comment in comments]


def test_approve_and_hold_at_once(moderator, branch):
    first, second, _third = branch
    act(moderator, COMMENTS, "hold", first, second)
    assert states(*branch) == ["held", "held", "published"]
    act(moderator, COMMENTS, "approve", first)
    assert states(*branch) == ["published", "held", "published"]
    assert ModerationAction.objects.latest("pk").moderator == moderator.user


@pytest.mark.parametrize("verb", ["remove", "prune"])
def test_a_reason_is_asked_before_anything_is_removed(moderator, branch, verb):
    page = act(moderator, COMMENTS, verb, branch[0])
    assert page.templates[0].name == "admin/comments/comment/decide.html"
    page = act(moderator, COMMENTS, verb, branch[0], reason="", note="")
    assert page.context["form"].errors.keys() == {"reason"}
    page = act(moderator, COMMENTS, verb, branch[0], reason="forged")
    assert page.context["form"].errors.keys() == {"reason"}
    assert states(*branch) == ["published"] * 3
    assert not ModerationAction.objects.exists()


def test_removing_takes_one_and_pruning_the_branch(moderator, branch):
    act(moderator, COMMENTS, "remove", branch[1], reason="abuse", note="二度目")
    assert states(*branch) == ["published", "removed", "published"]
    action = ModerationAction.objects.get()
    assert (action.reason, action.note) == ("abuse", "二度目")
    act(moderator, COMMENTS, "prune", branch[0], reason="spam")
    assert states(*branch) == ["removed"] * 3


def test_the_page_that_asks_says_how_far_pruning_reaches(moderator, branch):
    page = parsed(act(moderator, COMMENTS, "prune", branch[0]))
    (entry,) = page.xpath("//main//li")
    assert "診療日が減った。" in text(entry)
    assert "2" in text(entry.find("strong"))


def test_decisions_are_undone_in_any_order(moderator, branch):
    act(moderator, COMMENTS, "prune", branch[0], reason="spam")
    act(moderator, COMMENTS, "hold", branch[1])
    prune, hold = ModerationAction.objects.order_by("pk")
    act(moderator, LEDGER, "undo", prune, note="")
    assert states(*branch) == ["published", "held", "published"]
    act(moderator, LEDGER, "undo", hold, prune, note="両方とも")
    assert states(*branch) == ["published"] * 3
    prune.refresh_from_db()
    assert prune.undone_by == moderator.user


def test_the_list_shows_and_finds(moderator, branch):
    branch[1].hold(by=moderator.user)

    def numbers(**query):
        return [
            comment.number for comment in moderator.get(COMMENTS, query).context["cl"].result_list
        ]

    assert numbers() == [3, 2, 1]
    assert numbers(state="held") == [2]
    assert numbers(q="船の便") == [2]
    assert numbers(thread__id__exact=branch[0].thread_id) == [3, 2, 1]


def test_a_comment_is_looked_at_with_its_ledger(moderator, branch):
    branch[0].remove(by=moderator.user, reason="abuse")
    page = moderator.get(f"{COMMENTS}{branch[0].pk}/change/").content.decode()
    assert "診療日が減った。" in page
    assert "個人への攻撃" in page
    assert f"/moderation/comments/{branch[0].pk}/approve/" in page
    assert "<textarea" not in page


def test_nobody_writes_or_erases_a_comment_here(branch):
    admin = staff.browser_of(factories.user("admin", is_staff=True, is_superuser=True))
    change = f"{COMMENTS}{branch[0].pk}/change/"
    assert admin.get(f"{COMMENTS}add/").status_code == 403
    assert admin.post(change, {"text": "別の文", "state": "removed"}).status_code == 403
    assert admin.post(f"{COMMENTS}{branch[0].pk}/delete/", {"post": "yes"}).status_code == 403
    act(admin, COMMENTS, "delete_selected", branch[2], post="yes")
    assert [comment.text for comment in Comment.objects.order_by("number")] == [
        comment.text for comment in branch
    ]


@pytest.mark.parametrize("place", [COMMENTS, LEDGER, MENTIONS, "/admin/comments/vote/"])
def test_the_right_to_moderate_decides(branch, place):
    for user in (
        staff.editor(),
        staff.writer(),
        factories.user("x", "view_comment", is_staff=True),
    ):
        browser = staff.browser_of(user)
        assert browser.get(place).status_code == 403
        act(browser, place, "hold", branch[0])
    assert states(*branch) == ["published"] * 3


def read_thread(thread):
    """The thread as it is now: what its measures make of it is read once."""
    return Thread.objects.get(pk=thread.pk)


def test_closing_and_opening_threads_are_acts(moderator, article, branch):
    thread = branch[0].thread
    version = thread.version
    act(moderator, THREADS, "close", thread)
    assert not read_thread(thread).accepts_comments
    assert read_thread(thread).version > version
    act(moderator, THREADS, "close", thread)
    act(moderator, THREADS, "open", thread)
    assert read_thread(thread).accepts_comments
    assert read_thread(thread).published_count == 3
    opened, closed = ModerationAction.objects.filter(verb="mode")
    opened.undo(by=moderator.user)
    assert not read_thread(thread).accepts_comments
    closed.undo(by=moderator.user)
    assert read_thread(thread).accepts_comments


def test_an_editor_closes_a_thread_and_a_writer_does_not(branch):
    thread = branch[0].thread
    writer = staff.browser_of(staff.writer())
    assert act(writer, THREADS, "close", thread).status_code == 403
    act(staff.browser_of(staff.editor()), THREADS, "close", thread)
    assert not read_thread(thread).accepts_comments


def test_threads_are_listed_by_their_mode(moderator, article, branch):
    act(moderator, THREADS, "close", branch[0].thread)
    shown = moderator.get(f"{THREADS}?mode=closed").content.decode()
    assert article.title in shown
    assert article.title not in moderator.get(f"{THREADS}?mode=open").content.decode()


def test_mentions_are_held_and_published(moderator, article):
    mention = Mention.objects.create(article=article, title="外の頁", url="https://example.org/")
    for action, state in [("hold", "held"), ("remove", "removed"), ("publish", "published")]:
        act(moderator, MENTIONS, action, mention, reason="spam", note="")
        mention.refresh_from_db()
        assert mention.state == state


def test_votes_tell_no_voter(moderator, branch):
    branch[0].vote(reader=factories.reader(), value=1)
    vote = Vote.objects.get()
    for place in ("/admin/comments/vote/", f"/admin/comments/vote/{vote.pk}/change/"):
        page = moderator.get(place).content.decode()
        assert vote.voter not in page
        assert str(vote.bucket) not in page


@pytest.mark.parametrize("place", [COMMENTS, LEDGER, THREADS])
def test_the_lists_cost_as_much_for_many_as_for_few(
    moderator, place, django_assert_max_num_queries
):
    def fill(count):
        for _number in range(count):
            comment = factories.comment(factories.article(), text="一件")
            comment.hold(by=moderator.user)

    fill(2)
    moderator.get(place)
    with django_assert_max_num_queries(12) as few:
        moderator.get(place)
    fill(6)
    with django_assert_max_num_queries(12) as many:
        moderator.get(place)
    assert len(few) == len(many)
