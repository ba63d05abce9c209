"""A way to ask for the removal of a comment."""

from datetime import timedelta

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.web.origin import same_origin
from comments.forms import RemovalForm
from comments.models import Comment, RemovalRequest
from comments.network import network_hash
from comments.views.responses import from_elsewhere, keeping_text, page

AN_HOUR = 10  # requests of one network


@same_origin(from_elsewhere)
@require_http_methods(["GET", "HEAD", "POST"])
@keeping_text
def ask(request, pk):
    """Ask what is wrong with a comment, and keep the answer for the moderators."""
    comments = Comment.objects.published().readable()
    comment = get_object_or_404(comments.select_related("thread__article", "staff"), pk=pk)
    form = RemovalForm(request.POST or None)
    context = {"comment": comment, "article": comment.thread.article, "form": form}
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return page(request, "comments/report.html", context, status=status)
    network = network_hash(request)
    since = timezone.now() - timedelta(hours=1)
    recent = RemovalRequest.objects.filter(network_hash=network, asked_at__gt=since)
    if settings.COMMENT_LIMITS and recent.count() >= AN_HOUR:
        message = _("There were many requests from your network. Please try again in an hour.")
        form.add_error(None, message)
        return page(request, "comments/report.html", context, status=429)
    comment.removal_requests.create(**form.cleaned_data, network_hash=network)
    return page(request, "comments/report.html", context | {"done": True})
