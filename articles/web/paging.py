"""Lists in pages."""

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404

PAGE_SIZE = 20  # rows of a list


def page_of(request, articles, *, size=PAGE_SIZE):
    """Return the page of a list that ``?page=`` asks for; 404 where there is none."""
    try:
        return Paginator(articles, size).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(str(error)) from error
