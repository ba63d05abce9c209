"""Invented load is sound: what it writes past the site's doors is what they would have written."""

import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from articles import search
from articles.body.stored import sanitize_body
from articles.models import Article
from articles.search.analysis import Query
from comments import indexing
from comments.models import Comment, Reference, Thread, Vote
from comments.models.states import State
from comments.rendering import render_text
from newsroom.load_data import invention, shapes
from newsroom.load_data.bulk_rows import prepare_for_bulk
from newsroom.load_data.filler import fill_site
from tests import factories
from tests.shared import shared_rows

ARTICLES, COMMENTS = 24, 1_500


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(invention, "OPENINGS", 300)
        patch.setattr(invention, "CLOSINGS", 300)
        yield fill_site(ARTICLES, COMMENTS, pictures=1)


@pytest.mark.slow
@pytest.mark.usefixtures("filled", "db")
class TestFilledSite:
    def test_every_thread_is_sound(self):
        said = StringIO()
        call_command("verify_comments", stdout=said)
        assert Thread.objects.filter(last_number__gt=0).count() > ARTICLES / 2
        assert said.getvalue() == f"{Thread.objects.count()} threads checked, 0 repaired.\n"
        assert Comment.objects.count() == COMMENTS

    def test_all_kinds_of_comments_are_among_them(self):
        assert {state for (state,) in Comment.objects.values_list("state")} == set(State.values)
        assert Comment.objects.filter(level__gt=8).exists()
        assert Comment.objects.filter(score__gt=10).exists()
        assert Comment.objects.filter(score__lt=0).exists()
        assert COMMENTS / 2 < Vote.objects.count() < 3 * COMMENTS
        assert Reference.objects.count() > COMMENTS / 40

    def test_texts_are_rendered_as_a_post_renders_them(self):
        for comment in Comment.objects.prefetch_related("references__target"):
            targets = [reference.target for reference in comment.references.all()]
            numbers = {target.number: target.pk for target in targets}
            assert comment.html == render_text(comment.text, numbers)

    def test_bodies_are_what_the_editor_allows(self):
        for article in Article.objects.all():
            assert article.body == sanitize_body(article.body)
            assert article.history.count() == 1

    @pytest.mark.slow
    def test_search_finds_all_of_them_as_after_indexing_again(self):
        def find(word, kind):
            lots = search.find_matches(Query(word), kind)
            return [match for lot, _is_cut in lots for match in lot]

        words = [article.title[:4] for article in Article.objects.all()[:3]]
        words += [comment.text[:4] for comment in Comment.objects.order_by("-pk")[:20]]
        kinds = search.ARTICLE, indexing.COMMENT
        before = [find(word, kind) for word in words for kind in kinds]
        assert sum(map(bool, before)) >= len(words)
        Article.objects.all().index()
        indexing.index_comments(Comment.objects.all())
        assert [find(word, kind) for word in words for kind in kinds] == before

    def test_pages_show_what_was_counted(self, client):
        article = max(Article.objects.all(), key=lambda each: each.thread.published_count)
        page = client.get(article.get_absolute_url())
        assert page.status_code == 200
        assert f"{article.thread.published_count:,}" in page.content.decode()

    def test_the_next_comment_gets_a_free_key(self):
        comment = factories.comment(Article.objects.first())
        assert comment.pk == Comment.objects.order_by("-pk").values_list("pk", flat=True)[0]

    @pytest.mark.slow
    def test_a_second_filling_needs_a_word(self):
        with pytest.raises(CommandError, match="--force"):
            call_command("generate_load_data", articles=1, comments=1)
        call_command(
            "generate_load_data", articles=2, comments=30, force=True, stdout=(said := StringIO())
        )
        assert Article.objects.count() == ARTICLES + 2
        assert "30" in said.getvalue()


def test_a_failure_leaves_every_index(db):
    def list_indexes():
        with connection.cursor() as cursor:
            table = Comment._meta.db_table
            return connection.introspection.get_constraints(cursor, table)

    before = list_indexes()
    without = prepare_for_bulk([Comment._meta.db_table])
    with pytest.raises(ZeroDivisionError), transaction.atomic(), without:
        assert list_indexes() != before
        raise ZeroDivisionError
    with transaction.atomic(), prepare_for_bulk([Comment._meta.db_table]):
        pass
    assert list_indexes().keys() == before.keys()


@pytest.mark.once
def test_a_million_comments_have_a_long_thread_and_many_short_ones():
    lengths = shapes.draw_lengths(random.Random(1), 20_000, 1_000_000)
    assert sum(lengths) == 1_000_000
    assert lengths[-shapes.PLACE] == max(lengths) >= shapes.LONGEST
    assert sorted(lengths)[10_000] < 40


@pytest.mark.once
def test_trees_of_a_long_thread_reach_a_thousand_and_no_more():
    parents = shapes.draw_parents(random.Random(1), shapes.LONGEST, depth=100)
    roots, levels = [], []
    for index, parent in enumerate(parents):
        assert parent is None or parent < index
        roots.append(index if parent is None else roots[parent])
        levels.append(0 if parent is None else levels[parent] + 1)
    sizes = [roots.count(root) for root in set(roots[:100])]
    assert max(sizes) == shapes.TREE
    assert max(levels) <= 100
