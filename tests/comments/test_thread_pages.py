"""Pages of a thread: bounded, complete, and as cheap for 20,000 comments as for 60."""

import gzip
import itertools
import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments.models import Comment, trees
from comments.readers import Reader
from comments.thread_pages import COMMENTS, BranchPage, ThreadPage, read_trees
from tests import factories

TEXT = "市の説明では、費用のうち七割を国が負担する。残りの三割をどう工面するかが争点だ。"


_keys = itertools.count(1_000_000)


def grown(article, size, *, shape):
    """Fill a thread; ``shape(index)`` is the index of the comment that one answers, or None."""
    with trees.thread_write(article) as thread:
        made = []
        for index in range(size):
            above = shape(index)
            made.append(
                Comment(
                    pk=next(_keys),  # known, they are written many at a time
                    parent=None if above is None else made[above],
                    text=TEXT,
                    html=f"<p>{TEXT}</p>",
                    reader_code=f"reader{index % 97:02d}",
                    reader_ordinal=index // 97 + 1,
                )
            )
        trees.insert_many(made, thread=thread, max_depth=100)
    return made


SHAPES = {
    "many trees": lambda index: None,
    "one wide tree": lambda index: 0 if index else None,
    "one deep tree": lambda index: index - 1 if index % 90 else (None if not index else 0),
    "bushes": lambda index: None if index % 40 == 0 else index - 1 - index % 3 * (index % 40 > 3),
}


def loaded(address):
    for kept in caches.all(initialized_only=True):
        kept.clear()
    with CaptureQueriesContext(connection) as queries:
        page = Client().get(address)
    return page, len(queries)


def numbers(page):
    return [int(n) for n in re.findall(r'data-number="(\d+)"', page.content.decode())]


@pytest.mark.django_db
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [600, pytest.param(20_000, marks=pytest.mark.slow)])
def test_thousands_of_comments_cost_what_sixty_cost(shape, size):
    small, large = factories.article(), factories.article()
    grown(small, 60, shape=SHAPES["bushes"])
    grown(large, size, shape=SHAPES[shape])
    loaded(small.get_absolute_url())  # what a process reads once in its life
    _page, few = loaded(small.get_absolute_url())
    for address in (large.get_absolute_url(), f"{large.get_absolute_url()}?page=2&order=new"):
        page, many = loaded(address)
        assert few <= many <= few + 2 <= 20  # where trees are cut: where, and what is below
        assert len(numbers(page)) <= COMMENTS
        assert len(page.content) <= 300_000
        assert len(gzip.compress(page.content)) <= 40_000


@pytest.mark.django_db
def test_a_page_from_the_cache_is_the_page_that_was_made():
    article = factories.article()
    grown(article, 150, shape=SHAPES["bushes"])
    first, cold = loaded(article.get_absolute_url())
    with CaptureQueriesContext(connection) as warm:
        second = Client().get(article.get_absolute_url())
    assert second.content == first.content
    assert len(warm) < cold


@pytest.mark.django_db
@pytest.mark.parametrize("shape", ["many trees", "bushes", "one wide tree"])
def test_every_comment_has_a_place_to_which_its_link_leads(shape):
    article = factories.article()
    made = grown(article, 700, shape=SHAPES[shape])
    browser = Client()
    for comment in made[::97]:
        answer = browser.get(f"/comments/{comment.pk}/thread/")
        address, _, anchor = answer["Location"].partition("#")
        assert anchor == f"comment-{comment.pk}"
        assert f'id="{anchor}"' in browser.get(address).content.decode()


@pytest.mark.django_db
def test_a_long_tree_says_how_many_follow_and_shows_them_in_place_and_on_its_page():
    article = factories.article()
    [root, *_others] = grown(article, 237, shape=SHAPES["one wide tree"])
    page = Client().get(article.get_absolute_url()).content.decode()
    assert len(re.findall('data-number="', page)) == COMMENTS
    assert re.search(rf'href="/comments/{root.pk}/"[^>]*>[^<]*37', page)
    tree = Client().get(f"/comments/{root.pk}/tree/?upto=400").content.decode()
    assert len(re.findall('data-number="', tree)) == 237
    second = Client().get(f"/comments/{root.pk}/?page=2").content.decode()
    assert 'data-number="237"' in second


def test_a_cut_tree_counts_the_replies_that_readers_see(article):
    root = factories.comment(article)
    reply = factories.comment(article, parent=root)
    for state in (*["held"] * 3, "published", "removed"):
        factories.comment(article, parent=reply, state=state)
    roots = ThreadPage(factories.thread_of(article)).roots
    [whole], [cut] = read_trees(roots, COMMENTS), read_trees(roots, 2)
    counts = [node.descendants for node in cut.nodes]
    assert counts == [node.descendants for node in whole.nodes[:2]] == [2, 1]


@pytest.mark.django_db
def test_a_long_tree_is_made_once_for_all_who_open_it(monkeypatch):
    [root, *_others] = grown(factories.article(), 237, shape=SHAPES["one wide tree"])
    address = f"/comments/{root.pk}/tree/?upto=400"
    made = Client().get(address).content
    with monkeypatch.context() as context:
        context.setattr("comments.tree_html.render_part", None)
        assert Client().get(address).content == made
    root.refresh_from_db()
    root.vote(reader=Reader(hash="a"), value=1)
    assert Client().get(address).content != made


@pytest.mark.django_db
def test_nobody_fills_the_cache_with_lengths_of_a_tree(monkeypatch):
    [root, *_others] = grown(factories.article(), 237, shape=SHAPES["one wide tree"])
    address = f"/comments/{root.pk}/tree/?upto="
    made = Client().get(f"{address}3").content
    assert made.count(b"data-number=") == COMMENTS
    monkeypatch.setattr("comments.tree_html.render_part", None)
    for number in ("4", "150", "200", "0", "-5", "x"):
        assert Client().get(address + number).content == made


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    parents=st.lists(st.integers(0, 400), min_size=1, max_size=400),
    removed=st.sets(st.integers(0, 399), max_size=25),
)
@pytest.mark.django_db
def test_the_pages_together_show_every_published_comment_once(db, monkeypatch, parents, removed):
    monkeypatch.setattr("comments.thread_pages.ROOTS", 7)
    monkeypatch.setattr("comments.thread_pages.COMMENTS", 23)
    article = factories.article()
    made = grown(
        article,
        len(parents),
        shape=lambda index: parents[index] % index if index and parents[index] % 5 else None,
    )
    gone = [comment.pk for index, comment in enumerate(made) if index in removed]
    Comment.objects.filter(pk__in=gone).update(state="removed", first_state="removed")
    with trees.thread_write(article) as thread:
        thread.recount()
    thread = factories.thread_of(article)
    seen, whole = [], 0
    for number in range(1, ThreadPage(thread).page_count + 1):
        page = ThreadPage(thread, number=number)
        assert len(page.roots) <= 7
        shown = sum(len(tree.nodes) for tree in page.trees)
        assert shown <= max(23, len(page.roots))
        for tree in page.trees:
            here = [node.comment for node in tree.nodes if not node.is_placeholder]
            seen += [comment.pk for comment in here]
            whole += len(here) + tree.rest
            if tree.rest:
                top = Comment.objects.get(pk=tree.root.pk)
                below = [
                    node.comment
                    for number in range(1, BranchPage(top).page_count + 1)
                    for node in BranchPage(top, number=number).nodes
                    if node.comment.is_published
                ]
                # A page that begins within a branch repeats what stands above it.
                known = {comment.pk for comment in here}
                seen += list(dict.fromkeys(c.pk for c in below if c.pk not in known))
    published = thread.comments.published().order_by("tree_id", "lft")
    assert whole == published.count() == thread.published_count
    assert sorted(seen) == sorted(comment.pk for comment in published)


@pytest.mark.django_db
def test_the_index_of_a_comment_is_its_place_in_the_tree():
    article = factories.article()
    grown(article, 120, shape=SHAPES["bushes"])
    for root in Comment.objects.filter(parent=None):
        tree = Comment.objects.filter(tree_id=root.tree_id).order_by("lft")
        assert [comment.read_index() for comment in tree] == list(range(len(tree)))


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["?page=0", "?page=99999", "?page=x", "?order=worst", "?page=٣"])
def test_a_page_that_does_not_exist_becomes_the_nearest(query):
    article = factories.article()
    factories.comment(article, text="ただ一つ")
    assert "ただ一つ" in Client().get(article.get_absolute_url() + query).content.decode()


@pytest.mark.django_db
def test_the_third_of_seven_comments_of_an_id():
    article = factories.article()
    for _ in range(7):
        factories.comment(article, text=str(_), reader=factories.reader("a"))
    page = Client().get(article.get_absolute_url()).content.decode()
    assert [f"{n}/7" in page for n in range(1, 8)] == [True] * 7
    assert "\ue000" not in page


@pytest.mark.django_db
def test_a_comment_lists_who_answered_it_by_its_number():
    article = factories.article()
    first = factories.comment(article)
    second = factories.comment(article, text=">>1 に賛成")
    page = Client().get(article.get_absolute_url()).content.decode()
    answers = re.search(r'<p class="comment__answers">(.*?)</p>', page, re.DOTALL)[1]
    assert f'#comment-{second.pk}"' in answers
    second.remove(by=factories.moderator(), reason="spam")
    page = Client().get(article.get_absolute_url()).content.decode()
    assert "comment__answers" not in page
    assert f"comment-{first.pk}" in page
