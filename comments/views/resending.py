"""Forms of the staff that arrive without a login, or with the token of an older one: the page that
answers keeps what they say, to be sent again."""

from functools import wraps

from articles.web.origin import comes_from_site
from comments.views.responses import render_page

TYPED = ("note", "text")  # fields that are shown; the others are kept unseen
TOKEN = "csrfmiddlewaretoken"  # noqa: S105


def keep_forms(view):
    """Decorate a view for the staff so that a form outlives the end of its sender's login."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method == "POST" and not request.user.is_authenticated and is_own_form(request):
            return offer_resending(request)
        return view(request, *args, **kwargs)

    return answer


def is_own_form(request):
    """Return whether a page of this site sent a form that can be kept. What another site sent is
    never offered to be sent again: one press would carry it out."""
    return comes_from_site(request) and not request.FILES


def offer_resending(request):
    """Show the fields of a form again, with a token that is valid now (403)."""
    fields = [
        (name, value) for name, values in request.POST.lists() for value in values if name != TOKEN
    ]
    context = {
        "typed": [(name, value) for name, value in fields if name in TYPED and value],
        "hidden": [(name, value) for name, value in fields if not (name in TYPED and value)],
        "is_signed_in": request.user.is_authenticated,
    }
    return render_page(request, "comments/resend.html", context, status=403)
