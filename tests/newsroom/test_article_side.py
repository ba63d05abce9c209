"""The column beside an article: what readers say below it, and what is read most."""

import pytest

from newsroom.ranking_renewal import renew_all_rankings
from tests import factories
from tests.reading import parts, read, text, texts

pytestmark = pytest.mark.django_db

SENTENCE = "二隻になるのは本当に嬉しい。でも順番の決まりがないなら、うちはまた最後です。"


@pytest.fixture
def article():
    return factories.article(slug="ship")


def test_it_says_how_many_wrote_and_what_the_best_comment_says(client, article):
    for name in ("a", "b", "c"):
        comment = factories.comment(article, text=SENTENCE, reader=factories.reader(name))
    comment.__class__.objects.filter(pk=comment.pk).update(score=38)
    renew_all_rankings()
    page = read(client, "/articles/ship/")
    [side] = parts(page, "talk")
    assert text(side).split()[0] == "24時間に3人"
    assert "議論" in text(side) and SENTENCE in text(side)
    assert texts(side, "talk__more") == ["コメント 3件へ"]
    [voice] = parts(side, "talk__voice")
    assert voice.get("href").endswith(f"#{comment.anchor}")


def test_it_has_what_is_read_most_and_not_what_is_discussed_most(client, article):
    factories.comment(article)
    renew_all_rankings()
    assert not parts(read(client, "/articles/ship/"), "most-discussed")
    assert parts(read(client, "/articles/"), "most-discussed")


def test_without_comments_it_says_nothing_of_them(client, article):
    page = read(client, "/articles/ship/")
    assert not parts(page, "talk__thread")
    factories.comment(article)
    page = read(client, "/articles/ship/")
    assert texts(page, "talk__more") == ["コメント 1件へ"]
    assert not parts(page, "talk__voice")
