"""Moderation: verbs, their undoing in any order, and who may."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments.models import Comment, ModerationAction, moderated
from comments.refusals import DeletedByWriter
from tests import factories
from tests.moderating import choose, decide, undo


@pytest.fixture
def branch(article):
    """>>1 with the replies >>2 and >>3, >>4 below >>2, and >>5 beside it all."""
    one = factories.comment(article, text="いち")
    two = factories.comment(article, text="に", parent=one)
    three = factories.comment(article, text="さん", parent=one)
    four = factories.comment(article, text="よん", parent=two)
    five = factories.comment(article, text="ご")
    return [one, two, three, four, five]


def states(article):
    comments = Comment.objects.filter(thread__article=article)
    return list(comments.order_by("number").values_list("state", flat=True))


def shown(browser, article):
    """What the public page shows: (number, removed?) in order."""
    page = browser.get(article.get_absolute_url()).content.decode()
    found = re.findall(r'<article class="(comment[^"]*)"[^>]*data-number="(\d+)"', page)
    return [(int(number), "comment--removed" in classes) for classes, number in found]


def test_pruning_takes_the_whole_branch(reader, article, branch, moderator):
    branch[1].prune(by=moderator.user, reason="spam")
    assert states(article) == ["published", "removed", "published", "removed", "published"]
    assert shown(reader, article) == [(1, False), (3, False), (5, False)]
    assert factories.thread_of(article).published_count == 3


def test_removing_one_leaves_its_replies_below_a_placeholder(reader, article, branch, moderator):
    branch[1].remove(by=moderator.user, reason="abuse")
    assert shown(reader, article) == [
        (1, False),
        (2, True),
        (4, False),
        (3, False),
        (5, False),
    ]
    page = reader.get(article.get_absolute_url()).content.decode()
    assert "<p>に</p>" not in page


def test_a_removed_leaf_shows_nothing(reader, article, branch, moderator):
    branch[3].remove(by=moderator.user, reason="abuse")
    assert (4, True) not in shown(reader, article)


def test_holding_and_approving(reader, article, branch, moderator):
    branch[4].hold(by=moderator.user)
    assert (5, False) not in shown(reader, article)
    branch[4].approve(by=moderator.user)
    assert (5, False) in shown(reader, article)


def test_every_decision_is_in_the_ledger_with_what_it_covers(article, branch, moderator):
    branch[3].remove(by=moderator.user, reason="abuse")
    action = branch[0].prune(by=moderator.user, reason="spam", note="宣伝の連投")
    assert (action.moderator, action.reason, action.note) == (
        moderator.user,
        "spam",
        "宣伝の連投",
    )
    assert sorted(action.items.values_list("comment__number", flat=True)) == [1, 2, 3, 4]


def test_overlapping_prunes_are_undone_one_by_one(article, branch, moderator):
    outer = branch[0].prune(by=moderator.user, reason="spam")
    inner = branch[1].prune(by=moderator.user, reason="abuse")
    outer.undo(by=moderator.user)
    assert states(article) == ["published", "removed", "published", "removed", "published"]
    inner.undo(by=moderator.user)
    assert states(article) == ["published"] * 5


def test_undoing_twice_changes_nothing(article, branch, moderator):
    action = branch[0].prune(by=moderator.user, reason="spam")
    action.undo(by=moderator.user)
    first = action.undone_at
    action.undo(by=factories.user("second"))
    action.refresh_from_db()
    assert (action.undone_at, action.undone_by) == (first, moderator.user)


def test_a_moderator_prunes_and_undoes_in_the_browser(moderator, article, branch):
    answer = decide(moderator, branch[1], "prune", reason="spam")
    assert answer["Location"] == f"/moderation/threads/{article.pk}/#comment-{branch[1].pk}"
    assert states(article).count("removed") == 2
    page = moderator.get(f"/moderation/threads/{article.pk}/").content.decode()
    assert "<p>に</p>" in page
    action = ModerationAction.objects.get()
    undo(moderator, action, next=article.get_absolute_url())
    assert states(article) == ["published"] * 5


@pytest.mark.parametrize("verb", ["approve", "hold", "remove", "prune"])
def test_every_verb_has_its_address(moderator, branch, verb):
    assert decide(moderator, branch[4], verb, reason="spam").status_code == 303
    assert ModerationAction.objects.get().verb == verb


def test_a_removal_needs_a_reason_and_a_known_verb(moderator, article, branch):
    assert decide(moderator, branch[1], "remove").status_code == 400
    assert decide(moderator, branch[1], "prune", reason="because").status_code == 400
    assert decide(moderator, branch[1], "delete", reason="spam").status_code == 404
    assert states(article) == ["published"] * 5


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "elsewhere"])
def test_the_next_page_is_never_another_site(moderator, branch, wanted):
    answer = decide(moderator, branch[4], "hold", next=wanted)
    assert answer["Location"].startswith("/moderation/threads/")


def test_a_script_is_told_what_became_of_a_comment(moderator, article, branch):
    """Also where a decision that is taken back leaves another standing."""
    answer = decide(moderator, branch[1], "remove", inline=True, reason="spam")
    answer = answer.content.decode()
    assert 'data-state="removed"' in answer and 'data-count="4"' in answer
    assert "data-pruned" not in answer
    answer = decide(moderator, branch[1], "prune", inline=True, reason="spam")
    answer = answer.content.decode()
    assert "data-pruned" in answer and 'data-count="3"' in answer
    prune, remove = ModerationAction.objects.all()
    for action, state, count in ((prune, "removed", 4), (remove, "published", 5)):
        answer = undo(moderator, action, inline=True).content.decode()
        assert f'data-state="{state}"' in answer and f'data-count="{count}"' in answer
        assert "data-pruned" not in answer
    assert states(article) == ["published"] * 5


def test_a_script_is_told_that_another_prune_still_covers_the_branch(moderator, branch):
    first = branch[0].prune(by=moderator.user, reason="spam")
    second = branch[1].prune(by=moderator.user, reason="abuse")
    answer = undo(moderator, second, inline=True).content.decode()
    assert "data-pruned" in answer
    answer = undo(moderator, first, inline=True).content.decode()
    assert f'data-pk="{branch[0].pk}"' in answer and "data-pruned" not in answer


def test_a_script_is_told_why_a_decision_cannot_be(moderator, branch):
    at = f"/moderation/comments/{branch[1].pk}"
    for path, status in (("remove", 400), ("delete", 404)):
        answer = moderator.post(f"{at}/{path}/inline/")
        assert answer.status_code == status
        assert '<p class="form__error">' in answer.content.decode()


@pytest.mark.parametrize("path", ["threads/{article}/", "comments/{comment}/menu/"])
def test_only_moderators_see_the_pages(reader, moderator, article, branch, path):
    address = "/moderation/" + path.format(article=article.pk, comment=branch[0].pk)
    assert reader.get(address)["Location"].startswith("/admin/login/")
    writer = Client()
    writer.force_login(factories.user("writer", is_staff=True))
    assert writer.get(address).status_code == 403
    answer = moderator.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_only_moderators_decide_and_only_with_a_token(reader, moderator, branch, article):
    assert decide(reader, branch[0], "prune", reason="spam").status_code == 302
    writer = Client()
    writer.force_login(factories.user("writer", is_staff=True))
    assert decide(writer, branch[0], "prune", reason="spam").status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(moderator.user)
    assert decide(strict, branch[0], "prune", reason="spam").status_code == 403
    assert states(article) == ["published"] * 5


def test_a_login_in_the_midst_of_a_decision_leads_to_the_comment(moderator, branch, article):
    decide(moderator, branch[1], "hold", reason="check")
    action = ModerationAction.objects.get()
    page = f"/moderation/threads/{article.pk}/#comment-{branch[1].pk}"
    for path in (f"comments/{branch[1].pk}/prune/", f"actions/{action.pk}/undo/"):
        login = Client().post(f"/moderation/{path}")
        answer = moderator.get(parse_qs(urlsplit(login["Location"]).query)["next"][0])
        assert (answer.status_code, answer["Location"]) == (302, page)
    assert states(article).count("held") == 1


def test_the_menu_says_how_far_each_verb_reaches(moderator, branch):
    page = moderator.get(f"/moderation/comments/{branch[0].pk}/menu/").content.decode()
    assert "prune" in page and "4" in page


def test_the_page_of_a_long_thread_is_bounded_and_reaches_every_comment(moderator, article):
    factories.long_thread(article, 450)
    address = f"/moderation/threads/{article.pk}/"
    pages = [moderator.get(f"{address}?page={number}").content.decode() for number in (1, 2, 3)]
    found = [set(re.findall(r'data-number="(\d+)"', page)) for page in pages]
    assert max(map(len, found)) < 320
    assert set.union(*found) == {str(number) for number in range(1, 451)}


@pytest.mark.parametrize("verb", ["approve", "hold", "remove", "prune"])
def test_what_was_held_for_links_is_decided_on_the_moderators_page(
    moderator, reader, article, verb
):
    reader.write(article, "https://a.jp https://b.jp https://c.jp")
    held = Comment.objects.get()
    page = moderator.get(f"/moderation/threads/{article.pk}/").content.decode()
    choices = re.findall(r'<option value="([^"]+)"( selected)?>', page)
    chosen = next((value for value, selected in choices if selected), "spam")
    answer = decide(moderator, held, verb, reason=chosen)
    assert answer.status_code == 303
    assert held.actions.count() == 1


def test_an_approval_is_of_the_text_that_was_read(moderator, reader, article):
    reader.write(article, "https://a.jp https://b.jp https://c.jp")
    held = Comment.objects.get()
    seen = held.stamp
    reader.send(f"/comments/{held.pk}/edit/", text="買ってください", before=held.digest)
    path = f"/moderation/comments/{held.pk}/approve/"
    assert seen not in moderator.get(f"/moderation/threads/{article.pk}/").content.decode()
    assert moderator.post(path, {"seen": seen}).status_code == 409
    held.refresh_from_db()
    assert held.is_held
    assert moderator.post(path, {"seen": held.stamp}).status_code == 303


def test_what_its_writer_deleted_comes_back_in_no_way(moderator, reader, article):
    reader.write(article, "やっぱりやめた")
    comment = Comment.objects.get()
    comment.remove(by=None, reason="writer", actor="writer")
    comment.remove(by=moderator.user, reason="spam")
    for verb in ("approve", "hold"):
        answer = decide(moderator, comment, verb, reason="spam")
        assert answer.status_code == 409
    fields = {"action": "undo", "_selected_action": [str(a.pk) for a in comment.actions.all()]}
    moderator.post("/admin/comments/moderationaction/", fields)
    comment.refresh_from_db()
    assert comment.is_removed
    with pytest.raises(DeletedByWriter):
        comment.actions.get(moderator=None).undo(by=moderator.user)


def test_a_decision_answers_the_reports(moderator, article, branch):
    first, *_others = branch
    request = first.reports.create(reason="spam")
    listed = moderator.get("/admin/comments/report/").content.decode()
    assert str(first) in html.unescape(listed)
    first.prune(by=moderator.user, reason="spam")
    request.refresh_from_db()
    assert (request.answered_by, request.answered_at is None) == (moderator.user, False)


def test_a_request_is_answered_by_letting_the_comment_stand(moderator, branch):
    request = branch[0].reports.create(reason="spam")
    fields = {"action": "let_stand", **choose(request)}
    assert moderator.post("/admin/comments/report/", fields).status_code == 302
    request.refresh_from_db()
    branch[0].refresh_from_db()
    assert (request.answered_by, branch[0].is_published) == (moderator.user, True)


def test_a_double_click_of_the_staff_writes_once(moderator, article):
    for _time in range(2):
        moderator.post(f"/moderation/threads/{article.pk}/write/", {"text": "確認します。"})
    assert Comment.objects.count() == 1


def test_the_log_of_a_thread_lists_acts_about_several_threads(moderator, article):
    comments = [factories.comment(factories.article()), factories.comment(article)]

    def decide_about_both():
        both = Comment.objects.filter(pk__in=[comment.pk for comment in comments])
        return moderated.decide(both, "hold", by=moderator.user, reason="check")[0]

    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            page = moderator.get(f"/moderation/threads/{article.pk}/").content.decode()
        assert all(f"/actions/{action.pk}/undo/" in page for action in actions)
        return len(queries)

    elsewhere = comments[0].approve(by=moderator.user)
    actions = [decide_about_both()]
    count_queries()  # fills the caches
    few = count_queries()
    actions += [comments[1].approve(by=moderator.user), decide_about_both(), decide_about_both()]
    assert count_queries() == few
    page = moderator.get(f"/moderation/threads/{article.pk}/").content.decode()
    assert f"/actions/{elsewhere.pk}/undo/" not in page
