"""The moderators' search: texts in any state, IDs, names, tripcodes, numbers and networks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.desk_search import PAGE, DeskSearch
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(article):
    return factories.comment(article, text="岸壁の灯りが消えた。", reader=factories.reader())


def find(**parameters):
    search = DeskSearch({name: str(value) for name, value in parameters.items()})
    return [comment.pk for comment in search.find().comments]


def post(article, number, *, reader="someone", **fields):
    """Write many comments at once, without the pauses of a form."""
    texts = [f"漁港の話 {index}" for index in range(number)]
    return [
        factories.comment(article, text=text, reader=factories.reader(reader), **fields)
        for text in texts
    ]


class TestText:
    @pytest.mark.parametrize("verb", ["hold", "remove", "keep"])
    def test_comments_in_every_state_are_found(self, moderator, comment, verb):
        reason = {"reason": "spam"} if verb == "remove" else {}
        getattr(comment, verb)(by=moderator.user, **reason)
        assert find(q="岸壁の灯り") == [comment.pk]

    def test_readers_find_published_ones_only(self, moderator, reader, comment):
        comment.hold(by=moderator.user)
        page = reader.get("/search/?q=岸壁の灯り&in=comments").content.decode()
        assert "灯りが消えた" not in page
        answer = moderator.get("/moderation/search/?q=岸壁の灯り")
        assert "灯り" in answer.content.decode()
        assert [row.pk for row in answer.context["rows"]] == [comment.pk]

    def test_a_text_that_is_not_there_finds_nothing(self, comment):
        assert find(q="沖合の船") == []

    def test_filters_narrow_it(self, moderator, article, comment):
        other = factories.article()
        twin = factories.comment(other, text="岸壁の灯りが点いた。")
        twin.hold(by=moderator.user)
        old = factories.comment(
            other, text="岸壁の灯り", posted_at=timezone.now() - timedelta(days=30)
        )
        day = timezone.localdate() - timedelta(days=2)
        assert find(q="岸壁の灯り") == [old.pk, twin.pk, comment.pk]
        assert find(q="岸壁の灯り", article=other.pk) == [old.pk, twin.pk]
        assert find(q="岸壁の灯り", article=other.slug, state="held") == [twin.pk]
        assert find(q="岸壁の灯り", article=f"https://x/articles/{other.slug}/?a#b") == [
            old.pk,
            twin.pk,
        ]
        assert find(q="岸壁の灯り", since=day) == [twin.pk, comment.pk]
        assert find(q="岸壁の灯り", until=day) == [old.pk]

    @pytest.mark.parametrize("filters", [[], ["article"], ["article", "state"]])
    def test_pages_follow_each_other_without_gaps(self, article, monkeypatch, filters):
        monkeypatch.setattr("articles.search.index.LOT", 30)
        comments = post(article, PAGE * 2 + 5)
        values = {"article": str(article.pk), "state": "published"}
        parameters = {"q": "漁港"} | {name: values[name] for name in filters}
        assert len(DeskSearch(parameters).list_keys()) == len(comments)
        seen, before = [], ""
        for _page in range(3):
            hits = DeskSearch(parameters | {"before": str(before)}).find()
            seen += [comment.pk for comment in hits.comments]
            before = hits.before
        assert before is None
        assert seen == [comment.pk for comment in reversed(comments)]

    def test_a_rare_state_of_a_common_word_is_found_beyond_the_first_lots(
        self, article, moderator, monkeypatch
    ):
        monkeypatch.setattr("articles.search.index.LOT", 10)
        comments = post(article, 60)
        comments[1].hold(by=moderator.user)
        seen, before = [], ""
        while before is not None:
            search = DeskSearch({"q": "漁港", "state": "held", "before": str(before)})
            hits = search.find()
            seen += [comment.pk for comment in hits.comments]
            before = hits.before
        assert seen == [comments[1].pk]
        assert DeskSearch({"q": "漁港", "state": "held"}).list_keys() == [comments[1].pk]


class TestOthers:
    def test_an_id(self, comment):
        other = factories.comment(factories.article(), reader=factories.reader())
        assert find(q=f"ID:{comment.reader_code}") == [comment.pk]
        assert find(q=comment.reader_code) == [comment.pk]
        assert other.reader_code != comment.reader_code

    def test_a_name_and_a_tripcode(self, article):
        named = factories.comment(article, text="名乗る", name="港の猫#secret")
        factories.comment(article, text="名乗らない")
        assert find(q="港の猫") == find(q="名前：港の猫") == [named.pk]
        assert find(q=f"◆{named.tripcode}") == find(q=named.tripcode) == [named.pk]

    def test_a_number_needs_its_article(self, article, comment, moderator):
        second = factories.comment(article, text="二番目")
        assert find(q=">>2", article=article.pk) == [second.pk]
        assert find(q="＞＞1", article=article.pk) == [comment.pk]
        assert find(q=">>99", article=article.pk) == []
        page = moderator.get("/moderation/search/?q=>>2").content.decode()
        assert "記事も" in page

    def test_the_same_network_in_one_article(self, article, comment):
        same = factories.comment(
            article, text="同じ", reader=factories.reader("b", "network of reader")
        )
        factories.comment(article, text="別", reader=factories.reader("c"))
        elsewhere = factories.reader("reader")
        factories.comment(factories.article(), text="別の記事", reader=elsewhere)
        assert find(network=comment.pk) == [same.pk, comment.pk]

    def test_filters_without_a_text_list_by_time(self, article, comment, moderator):
        later = factories.comment(
            article, text="あと", posted_at=timezone.now() + timedelta(hours=1)
        )
        first = factories.comment(
            article, text="まえ", posted_at=timezone.now() - timedelta(hours=1)
        )
        assert find(article=article.pk) == [later.pk, comment.pk, first.pk]
        comment.hold(by=moderator.user)
        assert find(state="held") == [comment.pk]
        assert find(since=timezone.localdate() - timedelta(days=1))[-1] == first.pk

    @pytest.mark.parametrize(
        "parameters",
        [
            {"article": "999999"},
            {"article": "nothing"},
            {"state": "x"},
            {"since": "yesterday"},
            {"network": "999999"},
            {"until": "9999-12-31"},
        ],
    )
    def test_a_filter_that_names_nothing_finds_nothing(self, comment, moderator, parameters):
        assert find(q="岸壁", **parameters) == find(**parameters) == []
        assert DeskSearch(parameters).list_keys() == []
        answer = moderator.get("/moderation/search/", {"q": "岸壁", **parameters})
        assert "見つかりません" in answer.content.decode()

    def test_an_empty_form_lists_nothing(self, comment, moderator):
        answer = moderator.get("/moderation/search/")
        assert answer.status_code == 200 and answer.context["rows"] == []

    def test_no_network_is_shown_or_read_as_a_hash(self, comment, moderator):
        page = moderator.get(f"/moderation/search/?network={comment.network_hash}").content.decode()
        assert "岸壁" not in page
        page = moderator.get(f"/moderation/search/?network={comment.pk}").content.decode()
        assert "岸壁" in page and comment.network_hash not in page

    def test_readers_are_led_to_the_login(self, reader):
        assert reader.get("/moderation/search/?q=a").status_code == 302


SEARCHES = [
    {"q": "漁港"},
    {"q": "漁港", "state": "held"},
    {"q": "港の猫"},
    {"q": "ID:abcdefgh"},
    {"q": "abcdefghij"},
    {"state": "held"},
    {"since": "2026-01-01"},
    {"q": "漁港", "before": "30"},
]


class TestCost:
    @pytest.mark.parametrize("parameters", SEARCHES, ids=str)
    def test_the_number_of_queries_does_not_grow(self, moderator, article, parameters):
        post(article, 5)
        few = self.count(moderator, parameters)
        post(article, PAGE + 10, reader="other")
        assert self.count(moderator, parameters) <= few + 1  # a second lot of the index
        assert few <= 24

    def count(self, moderator, parameters):
        moderator.get("/moderation/search/", parameters)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            moderator.get("/moderation/search/", parameters)
        assert not any(
            "COUNT(" in query["sql"] and "articles_article" in query["sql"] for query in queries
        )
        return len(queries)

    @pytest.mark.postgresql
    @pytest.mark.parametrize("parameters", [*SEARCHES, "article", "network", "writer"], ids=str)
    def test_no_table_is_read_whole(self, article, monkeypatch, parameters):
        """With sequential scans made dear, the plan still has one where no index would do."""
        comment = post(article, 40)[0]
        if isinstance(parameters, str):
            parameters = {
                "article": {"article": str(article.pk)},
                "network": {"network": str(comment.pk)},
                "writer": {"article": str(article.pk), "q": f"ID:{comment.reader_code}"},
            }[parameters]
        search = DeskSearch(parameters)
        plans = []
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE comments_comment")
            cursor.execute("SET LOCAL enable_seqscan = off")

        def explain(execute, sql, params, many, context):
            if "comments_comment" in sql and sql.startswith("SELECT"):
                with connection.cursor() as cursor:
                    cursor.cursor.execute(f"EXPLAIN {sql}", params)
                    plans.append("\n".join(row[0] for row in cursor.fetchall()))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(explain):
            search.find()
        assert plans
        assert [plan for plan in plans if "Seq Scan" in plan] == []
