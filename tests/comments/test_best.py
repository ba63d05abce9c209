"""The best comments of a thread: at its head, and by their marks."""

from datetime import timedelta

import pytest

from comments.best import find_best
from comments.models import Comment
from comments.voices import RECENT
from tests import factories
from tests.reading import parts, read, text, texts

pytestmark = pytest.mark.django_db

LONG = "船より先に技能者の話を聞きたい。前に切れたとき、待っていたのは部品より人だった。"


def write(article, score, text=LONG, **values):
    comment = factories.comment(article, text=text, **values)
    Comment.objects.filter(pk=comment.pk).update(score=score)
    return comment


@pytest.fixture
def article():
    return factories.article(slug="ship")


def test_three_carry_their_rank_and_equals_share_one(client, article):
    scores = [9, 12, 30, 12, 11, 40]
    comments = [write(article, score, f"意見{score}") for score in scores]
    page = read(client, "/articles/ship/")
    marks = {
        each.get("id"): texts(each, "comment__rank") for each in parts(page, "comment--ranked")
    }
    expected = {5: "支持1位", 2: "支持2位", 1: "支持3位", 3: "支持3位"}
    assert marks == {comments[index].anchor: [mark] for index, mark in expected.items()}


def test_the_page_of_a_comment_says_its_rank_and_those_of_its_replies(client, article):
    best = write(article, 12)
    second = write(article, 11, parent=best)
    for comment, ranks in ((best, ["支持1位", "支持2位"]), (second, ["支持2位"])):
        page = read(client, comment.get_absolute_url())
        assert texts(page, "comment__head", "comment__rank") == ranks


def test_two_stand_at_the_head_before_the_orders(client, article):
    best = write(article, 42)
    write(article, 7, parent=best)
    write(article, 40, "短い。")
    other = write(article, 38)
    page = read(client, "/articles/ship/")
    shown = [text(each) for each in parts(page, "best__item")]
    assert [each.split()[0] for each in shown] == [">>1", f">>{other.number}"]
    assert "得票 42" in shown[0] and "返信 1" in shown[0]
    assert [each.split(" >>")[0] for each in texts(page, "best__more")] == ["全文、返信 1", "全文"]
    whole = text(page.get_element_by_id("comments"))
    assert whole.index("得票 42") < whole.index("古い順") < whole.index("短い。")


def test_none_is_shown_below_a_removed_one_of_the_staff_or_lifted(client, article, moderator):
    gone = write(article, 0, "規約違反です。")
    write(article, 30, parent=gone)
    write(article, 29, staff=moderator.user)
    Comment.objects.filter(pk=gone.pk).update(state="removed")
    page = read(client, "/articles/ship/")
    assert not parts(page, "best__item")


def test_those_of_a_long_thread_are_chosen_among_its_newest(article):
    old, new = write(article, 60), write(article, 50)
    Comment.objects.filter(pk=old.pk).update(posted_at=old.posted_at - timedelta(days=1))
    factories.long_thread(article, RECENT - 1)
    assert find_best(new.thread_id).ranks == {new.pk: 1}


def test_one_that_goes_on_is_continued(client, article):
    write(article, 30, LONG + "それからもう一つ、別の話があります。" * 3)
    [more] = texts(read(client, "/articles/ship/"), "best__more")
    assert more.startswith("続き")
