"""The search page and its results."""

from datetime import timedelta
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext, override
from lxml import html

from articles.models import Article
from articles.search import ARTICLE, Entry, list_ids, remove_entries, write_entry
from comments.editing import edit
from comments.indexing import COMMENT
from comments.models import Comment, trees
from newsroom import site_search
from tests import factories
from tests.reading import parsed, parts, read, text, texts

pytestmark = pytest.mark.django_db


def hours_ago(hours):
    return timezone.now() - timedelta(hours=hours)


def titles(client, words, **parameters):
    return texts(page(client, words, **parameters), "row__title")


def numbers(client, words, **parameters):
    shown = parts(page(client, words, **parameters, **{"in": "comments"}), "search__place")
    return [int(text(place).split()[0].removeprefix(">>")) for place in shown]


def page(client, words, **parameters):
    answer = client.get("/search/", {"q": words, **parameters})
    assert answer.status_code == 200
    return parsed(answer)


def counts(client, words, **parameters):
    return [tab.split()[-1] for tab in texts(page(client, words, **parameters), "tabs__tab")]


@pytest.fixture
def article():
    return factories.article(
        title="海底ケーブルの修理船", slug="ship", body="<p>敷設船が<b>港</b>に着いた。</p>"
    )


class TestArticles:
    def test_a_hit_shows_where_the_words_stand(self, client, article):
        hit = page(client, "修理船 敷設")
        assert texts(hit, "row__title") == ["海底ケーブルの修理船"]
        assert texts(hit, "row__title", "mark") == ["修理船"]
        assert texts(hit, "search__excerpt", "mark") == ["敷設"]
        (link,) = parts(hit, "rows", "row__link")
        assert link.get("href") == "/articles/ship/"

    def test_texts_of_readers_and_editors_are_escaped(self, client):
        factories.article(title='<script>港</script> & "x"', body="<p>&lt;b&gt;港&lt;/b&gt;</p>")
        shown = client.get("/search/", {"q": '港 "x"><img src=x>'}).content.decode()
        assert "<script>港" not in shown
        assert "<img src=x" not in shown
        hit = page(client, "港")
        assert texts(hit, "row__title") == ['<script>港</script> & "x"']
        assert "<b>港</b>" in texts(hit, "search__excerpt")[0]

    @pytest.mark.parametrize(
        "state",
        [
            {"status": "draft"},
            {"status": "review"},
            {"status": "withdrawn"},
            {"published_at": timezone.now() + timedelta(days=1)},
            {"published_at": hours_ago(9), "expires_at": hours_ago(1)},
        ],
    )
    def test_an_unpublished_article_is_not_found(self, client, state):
        hidden = factories.article(title="修理船", **state)
        factories.comment(hidden, text="修理船だ")
        assert counts(client, "修理船") == ["0", "0"]

    def test_it_comes_and_goes_with_the_state_alone(self, client, article):
        comment = factories.comment(article, text="修理船だ")
        assert counts(client, "修理船") == ["1", "1"]
        Article.objects.filter(pk=article.pk).update(status="withdrawn")
        assert counts(client, "修理船") == ["0", "0"]
        Article.objects.filter(pk=article.pk).update(category=factories.category())
        Article.objects.get(pk=article.pk).publish()
        assert numbers(client, "修理船") == [comment.number]

    def test_orders(self, client):
        factories.article(title="港", published_at=hours_ago(99))
        factories.article(title="空", body="<p>港の話。</p>", published_at=hours_ago(1))
        assert titles(client, "港") == ["港", "空"]
        assert titles(client, "港", order="date") == ["空", "港"]

    def test_filters(self, client):
        news = factories.category("国内", slug="news")
        below = factories.category("通信", slug="telecom", parent=news)
        factories.article(title="港の一", category=news, published_at=hours_ago(30))
        tagged = factories.article(title="港の二", category=below, published_at=hours_ago(2))
        tagged.tags.add("海")
        old = factories.article(title="港の三", published_at=hours_ago(24 * 300))
        factories.comment(tagged, text="港だ")
        factories.comment(old, text="港か", posted_at=hours_ago(24 * 200))
        slug = tagged.tags.get().slug
        assert set(titles(client, "港の", category="news")) == {"港の一", "港の二"}
        assert titles(client, "港の", category="telecom") == ["港の二"]
        assert titles(client, "港の", tag=slug) == ["港の二"]
        assert titles(client, "港の", period="day") == ["港の二"]
        assert set(titles(client, "港の", period="week")) == {"港の一", "港の二"}
        assert counts(client, "港") == ["3", "2"]
        assert counts(client, "港", category="news") == ["2", "1"]
        assert counts(client, "港", tag=slug) == ["1", "1"]
        assert counts(client, "港", period="month") == ["2", "1"]

    @pytest.mark.parametrize(
        "parameters",
        [{"category": "nothing"}, {"tag": "a\0b"}, {"period": "ever"}, {"order": "\0"}]
        + [{"in": "users"}, {"category": "x" * 9_000}],
    )
    def test_a_filter_that_makes_no_sense_counts_as_none(self, client, article, parameters):
        assert titles(client, "修理船", **parameters) == ["海底ケーブルの修理船"]

    @pytest.mark.parametrize(
        "words", ["修理船\0", '"修理船', "修理船 &|!", "<修理船>", "修理船\ud800"]
    )
    def test_signs_are_no_error(self, client, article, words):
        words = words.encode(errors="surrogatepass")
        assert titles(client, words) == ["海底ケーブルの修理船"]

    def test_a_query_of_any_length_is_no_error(self, client, article):
        assert counts(client, "修理船" * 5_000) == ["0", "0"]

    def test_page_links_repeat_the_parameters(self, client):
        for number in range(25):
            factories.article(title=f"港の{number}")
        shown = page(client, "港の & x=y", order="date")
        assert texts(shown, "row__title") == []
        shown = page(client, "港の", order="date")
        assert len(parts(shown, "row")) == 20
        (following,) = shown.xpath("//nav[@class='pagination']//a[@rel='next']/@href")
        asked = parse_qs(urlsplit(following).query)
        assert asked == {"q": ["港の"], "order": ["date"], "page": ["2"]}
        assert len(parts(read(client, f"/search/{following}"), "row")) == 5
        assert client.get("/search/", {"q": "港の", "page": "3"}).status_code == 404

    def test_partial_matches_are_shown_where_no_text_has_all_words(self, client, article):
        shown = page(client, "海底の修理船")
        assert texts(shown, "row__title") == ["海底ケーブルの修理船"]
        with override("ja"):
            note = gettext("No result contains all of these words. These contain some of them.")
        assert note in texts(shown, "section__text")

    def test_more_than_is_listed_is_said(self, client, monkeypatch):
        monkeypatch.setattr(site_search, "MAX_RESULTS", 3)
        for number in range(5):
            factories.article(title=f"港の{number}")
        assert counts(client, "港の")[0] == "3+"

    def test_an_empty_page_helps(self, client, article):
        factories.comment(article, text="連絡船はどうなる")
        shown = page(client, "連絡船", period="day")
        (nothing,) = parts(shown, "search__nothing")
        assert len(nothing.xpath(".//a")) == 2
        assert not parts(page(client, ""), "search__nothing")
        assert not parts(page(client, "!?"), "tabs")

    @pytest.mark.parametrize(
        "query, is_open",
        [
            ("", True),
            ("q=敷設船", True),
            ("q=敷設船&in=comments", True),
            ("q=よそから来た宣伝", False),
            ("q=敷設船 どこか.example", False),
            ("q=!?", False),
            ("q=敷設船&period=week", False),
            ("q=敷設船&order=date", False),
            ("q=敷設船&page=1&category=none", True),
        ],
    )
    def test_only_plain_results_are_indexable(self, client, article, settings, query, is_open):
        """Neither words that are nowhere here nor the same hits in another choice."""
        settings.SEARCH_INDEXED = True
        factories.comment(article, text="敷設船はどこ")
        shown = read(client, f"/search/?{query}")
        robots = shown.xpath("//meta[@name='robots']/@content")
        assert ("noindex" in robots) is not is_open
        assert bool(shown.xpath("//link[@rel='canonical']")) is is_open

    def test_none_is_unless_the_setting_asks_for_it(self, client, article):
        for query in ("", "?q=敷設船"):
            page = read(client, f"/search/{query}")
            assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]

    def test_a_later_page_is_none_of_them(self, client, settings):
        settings.SEARCH_INDEXED = True
        for number in range(25):
            factories.article(title=f"港の{number}")
        robots = "//meta[@name='robots']/@content"
        assert "noindex" not in read(client, "/search/?q=港の").xpath(robots)
        assert read(client, "/search/?q=港の&page=2").xpath(robots) == ["noindex"]

    def test_it_sets_no_cookie_and_depends_on_none(self, client, article):
        answer = client.get("/search/", {"q": "港"})
        assert not answer.cookies
        assert "cookie" not in answer.get("Vary", "").lower()


class TestComments:
    def test_a_hit_links_its_comment(self, client, article):
        factories.comment(article, text="関係ない")
        comment = factories.comment(article, text="敷設船は<b>速い</b>よ", name="港町")
        shown = page(client, "敷設船", **{"in": "comments"})
        (place,) = parts(shown, "search__place")
        assert text(place) == ">>2 海底ケーブルの修理船"
        (link,) = parts(shown, "search__place", "row__link")
        assert link.get("href") == f"/comments/{comment.pk}/thread/#comment-{comment.pk}"
        assert texts(shown, "search__text") == ["敷設船は<b>速い</b>よ"]
        assert texts(shown, "search__text", "mark") == ["敷設船"]

    def test_moderation_needs_no_word_to_the_index(self, client, article):
        by = factories.moderator()
        top = factories.comment(article, text="敷設船だ")
        reply = factories.comment(article, text="敷設船か", parent=top)
        held = factories.comment(article, text="敷設船さ", state="held", reason="check")
        assert set(numbers(client, "敷設船")) == {1, 2}
        held.approve(by=by)
        assert set(numbers(client, "敷設船")) == {1, 2, 3}
        held.hold(by=by)
        pruned = top.prune(by=by, reason="spam")
        assert numbers(client, "敷設船") == []
        pruned.undo(by=by)
        assert set(numbers(client, "敷設船")) == {1, 2}
        reply.remove(by=by, reason="abuse")
        assert numbers(client, "敷設船") == [1]

    def test_an_edit_is_followed(self, client, article):
        reader = factories.reader()
        comment = factories.comment(article, text="敷設船だ", reader=reader)
        edit(comment, reader=reader, text="砕氷船だ", before=comment.digest)
        assert (numbers(client, "敷設船"), numbers(client, "砕氷船")) == ([], [1])

    def test_many_at_once_are_found_too(self, client, article):
        factories.long_thread(article, 30)
        assert numbers(client, "意見29") == [30]

    def test_a_post_costs_one_statement_more(self, article, django_assert_num_queries):
        factories.comment(article)
        comment = factories.comment(article)
        with django_assert_num_queries(1):
            trees.indexing.index_comment(comment)


class TestSuggestions:
    def words(self, client, words):
        answer = client.get("/search/suggest/", {"q": words})
        assert answer.status_code == 200
        content = answer.content.decode().strip()
        return html.fromstring(f"<div>{content}</div>").xpath("./option/@value")

    def test_titles_and_tags(self, client, article):
        article.tags.add("修理")
        factories.article(title="下書きの修理", status="draft")
        factories.article(title="Newsroom opens")
        assert self.words(client, "修理") == ["修理", "海底ケーブルの修理船"]
        assert self.words(client, "new") == ["Newsroom opens"]
        assert self.words(client, "敷設") == []

    @pytest.mark.parametrize("words", ["", "!", "\0", '"<>', "あ" * 3_000])
    def test_nothing_to_suggest_is_an_empty_answer(self, client, article, words):
        assert self.words(client, words) == []

    def test_a_title_stays_a_text(self, client):
        factories.article(title='"><script>港</script>')
        assert self.words(client, "港") == ['"><script>港</script>']


class TestCommand:
    def run(self, **options):
        out = StringIO()
        call_command("index_search", stdout=out, **options)
        return out.getvalue()

    @pytest.fixture
    def neglected(self, article):
        """An index in which things are missing, and one is left of what has gone."""
        comment = factories.comment(article, text="敷設船だ")
        remove_entries(ARTICLE, [article.pk])
        remove_entries(COMMENT, [comment.pk])
        write_entry(search_entry(ARTICLE, article.pk + 7))
        write_entry(search_entry(COMMENT, comment.pk + 7))

    def test_it_builds_the_index_whole(self, client, neglected):
        assert counts(client, "敷設船") == ["0", "0"]
        with override("en"):
            assert "Indexed articles: 1, comments: 1. Removed entries: 2." in self.run()
            assert counts(client, "敷設船") == ["1", "1"]
            assert "Indexed articles: 1, comments: 1. Removed entries: 0." in self.run()
        assert len(list_ids(ARTICLE, after=0)) == 1

    def test_a_dry_run_writes_nothing(self, client, neglected):
        before = list_ids(ARTICLE, after=0), list_ids(COMMENT, after=0)
        self.run(dry_run=True)
        assert (list_ids(ARTICLE, after=0), list_ids(COMMENT, after=0)) == before


def search_entry(kind, key):
    return Entry(kind, key, "", "敷設船", timezone.now())


def test_a_search_takes_a_fixed_number_of_queries(client, article):
    page(client, "修理船")  # what all pages share is known from now on
    taken = []
    for size in (1, 15):
        for number in range(size):
            other = factories.article(title=f"修理船の{number}")
            factories.comment(other, text="修理船")
        with CaptureQueriesContext(connection) as queries:
            page(client, "修理船", **{"in": "comments"})
        taken.append(len(queries))
    assert Comment.objects.count() == 16
    assert taken[0] == taken[1] <= 14
