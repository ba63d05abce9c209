"""The page of a list of the admin, for lists that count and load their rows in their own way."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.paginator import InvalidPage


def load_page(changes, request, rows, *, count=None):
    """Set what Django's ``ChangeList.get_results`` sets for a page of ``rows``, without its count
    of the whole table. ``count``: how many rows there are, if that is known."""
    paginator = changes.model_admin.get_paginator(request, rows, changes.list_per_page)
    if count is not None:
        paginator.count = count
    try:
        changes.result_list = paginator.page(changes.page_num).object_list
    except InvalidPage as error:
        raise IncorrectLookupParameters from error
    changes.result_count, changes.full_result_count = paginator.count, None
    changes.show_admin_actions = bool(changes.result_count)
    changes.can_show_all, changes.multi_page = False, paginator.num_pages > 1
    changes.paginator = paginator
