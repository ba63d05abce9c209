"""Reports: what readers file about a comment."""

from datetime import timedelta

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from articles.web.origin import same_origin
from comments.forms import ReportForm
from comments.models import Comment, Report
from comments.readers import identify_reader
from comments.refusals import TooManyReports
from comments.views.responses import (
    answer_refusals,
    read_form,
    refuse_from_elsewhere,
    render_page,
)

AN_HOUR = 10  # reports of one network


@same_origin(refuse_from_elsewhere)
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals("comments/report.html")
def report(request, shown, pk):
    """Ask a reader what is wrong with a comment, and save the answer for the moderators."""
    comments = Comment.objects.published().readable()
    comment = get_object_or_404(comments.select_related("thread__article", "staff"), pk=pk)
    form = ReportForm(request.POST or None)
    shown.update(comment=comment, article=comment.thread.article, form=form)
    fields = read_form(request, form)
    network = identify_reader(request).network_hash
    since = timezone.now() - timedelta(hours=1)
    recent = Report.objects.filter(network_hash=network, reported_at__gt=since)
    if settings.COMMENT_LIMITS and recent.count() >= AN_HOUR:
        raise TooManyReports
    comment.reports.create(**fields, network_hash=network)
    return render_page(request, "comments/report.html", shown | {"done": True})


def removal(request, pk):
    """Redirect the former address of the form; a form that was open there is still taken."""
    if request.method == "POST":
        return report(request, pk)
    return redirect("comments:report", pk, permanent=True)
