"""Requests that an open page sends: for news, and for more comments of a tree."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import condition, require_safe

from articles.models import Article
from articles.web.paging import read_integer, read_page_number
from comments.models import Comment, Thread
from comments.nodes import MOST_IN_PLACE
from comments.thread_html import render_thread
from comments.thread_pages import COMMENTS, ThreadPage
from comments.tree_html import render_tree
from comments.views.responses import mark_personal


def _find_thread(request, article_id):
    """Return the thread of a public article; read once a request."""
    if not hasattr(request, "_thread"):
        articles = Article.objects.published().filter(pk=article_id)
        if not articles.exists():
            raise Http404
        request._thread = Thread.objects.filter(article_id=article_id).first()
    return request._thread


def _build_etag(request, article_id):
    thread = _find_thread(request, article_id)
    return f'"{thread.version if thread else 0}"'


@require_safe
@condition(etag_func=_build_etag)
def news(request, article_id):
    """Return the number of published comments, as ``{"published": 128}``. An unchanged thread costs
    two small queries (304)."""
    thread = _find_thread(request, article_id)
    response = JsonResponse({"published": thread.published_count if thread else 0})
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def page(request, article_id):
    """Show a page of a thread as it is now, as a fragment. No cache has an older one of it."""
    article = get_object_or_404(Article.objects.published(), pk=article_id)
    order, number = request.GET.get("order", ""), read_page_number(request.GET)
    shown = ThreadPage(Thread.objects.find(article), order=order, number=number)
    return _render_fragment(render_thread(shown))


@require_safe
def tree(request, pk):
    """Show more comments of a tree, ``upto`` of them, as a fragment. The number is rounded up to
    whole lots: each other one would be an entry of the cache."""
    roots = Comment.objects.shown_roots().select_related("thread__article")
    root = get_object_or_404(roots.readable(), pk=pk)
    upto = read_integer(request.GET.get("upto", ""))
    lots = max(1, -(-(upto or 0) // COMMENTS))
    share = min(lots * COMMENTS, root.tree_size, MOST_IN_PLACE)
    return _render_fragment(render_tree(root, share))


def _render_fragment(html):
    response = mark_personal(HttpResponse(html))
    response["X-Robots-Tag"] = "noindex"
    return response
