"""Posting through the URL: what is written, what is refused, and that nothing typed is lost."""

import pytest
from django.test import Client

from comments.models import Comment, Thread
from comments.models.comment import MAX_DEPTH
from tests import factories
from tests.comments.conftest import HERE, Browser


def test_a_comment_appears_under_its_article(reader, article):
    answer = reader.write(article, "一行目\n二行目\n\n次の段落", name="港の人")
    comment = Comment.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/comments/{comment.pk}/")
    page = reader.get(article.get_absolute_url()).content.decode()
    assert "<p>一行目<br>二行目</p><p>次の段落</p>" in page
    assert "港の人" in page
    assert f'id="comment-{comment.pk}"' in page


def test_a_nameless_writer_is_anonymous(reader, article):
    reader.write(article)
    assert "匿名" in reader.get(article.get_absolute_url()).content.decode()


def test_a_reply_stands_below_its_parent(reader, article):
    parent = factories.comment(article)
    reader.write(article, "返事", parent=parent.pk)
    reply = Comment.objects.get(parent=parent)
    assert (reply.level, reply.number) == (1, 2)


def test_the_reply_page_shows_what_is_answered(reader, article):
    parent = factories.comment(article, text="桟橋はいつ開きますか。")
    page = reader.get(f"/comments/{parent.pk}/reply/")
    assert "桟橋はいつ開きますか。" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"


def test_the_first_post_sets_one_cookie_and_the_next_none(reader, article):
    cookie = reader.write(article).cookies["reader"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert not reader.write(article, "もう一つ").cookies
    assert len(set(Comment.objects.values_list("reader_code", flat=True))) == 1


def test_readers_are_told_apart_within_an_article_and_not_between(reader, other_reader, article):
    second = factories.article()
    reader.write(article)
    reader.write(second)
    other_reader.write(article)
    codes = Comment.objects.order_by("pk").values_list("reader_code", flat=True)
    assert len(set(codes)) == 3 and all(len(code) == 8 for code in codes)


def test_a_secret_behind_the_name_becomes_a_tripcode(reader, article):
    reader.write(article, name="灯台守#ひみつ")
    reader.write(article, "二度目", name="灯台守#ひみつ")
    assert reader.write(article, "偽者", name="灯台守◆AAAA").status_code == 422
    real, again = Comment.objects.order_by("pk")
    assert real.name == "灯台守" and len(real.tripcode) == 10
    assert again.tripcode == real.tripcode
    assert "ひみつ" not in reader.get(article.get_absolute_url()).content.decode()


def test_a_text_is_never_html(reader, article):
    reader.write(article, '<script>alert(1)</script> <b>太字</b> & "引用"')
    page = reader.get(article.get_absolute_url()).content.decode()
    assert "<script>alert" not in page and "<b>太字" not in page
    assert "&lt;b&gt;太字&lt;/b&gt; &amp;" in page


def test_links_quotes_and_references_are_marked(reader, article):
    first = factories.comment(article)
    reader.write(article, ">>1 を見て\n> 引用です\nhttps://example.org/a?b=1&c=2。")
    html = Comment.objects.last().html
    assert (
        f'<a class="reference" href="/comments/{first.pk}/thread/#comment-{first.pk}">&gt;&gt;1</a>'
        in html
    )
    assert '<span class="quoted">&gt; 引用です</span>' in html
    assert (
        '<a href="https://example.org/a?b=1&amp;c=2" rel="nofollow ugc noopener">'
        "https://example.org/a?b=1&amp;c=2</a>。" in html
    )


REFUSED = {
    "empty": ({"text": ""}, 422),
    "only spaces": ({"text": " \n　\n "}, 422),
    "too long": ({"text": "あ" * 5_001}, 422),
    "5 MB": ({"text": "五" * 1_700_000}, 422),
    "NUL": ({"text": "前\0後"}, 422),
    "long name": ({"text": "本文", "name": "名" * 41}, 422),
    "NUL in the name": ({"text": "本文", "name": "a\0b"}, 422),
    "no such parent": ({"text": "本文", "parent": "987654321"}, 409),
    "a parent that is no number": ({"text": "本文", "parent": "12 OR 1=1"}, 422),
    "a huge parent": ({"text": "本文", "parent": "9" * 400}, 409),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_changes_nothing_and_is_shown_again(reader, article, case):
    fields, status = REFUSED[case]
    answer = reader.write(article, **fields)
    page = answer.content.decode()
    assert answer.status_code == status
    assert answer["Cache-Control"] == "private, no-store"
    assert not answer.cookies
    assert Comment.objects.count() == 0
    assert "<textarea" in page
    assert (fields["text"].strip() or "<textarea") in page


def test_broken_utf8_is_refused_and_what_could_be_read_is_shown_again(reader, article):
    answer = reader.post(
        f"/threads/{article.pk}/comments/",
        "text=%E5%89%8D%FF%FE%E5%BE%8C&name=a",
        content_type="application/x-www-form-urlencoded",
        **HERE,
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "前\ufffd\ufffd後" in page
    assert Comment.objects.count() == 0


def test_a_parent_of_another_article_is_refused(reader, article):
    elsewhere = factories.comment(factories.article())
    answer = reader.write(article, "場所を間違えた", parent=elsewhere.pk)
    assert answer.status_code == 400
    assert "場所を間違えた" in answer.content.decode()
    assert Comment.objects.count() == 1


def test_a_removed_comment_cannot_be_answered(reader, article, moderator):
    parent = factories.comment(article)
    parent.remove(by=moderator.user, reason="spam")
    answer = reader.write(article, "遅かった", parent=parent.pk)
    assert answer.status_code == 409
    assert "遅かった" in answer.content.decode()
    assert reader.get(f"/comments/{parent.pk}/reply/").status_code == 404


def test_a_branch_ends_at_its_greatest_depth(reader, article):
    chain = factories.long_thread(article, 1)
    for _ in range(MAX_DEPTH):
        chain.append(factories.comment(article, parent=chain[-1]))
    answer = reader.write(article, "まだ続ける", parent=chain[-1].pk)
    assert answer.status_code == 409
    assert "まだ続ける" in answer.content.decode()


def test_a_closed_thread_takes_no_comment_and_keeps_the_text(reader, article):
    Thread.objects.of(article)
    Thread.objects.update(first_open=False)
    answer = reader.write(article, "閉まる前に書いた")
    assert answer.status_code == 409
    assert "閉まる前に書いた" in answer.content.decode()
    assert Comment.objects.count() == 0


def test_a_draft_article_has_no_thread(reader, db):
    draft = factories.article(status="draft")
    assert reader.write(draft).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://testserver:8080"},
        {"origin": "https://testserver"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
        {"origin": "http://testserver", "sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"referer": "https://evil.example/http://testserver/"},
        {"referer": "http://testserver.evil.example/"},
    ],
)
def test_a_post_from_elsewhere_is_refused_with_its_text(article, headers):
    answer = Client().post(
        f"/threads/{article.pk}/comments/", {"text": "よそから来た文"}, headers=headers
    )
    assert answer.status_code == 403
    assert "よそから来た文" in answer.content.decode()
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"origin": "http://testserver"},
        {"origin": "http://testserver:80"},
        {"referer": "http://testserver/articles/x/"},
    ],
)
def test_a_post_from_here_is_taken_by_any_browser(article, headers):
    answer = Client(enforce_csrf_checks=True).post(
        f"/threads/{article.pk}/comments/", {"text": "ここから"}, headers=headers
    )
    assert answer.status_code == 303


def test_a_held_comment_is_shown_to_its_writer_with_the_reason_and_to_nobody_else(
    reader, other_reader, article, moderator
):
    reader.write(article, "確認が要る文")
    comment = Comment.objects.get()
    comment.hold(by=moderator.user, reason="check")
    mine = reader.get(f"/comments/{comment.pk}/")
    assert mine.status_code == 200 and "確認が要る文" in mine.content.decode()
    assert other_reader.get(f"/comments/{comment.pk}/").status_code == 404
    assert "確認が要る文" not in reader.get(article.get_absolute_url()).content.decode()


def test_the_public_page_is_the_same_for_everyone(reader, other_reader, article, moderator):
    reader.write(article)
    address = article.get_absolute_url()
    pages = [browser.get(address) for browser in (reader, other_reader, moderator, Browser())]
    assert len({page.content for page in pages}) == 1
    for page in pages:
        assert not page.cookies
        assert "Cookie" not in page.get("Vary", "")


def test_a_body_beyond_every_bound_gets_a_clear_answer(reader, article):
    answer = reader.write(article, "x" * 17_000_000)
    assert answer.status_code in {400, 413}
    assert Comment.objects.count() == 0


def test_only_a_post_writes(reader, article):
    assert reader.get(f"/threads/{article.pk}/comments/").status_code == 405
    assert reader.put(f"/threads/{article.pk}/comments/", **HERE).status_code == 405


def test_who_writes_too_much_is_told_how_much(reader, article):
    answer = reader.write(article, "長" * 5_001)
    assert answer.status_code == 422
    assert "コメントは5000文字までです（現在5001文字）。" in answer.content.decode()
