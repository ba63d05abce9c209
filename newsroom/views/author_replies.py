"""All that an author answered to readers."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.lookup import find_author_or_404
from articles.web.paging import paginate
from comments.models import Comment


@require_safe
def replies(request, pk):
    author = find_author_or_404(pk)
    page = paginate(request, Comment.objects.replies_of(author).order_by("-pk").with_title())
    return render(request, "newsroom/replies.html", {"author": author, "page": page})
