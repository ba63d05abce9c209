"""Compiled queries refuse what they would silently get wrong."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models.functions import Length
from django.utils import timezone

from articles.models import Article, compiled
from articles.models.bare import bare_rows
from comments.models import Comment
from tests import factories

pytestmark = pytest.mark.django_db


def statements():
    """Every compiled query of the product, whichever module it is in."""
    for path in sorted(Path(settings.BASE_DIR).glob("*/**/*.py")):
        if "@compiled." in path.read_text():
            name = path.relative_to(settings.BASE_DIR).with_suffix("").as_posix()
            if not name.startswith("tests/"):
                import_module(name.replace("/", "."))
    return [each for each in compiled.STATEMENTS if not each.__module__.startswith("tests.")]


def test_no_compiled_query_reads_the_clock_while_it_is_built():
    built = [statement.build_and_compile(Comment) for statement in statements()]
    assert len(built) > 12


def test_a_query_that_reads_the_clock_is_refused():
    @compiled.rows
    def recent(pk):
        return Comment.objects.filter(pk=pk, posted_at__lt=timezone.now())

    clock = timezone.now
    with pytest.raises(RuntimeError, match="pass it as a parameter"):
        recent(1)
    assert timezone.now is clock
    assert timezone.now().tzinfo


def test_a_clock_that_was_taken_while_a_query_was_built_runs_on():
    clocks = []

    @compiled.rows
    def by_pk(pk):
        clocks.append(timezone.now)
        return Comment.objects.filter(pk=pk)

    by_pk(1)
    [clock] = clocks
    assert timezone.now() - clock() < timedelta(minutes=1)


def test_a_row_whose_clock_runs_by_itself_is_refused(monkeypatch):
    monkeypatch.setattr(Comment._meta.get_field("edited_at"), "auto_now", True)
    with pytest.raises(RuntimeError, match="pass it as a parameter"):
        compiled._compile_insert.__wrapped__(Comment, with_key=True)


def test_none_is_refused_as_a_parameter():
    @compiled.rows
    def replies(parent):
        return Comment.objects.filter(parent=parent)

    with pytest.raises(ValueError, match="None matches no row"):
        replies(None)
    with pytest.raises(ValueError, match="None matches no row"):
        replies.union([(1,), (None,)])
    assert replies(1) == []


@pytest.mark.django_db
def test_bare_rows_are_read_as_others(django_assert_num_queries):
    comment = factories.comment(factories.article())

    @bare_rows
    def bare(pk):
        comments = Comment.objects.filter(pk=pk).select_related("thread__article")
        return comments.only("state", "thread__article__published_at")

    with django_assert_num_queries(1):
        read = bare.first(comment.pk)
        thread = read.thread
        assert read == comment and read.is_published
        assert thread == comment.thread and thread.article == comment.thread.article
        assert thread.article.published_at == comment.thread.article.published_at
    assert read.get_deferred_fields() >= {"text", "name"}
    with django_assert_num_queries(1):
        assert read.text == comment.text
    thread.version = 7
    thread.save(update_fields=["version"])
    comment.thread.refresh_from_db()
    assert comment.thread.version == 7
    assert bare(0) == []


@pytest.mark.django_db
def test_bare_rows_have_annotations_and_may_lack_what_is_related(django_assert_num_queries):
    silent, discussed = factories.article(), factories.article()
    thread = factories.comment(discussed).thread

    @bare_rows
    def bare(pk):
        articles = Article.objects.filter(pk=pk).select_related("thread")
        return articles.only("slug", "thread__version").annotate(length=Length("slug"))

    with django_assert_num_queries(2):
        read = bare.first(silent.pk)
        assert not hasattr(read, "thread")
        assert (read.slug, read.length) == (silent.slug, len(silent.slug))
        read = bare.first(discussed.pk)
        assert read.thread == thread and read.thread.article is read
