"""Page numbers and integers from outside."""

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404

PAGE_SIZE = 20  # rows of a list
MOST_DIGITS = 18  # any such number fits into 64 bits


def paginate(request, rows, *, size=PAGE_SIZE):
    """Return the page of a list that ``?page=`` names; raises ``Http404`` if it does not exist."""
    try:
        return Paginator(rows, size).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(str(error)) from error


def read_page_number(query):
    """Return the page number in a query, 1 without one.

    Threads use it: they show their nearest page instead of a 404.
    """
    return read_integer(query.get("page", "")) or 1


def read_integer(text, *, digits=MOST_DIGITS):
    """Return a text of ASCII digits as a number that databases take, else None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
