"""The form in which a reader reports a comment."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.web.origin import same_origin
from comments.bans import refuse_banned
from comments.forms import ReportForm
from comments.models import Comment, Report
from comments.rates import keep_rate
from comments.readers import identify_reader
from comments.views.responses import (
    answer_refusals,
    read_form,
    refuse_from_elsewhere,
    render_page,
)


@same_origin(refuse_from_elsewhere)
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals("comments/report.html")
def report(request, shown, pk):
    """Ask a reader what is wrong with a comment, and save the answer for the moderators."""
    comments = Comment.objects.published().readable()
    comment = get_object_or_404(comments.for_detail(), pk=pk)
    reader = identify_reader(request)
    form = ReportForm(request.POST or None)
    filed = Report.objects.of(reader, comment) if reader.hash else Report.objects.none()
    shown.update(comment=comment, article=comment.thread.article, form=form)
    shown.update(filed=filed.with_outcomes().first(), has_key=bool(reader.hash))
    Report.objects.check_reader(reader, comment)
    fields = read_form(request, form)
    refuse_banned(reader)
    keep_rate("report", reader)
    Report.objects.file(comment, reader=reader, **fields)
    return render_page(request, "comments/report.html", shown | {"done": True})


@csrf_exempt  # as ``report``, which checks the origin
def removal(request, pk):
    """Redirect the former address of the form; still accept a form that was open there."""
    if request.method == "POST":
        return report(request, pk)
    return redirect("comments:report", pk, permanent=True)
