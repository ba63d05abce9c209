"""The comments of one thread that have some words, or that one ID wrote."""

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.search import KeyQuery
from articles.search.analysis import Query
from articles.web.paging import paginate
from comments.indexing import COMMENT
from comments.models import Comment, Thread
from comments.readers import CODE_LENGTH
from comments.views.responses import mark_personal, render_page

A_PAGE = 50  # comments


@require_safe
def search_thread(request, article_id):
    """List the published comments of a thread with the words ``q``, or of the ID ``id``, oldest
    first."""
    article = get_object_or_404(Article.objects.published(), pk=article_id)
    thread = Thread.objects.find(article)
    query = Query(request.GET.get("q", "").replace("\0", ""))
    code = request.GET.get("id", "")[:CODE_LENGTH].replace("\0", "")
    found = Comment.objects.published().filter(thread=thread.pk or 0)
    if code:
        found = found.filter(reader_code=code)
    if query:
        found = found.filter(pk__matches=KeyQuery(query, COMMENT))
    if not query and not code:
        found = found.none()
    address = urlencode({key: value for key, value in (("q", query.text), ("id", code)) if value})
    found = found.for_detail().order_by("number")
    page = paginate(request, found, size=A_PAGE, filters=address)
    context = {"article": article, "query": query, "code": code, "page": page, "address": address}
    return render_page(request, "comments/search_thread.html", context)


@require_safe
def find_id(request, pk):
    """Redirect to all comments of the ID that wrote a comment."""
    written = (
        Comment.objects.published().readable().select_related("thread").exclude(reader_code="")
    )
    comment = get_object_or_404(written, pk=pk)
    path = reverse("comments:search_thread", args=[comment.thread.article_id])
    return mark_personal(redirect(f"{path}?{urlencode({'id': comment.reader_code})}"))
