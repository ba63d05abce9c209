"""The search page, and what is suggested while somebody types."""

from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.models import Category
from articles.web.paging import paginate
from newsroom.middleware import takes_any_text
from newsroom.site_search import KINDS, ORDERS, PERIODS, Search, suggestions


@require_safe
@takes_any_text
def search(request):
    wanted = Search(request.GET)
    page = paginate(request, wanted.found.keys)
    context = {
        "search": wanted,
        "page": page,
        "hits": wanted.hits(page.object_list),
        "tabs": [
            {
                "label": label,
                "count": getattr(wanted, kind).count,
                "has_any": bool(getattr(wanted, kind)),
                "is_current": kind == wanted.kind,
                "address": wanted.address(**{"in": kind}),
            }
            for kind, label in KINDS.items()
        ],
        "address": wanted.address(),
        "is_indexable": page.number == 1 and wanted.is_indexable,
        "without_tag": wanted.address(tag=None),
        "without_filters": wanted.address(tag=None, category=None, period=None),
        "categories": Category.objects.order_by("tree_id", "lft"),
        "periods": PERIODS.items(),
        "orders": ORDERS.items(),
    }
    return render(request, "newsroom/search.html", context)


@require_safe
@cache_control(public=True, max_age=300)
@takes_any_text
def suggest(request):
    """Answer with what the words in ``q`` may become, as the options of a list."""
    context = {"words": suggestions(request.GET.get("q", ""))}
    response = render(request, "newsroom/_suggestions.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
