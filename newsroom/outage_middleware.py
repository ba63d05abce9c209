"""Answers at once while the database is known to be away, so that no request waits for it."""

from django.urls import Resolver404, resolve

from articles.web.outages import Outage
from newsroom.incoming import refuse_fault
from newsroom.views.errors import render_outage

AWAY = "newsroom.database_away"  # in the environment of a request, set by the page cache
WITHOUT_DATABASE = {"robots"}  # views


class OutageMiddleware:
    """Answer 503, with the text that a form sent. What is wrong with a request comes first."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if AWAY not in request.META or _needs_no_database(request):
            return self.get_response(request)
        request.get_host()  # raises for a host that is not ours
        refuse_fault(request)
        return render_outage(request, Outage.AWAY)


def _needs_no_database(request):
    try:
        return resolve(request.path_info).view_name in WITHOUT_DATABASE
    except Resolver404:
        return False
