"""What a reader may do with their own comments, and what the site forgets."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles.models import NetworkKey
from comments import verification
from comments.models import Comment, Report, Vote
from comments.posting import post
from newsroom.ranking_renewal import renew_all_rankings
from tests import factories
from tests.comments.conftest import Browser
from tests.moderating import undo
from tests.reading import parsed, texts


@pytest.fixture
def own(reader, article):
    reader.write(article, "最初の文")
    return Comment.objects.get()


def edited(browser, comment, text, before=None):
    return browser.send(f"/comments/{comment.pk}/edit/", text=text, before=before or comment.digest)


def test_a_writer_edits_until_somebody_answers(reader, other_reader, article, own):
    assert edited(reader, own, "直した文").status_code == 303
    own.refresh_from_db()
    assert (own.text, own.html) == ("直した文", "<p>直した文</p>")
    assert own.edited_at
    other_reader.write(article, "返事", parent=own.pk)
    assert reader.get(f"/comments/{own.pk}/edit/").status_code == 403
    answer = edited(reader, own, "まだ直す")
    assert answer.status_code == 403 and "まだ直す" in answer.content.decode()


def test_an_answer_by_number_ends_editing_too(reader, other_reader, article, own):
    other_reader.write(article, ">>1 本当に?")
    assert edited(reader, own, "逃げる").status_code == 403


def test_a_held_answer_by_number_does_not_end_editing(reader, own):
    factories.comment(own.thread.article, text=">>1 本当に?", state="held", reason="check")
    assert own.answers.exists()
    assert edited(reader, own, "直した文").status_code == 303


def test_editing_ends_after_a_quarter_of_an_hour(reader, own):
    Comment.objects.update(posted_at=timezone.now() - timedelta(minutes=15, seconds=1))
    assert edited(reader, own, "遅い").status_code == 403


def test_an_edit_is_bound_to_the_text_as_it_was(reader, own):
    digest = own.digest
    edited(reader, own, "二つ目のタブで直した")
    answer = edited(reader, own, "一つ目のタブで直した", before=digest)
    assert answer.status_code == 409
    assert "一つ目のタブで直した" in answer.content.decode()
    own.refresh_from_db()
    assert own.text == "二つ目のタブで直した"


@pytest.mark.parametrize("path", ["edit", "delete"])
def test_nobody_else_edits_or_deletes(other_reader, moderator, own, path):
    address = f"/comments/{own.pk}/{path}/"
    for browser in (other_reader, moderator, Browser()):
        assert browser.get(address).status_code == 404
        answer = browser.send(address, text="乗っ取り", before=own.digest)
        assert answer.status_code == 404
    own.refresh_from_db()
    assert own.is_published and own.text == "最初の文"


def test_deleting_leaves_a_placeholder_where_somebody_answered(reader, other_reader, article, own):
    other_reader.write(article, "返事", parent=own.pk)
    reader.send(f"/comments/{own.pk}/delete/", before=own.digest)
    page = reader.get(article.get_absolute_url()).content.decode()
    assert "最初の文" not in page and "comment--removed" in page and "返事" in page


def test_deleting_an_unanswered_comment_leaves_nothing(reader, article, own):
    reader.send(f"/comments/{own.pk}/delete/", before=own.digest)
    page = reader.get(article.get_absolute_url()).content.decode()
    assert f"comment-{own.pk}" not in page
    assert factories.thread_of(article).published_count == 0
    assert verification.find_faults(factories.thread_of(article)) == []


def test_what_is_mine_is_told_to_me_alone(reader, other_reader, article, own, moderator):
    theirs = factories.comment(article)
    reader.vote(theirs, 1)
    reader.write(article, "http://a.example http://b.example http://c.example")
    held = Comment.objects.held().get()
    assert held.reason == "links"
    mine = reader.get(f"/threads/{article.pk}/mine/")
    assert mine["Cache-Control"] == "private, no-store"
    told = mine.json()
    assert told["votes"] == {str(theirs.pk): [1, 1]}
    assert told["own"] == [own.pk, held.pk] and told["editable"] == [own.pk, held.pk]
    assert [item["pk"] for item in told["held"]] == [held.pk]
    for browser in (other_reader, moderator):
        assert browser.get(f"/threads/{article.pk}/mine/").json() == {
            "votes": {},
            "own": [],
            "editable": [],
            "held": [],
            "removed": [],
            "changed": [],
            "answers": {},
            "edited": {},
            "gone": [],
            "latest": None,
            "published": 0,
        }


def test_a_held_post_changes_nothing_that_others_see(reader, other_reader, article, own):
    before = other_reader.get(article.get_absolute_url()).content
    news = other_reader.get(f"/threads/{article.pk}/news/")
    reader.write(article, "http://a.example http://b.example http://c.example")
    assert other_reader.get(article.get_absolute_url()).content == before
    again = other_reader.get(
        f"/threads/{article.pk}/news/", headers={"if-none-match": news["ETag"]}
    )
    assert again.status_code == 304


def test_news_tell_how_many_there_are(other_reader, reader, article, own):
    first = other_reader.get(f"/threads/{article.pk}/news/")
    assert first.json() == {"published": 1}
    reader.write(article, "もう一つ")
    second = other_reader.get(
        f"/threads/{article.pk}/news/", headers={"if-none-match": first["ETag"]}
    )
    assert second.json() == {"published": 2}


def test_me_sets_the_time_of_an_edit_apart(reader, own):
    edited(reader, own, "直した文")
    assert re.search(r"</time> ·\s<span[^>]*>編集済み ", reader.get("/me/").content.decode())


def test_me_leads_on_where_nothing_was_written(article, own):
    renew_all_rankings()
    page = parsed(Browser().get("/me/"))
    assert set(texts(page, "single", "rank__title")) == {article.title}
    assert page.xpath("//div[@class='single']//a[@href='/']")


def test_reporting_a_comment(reader, article):
    comment = factories.comment(article)
    address = f"/comments/{comment.pk}/report/"
    assert reader.get(address).status_code == 200
    assert reader.send(address, reason="nonsense", text="私の住所").status_code == 422
    assert reader.send(address, reason="privacy", text="私の住所").status_code == 200
    report = Report.objects.get()
    assert (report.comment, report.reason, report.text) == (comment, "privacy", "私の住所")


def test_the_former_address_of_a_report_loses_no_text(reader, article):
    comment = factories.comment(article)
    old, new = (f"/comments/{comment.pk}/{name}/" for name in ("removal", "report"))
    for response in (reader.get(old), reader.head(old)):
        assert (response.status_code, response["Location"]) == (301, new)
    strict = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    assert strict.post(old, {"reason": "privacy", "text": "私の住所"}).status_code == 200
    assert comment.reports.get().text == "私の住所"
    assert reader.post(old, {"reason": "privacy"}).status_code == 403


def test_the_former_page_of_reports_in_the_admin_redirects(moderator):
    response = moderator.get("/admin/comments/removalrequest/7/change/")
    assert response.status_code == 301
    assert response["Location"] == "/admin/comments/report/7/change/"


def test_a_member_of_the_staff_writes_under_their_own_name(moderator, reader, article):
    comment = factories.comment(article)
    address = f"/moderation/threads/{article.pk}/write/"
    assert moderator.get(f"{address}?parent={comment.pk}").status_code == 200
    moderator.post(address, {"text": "編集部からのお答え", "parent": comment.pk})
    answer = Comment.objects.get(parent=comment)
    assert answer.staff == moderator.user
    assert "司会" in reader.get(article.get_absolute_url()).content.decode()
    assert reader.post(address, {"text": "なりすまし"}).status_code == 302
    assert reader.write(article, "なりすまし", name="司 会").status_code == 422
    assert Comment.objects.count() == 2


def test_purging_forgets_who_and_keeps_what(reader, article, own, capsys):
    other = factories.comment(article)
    reader.vote(other, 1)
    other.refresh_from_db()
    long_ago = timezone.now() - timedelta(days=100)
    Comment.objects.update(posted_at=long_ago)
    Vote.objects.update(voted_at=long_ago)
    NetworkKey.objects.create(week="2020-01", key="0" * 64)
    NetworkKey.objects.update(created_at=long_ago)
    call_command("purge_identities", "--older-than", "90d", "--dry-run")
    assert Comment.objects.exclude(reader_hash="").exists()
    call_command("purge_identities", "--older-than", "90d")
    assert not Comment.objects.exclude(reader_hash="").exists()
    assert not Comment.objects.exclude(network_hash="").exists()
    assert NetworkKey.objects.get().week == NetworkKey.this_week()
    assert "1 comments, 1 votes" in capsys.readouterr().out
    assert verification.find_faults(factories.thread_of(article)) == []
    own.refresh_from_db()
    assert own.reader_code
    with pytest.raises(CommandError, match="90d"):
        call_command("purge_identities", "--older-than", "soon")


def test_the_feeds_hold_the_newest_published_comments(reader, article, own):
    factories.comment(article, text="隠す").hold(by=factories.user("somebody"))
    for address in (f"/threads/{article.pk}/feed/", "/comments/feed/"):
        feed = reader.get(address)
        assert feed["Content-Type"].startswith("application/atom+xml")
        text = feed.content.decode()
        assert "最初の文" in text and "隠す" not in text
        assert "http://testserver/comments/" in text


def test_an_edit_passes_the_checks_of_a_new_comment(reader, article, own):
    for text in ("値段は\u202e000,1\u202c円", "\x01", "Z" + "\u0300" * 9, "あ" * 5_001, " "):
        assert edited(reader, own, text).status_code == 422
    own.refresh_from_db()
    assert own.text == "最初の文"
    assert edited(reader, own, "http://a.example http://b.example www.c.example").status_code == 303
    own.refresh_from_db()
    assert own.is_held and own.reason == "links"
    assert own.html not in reader.get(article.get_absolute_url()).content.decode()


def test_nothing_that_a_feed_cannot_hold_is_kept(moderator, reader, article, own):
    answer = moderator.post(f"/moderation/threads/{article.pk}/write/", {"text": "前\x0b後"})
    assert answer.status_code == 422
    comment = factories.comment(article, text="前\x0b\ue000後")
    assert comment.text == "前後"
    assert reader.get("/comments/feed/").status_code == 200


def test_changes_of_a_held_comment_are_nobodys_news(reader, other_reader, article, own):
    reader.write(article, "http://a.example http://b.example http://c.example")
    held = Comment.objects.held().get()
    version = factories.thread_of(article).version
    edited(reader, held, "http://a.example http://b.example http://d.example")
    reader.send(f"/comments/{held.pk}/delete/", before=Comment.objects.get(pk=held.pk).digest)
    assert factories.thread_of(article).version == version


def test_a_held_post_leaves_no_gap_in_the_count_of_its_id(reader, article, own, moderator):
    reader.write(article, "http://a.example http://b.example http://c.example")
    reader.write(article, "三つ目")
    page = reader.get(article.get_absolute_url()).content.decode()
    assert "1/2" in page and "2/2" in page
    Comment.objects.held().get().approve(by=moderator.user)
    page = reader.get(article.get_absolute_url()).content.decode()
    assert "1/3" in page and "2/3" in page and "3/3" in page


def test_what_a_writer_deleted_stays_deleted(reader, article, own, moderator):
    reader.send(f"/comments/{own.pk}/delete/", before=own.digest)
    action = own.actions.get()
    assert undo(moderator, action).status_code == 409
    own.refresh_from_db()
    assert own.is_removed


def test_an_error_is_kept_by_no_cache(reader, db):
    assert reader.get("/articles/nothing/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("place", ["post", "post_inline", "edit", "report"])
def test_what_was_typed_comes_back_where_its_place_is_gone(reader, article, own, moderator, place):
    paths = {
        "post": f"/threads/{article.pk}/comments/",
        "post_inline": f"/threads/{article.pk}/comments/inline/",
        "edit": f"/comments/{own.pk}/edit/",
        "report": f"/comments/{own.pk}/report/",
    }
    own.remove(by=moderator.user, reason="spam")
    article.withdraw(note="誤りがありました。")
    answer = reader.send(paths[place], text="長い文章", before=own.digest, reason="spam")
    assert (answer.status_code, "長い文章" in answer.content.decode()) == (404, True)


def test_an_edit_that_needs_a_look_is_never_public(reader, article, own, monkeypatch):
    hold, seen = Comment.hold, []

    def watched(comment, **said):
        seen.append(connection.in_atomic_block and len(connection.savepoint_ids))
        return hold(comment, **said)

    monkeypatch.setattr(Comment, "hold", watched)
    inside = len(connection.savepoint_ids)
    edited(reader, own, "https://a.example https://b.example https://c.example")
    own.refresh_from_db()
    assert own.is_held
    assert seen == [inside + 1]


def test_a_comment_that_was_just_posted_can_be_saved(article):
    parent = factories.comment(article)
    reply = post(article, text="返事", parent_id=parent.pk)
    reply.name = "名前"
    reply.save(update_fields=["name"])
    assert Comment.objects.get(pk=reply.pk).parent_id == parent.pk


def test_the_starters_mark_stands_on_a_reply_posted_in_place(reader, other_reader, article, own):
    answer = other_reader.write(article, "質問です", parent=own.pk)
    question = answer["Location"].strip("/").rpartition("/")[2]
    path = f"/threads/{article.pk}/comments/inline/"
    assert "本人" in reader.send(path, text="答えます", parent=question).content.decode()
    assert "本人" not in other_reader.send(path, text="別の人です", parent=own.pk).content.decode()
