"""Lists in the admin decide about what they showed, all at once, in one entry of the ledger."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments.models import Comment, Mention, ModerationAction
from tests import factories, staff
from tests.comments.test_admin import COMMENTS, LEDGER, MENTIONS, act, states
from tests.moderating import choose
from tests.reading import parsed, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def moderator():
    return staff.browser_of(staff.moderator())


@pytest.fixture
def branch(article):
    """A comment, a reply to it and a reply to that."""
    first = factories.comment(article, text="診療日が減った。")
    second = factories.comment(article, text="船の便も減った。", parent=first)
    third = factories.comment(article, text="冬はもっと減る。", parent=second)
    return first, second, third


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
    form = parsed(page).xpath("//form[@class='question']")[0]
    fields = dict(form.form_values()) | {"reason": "spam", "note": "枝ごと"}
    factories.comment(article, parent=branch[2])
    page = moderator.post(COMMENTS, fields)
    assert states(*branch) == ["published"] * 3
    form = parsed(page).xpath("//form[@class='question']")[0]
    again = dict(form.form_values())
    assert (again["reason"], again["note"]) == ("spam", "枝ごと")
    assert "3" in text(parsed(page).xpath("//main//li/strong")[0])
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
    for stamp in ({}, {f"seen_{row.pk}": ""}, {f"seen_{row.pk}": "x"}):
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
    form = parsed(page).xpath("//form[@class='question']")[0]
    fields = dict(form.form_values()) | {"note": "行き過ぎた"}
    branch[1].remove(by=colleague, reason="privacy")
    page = moderator.post(LEDGER, fields)
    assert "三澄" in text(parsed(page))
    assert states(*branch) == ["removed"] * 3
    form = parsed(page).xpath("//form[@class='question']")[0]
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
    moderator.get("/admin/")  # the number that waits is counted once for a while
    with CaptureQueriesContext(connection) as queries:
        moderator.get(place)
        moderator.get(place, {"p": 1, "q": "診療"})
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"].upper()]
    assert counts
    assert [sql for sql in counts if "LIMIT" not in sql] == []
    assert [query["sql"] for query in queries if "DISTINCT" in query["sql"]] == []


def test_no_page_names_a_draft(moderator, article):
    comment = factories.comment(article)
    mention = Mention.objects.create(article=article, title="外の頁")
    Article.objects.filter(pk=article.pk).update(status="draft")
    pages = [
        act(moderator, MENTIONS, "remove", mention),
        act(moderator, COMMENTS, "remove", comment),
        *(moderator.get(place) for place in (MENTIONS, f"{MENTIONS}{mention.pk}/change/")),
        *(moderator.get(place) for place in (COMMENTS, f"{COMMENTS}{comment.pk}/change/")),
    ]
    for page in pages:
        assert page.status_code == 200
        assert article.title not in page.content.decode()
