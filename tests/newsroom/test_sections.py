"""The fronts of categories, tags and authors, and the order of series."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Byline, MediaFile, Series
from comments.posting import post
from newsroom.ranking_renewal import renew_all_rankings
from tests import factories
from tests.pictures import in_library
from tests.reading import parts, read, texts

pytestmark = pytest.mark.django_db

GOOD = "二隻になるのは本当に嬉しい。でも順番の決まりは変わらない。"
BUDGET = 19  # queries of the front of a category, cold


class TestCategory:
    @pytest.fixture
    def news(self):
        return factories.category("交通", slug="transport")

    def test_every_article_is_shown_once(self, client, news):
        factories.articles(25, category=news)
        page = read(client, "/categories/transport/")
        assert texts(page, "lead-story__title") == ["記事0"]
        assert texts(page, "opening__beside", "row__title") == ["記事1", "記事2", "記事3"]
        assert texts(page, "row__title") == [f"記事{number}" for number in range(20)]
        assert not parts(page, "pagination")
        [link] = parts(page, "front__end")[0].iter("a")
        assert link.get("href") == "?page=2"
        assert link.text.strip().endswith("日より前の記事")
        assert texts(read(client, "/categories/transport/?page=2"), "row__title")[0] == "記事20"

    def test_the_featured_leads_with_its_debate(self, client, news):
        made = factories.articles(4, category=news)
        Article.objects.filter(pk=made[2].pk).update(featured=True)
        factories.scored(made[2], 6, text=GOOD)
        page = read(client, "/categories/transport/")
        assert texts(page, "lead-story__title") == ["記事2"]
        assert texts(page, "debate", "voice__text") == [GOOD]
        assert texts(page, "debate__key") == ["上の記事のコメント1件から"]

    def test_another_debate_has_its_headline_and_is_no_row(self, client, news):
        made = factories.articles(4, category=news)
        factories.scored(made[3], 6, text=GOOD)
        renew_all_rankings()
        page = read(client, "/categories/transport/")
        assert texts(page, "debate__headline") == ["記事3"]
        assert "記事3" not in texts(page, "row__title")
        assert texts(page, "most-discussed", "section__title") == ["交通で議論の多い記事"]
        assert texts(page, "most-discussed", "rank__meta")[0] == "コメント1件 1人"

    def test_an_empty_one_says_so(self, client, news):
        page = read(client, "/categories/transport/")
        assert texts(page, "section__text") == ["まだ記事がありません。"]

    def test_its_queries_do_not_grow(self, client, news):
        def count():
            renew_all_rankings()
            with CaptureQueriesContext(connection) as queries:
                read(client, "/categories/transport/")
            return len(queries)

        for article in factories.articles(8, category=news):
            factories.scored(article, 6, text=GOOD)
        few = count()
        for article in factories.articles(12, category=news):
            factories.scored(article, 6, text=GOOD)
        assert count() <= few <= BUDGET


def test_beside_a_single_article_stand_the_rankings_of_the_site(client):
    lone = factories.article(title="灯台の一日")
    lone.tags.add("灯台")
    for article in [lone, *factories.articles(2)]:
        factories.comment(article)
    renew_all_rankings()
    page = read(client, "/tags/灯台/")
    assert len(texts(page, "most-discussed", "rank__title")) >= 3
    assert texts(page, "most-discussed", "section__title") == ["議論の多い記事"]


def test_a_tag_has_rankings_of_its_own(client):
    made = factories.articles(3)
    for article in made[1:]:
        article.tags.add("港")
    for article in made:
        factories.scored(article, 6, text=GOOD)
    renew_all_rankings()
    page = read(client, f"/tags/{made[1].tags.first().slug}/")
    assert texts(page, "lead-story__title") == ["記事1"]
    assert set(texts(page, "most-discussed", "rank__title")) == {"記事1", "記事2"}
    assert len(texts(page, "most-discussed", "tabbed__part")) == 2


class TestAuthor:
    def test_a_profile_is_shown_as_far_as_it_is_known(self, client):
        author = factories.user("hayase")
        factories.article(author=author)
        page = read(client, f"/authors/{author.pk}/")
        assert not parts(page, "author--pictured")
        values = {"role": "記者", "line": "海底の線を追う。", "mail": "h@example.com"}
        Byline.objects.filter(user=author).update(**values, portrait=in_library())
        page = read(client, f"/authors/{author.pk}/")
        assert parts(page, "author__portrait")
        assert not MediaFile.objects.unused().exists()  # it is offered to nobody for deletion
        assert texts(page, "author__role") == ["記者"]
        assert texts(page, "author__line") == ["海底の線を追う。"]
        assert "mailto:h@example.com" in [link.get("href") for link in page.iter("a")]

    def test_replies_to_readers_are_shown_and_all_of_them_listed(self, client):
        author = factories.user("hayase")
        article = factories.article(author=author)
        asked = factories.comment(article, text="なぜですか。")
        post(article, text="記事を書いた記者です。", staff=author)  # answers nobody
        post(article, text="担当課にも確かめます。", staff=author, parent_id=asked.pk)
        page = read(client, f"/authors/{author.pk}/")
        assert texts(page, "debate", "voice__text") == ["担当課にも確かめます。"]
        assert texts(page, "debate__total") == ["1件"]
        page = read(client, f"/authors/{author.pk}/replies/")
        assert texts(page, "columns__main", "rank__title") == ["担当課にも確かめます。"]
        assert client.get("/authors/99999/replies/").status_code == 404

    def test_old_articles_are_below_their_day(self, client):
        author, now = factories.user("hayase"), timezone.localtime()
        for days in (0, 1, 4, 4):
            at = (now - timedelta(days=days)).replace(hour=0, minute=0, second=1)
            factories.article(title=f"{days}日前", author=author, published_at=at)
        page = read(client, f"/authors/{author.pk}/")
        assert len(texts(page, "day")) == 1
        assert [each.split()[-1] for each in texts(page, "rows", "row__when")] == ["00:00"] * 3
        assert "きのう 00:00" in texts(page, "rows", "row__when")[0]


def test_a_series_is_told_in_order_by_number(client):
    series = Series.objects.create(title="灯台の百年", slug="lights")
    for number in (3, 1, 2):
        factories.article(title=f"話{number}", series=series, series_number=number)
    page = read(client, "/series/lights/")
    assert texts(page, "row__title") == ["話1", "話2", "話3"]
    assert texts(page, "row__part") == ["第1回", "第2回", "第3回"]
