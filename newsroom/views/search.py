"""The search page and its suggestions."""

from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.models import Category
from articles.web.paging import paginate
from newsroom.middleware import takes_any_text
from newsroom.site_search import KINDS, ORDERS, PERIODS, Search, find_suggestions


@require_safe
@takes_any_text
def search(request):
    search = Search(request.GET)
    page = paginate(request, search.results.keys)
    context = {
        "search": search,
        "page": page,
        "hits": search.load_hits(page.object_list),
        "tabs": [
            {
                "label": label,
                "count": getattr(search, kind).count,
                "has_any": bool(getattr(search, kind)),
                "is_current": kind == search.kind,
                "address": search.build_query(**{"in": kind}),
            }
            for kind, label in KINDS.items()
        ],
        "address": search.build_query(),
        "is_indexable": page.number == 1 and search.is_indexable,
        "without_tag": search.build_query(tag=None),
        "without_filters": search.build_query(tag=None, category=None, period=None),
        "categories": Category.objects.order_by("tree_id", "lft"),
        "periods": PERIODS.items(),
        "orders": ORDERS.items(),
    }
    return render(request, "newsroom/search.html", context)


@require_safe
@cache_control(public=True, max_age=300)
@takes_any_text
def suggest(request):
    """Answer with completions of ``q`` as the options of a list."""
    context = {"words": find_suggestions(request.GET.get("q", ""))}
    response = render(request, "newsroom/_suggestions.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
