"""The history of moderation: every act, who, why, and a way to undo it."""

from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from comments.models import ModerationAction
from comments.views.moderation import moderators_only
from comments.views.responses import answer_refusals, render_page, see_other


@moderators_only
@require_safe
def log(request):
    """Show the acts of moderation, newest first."""
    return render_page(request, "comments/log.html", {})


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals()
def take_back(request, shown, pk):
    """Undo an act with a note; then go where the form says, else to the history."""
    if request.method != "POST":
        return redirect("comments:log")
    action = get_object_or_404(ModerationAction.objects.select_related("thread", "mention"), pk=pk)
    action.undo(by=request.user, note=request.POST.get("note", "")[:1_000])
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return see_other(wanted)
    return see_other("comments:log")
