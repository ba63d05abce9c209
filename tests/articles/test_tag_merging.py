"""Merging tags: articles, addresses, feeds, names and search follow, in one step."""

import pytest
from django.core.exceptions import ValidationError
from taggit.models import Tag, TaggedItem

from articles.models import Article, ArticleChange, Redirect
from articles.models.article_change import read_content
from articles.search import ARTICLE, list_matching_ids
from articles.search.analysis import Query
from articles.tag_merging import GoneMeanwhile, merge_tags
from tests import factories

pytestmark = pytest.mark.django_db
TAGS = "/admin/taggit/tag/"


@pytest.fixture
def port():
    return Tag.objects.create(name="港湾", slug="port")


@pytest.fixture
def harbour():
    return Tag.objects.create(name="ハーバー", slug="harbour")


def tagged(*tags):
    article = factories.article()
    article.tags.add(*tags)
    return article


def found(word):
    return list_matching_ids(Query(word), ARTICLE)


def test_articles_follow_without_doubles(port, harbour):
    third = Tag.objects.create(name="みなと")
    both, one, other = tagged(harbour, third, port), tagged(harbour, third), tagged("霧")
    assert merge_tags(port.pk, [harbour.pk, third.pk]) == (port, 2)
    assert [list(article.tags.names()) for article in (both, one, other)] == [
        ["港湾"],
        ["港湾"],
        ["霧"],
    ]
    assert TaggedItem.objects.count() == 3


def test_search_finds_the_kept_name(port, harbour):
    article = tagged(harbour)
    article.index()
    assert found("ハーバー") == [article.pk]
    merge_tags(port.pk, [harbour.pk])
    assert (found("港湾"), found("ハーバー")) == ([article.pk], [])


def test_pages_and_feeds_redirect_in_one_hop(client, port, harbour):
    third = Tag.objects.create(name="みなと", slug="minato")
    Redirect.objects.remember("/old/", tag=harbour)
    Redirect.objects.remember("/older/", to_path="/tags/harbour/")
    tagged(harbour)
    merge_tags(third.pk, [harbour.pk])
    merge_tags(port.pk, [third.pk])
    for path in ("/tags/harbour/", "/tags/minato/", "/old/", "/older/", "/tags/harbour/?page=2"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (301, "/tags/port/"), path
    assert client.get("/tags/harbour/feed/")["Location"] == "/tags/port/feed/"
    assert client.get("/tags/minato/feed/atom/")["Location"] == "/tags/port/feed/atom/"


def test_a_merged_name_typed_again_becomes_the_kept_one(port, harbour):
    third = Tag.objects.create(name="ＡＩ")
    merge_tags(harbour.pk, [third.pk])
    merge_tags(port.pk, [harbour.pk])
    article = tagged("ﾊｰﾊﾞｰ", "ai")
    assert list(article.tags.names()) == ["港湾"]
    assert Tag.objects.count() == 1


def test_revisions_and_draft_changes_stay_valid(port, harbour):
    article = tagged(harbour)
    article.save_whole(lambda: None)
    snapshot = article.history.first().snapshot
    content = read_content(article)
    change = ArticleChange.objects.create(
        article=article, base=content, content={**content, "tags": ["ハーバー", "霧"]}
    )
    merge_tags(port.pk, [harbour.pk])
    article.tags.set(snapshot["tags"])
    assert list(article.tags.names()) == ["港湾"]
    change = ArticleChange.objects.get(pk=change.pk)
    assert not change.is_stale
    change.apply()
    assert set(article.tags.names()) == {"港湾", "霧"}


def test_a_draft_change_that_was_stale_stays_so(port, harbour):
    article = tagged(harbour)
    base = {**read_content(article), "tags": ["別"]}
    change = ArticleChange.objects.create(article=article, base=base, content=base)
    merge_tags(port.pk, [harbour.pk])
    assert ArticleChange.objects.get(pk=change.pk).is_stale


def test_a_kept_page_follows(client, port, harbour, django_capture_on_commit_callbacks):
    article = tagged(harbour)
    assert "ハーバー" in client.get(article.get_absolute_url()).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        merge_tags(port.pk, [harbour.pk])
    page = client.get(article.get_absolute_url()).content.decode()
    assert "港湾</a>" in page and "ハーバー" not in page


def test_nothing_changes_if_one_is_gone(port, harbour):
    tagged(harbour)
    with pytest.raises(GoneMeanwhile):
        merge_tags(port.pk, [harbour.pk, harbour.pk + 100])
    with pytest.raises(GoneMeanwhile):
        merge_tags(harbour.pk + 100, [harbour.pk, port.pk])
    with pytest.raises(ValidationError):
        merge_tags(port.pk, [port.pk])
    assert Tag.objects.count() == 2
    assert not Redirect.objects.exists()


class TestAdmin:
    def post(self, browser, tags, **fields):
        chosen = {"action": "merge", "_selected_action": [tag.pk for tag in tags]}
        return browser.post(TAGS, chosen | fields)

    def test_the_question_says_how_many_and_the_answer_merges(self, editor, port, harbour):
        tagged(harbour)
        tagged(harbour, port)
        page = self.post(editor, [port, harbour])
        html = page.content.decode()
        assert "2本の記事" in html and "ハーバー（2本）" in html and "港湾（1本）" in html
        assert page.context["form"].initial["kept"] == harbour.pk
        assert Tag.objects.count() == 2
        seen = page.context["form"].initial["seen"]
        answer = self.post(editor, [port, harbour], seen=seen, kept=port.pk)
        assert answer.status_code == 302
        assert Tag.objects.get() == port
        assert "港湾にまとめました" in editor.get(TAGS).content.decode()

    def test_two_editors_at_once(self, editor, port, harbour):
        """A colleague merges one of three away while the page is open."""
        third = Tag.objects.create(name="みなと")
        tags = [port, harbour, third]
        seen = ",".join(str(tag.pk) for tag in tags)
        merge_tags(port.pk, [harbour.pk])
        page = self.post(editor, tags, seen=seen, kept=third.pk)
        assert "誰かが先に" in page.content.decode()
        assert Tag.objects.count() == 2
        seen = page.context["form"]["seen"].value()
        self.post(editor, [port, third], seen=seen, kept=third.pk)
        assert Tag.objects.get() == third

    def test_into_one_that_is_gone(self, editor, port, harbour):
        third = Tag.objects.create(name="みなと")
        tags = [port, harbour, third]
        seen = ",".join(str(tag.pk) for tag in tags)
        merge_tags(port.pk, [harbour.pk])
        page = self.post(editor, tags, seen=seen, kept=harbour.pk)
        assert page.status_code == 200 and page.context["form"].errors["kept"]
        assert Tag.objects.count() == 2

    @pytest.mark.parametrize("seen", ["", "x,y", "9" * 30, "0"])
    def test_forged_fields_change_nothing(self, editor, port, harbour, seen):
        page = self.post(editor, [port, harbour], seen=seen, kept=port.pk)
        assert page.status_code == 200
        assert Tag.objects.count() == 2

    def test_one_alone_is_not_merged(self, editor, port):
        assert self.post(editor, [port]).status_code == 302
        assert "2個から" in editor.get(TAGS).content.decode()

    def test_writers_merge_nothing(self, writer, port, harbour):
        self.post(writer, [port, harbour], seen=f"{port.pk},{harbour.pk}", kept=port.pk)
        assert Tag.objects.count() == 2


def test_the_queries_do_not_grow_with_the_articles(port, harbour, django_assert_max_num_queries):
    for _number in range(25):
        tagged(harbour)
    with django_assert_max_num_queries(40):
        merge_tags(port.pk, [harbour.pk])
    assert Article.objects.filter(tags=port).count() == 25
