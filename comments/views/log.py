"""The history of moderation: every act, who, why, and a way to undo it."""

from django.views.decorators.http import require_safe

from comments.views.moderation import moderators_only
from comments.views.responses import render_page


@moderators_only
@require_safe
def log(request):
    """Show the acts of moderation, newest first."""
    return render_page(request, "comments/log.html", {})
