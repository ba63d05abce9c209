"""Page numbers and integers from outside."""

from hashlib import sha256

from django.core.cache import cache
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.utils.functional import cached_property

PAGE_SIZE = 20  # rows of a list
LONG = 100  # rows from which the length of a list is cached
LENGTH_AGE = 60  # seconds
MOST_DIGITS = 18  # any such number fits into 64 bits


class ListPaginator(Paginator):
    """A paginator that counts the rows of a long list once a minute. ``place`` names the list."""

    def __init__(self, rows, size, *, place):
        super().__init__(rows, size)
        self._key = f"length:{sha256(place.encode()).hexdigest()}"

    @cached_property
    def count(self):
        length = cache.get(self._key)
        if length is None:
            length = super().count
            if length >= LONG:
                cache.set(self._key, length, LENGTH_AGE)
        return length


def paginate(request, rows, *, size=PAGE_SIZE, filters=""):
    """Return the page of a list that ``?page=`` names; raises ``Http404`` if it does not exist.
    ``filters``: what chooses the rows, beside the path."""
    is_list, place = isinstance(rows, list), f"{request.path}?{filters}"
    paginator = Paginator(rows, size) if is_list else ListPaginator(rows, size, place=place)
    try:
        return paginator.page(request.GET.get("page", 1))
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
