"""The search in a thread, all comments of an ID, and links to comments that were removed."""

import pytest

from articles.web import paging
from comments.models import Comment
from tests import factories
from tests.reading import parsed, texts


@pytest.fixture
def said(article):
    calm, noisy = factories.reader("calm"), factories.reader("noisy")
    one = factories.comment(article, text="灯台の光は百年前からです。", reader=calm)
    factories.comment(article, text="港の倉庫の話。", reader=noisy, parent=one)
    factories.comment(article, text="灯台に登りました。", reader=noisy)
    factories.comment(factories.article(), text="別の灯台です。", reader=noisy)
    return one


def find(client, article, **query):
    page = parsed(client.get(f"/threads/{article.pk}/search/", query))
    return texts(page, "single__replies", "answered__text")


def test_words_are_found_in_one_thread_without_scripts(reader, article, said):
    page = parsed(reader.get(article.get_absolute_url()))
    (form,) = page.xpath("//form[@role='search' and contains(@action, '/threads/')]")
    assert form.get("action") == f"/threads/{article.pk}/search/"
    assert find(reader, article, q="灯台") == ["灯台の光は百年前からです。", "灯台に登りました。"]
    assert find(reader, article, q="灯台 百年") == ["灯台の光は百年前からです。"]
    assert find(reader, article, q="") == find(reader, article, q="鯨") == []
    assert reader.get(f"/threads/{article.pk}/search/", {"page": 9, "q": "灯台"}).status_code == 404
    assert reader.get("/threads/999/search/").status_code == 404


def test_each_search_has_its_own_number_of_hits(reader, article, said, monkeypatch):
    monkeypatch.setattr(paging, "LONG", 1)
    for words, count in (("灯台", 2), ("倉庫", 1)):
        page = parsed(reader.get(f"/threads/{article.pk}/search/", {"q": words}))
        assert texts(page, "section__head", "section__title") == [f"コメント{count}件"]


def test_what_is_not_public_is_not_found(reader, article, said, moderator):
    said.hold(by=moderator.user)
    assert find(reader, article, q="灯台") == ["灯台に登りました。"]
    article.withdraw(note="誤り")
    assert reader.get(f"/threads/{article.pk}/search/", {"q": "灯台"}).status_code == 404


def test_an_id_leads_to_all_its_comments(reader, article, said):
    second = Comment.objects.get(text="灯台に登りました。")
    page = parsed(reader.get(article.get_absolute_url()))
    path = f"/comments/{second.pk}/id/"
    assert page.xpath(f"//a[@class='comment__code' and @href='{path}']")
    response = reader.get(path)
    assert response["Location"].startswith(f"/threads/{article.pk}/search/?id=")
    found = parsed(reader.get(response["Location"]))
    expected = ["港の倉庫の話。", "灯台に登りました。"]
    assert texts(found, "single__replies", "answered__text") == expected
    assert find(reader, article, id=second.reader_code, q="灯台") == ["灯台に登りました。"]
    second.hold(by=factories.user("somebody"))
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("query", [{"q": "\0"}, {"id": "\0"}, {"q": "長" * 9_000}])
def test_any_text_may_be_searched_for(reader, article, said, query):
    assert reader.get(f"/threads/{article.pk}/search/", query).status_code in {200, 400}


def test_a_link_to_a_removed_comment_shows_its_placeholder(reader, article, said, moderator):
    last = Comment.objects.get(text="灯台に登りました。")
    reply = Comment.objects.get(text="港の倉庫の話。")
    for comment in (last, reply):
        comment.remove(by=moderator.user, reason="spam")
    assert reader.get(f"/comments/{last.pk}/thread/")["Location"] == f"/comments/{last.pk}/"
    for comment in (last, reply):
        response = reader.get(f"/comments/{comment.pk}/")
        page = response.content.decode()
        assert response.status_code == 410
        assert "削除されました" in page and comment.text not in page
    assert "灯台の光は百年前からです。" in page  # what the removed reply answered


def test_what_readers_never_saw_is_not_found(reader, article, moderator):
    comment = factories.comment(article, text="宣伝", state="held", reason="check")
    assert reader.get(f"/comments/{comment.pk}/").status_code == 404
    comment.remove(by=moderator.user, reason="spam")
    assert reader.get(f"/comments/{comment.pk}/").status_code == 404
    assert reader.get(f"/comments/{comment.pk}/thread/").status_code == 404
