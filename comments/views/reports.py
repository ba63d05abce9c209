"""Reports: what readers file about a comment."""

from datetime import timedelta

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.web.origin import same_origin
from comments.forms import ReportForm
from comments.models import Comment, Report
from comments.network import network_hash
from comments.views.responses import from_elsewhere, keeping_text, page

AN_HOUR = 10  # reports of one network


@same_origin(from_elsewhere)
@require_http_methods(["GET", "HEAD", "POST"])
@keeping_text
def report(request, pk):
    """Ask a reader what is wrong with a comment, and save the answer for the moderators."""
    comments = Comment.objects.published().readable()
    comment = get_object_or_404(comments.select_related("thread__article", "staff"), pk=pk)
    form = ReportForm(request.POST or None)
    context = {"comment": comment, "article": comment.thread.article, "form": form}
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return page(request, "comments/report.html", context, status=status)
    network = network_hash(request)
    since = timezone.now() - timedelta(hours=1)
    recent = Report.objects.filter(network_hash=network, reported_at__gt=since)
    if settings.COMMENT_LIMITS and recent.count() >= AN_HOUR:
        message = _("There were many reports from your network. Please try again in an hour.")
        form.add_error(None, message)
        return page(request, "comments/report.html", context, status=429)
    comment.reports.create(**form.cleaned_data, network_hash=network)
    return page(request, "comments/report.html", context | {"done": True})


def removal(request, pk):
    """Redirect the former address of the form; a form that was open there is still taken."""
    if request.method == "POST":
        return report(request, pk)
    return redirect("comments:report", pk, permanent=True)
