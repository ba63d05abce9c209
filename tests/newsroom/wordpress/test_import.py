"""Articles, authors, terms and redirects of an import."""

import pytest
from django.contrib.auth import get_user_model
from taggit.models import Tag

from articles.models import Article, Category
from tests import factories
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.django_db


def test_an_author_is_found_by_the_name_that_wordpress_makes_of_the_login(bring, client):
    bring(wxr.author("Minato.Taro", 7), wxr.item(1, author="Minato.Taro"))
    writer = get_user_model().objects.get().pk
    for name in ("Minato.Taro", "minato-taro"):
        assert client.get(f"/author/{name}/")["Location"] == f"/authors/{writer}/"


def test_slugs_of_posts_and_pages_may_be_the_same_there(bring):
    bring(
        wxr.item(1, slug="about", link="https://old.example/a/about/"),
        wxr.item(2, slug="about", type="page", link="https://old.example/about/"),
        wxr.item(3, slug="!!!", title="!!!"),
    )
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["about", "about-2", "post-3"]


def test_an_old_slug_still_leads_to_its_article(bring, client):
    bring(wxr.item(1, wxr.meta("_wp_old_slug", "first-try")))
    assert client.get("/2020/01/first-try/")["Location"] == "/articles/post-1/"


def test_terms_that_only_posts_name_are_made(bring):
    bring(
        wxr.item(
            1, wxr.term("category", "sea", "海"), wxr.term("post_tag", "x", "波"), author="ghost"
        )
    )
    article = Article.objects.get()
    assert (article.category.name, str(article.author)) == ("海", "ghost")
    assert [tag.name for tag in article.tags.all()] == ["波"]


def test_terms_that_are_here_already_are_taken(bring):
    category = factories.category("海", slug="sea")
    tag = Tag.objects.create(name="波", slug="wave")
    bring(wxr.category("sea", "Sea"), wxr.tag("nami", "波"), wxr.item(1))
    assert Category.objects.get() == category
    assert Tag.objects.get() == tag


@pytest.mark.parametrize("url", ["http://[", "//", "https://old.example/?p=" + "9" * 5_000])
def test_addresses_that_are_none_stop_nothing(bring, url):
    bring(
        wxr.item(1, content=f'<a href="{url}"><img src="{url}" alt="絵"></a>', link=url),
        wxr.attachment(2, "a.jpg").replace("https://old.example/wp-content/uploads/a.jpg", url),
    )
    assert "絵" in Article.objects.get().body


def test_what_no_database_takes_is_left_out_of_slugs(bring):
    bring(
        wxr.category("a%00b", "甲"),
        wxr.item(
            1, wxr.term("category", "a%00b", "甲"), slug="c%00d", link="https://old.example/%00e/"
        ),
    )
    assert Article.objects.get().slug == "cd"
    assert Category.objects.get().slug == "ab"


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "private"},
        {"status": "draft"},
        {"status": "pending"},
        {"password": "secret"},
        {"status": "future", "date_gmt": "2090-01-01 00:00:00"},
    ],
)
@pytest.mark.parametrize("address", ["2020/01/post-2/", "?p=2"])
def test_a_bare_address_does_not_tell_the_title_of_what_is_hidden(bring, hidden, address):
    url = f"https://old.example/{address}"
    for _part in range(2):
        bring(wxr.item(1, content=url), wxr.item(2, title="極秘", **hidden))
        body = Article.objects.get(slug="post-1").body
        assert "極秘" not in body
        assert f">{url}</a>" in body
    bring(wxr.item(3, content=url))
    assert "極秘" not in Article.objects.get(slug="post-3").body


def test_a_draft_without_a_slug_does_not_tell_its_title_by_its_address(bring):
    bring(
        wxr.item(1, content='<a href="https://old.example/?p=2">続報</a>'),
        wxr.item(2, title="極秘", slug="", status="draft", link="https://old.example/?p=2"),
    )
    assert "極秘" not in Article.objects.get(slug="post-1").body


def test_a_bare_address_gets_the_title_once_it_is_public(bring):
    linking = wxr.item(1, content="https://old.example/2020/01/post-2/")
    bring(linking, wxr.item(2, title="極秘", status="private"))
    bring(linking, wxr.item(2, title="公開"))
    assert Article.objects.get(slug="post-1").body == '<p><a href="/articles/post-2/">公開</a></p>'


def test_a_permalink_to_another_site_makes_that_site_none_of_ours(bring, client):
    content = (
        '<a href="https://video.example/">動画</a> <a href="https://video.example/live/abc">生</a>'
    )
    bring(
        wxr.item(1, link="https://video.example/live/abc"),
        wxr.item(2, content=content),
        wxr.attachment(3, "a.jpg", link="https://photo.example/page/", parent=2),
    )
    body = Article.objects.get(slug="post-2").body
    assert 'href="https://video.example/"' in body
    assert 'href="https://video.example/live/abc"' in body
    assert client.get("/live/abc").status_code == client.get("/page/").status_code == 404
    assert client.get("/?p=1")["Location"] == "/articles/post-1/"


def test_the_site_is_known_by_all_the_addresses_it_gives_itself(bring, monkeypatch):
    head = wxr.HEAD.replace("<link>https://old.example", "<link>https://www.front.example")
    head = head.replace("site_url>https://old.example", "site_url>https://network.example")
    monkeypatch.setattr(wxr, "HEAD", head)
    hosts = ("www.old.example", "front.example", "network.example")
    links = " ".join(f'<a href="https://{host}/2020/01/post-1/">前</a>' for host in hosts)
    bring(wxr.item(1), wxr.item(2, content=links))
    assert Article.objects.get(slug="post-2").body.count('href="/articles/post-1/"') == 3
