"""The moderators' queue: what waits, and one entry of it."""

from django.views.decorators.http import require_safe

from comments.views.moderation import moderators_only
from comments.views.responses import render_page


@moderators_only
@require_safe
def queue(request):
    """Show what waits for a moderator, the oldest first."""
    return render_page(request, "comments/queue.html", {})
