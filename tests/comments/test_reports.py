"""Reports: one a reader and comment, not on one's own; their outcome is for their reader alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from comments.models import Comment, Report
from comments.retention import purge
from tests import factories
from tests.comments.conftest import Browser
from tests.reading import parsed, texts


@pytest.fixture
def comment(article):
    return factories.comment(article, text="通報される意見")


def report(browser, comment, **fields):
    return browser.send(f"/comments/{comment.pk}/report/", reason="spam", **fields)


def keyed(article, **fields):
    """A browser with a reader's key."""
    browser = Browser(**fields)
    browser.vote(factories.comment(article, text=f"別の意見 {fields}"), 1)
    return browser


def test_the_number_stays_with_the_headline_above_the_form(article, comment):
    page = parsed(keyed(article).get(f"/comments/{comment.pk}/report/"))
    [link] = page.find_class("single__link")
    [words] = link  # in a flex container, loose text would be an item of its own
    assert (link.text, words.tail) == (None, None)
    assert words.text_content() == f"{article.title} >>{comment.number}"


def test_a_reader_reports_a_comment_once(article, comment):
    reader = keyed(article)
    assert report(reader, comment).status_code == 200
    answer = report(reader, comment, text="もう一度")
    assert answer.status_code == 409
    assert texts(parsed(answer), "form__error") == ["このコメントはすでに通報済みです。"]
    assert "もう一度" in answer.content.decode()
    assert not parsed(answer).xpath("//form[@method='post']//input")
    assert comment.reports.count() == 1


def test_dropping_the_cookie_makes_no_second_reader(article, comment):
    reader = keyed(article)
    assert report(reader, comment).status_code == 200
    assert report(Browser(), comment).status_code == 409
    assert report(Browser(REMOTE_ADDR="192.0.2.20"), comment).status_code == 200
    assert report(Browser(REMOTE_ADDR="192.0.2.20"), comment).status_code == 409
    assert comment.reports.count() == 2


def test_without_a_cookie_the_network_may_report_again_tomorrow(comment):
    assert report(Browser(), comment).status_code == 200
    comment.reports.update(
        reported_at=timezone.now() - timedelta(hours=25), reporter="of yesterday"
    )
    assert report(Browser(), comment).status_code == 200


def test_readers_of_one_network_each_report_once(article, comment):
    for _ in range(2):
        assert report(keyed(article), comment).status_code == 200
    assert comment.reports.count() == 2


def test_other_comments_may_be_reported_too(article, comment):
    other = factories.comment(article, text="別の広告")
    assert report(Browser(), comment).status_code == 200
    assert report(Browser(), other).status_code == 200


def test_the_database_holds_one_report_a_reader_and_comment(comment):
    comment.reports.create(reason="spam", reporter="somebody")
    with pytest.raises(IntegrityError), transaction.atomic():
        comment.reports.create(reason="abuse", reporter="somebody")


def test_nobody_reports_their_own_comment(reader, article):
    reader.write(article, "自分の意見")
    answer = report(reader, Comment.objects.get())
    assert answer.status_code == 409
    assert "削除" in texts(parsed(answer), "form__error")[0]
    assert not Report.objects.exists()


@pytest.mark.parametrize("by", ["reply", "number"])
def test_nobody_reports_what_they_answered(reader, other_reader, article, comment, by):
    fields = {"parent": comment.pk} if by == "reply" else {}
    reader.write(article, "反論します" if fields else f">>{comment.number} 反論します", **fields)
    answer = report(reader, comment)
    assert answer.status_code == 409
    assert "返信した" in texts(parsed(answer), "form__error")[0]
    assert report(other_reader, comment).status_code == 200


@pytest.mark.parametrize("kind", ["own", "reported"])
def test_the_page_offers_no_form_where_it_would_be_refused(reader, article, comment, kind):
    if kind == "own":
        reader.write(article, "自分の意見")
        target = Comment.objects.latest("pk")
    else:
        reader.vote(factories.comment(article, text="別の意見"), 1)
        report(reader, target := comment)
    answer = reader.get(f"/comments/{target.pk}/report/")
    assert not parsed(answer).xpath("//input[@type='radio']")
    assert texts(parsed(answer), "form__error")


def test_reports_below_the_threshold_change_nothing_for_others(article, comment, reader):
    before = reader.get(article.get_absolute_url()).content
    for number in range(2):
        report(Browser(REMOTE_ADDR=f"192.0.2.{100 + number}"), comment)
    comment.refresh_from_db()
    assert comment.is_published and comment.score == 0
    assert reader.get(article.get_absolute_url()).content == before
    assert reader.write(article, "返事を書く", parent=comment.pk).status_code == 303


def read_outcomes(browser):
    return texts(parsed(browser.get("/me/")), "ruled__row")


def test_the_same_cookie_sees_what_became_of_a_report(article, comment, moderator):
    reader = keyed(article)
    report(reader, comment)
    assert "審査待ち" in read_outcomes(reader)[0]
    kept = comment.keep(by=moderator.user)
    assert "そのまま掲載" in read_outcomes(reader)[0]
    kept.undo(by=moderator.user)
    assert "審査待ち" in read_outcomes(reader)[0]
    comment.remove(by=moderator.user, reason="privacy")
    assert "削除しました (個人情報)" in read_outcomes(reader)[0]
    assert comment.text not in reader.get("/me/").content.decode()
    assert read_outcomes(keyed(article)) == []


def test_the_outcome_says_that_the_writer_deleted_the_comment(article, reader):
    writer = Browser(REMOTE_ADDR="192.0.2.30")
    writer.write(article, "消す意見")
    comment = Comment.objects.get(text="消す意見")
    reporter = keyed(article)
    report(reporter, comment)
    writer.send(f"/comments/{comment.pk}/delete/", before=comment.digest)
    assert "投稿者が" in read_outcomes(reporter)[0]


def test_the_outcome_names_no_article_that_is_no_longer_public(article, comment):
    reader = keyed(article)
    report(reader, comment)
    article.withdraw(note="誤り")
    assert read_outcomes(reader) == []


def test_purging_forgets_who_reported(article, comment):
    report(keyed(article), comment)
    purge(before=timezone.now() + timedelta(days=1))
    filed = Report.objects.get()
    assert (filed.reporter, filed.network_hash, filed.wide_network_hash) == ("", "", "")
