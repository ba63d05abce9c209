"""The history of moderation: every act, who, why, and a way to undo it."""

from urllib.parse import urlencode

from django.views.decorators.http import require_safe

from articles.models import Article
from comments.chronicle import KINDS, Filters, list_months, list_reasons, read_page
from comments.models.moderators import list_moderators
from comments.views.moderation import moderators_only
from comments.views.responses import render_page


@moderators_only
@require_safe
def log(request):
    """Show the acts of moderation by day, newest first, limited to what the address says."""
    filters = Filters.read(request.GET)
    context = {
        "filters": filters,
        "page": read_page(filters),
        "kinds": [
            (label, name == filters.kind, _build_query(filters, kind=name))
            for name, (label, _verbs) in KINDS.items()
        ],
        "query": urlencode(filters.query),
        "everywhere": _build_query(filters, article=None),
        "moderators": list_moderators(),
        "reasons": list_reasons(),
        "months": list_months(),
        "article": Article.objects.filter(pk=filters.article).first(),
        "here": request.get_full_path(),
    }
    return render_page(request, "comments/log.html", context)


def _build_query(filters, **changes):
    values = filters.query | changes
    return urlencode({name: value for name, value in values.items() if value})
