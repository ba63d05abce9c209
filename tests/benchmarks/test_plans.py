"""No public page and none of the moderators' desk reads a large table whole."""

from random import Random

import pytest
from django.db import connection
from django.db.models import Subquery

from comments.models import Comment
from comments.readers import COOKIE, hash_key
from newsroom.load_data.filler import fill_site
from newsroom.load_data.shapes import draw_lengths
from tests.benchmarks import databases, statements
from tests.benchmarks.desk_filling import write_desk
from tests.benchmarks.desk_pages import list_pages
from tests.benchmarks.public_pages import list_public_pages

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

ARTICLES, COMMENTS = 4_000, 70_000
KEY_OF_FEW = "the-key-of-a-reader-who-wrote-little"
READERS, STAFF = 6_000, 25_000  # rows that a statement may read of a large table
BY_DESIGN = {
    "sitemap of articles": "lists 5,000 articles",
    "second sitemap of articles": "counts the articles before those that it lists",
    "search a word of a section": "reads the articles of the section, at most 1,001",
}
WAITING = "comments_report"  # of these all wait here, and the queue counts them


@pytest.fixture(scope="module")
def large(django_db_setup, django_db_blocker):
    """The large tables of a site with thousands of articles."""
    with django_db_blocker.unblock():
        lengths = draw_lengths(Random(1), ARTICLES, COMMENTS)
        fill_site(lengths=lengths, pictures=0)
        if connection.vendor == "postgresql":
            write_desk(Random(1))
        yield statements.list_large_tables()
        databases.empty_tables()


def find_faults(pages, large, most):
    """Ask for each page twice, the second time with what the site keeps in its cache; return what
    reads a table whole, or more than ``most`` rows of it, by page."""
    faults, explained = {}, {}
    for name, ask in pages.items():
        for visit in ("first", "second"):
            with statements.record_statements() as seen:
                assert ask().status_code in {200, 301, 302, 404, 422}, name
            for sql, params in dict(seen).items():
                if sql not in explained:
                    explained[sql] = statements.explain(sql, params, large)
                statement = explained[sql]
                kept = visit == "first" and any(part in sql for part in statements.KEPT)
                is_fault = bool(statement.whole) or statement.rows > most
                if is_fault and not kept and name not in BY_DESIGN:
                    faults.setdefault(name, []).append(f"{visit}: {sql}\n{statement.plan}")
    return faults


def report(faults):
    return "\n\n".join(f"{name}\n{text}" for name, all_ in faults.items() for text in all_)


def test_no_public_page_reads_a_large_table(large, client):
    assert {"comments_comment", "comments_vote", "articles_article"} <= large.keys()
    reader = Comment.objects.exclude(reader_hash="").order_by("pk").values("reader_hash")[:1]
    Comment.objects.filter(reader_hash=Subquery(reader)).update(reader_hash=hash_key(KEY_OF_FEW))
    client.cookies[COOKIE] = KEY_OF_FEW
    pages = {name: lambda path=path: client.get(path) for name, path in list_public_pages().items()}
    faults = find_faults(pages, large, READERS)
    assert not faults, report(faults)


@pytest.mark.postgresql
def test_no_page_of_the_desk_reads_a_large_table(large):
    pages = {page.name: page.ask for page in list_pages() if page.name != "me"}
    grown = {table: count for table, count in large.items() if table != WAITING}
    faults = find_faults(pages, grown, STAFF)
    assert not faults, report(faults)


def test_a_scan_is_noticed(large):
    """The measure itself: a condition without an index is a fault, one with an index is none."""

    def explain(queryset):
        sql, params = queryset.query.sql_with_params()
        return statements.explain(sql, params, large)

    assert explain(Comment.objects.filter(purged_at__gt="2020-01-01")).whole
    assert explain(Comment.objects.filter(purged_at__gt="2020-01-01")[:1]).whole  # there is none
    assert not explain(Comment.objects.order_by("tree_id", "lft")[:10]).whole
    assert not explain(Comment.objects.filter(staff__isnull=False).order_by("staff")).whole
    sound = explain(Comment.objects.filter(pk=Comment.objects.first().pk))
    assert not sound.whole
    assert sound.rows <= 1


def test_a_search_is_no_scan(large):
    """A full-text table is read by its index, unless the condition is on another column."""
    if connection.vendor == "postgresql":
        return
    table = "articles_searchentry"
    for condition, is_whole in (("MATCH 'ab'", False), ("IS NOT NULL", True)):
        sql = f"SELECT rowid FROM {table} WHERE {table} {condition}"
        assert bool(statements.explain(sql, (), {table: 10}).whole) is is_whole
