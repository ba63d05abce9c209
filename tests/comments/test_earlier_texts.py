"""Moderators see what a comment said before, and what a report was about."""

import pytest

from comments.models import Comment
from tests.comments.test_edits import edit
from tests.reading import parsed

OLD, NEW = "診療所は<b>無用</b>だ。", "診療所は<b>必要</b>だ。"


@pytest.fixture
def edited(reader, other_reader, article):
    reader.write(article, OLD)
    comment = Comment.objects.get()
    other_reader.send(f"/comments/{comment.pk}/report/", reason="abuse", text="ひどい")
    edit(reader, comment, NEW)
    return comment


def list_places(article, comment):
    report = comment.reports.get()
    return [
        (f"/moderation/comments/{comment.pk}/measures/", 2),
        (f"/admin/comments/comment/{comment.pk}/change/", 2),
        (f"/admin/comments/report/{report.pk}/change/", 1),
    ]


def test_moderators_see_the_differences_with_marks_for_everybody(moderator, article, edited):
    for place, count in list_places(article, edited):
        page = parsed(moderator.get(place))
        removed = page.xpath("//del[@class='diff__removed']")
        added = page.xpath("//ins[@class='diff__added']")
        assert len(removed) == len(added) == count, place
        assert removed[0].xpath("text()") == ["無用"] and added[0].xpath("text()") == ["必要"]
        assert removed[0].xpath("span[@class='hidden-text']")
        assert not page.xpath("//*[@class='diff']//b")


def test_the_public_never_sees_an_old_text(reader, other_reader, moderator, article, edited):
    edited.refresh_from_db()
    edited.approve(by=moderator.user)
    for browser in (reader, other_reader):
        for place in (article.get_absolute_url(), edited.get_absolute_url(), "/me/"):
            page = browser.get(place).content.decode()
            assert "無用" not in page and "diff" not in page


def test_a_thread_leads_to_the_earlier_texts_and_compares_none(
    reader, moderator, article, edited, monkeypatch
):
    reader.write(article, OLD)
    monkeypatch.delattr("comments.models.comment.compare_texts")
    page = parsed(moderator.get(f"/moderation/threads/{article.pk}/"))
    links = page.xpath("//a[contains(@href, '#texts')]/@href")
    assert links == [f"/moderation/comments/{edited.pk}/measures/#texts"]


def test_only_the_last_edits_are_compared(reader, moderator, article):
    reader.write(article, "最初の文")
    comment = Comment.objects.get()
    for number in range(7):
        edit(reader, comment, f"文 {number}")
    comment.refresh_from_db()
    assert len(comment.edits) == 5
    assert ("added", "6") in comment.edits[0][1]
