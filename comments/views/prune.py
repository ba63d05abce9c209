"""The page of a removal with replies: what goes, what stays, and the press that does it."""

from django.views.decorators.http import require_safe

from comments.views.moderation import moderators_only
from comments.views.responses import render_page


@moderators_only
@require_safe
def prune(request, pk):
    return render_page(request, "comments/prune.html", {})
