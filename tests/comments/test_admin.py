"""Moderation in the admin: the verbs of the models, and nothing beside them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment, Mention, ModerationAction, Thread, Vote
from tests import factories, staff
from tests.moderating import choose
from tests.reading import parsed, text

pytestmark = pytest.mark.django_db
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
    (entry,) = page.xpath("//div[@id='content-main']//li")
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


SEEN = "seen_{}"


def open_list(browser, place, **query):
    """Return what a list sends for its rows: the keys and stamps, as a browser would."""
    page = parsed(browser.get(place, query))
    form = page.get_element_by_id("changelist-form")
    return {
        field.name: field.value for field in form.xpath(".//input[starts-with(@name, 'seen_')]")
    }


@pytest.fixture
def colleague():
    return factories.user("misumi", display_name="三澄")


def test_a_list_approves_only_what_it_showed(moderator, article, colleague):
    held = [factories.comment(article, state="held", reason="check") for _number in range(3)]
    seen = open_list(moderator, COMMENTS)
    Comment.objects.filter(pk=held[0].pk).update(text="書き換えた", version=1)
    held[1].remove(by=colleague, reason="privacy")
    page = act(moderator, COMMENTS, "approve", *held, **seen)
    assert states(*held) == ["held", "removed", "published"]
    said = text(parsed(page))
    assert "三澄" in said and "個人情報" in said
    assert ModerationAction.objects.latest("pk").size == 1


def test_all_pages_are_those_that_were_shown(moderator, article, monkeypatch):
    monkeypatch.setattr("comments.admin.CommentAdmin.list_per_page", 3)
    for _number in range(5):
        factories.comment(article)
    seen = open_list(moderator, COMMENTS)
    assert len(seen) == 3
    fields = {"action": "hold", "_selected_action": [1], "select_across": "1", **seen}
    page = moderator.post(COMMENTS, fields, follow=True)
    assert Comment.objects.held().count() == 3
    assert "表示されていなかったもの" in text(parsed(page))


def test_the_page_that_asks_for_the_reason_promises_what_it_shows(moderator, article, branch):
    page = act(moderator, COMMENTS, "prune", branch[0])
    form = parsed(page).xpath("//div[@id='content-main']/form")[0]
    fields = dict(form.form_values()) | {"reason": "spam", "note": "枝ごと"}
    factories.comment(article, parent=branch[2])
    page = moderator.post(COMMENTS, fields)
    assert states(*branch) == ["published"] * 3
    form = parsed(page).xpath("//div[@id='content-main']/form")[0]
    again = dict(form.form_values())
    assert (again["reason"], again["note"]) == ("spam", "枝ごと")
    assert "3" in text(parsed(page).xpath("//div[@id='content-main']//li/strong")[0])
    moderator.post(COMMENTS, again)
    assert not Comment.objects.published().exists()


@pytest.mark.parametrize(
    ("place", "action"),
    [(COMMENTS, "approve"), (COMMENTS, "remove"), (COMMENTS, "prune"), (MENTIONS, "publish")],
)
def test_the_lists_refuse_what_has_no_stamp(moderator, article, place, action):
    row = factories.comment(article, state="held", reason="check")
    if place == MENTIONS:
        row = Mention.objects.create(article=article, title="外の頁", state="held")
    for stamp in ({}, {SEEN.format(row.pk): ""}, {SEEN.format(row.pk): "x"}):
        fields = {"action": action, "_selected_action": [row.pk], "reason": "spam", **stamp}
        moderator.post(place, fields)
        row.refresh_from_db()
        assert row.state == "held"


def test_a_mention_that_a_colleague_removed_is_not_published_unseen(moderator, article, colleague):
    mention = Mention.objects.create(article=article, title="外の頁")
    seen = open_list(moderator, MENTIONS)
    mention.remove(by=colleague, reason="spam")
    page = act(moderator, MENTIONS, "publish", mention, **seen)
    mention.refresh_from_db()
    assert mention.state == "removed"
    assert "三澄" in text(parsed(page))


def test_a_mention_is_removed_with_a_reason_and_given_back(moderator, article):
    mention = Mention.objects.create(article=article, title="外の頁")
    act(moderator, MENTIONS, "remove", mention)
    assert not ModerationAction.objects.exists()
    act(moderator, MENTIONS, "remove", mention, reason="spam", note="")
    action = ModerationAction.objects.get()
    assert (action.mention, action.reason) == (mention, "spam")
    act(moderator, LEDGER, "undo", action, note="まちがい")
    mention.refresh_from_db()
    action.refresh_from_db()
    assert (mention.state, action.undone_note) == ("published", "まちがい")


def test_undoing_in_the_ledger_asks_and_says_what_stays(moderator, branch, colleague):
    prune = branch[0].prune(by=moderator.user, reason="spam")
    page = act(moderator, LEDGER, "undo", prune)
    assert states(*branch) == ["removed"] * 3
    form = parsed(page).xpath("//div[@id='content-main']/form")[0]
    fields = dict(form.form_values()) | {"note": "行き過ぎた"}
    branch[1].remove(by=colleague, reason="privacy")
    page = moderator.post(LEDGER, fields)
    assert "三澄" in text(parsed(page))
    assert states(*branch) == ["removed"] * 3
    form = parsed(page).xpath("//div[@id='content-main']/form")[0]
    page = moderator.post(LEDGER, dict(form.form_values()), follow=True)
    assert states(*branch) == ["published", "removed", "published"]
    assert "個人情報" in text(parsed(page).xpath("//ul[@class='remaining']/li")[0])
    prune.refresh_from_db()
    assert prune.undone_note == "行き過ぎた"


def test_a_bulk_decision_is_one_entry_of_few_queries(moderator, django_assert_max_num_queries):
    articles = [factories.article() for _number in range(3)]
    comments = [factories.comment(article) for article in articles for _number in range(16)]
    for verb, fields in (
        ("hold", {}),
        ("approve", {}),
        ("remove", {"reason": "spam", "note": ""}),
        ("prune", {"reason": "spam", "note": ""}),
    ):
        chosen = choose(*comments)
        with django_assert_max_num_queries(3 * 40):
            moderator.post(COMMENTS, {"action": verb, **chosen, **fields})
        action = ModerationAction.objects.latest("pk")
        assert (action.verb, action.size) == (verb, 48)
    assert ModerationAction.objects.count() == 4
    chosen = choose(*ModerationAction.objects.all())
    moderator.post(LEDGER, {"action": "undo", "note": "", **chosen})
    assert Comment.objects.published().count() == 48


@pytest.mark.parametrize("place", [COMMENTS, LEDGER, "/admin/comments/report/"])
def test_the_lists_count_no_table(moderator, branch, place):
    branch[0].reports.create(reason="spam")
    branch[0].hold(by=moderator.user)
    with CaptureQueriesContext(connection) as queries:
        moderator.get(place)
        moderator.get(place, {"p": 1, "q": "診療"})
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"].upper()]
    assert counts
    assert [sql for sql in counts if "LIMIT" not in sql] == []
    assert [query["sql"] for query in queries if "DISTINCT" in query["sql"]] == []
