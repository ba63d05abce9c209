"""Answers that every view of the comments gives in the same way."""

from functools import wraps

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from comments.forms import CommentForm


def personal(response):
    """Mark an answer as one reader's own: no cache keeps it."""
    patch_cache_control(response, private=True, no_store=True)
    return response


def page(request, template, context, *, status=200):
    return personal(render(request, template, context, status=status))


def see_other(to):
    """Lead to another page after a POST (303): the browser asks for it with GET."""
    response = redirect(to)
    response.status_code = 303
    return personal(response)


def fragment(request, template, context, *, status=200):
    """A piece of a page, at an address of its own; search engines leave it out."""
    response = page(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def refused(request, message, *, status, comment=None, article=None):
    """Say why something was refused, with what was typed in a form to copy or send again."""
    form = CommentForm(request.POST) if "text" in request.POST else None
    context = {
        "message": message,
        "form": form,
        "comment": comment,
        "article": article or (comment and comment.thread.article),
    }
    return page(request, "comments/refused.html", context, status=status)


def keeping_text(view):
    """Decorate a view so that what was typed comes back where its place is no longer there."""

    @wraps(view)
    def kept(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if "text" not in request.POST:
                raise
            return refused(request, _("This is no longer there."), status=404)

    return kept


def from_elsewhere(request):
    """Refuse a POST that no page of this site sent."""
    message = _("Your browser did not say that this form was sent from this site.")
    return refused(request, message, status=403)
