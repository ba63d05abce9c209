"""Responses that every view of the comments gives in the same way."""

from contextlib import contextmanager
from functools import wraps

from django.db import DatabaseError, connection
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme

from articles.web.outages import find_outage
from comments.forms import CommentForm
from comments.refusals import OUTAGES, FormShown, FromElsewhere, Gone, NotWritable, Refused

PERSONAL = "private, no-store"


def mark_personal(response):
    """Mark a response as one reader's own: no cache stores it."""
    patch_cache_control(response, private=True, no_store=True)
    return response


def render_page(request, template, context, *, status=200):
    return mark_personal(render(request, template, context, status=status))


def render_fragment(request, template, context, *, status=200):
    """Render a piece of a page at an address of its own; search engines ignore it."""
    response = render_page(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


class SeeOther(HttpResponse):
    """A redirect to a page of this site after a POST: the browser requests it with GET. Django's
    own redirect also looks for the scheme of a strange address, which takes as long as all else."""

    status_code = 303

    def __init__(self, path):
        super().__init__(headers={"Location": iri_to_uri(path), "Cache-Control": PERSONAL})

    @property
    def url(self):
        return self.headers["Location"]


def see_other(to):
    """Redirect to a page of this site, which a path or a model names."""
    return SeeOther(to if isinstance(to, str) else to.get_absolute_url())


def read_own_path(wanted):
    """Return an address that a form names if it is one of this site, else an empty text."""
    is_own = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_own else ""


def answer_refusals(template="comments/refused.html", render=render_page):
    """Decorate a view so that a ``Refused`` becomes a response.

    The view gets a dictionary after the request, ``shown``, and fills it with the context of its
    pages. A refusal is answered with the template, that context and the refusal's status. Its
    message is added to the errors of ``shown["form"]``, if one was sent. If the place of a text
    is gone (404), the text comes back to be copied.
    """

    def decorate(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            shown = {}
            try:
                with _refuse_outage():
                    return view(request, shown, *args, **kwargs)
            except Refused as refusal:
                form = shown.get("form")
                if refusal.message and form and form.is_bound:
                    form.is_valid()  # before an error is added
                    form.add_error(None, str(refusal))
                back = read_own_path(request.POST.get("next", ""))
                typed = {"form": _read_text(request), "kept_note": request.POST.get("note", "")}
                context = {**typed, "back": back, **shown, "refusal": refusal}
                response = render(request, template, context, status=refusal.status)
                if refusal.wait:
                    response["Retry-After"] = refusal.wait
                return response
            except Http404:
                if "text" not in request.POST:
                    raise
                return render_refusal(request, Gone())

        return answer

    return decorate


@contextmanager
def _refuse_outage():
    """Refuse what the database does not write. Where it does not even read, its error stays."""
    try:
        yield
    except DatabaseError as error:
        outage = find_outage(error)
        if outage not in OUTAGES or connection.in_atomic_block:
            raise
        raise NotWritable(outage) from error


def read_form(request, form):
    """Return the cleaned data of a form; raises ``FormShown`` if the form is empty or wrong."""
    if form.is_valid():
        return form.cleaned_data
    raise FormShown(status=422 if request.method == "POST" else 200)


def render_refusal(request, refusal, **shown):
    """Render the page of a refusal, with the text that was typed in a form."""
    context = {"refusal": refusal, "form": _read_text(request), **shown}
    return render_page(request, "comments/refused.html", context, status=refusal.status)


def refuse_from_elsewhere(request):
    """Refuse a POST that no page of this site sent."""
    return render_refusal(request, FromElsewhere())


def _read_text(request):
    return CommentForm(request.POST) if "text" in request.POST else None
