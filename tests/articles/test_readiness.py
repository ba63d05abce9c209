"""The gate: what an article needs before it is public, by every way that could publish it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from articles.models import Article, MediaFile, Redirect
from articles.models.readiness import NotReady, list_missing, list_warnings
from newsroom.demo.loading import Demo
from tests import factories, pictures

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"
TOMORROW = timedelta(days=1)


def codes(article):
    return [item.code for item in list_missing(article)]


def add_figure(article, picture, alt=""):
    article.body += f'<figure><img data-file="{picture.pk}" alt="{alt}"></figure>'


def link_to(article, *addresses):
    article.body = "<p>本文。</p>" + "".join(f'<p><a href="{to}">続き</a></p>' for to in addresses)


class TestWhatIsMissing:
    def test_nothing(self, draft):
        assert codes(draft) == []

    @pytest.mark.parametrize(
        ("field", "value"),
        [("title", " "), ("category", None), ("lead", " \n"), ("body", "<p> </p>")],
    )
    def test_each_part(self, draft, field, value):
        setattr(draft, field, value)
        assert codes(draft) == [field]

    def test_a_page_needs_no_category(self, draft):
        draft.kind, draft.category = Article.Kind.PAGE, None
        assert codes(draft) == []

    @pytest.mark.parametrize(
        ("texts", "missing"),
        [
            ({}, ["alt", "credit"]),
            ({"copyright": "港湾局"}, ["alt"]),
            ({"image_alt_text": "灯台"}, ["credit"]),
            ({"decorative": True, "copyright": "港湾局"}, []),
            ({"image_alt_text": " ", "copyright": " "}, ["alt", "credit"]),
            ({"image_alt_text": "灯台", "copyright": "港湾局"}, []),
        ],
    )
    def test_the_texts_of_pictures(self, draft, texts, missing):
        picture = pictures.stored_once(**texts)
        draft.lead_image = picture
        assert codes(draft) == missing
        draft.lead_image = None
        add_figure(draft, picture)
        assert codes(draft) == missing

    def test_the_alternative_text_of_a_figure_counts_for_it(self, draft):
        picture = pictures.stored_once(copyright="港湾局")
        add_figure(draft, picture, alt="沖から見た灯台")
        assert codes(draft) == []
        draft.lead_image = picture
        assert [(item.code, item.field) for item in list_missing(draft)] == [("alt", "lead_image")]

    def test_an_item_names_its_picture(self, draft):
        draft.lead_image = pictures.stored_once(image_alt_text="灯台")
        [item] = list_missing(draft)
        assert item.file_id == draft.lead_image.pk
        assert draft.lead_image.file_name in item.sentence


class TestDeadLinks:
    @pytest.mark.parametrize(
        "to",
        [
            "/articles/nowhere/",
            "/articles/hidden/",
            "/articles/hidden",
            "{site}/articles/nowhere/?utm=1#top",
            "../nowhere/",
            "/categories/nowhere/",
            "/categories/nowhere/feed/",
            "/tags/nowhere/",
            "/authors/999999/",
            "/media/nowhere.pdf",
            "/media/../../etc/passwd",
            "/static/nowhere.css",
            "/nowhere",
            "/old-path/",
            "/admin/articles/article/1/preview/",
        ],
    )
    def test_nothing_answers(self, draft, to):
        hidden = factories.article(slug="hidden", status="draft")
        Redirect.objects.remember("/old-path/", article=hidden)
        link_to(draft, to.format(site=settings.SITE_URL))
        assert codes(draft) == ["link"]

    @pytest.mark.parametrize(
        "to",
        [
            *(
                "/",
                "/?p=12",
                "/search/?q=%E6%B8%AF",
                "/feeds/",
                "/archive/",
                "#section-1",
                "/feed/",
            ),
            *("/articles/public/", "/articles/public", "/articles/public/#comments", "../public/"),
            *("{site}/articles/gone/", "/categories/place/", "/tags/%E6%B8%AF/", "/old-path"),
            *("https://example.com/articles/nowhere/", "mailto:desk@example.com", "tel:110"),
            *("/articles/%E6%B8%AF%E3%81%AE%E6%9C%9D/", "http://[broken/"),
        ],
    )
    def test_something_answers(self, draft, to):
        public = factories.article(slug="public")
        public.tags.add("港")
        factories.article(slug="gone", status="withdrawn")
        factories.category("地域", slug="place")
        Redirect.objects.remember("/old-path/", article=public)
        Article.objects.filter(pk=draft.pk).update(slug="港の朝")
        draft.refresh_from_db()
        link_to(draft, to.format(site=settings.SITE_URL))
        assert codes(draft) == []

    def test_a_file_of_the_library_answers(self, draft):
        picture = pictures.stored_once()
        link_to(draft, picture.image_file.url, picture.image_file.w960)
        assert codes(draft) == []

    def test_what_is_scheduled_earlier_answers_by_then(self, draft):
        factories.article(slug="earlier", published_at=timezone.now() + TOMORROW)
        link_to(draft, "/articles/earlier/")
        draft.save()
        with pytest.raises(NotReady):
            draft.publish()
        draft.schedule(at=timezone.now() + 2 * TOMORROW)
        assert draft.is_scheduled

    def test_many_links_cost_few_queries(self, draft, django_assert_max_num_queries):
        link_to(draft, *(f"/articles/a-{n}/" for n in range(30)), *(f"/x-{n}" for n in range(30)))
        with django_assert_max_num_queries(7):
            assert len(list_missing(draft)) == 60


class TestWarnings:
    def test_each(self, draft):
        draft.title = "長" * 41
        draft.body = '<h2>一</h2><h4>飛</h4><h2> </h2><p><a href="https://a.example/"> </a></p>'
        draft.body += "<h2>二</h2><h3>三</h3>"
        assert [item.code for item in list_warnings(draft)] == [
            *("long", "picture", "tags", "skipped", "empty heading", "empty link")
        ]


@pytest.mark.slow
def test_the_demo_lacks_nothing():
    Demo().load()
    articles = Article.objects.filter(status="published")
    assert articles.count() > 20
    assert {
        article.slug: list_missing(article) for article in articles if list_missing(article)
    } == {}
    pictures = MediaFile.objects.exclude(image_file="")
    assert not pictures.filter(image_alt_text="").exists()
