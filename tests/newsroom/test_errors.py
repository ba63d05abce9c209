"""Error pages, the footer, and pages such as "about us"."""

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from articles.models import Article
from newsroom.views import errors
from tests import factories
from tests.articles.test_pages import hours_ago
from tests.reading import parsed, parts, read, texts

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_an_unknown_address_offers_search_and_the_newest(client):
    for number in range(7):
        factories.article(title=f"記事{number}", published_at=hours_ago(number + 1))
    factories.article(title="下書き", status="draft")
    answer = client.get("/no-such-place/")
    assert answer.status_code == 404
    page = parsed(answer)
    (form,) = page.xpath("//main//form[@role='search']")
    assert (form.get("action"), form.get("method", "get")) == ("/search/", "get")
    assert list(form.fields) == ["q"]
    assert texts(page, "main", "rank__title") == [f"記事{number}" for number in range(5)]


def test_a_withdrawn_article_links_its_category_and_the_newest(client):
    category = factories.category("通信", slug="telecom")
    article = factories.article(slug="ship", category=category)
    factories.article(title="別の記事")
    article.withdraw(note="誤りがありました。")
    answer = client.get("/articles/ship/")
    assert answer.status_code == 410
    page = parsed(answer)
    assert texts(page, "main", "rank__title") == ["別の記事"]
    assert page.xpath("//main//a[@href='/categories/telecom/']")
    assert page.xpath("//main//form[@role='search']")


def test_a_server_error_makes_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = errors.server_error(RequestFactory().get("/"))
    page = parsed(answer)
    assert answer.status_code == 500
    assert page.xpath("//main//form[@role='search']/@action") == ["/search/"]
    assert page.xpath("//main//a/@href") == ["/"]


@pytest.mark.parametrize("name", ["bad_request", "permission_denied"])
def test_a_refusal_offers_search(name):
    answer = getattr(errors, name)(RequestFactory().get("/"), Exception())
    assert parsed(answer).xpath("//main//form[@role='search']")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_method_that_a_view_does_not_take_gets_a_page_of_ours(client, settings, language):
    settings.LANGUAGE_CODE = language
    answer = client.put("/comments/1/vote/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    page = answer.content.decode()
    assert f'<html lang="{language}"' in page
    assert 'class="notice__title"' in page
    assert answer["Content-Length"] == str(len(answer.content))


def test_a_form_from_before_the_login_is_refused_on_a_page_of_ours():
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.moderator())
    answer = client.post("/moderation/queue/approve/", {"chosen": "1"})
    assert answer.status_code == 403
    assert "何も保存されていません" in texts(parsed(answer), "main")[0]


class TestFoot:
    def links(self, client, path="/"):
        return [
            (link.get("href"), link.text_content())
            for link in parts(read(client, path), "footer__link")
        ]

    def test_it_names_the_pages_that_the_editors_published(self, client):
        for title, hours, fields in (
            ("お問い合わせ", 2, {}),
            ("このサイトについて", 3, {}),
            ("下書き", 1, {"status": "draft"}),
            ("取り下げ", 1, {"status": "withdrawn"}),
        ):
            factories.article(
                title=title, kind=Article.Kind.PAGE, published_at=hours_ago(hours), **fields
            )
        titles = [title for _path, title in self.links(client)]
        assert titles[1:3] == ["このサイトについて", "お問い合わせ"]
        assert not {"下書き", "取り下げ"} & set(titles)

    def test_it_names_a_few_only(self, client):
        for number in range(20):
            factories.article(title=f"頁{number}", kind=Article.Kind.PAGE)
        assert len([title for _path, title in self.links(client) if title.startswith("頁")]) == 8

    def test_it_costs_no_query_for_a_while(self, client, django_assert_num_queries):
        factories.article(kind=Article.Kind.PAGE)
        client.get("/no-such-place/")
        # An old path, a slug and its beginning; the categories, the newest.
        with django_assert_num_queries(5):
            client.get("/no-such-place/")

    def test_its_links_work(self, client):
        factories.article(kind=Article.Kind.PAGE, slug="about")
        for path, _title in self.links(client, "/articles/about/"):
            assert client.get(path).status_code == 200, path


class TestPage:
    @pytest.fixture
    def about(self):
        return factories.article(title="このサイトについて", slug="about", kind=Article.Kind.PAGE)

    def test_it_has_no_thread_until_there_is_one(self, client, about):
        page = read(client, "/articles/about/")
        assert not page.xpath("//*[@id='comments']")
        anchors = [each[1:] for each in page.xpath("//a/@href") if each.startswith("#")]
        assert [anchor for anchor in anchors if not page.xpath(f"//*[@id='{anchor}']")] in (
            [],
            ["top"],  # which every browser knows
        )

    def test_comments_that_were_imported_with_it_stay(self, client, about):
        factories.comment(about, text="昔の一言")
        page = read(client, "/articles/about/")
        assert "昔の一言" in page.get_element_by_id("comments").text_content()
        assert settings.SITE_NAME in texts(page, "header__name")
