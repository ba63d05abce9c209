"""The staff's search among articles: words of the index, authors, slugs, and a pasted address."""

from functools import reduce
from operator import and_, or_
from urllib.parse import unquote, urlsplit

from django.contrib.auth import get_user_model
from django.db.models import F, Q
from django.urls import Resolver404, resolve

from articles.models import Article, Redirect
from articles.search import ARTICLE, Among, KeyQuery, list_matching_ids
from articles.search.analysis import MOST_PHRASES, Query
from articles.web.paging import read_integer

ADDRESS = ("http://", "https://", "/")
FEW = 500  # keys
PAGE = "articles:detail"
OWN_PAGES = "admin:articles_article_"  # the form, the preview, the history of an article


def search_articles(articles, text, *, author_fields):
    """Return those of some articles that match a text.

    An address finds the article that it leads to. Of other texts, each word occurs in the title,
    the tags, the lead, the body, the slug or the author's name.
    """
    text = text.strip()
    if text.startswith(ADDRESS) and not text.split()[1:]:
        return articles.filter(find_target(text))
    words = text.split()[:MOST_PHRASES]
    keys = reduce(and_, (_find_word(word, author_fields) for word in words))
    # Of many keys, the staff's order of all articles is read until a page is full.
    return articles.filter(Among(F("pk") + 0 if len(keys) > FEW else F("pk"), keys))


def search_titles(articles, text):
    """Return those of some articles whose title or tags contain all words of a text."""
    query = Query(text, typing=True)
    return (
        articles.filter(pk__matches=KeyQuery(query, ARTICLE, in_title=True)) if query else articles
    )


def _find_word(word, author_fields):
    """Return the keys of the articles with a word, by three statements with an index each; in one
    of all three conditions the database would read all articles."""
    names = reduce(or_, [Q(**{f"{name}__icontains": word}) for name in author_fields])
    authors = get_user_model().objects.filter(names).values("pk")
    rows = Article.objects.order_by().values_list("pk", flat=True)
    keys = {*rows.filter(slug__icontains=word), *rows.filter(author__in=authors)}
    query = Query(word, typing=True)
    return keys.union(list_matching_ids(query, ARTICLE) if query else [])


def find_target(address):
    """Return the condition of the article that an address leads to."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return Q(pk=None)
    path = unquote(parts.path)
    try:
        match = resolve(f"{path.rstrip('/')}/")
    except Resolver404:
        match = None
    if match and match.view_name.startswith(OWN_PAGES):
        return Q(pk=read_integer(match.kwargs.get("object_id", "")))
    if match and match.view_name == PAGE:  # its own address, or one that it had before
        redirect = Redirect.objects.for_path(f"{path.rstrip('/')}/")
        return Q(slug=match.kwargs["slug"]) | Q(pk=redirect and redirect.article_id)
    redirect = Redirect.objects.for_path(f"{path}?{parts.query}" if parts.query else path)
    return Q(pk=redirect and redirect.article_id)
