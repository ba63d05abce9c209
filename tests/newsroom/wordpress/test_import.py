"""What an export becomes: articles, people, terms and redirects."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from taggit.models import Tag

from articles.models import Article, Category
from comments.models import Thread
from newsroom.models import ImportedItem
from tests import factories
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.django_db


def test_a_post_becomes_an_article(bring):
    bring(*wxr.WHOLE)
    article = Article.objects.get(title="灯台 & 船")
    assert article.slug == "灯台"
    assert article.kind == Article.Kind.ARTICLE
    assert article.status == Article.Status.PUBLISHED
    assert article.published_at == datetime(2020, 1, 2, 3, tzinfo=UTC)
    assert article.lead == "要約。"
    assert article.body == '<p>一</p><p><a href="/articles/post-20/#comment-7">次</a></p>'
    assert article.featured
    assert str(article.author) == "港 太郎"
    assert article.category.slug == "harbour"
    assert article.category.parent.name == "ニュース"
    assert not article.other_categories.exists()
    assert [tag.name for tag in article.tags.all()] == ["船"]


def test_states_are_those_of_the_old_site_and_nothing_hidden_is_published(bring):
    report = bring(*wxr.WHOLE)
    states = {
        old_id: Article.objects.get(pk=pk)
        for old_id, pk in ImportedItem.objects.filter(kind="post").values_list(
            "old_id", "object_id"
        )
    }
    assert states["20"].is_scheduled
    assert {old_id: states[old_id].status for old_id in ("21", "22", "23", "25")} == {
        "21": "draft",
        "22": "review",
        "23": "draft",
        "25": "draft",
    }
    assert states["26"].kind == Article.Kind.PAGE
    assert not Thread.objects.get(article=states["26"]).is_open
    assert "24" not in states
    assert set(report.remarks) >= {
        "left out: in the trash",
        "was private: now a draft",
        "was protected by a password: now a draft",
        "left out, items of this type are not taken: recipe",
    }
    assert set(Article.objects.published().values_list("title", flat=True)) == {
        "灯台 & 船",
        "記事 26",
    }


def test_authors_cannot_sign_in(bring):
    bring(*wxr.WHOLE)
    user = get_user_model().objects.get(username="writer")
    assert not user.is_active
    assert not user.is_staff
    assert not user.has_usable_password()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/2020/01/%E7%81%AF%E5%8F%B0/", "/articles/%E7%81%AF%E5%8F%B0/"),
        ("/2020/01/%e7%81%af%e5%8f%b0", "/articles/%E7%81%AF%E5%8F%B0/"),
        ("/2020/01/%E7%81%AF%E5%8F%B0/comment-page-3/", "/articles/%E7%81%AF%E5%8F%B0/"),
        ("/?p=10", "/articles/%E7%81%AF%E5%8F%B0/"),
        ("/about/us/", "/articles/post-26/"),
        ("/?page_id=26", "/articles/post-26/"),
        ("/category/news/harbour/", "/categories/harbour/"),
        ("/category/harbour/", "/categories/harbour/"),
        ("/?cat=12", "/categories/harbour/"),
        ("/tag/boat/", "/tags/boat/"),
        ("/author/writer/feed/", "/authors/{writer}/feed/"),
        ("/?author=3", "/authors/{writer}/"),
    ],
)
def test_old_addresses_lead_to_the_new_ones(bring, client, old, new):
    bring(*wxr.WHOLE)
    answer = client.get(old)
    writer = get_user_model().objects.get(username="writer").pk
    assert (answer.status_code, answer.get("Location")) == (301, new.format(writer=writer))


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
