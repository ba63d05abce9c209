"""An export with a bit of everything, imported once for all tests of this module."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.utils import translation

from articles.models import Article
from comments.models import Comment, Mention, Thread
from comments.verification import find_faults
from newsroom.models import ImportedItem
from newsroom.wordpress.importer import Importer
from tests.newsroom.wordpress import wxr
from tests.newsroom.wordpress.threads import list_thread
from tests.shared import shared_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def report(django_db_setup, django_db_blocker, tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "export.xml"
    path.write_bytes(wxr.export(*wxr.WHOLE))
    with shared_rows(django_db_blocker), translation.override("en"):
        yield Importer(path).run()


def test_a_post_becomes_an_article():
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


def test_states_are_those_of_the_old_site_and_nothing_hidden_is_published(report):
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
    assert not Thread.objects.get(article=states["26"]).first_open
    assert "24" not in states
    assert set(report.remarks) >= {
        "skipped: in the trash",
        "private: saved as a draft",
        "password-protected: saved as a draft",
        "skipped, items of this type are not imported: recipe",
    }
    assert set(Article.objects.published().values_list("title", flat=True)) == {
        "灯台 & 船",
        "記事 26",
    }


def test_authors_cannot_sign_in():
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
def test_old_addresses_redirect(client, old, new):
    response = client.get(old)
    writer = get_user_model().objects.get(username="writer").pk
    assert (response.status_code, response.get("Location")) == (301, new.format(writer=writer))


def test_comments_keep_nesting_states_and_ids():
    article = Article.objects.get(slug="灯台")
    assert list_thread(article) == [
        (1, None, "最初"),
        (2, 1, "返事 >>1"),
        (3, 2, "それな"),
        (4, None, "それな"),
    ]
    states = Comment.objects.order_by("pk").values_list("pk", "state", "reason", "alias")
    assert list(states) == [
        (101, "published", "", None),
        (102, "published", "", None),
        (103, "held", "check", None),
        (104, "removed", "spam", None),
    ]
    reply = Comment.objects.get(pk=102)
    assert '#comment-101"' in reply.html
    assert [row.target_id for row in reply.references.all()] == [101]
    thread = Thread.objects.get(article=article)
    assert thread.published_count == 2
    assert find_faults(thread) == []


def test_a_pingback_becomes_a_mention():
    mention = Mention.objects.get()
    assert (mention.kind, mention.title, mention.excerpt) == ("pingback", "他の新聞", "引用")
    assert mention.url == "https://private.example/?a=1&b=2"
    assert mention.state == "published"


def test_nothing_of_a_commenter_reaches_the_database():
    for model in (Comment, ImportedItem, Article):
        for row in model.objects.values():
            assert "reader@private" not in str(row)
            assert "203.0.113" not in str(row)
