"""Objections: the form of a comment's writer, and the page on which a moderator answers."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from articles.web.origin import same_origin
from comments.forms import AnswerForm, ObjectionForm
from comments.models import Objection
from comments.models.stamps import add_act_stamps, check_seen
from comments.models.states import Verb
from comments.rates import keep_rate
from comments.readers import identify_reader
from comments.views.moderation import moderators_only
from comments.views.own import list_own
from comments.views.responses import (
    answer_refusals,
    read_form,
    refuse_from_elsewhere,
    render_page,
    see_other,
)


@same_origin(refuse_from_elsewhere)
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals("comments/object.html")
def file_objection(request, shown, pk):
    """Ask a comment's writer why it should be shown, and save the answer for the moderators."""
    reader = identify_reader(request)
    comment = get_object_or_404(list_own(reader), pk=pk)
    form = ObjectionForm(request.POST or None)
    shown.update(comment=comment, article=comment.thread.article, form=form)
    Objection.objects.check_writer(reader, comment)
    fields = read_form(request, form)
    keep_rate("objection", reader)
    Objection.objects.file(comment, reader=reader, **fields)
    return see_other(comment)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals("comments/objection.html")
def answer_objection(request, shown, pk):
    """Show an objection with the comment and the decision; uphold it or keep the decision."""
    objections = Objection.objects.select_related(
        "comment__thread__article", "comment__staff", "action__moderator", "answer__moderator"
    )
    objection = get_object_or_404(objections, pk=pk)
    comment, user = objection.comment, request.user
    form = AnswerForm(request.POST or None, initial={"seen": comment.stamp})
    shown.update(
        objection=objection,
        comment=comment,
        article=comment.thread.article,
        form=form,
        stamp=comment.stamp,
        may_answer=objection.may_be_answered_by(user),
        is_decider=user == objection.decider,
    )
    add_act_stamps([objection.answer] if objection.answer else [])
    if request.method != "POST":
        return render_page(request, "comments/objection.html", shown)
    fields = read_form(request, form)
    check_seen(Verb.KEEP, fields["seen"])
    answer = {"uphold": objection.uphold, "keep": objection.keep}[fields.pop("answer")]
    answer(by=user, **fields)
    return see_other(reverse("comments:objection", args=[pk]))
