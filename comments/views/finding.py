"""Finding comments: the moderators' search, and the texts that are nearly the same as one."""

from django.http import Http404
from django.views.decorators.http import require_safe

from comments.desk_search import DeskSearch
from comments.listed import list_rows
from comments.models import Comment
from comments.models.states import State
from comments.near_duplicates import find_near_duplicates
from comments.views.bulk import find_shown_act
from comments.views.moderation import moderators_only
from comments.views.responses import render_page

SHOWN = 100  # of the comments that are nearly the same


@moderators_only
@require_safe
def search(request):
    """Search the comments in any state, by text, ID, name, tripcode, number or network."""
    sought = DeskSearch(request.GET)
    hits, query = sought.find(), sought.build_query()
    context = {
        "search": sought,
        "desk_search": sought.text,
        "rows": list_rows([comment.pk for comment in hits.comments], phrases=sought.query.phrases),
        "before": hits.before,
        "query_before": f"{query}&before={hits.before}",
        "states": State.choices,
        "scope": f"search:{query}",
        "act": find_shown_act(request),
        "here": f"{request.path}?{query}",
    }
    return render_page(request, "comments/desk_search.html", context)


@moderators_only
@require_safe
def same(request, pk):
    """List the comments that are nearly the same as one."""
    comment = Comment.objects.select_related("thread__article").filter(pk=pk).first()
    if comment is None:
        raise Http404
    near = find_near_duplicates(comment)
    context = {
        "comment": comment,
        "near": near,
        "article": comment.thread.article,
        "rows": list_rows([comment.pk, *near.keys[:SHOWN]]),
        "size": len(near) + 1,
        "scope": f"same:{comment.pk}",
        "act": find_shown_act(request),
        "here": request.path,
    }
    return render_page(request, "comments/same.html", context)
