"""Bylines: several names in order, with and without accounts, wherever an article is shown."""

import json
import re

import pytest
from django.urls import reverse
from lxml import etree

from articles.models import Article, ArticleChange, Byline, Credit
from articles.models.own_links import find_dead_links
from articles.models.redirect import Redirect
from tests import factories, staff
from tests.articles.admin_forms import address, errors_of, filled_in, form_of, saved
from tests.reading import unbroken

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


@pytest.fixture
def hayase():
    return factories.user("hayase", display_name="早瀬")


@pytest.fixture
def guest():
    return factories.guest("港野 灯", slug="minatono", role="作家")


@pytest.fixture
def agency():
    return factories.guest("海鳥通信", slug="umidori", kind="agency")


@pytest.fixture
def article(hayase, guest, agency):
    """An article by a guest, a member of the staff and an agency, with pictures by a guest."""
    article = factories.article(slug="ship", author=hayase)
    sign(article, guest, hayase.byline, agency)
    sign(article, factories.guest("沖 写", slug="oki"), part="photo")
    return article


def sign(article, *bylines, part="text"):
    for position, byline in enumerate(bylines, 1):
        Credit.objects.create(article=article, byline=byline, part=part, position=position)


def read_links(html):
    return re.findall(r'rel="author"[^>]*href="([^"]+)"\s*>([^<]+)<', html)


def read_json(html):
    texts = re.findall(r'<script type="application/ld\+json">(.+?)</script>', html)
    return next(node for node in map(json.loads, texts) if node["@type"] == "NewsArticle")


class TestReaders:
    def test_the_page_names_all_in_order_with_links(self, client, article, hayase):
        html = client.get("/articles/ship/").content.decode()
        assert read_links(html) == [
            ("/authors/minatono/", "港野 灯"),
            (f"/authors/{hayase.pk}/", "早瀬"),
            ("/authors/umidori/", "海鳥通信"),
            ("/authors/oki/", "沖 写"),
        ]
        assert html.index("港野 灯</a>") < html.index("作家</span>")
        assert "写真" in html[html.index("海鳥通信</a>") : html.index("沖 写</a>")]

    def test_json_ld_lists_persons_and_agencies(self, client, article, hayase, settings):
        html = client.get("/articles/ship/").content.decode()
        node, site = read_json(html), settings.SITE_URL
        assert node["author"] == [
            {
                "@type": "Person",
                "name": "港野 灯",
                "jobTitle": "作家",
                "url": f"{site}/authors/minatono/",
            },
            {"@type": "Person", "name": "早瀬", "url": f"{site}/authors/{hayase.pk}/"},
            {"@type": "Organization", "name": "海鳥通信", "url": f"{site}/authors/umidori/"},
        ]
        assert [each["name"] for each in node["contributor"]] == ["沖 写"]
        assert re.findall(r'article:author" content="([^"]+)"', html) == [
            f"{site}/authors/minatono/",
            f"{site}/authors/{hayase.pk}/",
            f"{site}/authors/umidori/",
        ]

    def test_a_photographer_alone_leaves_the_author_of_the_text(self, client, hayase, guest):
        article = factories.article(slug="ship", author=hayase)
        sign(article, guest, part="photo")
        node = read_json(client.get("/articles/ship/").content.decode())
        assert (node["author"]["name"], node["contributor"][0]["name"]) == ("早瀬", "港野 灯")

    @pytest.mark.parametrize("name", ["minatono", "umidori", "oki"])
    def test_a_guest_has_a_page_and_feeds(self, client, article, name):
        assert article.title in client.get(f"/authors/{name}/").content.decode()
        for form in ("feed/", "feed/atom/"):
            assert article.title in client.get(f"/authors/{name}/{form}").content.decode()

    def test_an_author_lists_what_they_signed_and_no_more(self, client, article, hayase, guest):
        own = factories.article(title="一人の記事", author=hayase)
        given = factories.article(title="渡した記事", author=hayase)
        sign(given, guest)
        html = unbroken(client.get(f"/authors/{hayase.pk}/"))
        assert own.title in html
        assert article.title in html
        assert given.title not in html
        assert given.title in unbroken(client.get("/authors/minatono/"))

    def test_a_guest_of_drafts_has_no_page(self, client, guest):
        sign(factories.article(status="draft"), guest)
        for path in ("/authors/minatono/", "/authors/minatono/feed/", "/authors/nobody/"):
            assert client.get(path).status_code == 404

    def test_feeds_name_all(self, client, article):
        root = etree.fromstring(client.get("/feed/atom/").content)
        authors = root.findall(f"{ATOM}entry/{ATOM}author")
        assert [each.findtext(f"{ATOM}name") for each in authors] == ["港野 灯", "早瀬", "海鳥通信"]
        assert authors[2].findtext(f"{ATOM}uri").endswith("/authors/umidori/")
        root = etree.fromstring(client.get("/feed/").content)
        names = [each.text for each in root.iter(CREATOR)]
        assert names == ["港野 灯", "早瀬", "海鳥通信"]

    def test_sitemap_and_overview_of_feeds_list_guests(self, client, article, hayase):
        sitemap = client.get("/sitemap-authors.xml").content.decode()
        overview = client.get("/feeds/").content.decode()
        for name in ("minatono", "umidori", "oki", hayase.pk):
            assert f"/authors/{name}/" in sitemap
            assert f"/authors/{name}/feed/" in overview

    def test_the_search_finds_an_article_by_its_bylines(self, client, article):
        article.index()
        for name in ("港野", "海鳥通信", "早瀬"):
            assert "/articles/ship/" in client.get("/search/", {"q": name}).content.decode()

    def test_a_new_name_of_an_account_is_that_of_its_byline(self, client, article, hayase):
        hayase.display_name = "早瀬ちとせ"
        hayase.save()
        html = client.get("/articles/ship/").content.decode()
        assert "早瀬ちとせ</a>" in html
        assert "/articles/ship/" in client.get("/search/", {"q": "ちとせ"}).content.decode()

    def test_links_to_guests_are_alive_where_they_sign(self, article):
        body = '<p><a href="/authors/minatono/">甲</a><a href="/authors/nobody/">乙</a></p>'
        article.body = body
        assert find_dead_links(article, article.published_at) == ["/authors/nobody/"]

    def test_they_are_read_with_the_tags_and_sources(
        self, client, article, django_assert_num_queries
    ):
        from articles.lookup import find_article

        find_article("ship")
        with django_assert_num_queries(2):
            found = find_article("ship")
            assert len(found.signatures) + len(found.photographers) == 4


class TestEditors:
    @pytest.fixture
    def editor(self):
        return staff.browser_of(staff.editor())

    def test_the_form_saves_bylines_in_the_order_of_their_positions(self, editor, guest, agency):
        rows = [
            {"byline": agency.pk, "part": "text", "position": 2},
            {"byline": guest.pk, "part": "text", "position": 1},
            {"byline": guest.pk, "part": "photo", "position": ""},
        ]
        article = saved(editor.post("/admin/articles/article/add/", filled_in(signed=rows)))
        assert [each.name for each in article.signatures] == ["港野 灯", "海鳥通信"]
        assert [each.name for each in article.photographers] == ["港野 灯"]
        assert [each["title"] for each in article.history.first().snapshot["credits"]] == [
            *("港野 灯", "海鳥通信", "港野 灯")
        ]

    def test_a_byline_stands_once(self, editor, guest):
        rows = [{"byline": guest.pk, "part": "text"}] * 2
        answer = editor.post("/admin/articles/article/add/", filled_in(signed=rows))
        errors_of(answer)
        assert not Article.objects.exists()

    @pytest.mark.parametrize("value", ["0", "x", "99999999999999999999"])
    def test_what_names_no_byline_is_refused(self, editor, value):
        rows = [{"byline": value, "part": "text", "position": 1}]
        answer = editor.post("/admin/articles/article/add/", filled_in(signed=rows))
        assert answer.status_code == 200
        assert not Article.objects.exists()

    def test_changed_bylines_are_an_update_for_readers(self, editor, article, guest):
        before = article.updated_at
        stored = [
            {"id": each.pk, "byline": each.byline_id, "part": each.part, "position": each.position}
            for each in article.credits.all()
        ]
        stored[0]["DELETE"] = "on"
        answer = editor.post(address(article), {**form_of(article, signed=stored)})
        assert answer.status_code == 302
        article.refresh_from_db()
        assert [each.name for each in article.signatures][:1] == ["早瀬"]
        assert article.updated_at > before

    def test_a_draft_change_carries_bylines(self, editor, article, guest):
        article.category = factories.category()
        article.save()
        stored = [
            {"id": each.pk, "byline": each.byline_id, "part": each.part, "DELETE": "on"}
            for each in article.credits.all()
        ]
        new = {"byline": factories.guest("新しい人").pk, "part": "text", "position": 9}
        fields = form_of(article, signed=[*stored, new]) | {"_change": "save"}
        assert editor.post(f"{address(article)}?change", fields).status_code == 302
        assert [each.name for each in Article.objects.get().signatures][0] == "港野 灯"
        ArticleChange.objects.get().apply(by=editor.user)
        assert [each.name for each in Article.objects.get().signatures] == ["新しい人"]

    def test_two_editors_keep_each_others_bylines(self, editor, guest, agency):
        article = factories.article(category=factories.category())
        article.save_whole(lambda: None)
        seen = article.history.first().pk
        article.save_whole(lambda: sign(article, guest))
        row = {"byline": agency.pk, "part": "text", "position": 1}
        fields = form_of(article, signed=[row]) | {"seen": seen}
        assert editor.post(address(article), fields).status_code == 302
        assert {each.name for each in Article.objects.get().signatures} == {"港野 灯", "海鳥通信"}

    def test_an_old_revision_brings_its_bylines_back(self, editor, guest, agency):
        article = factories.article(category=factories.category())
        article.save_whole(lambda: sign(article, guest))
        old = article.history.first()
        article.save_whole(lambda: article.credits.all().delete())
        path = reverse("admin:articles_article_revert", args=[article.pk, old.pk])
        page = editor.get(path)
        assert "港野 灯" in page.content.decode()
        assert editor.post(path, {"seen": page.context["seen"]}).status_code == 302
        assert [each.name for each in Article.objects.get().signatures] == ["港野 灯"]

    def test_the_list_finds_what_an_account_wrote_or_signed(self, editor, article, hayase):
        other = factories.user("other", display_name="別の人")
        sign(article, other.byline)
        for user in (hayase, other):
            page = editor.get("/admin/articles/article/", {"author__id__exact": user.pk})
            assert [row.pk for row in page.context["cl"].result_list] == [article.pk]
        page = editor.get("/admin/articles/article/", {"author__id__exact": editor.user.pk})
        assert not page.context["cl"].result_list

    def test_bylines_are_found_by_name(self, editor, guest, hayase):
        query = {"app_label": "articles", "model_name": "credit", "field_name": "byline"}
        for user in (editor, staff.browser_of(staff.writer())):
            for text, name in (("港野", "港野 灯"), ("早瀬", "早瀬")):
                answer = user.get("/admin/autocomplete/", query | {"term": text})
                assert [each["text"] for each in answer.json()["results"]] == [name]

    def test_an_editor_makes_a_guest_and_its_address(self, editor):
        fields = {"name": "沖野 渚", "kind": "person", "role": "", "slug": ""}
        assert editor.post("/admin/articles/byline/add/", fields).status_code == 302
        assert Byline.objects.get(name="沖野 渚").get_absolute_url().startswith("/authors/")
        answer = editor.post("/admin/articles/byline/add/", fields | {"slug": "12"})
        assert answer.status_code == 200

    def test_a_new_name_of_a_guest_is_found_by_the_search(self, editor, client, article, guest):
        fields = {"name": "港野 明", "kind": "person", "role": ""}
        path = reverse("admin:articles_byline_change", args=[guest.pk])
        assert editor.post(path, fields).status_code == 302
        assert "/articles/ship/" in client.get("/search/", {"q": "港野 明"}).content.decode()
        assert "港野 明</a>" in client.get("/articles/ship/").content.decode()

    def test_the_byline_of_an_account_follows_the_account_alone(self, editor, hayase):
        path = reverse("admin:articles_byline_change", args=[hayase.byline.pk])
        assert editor.post(path, {"name": "他人", "role": "編集委員"}).status_code == 302
        byline = Byline.objects.get(user=hayase)
        assert (byline.name, byline.role) == ("早瀬", "編集委員")
        assert not Redirect.objects.exists()

    def test_a_signing_guest_is_not_deleted(self, editor, article, guest):
        path = reverse("admin:articles_byline_delete", args=[guest.pk])
        editor.post(path, {"post": "yes"})
        assert Byline.objects.filter(pk=guest.pk).exists()
