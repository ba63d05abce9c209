"""Every address of the site, as the URLconf has them."""

import re

from django.urls import get_resolver
from django.urls.resolvers import RegexPattern, URLResolver

CONVERTED = re.compile(r"<(?:(\w+):)?(\w+)>")
GROUP = re.compile(r"\((?:\?P<(\w+)>)?")


def list_templates():
    """Return the paths of all views as lists of texts and (kind, name) pairs of parameters."""
    return [split_route(route) for route in sorted(set(_walk(get_resolver(), "/")))]


def split_route(route):
    """Return ``a/<int:pk>/`` as ``["a/", ("int", "pk"), "/"]``."""
    parts, end = [], 0
    for parameter in CONVERTED.finditer(route):
        parts += [route[end : parameter.start()], (parameter[1] or "str", parameter[2])]
        end = parameter.end()
    return [*parts, route[end:]]


def _walk(resolver, prefix):
    for pattern in resolver.url_patterns:
        route = prefix + _read_route(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        else:
            yield route


def _read_route(pattern):
    if not isinstance(pattern, RegexPattern):
        return str(pattern)
    regex = str(pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
    while group := GROUP.search(regex):
        end = _find_end(regex, group.start())
        regex = f"{regex[: group.start()]}<str:{group[1] or 'part'}>{regex[end:]}"
    return regex.replace("\\", "").replace("?", "")


def _find_end(regex, start):
    """Return where the group that begins at ``start`` ends."""
    depth = 0
    for index in range(start, len(regex)):
        depth += {"(": 1, ")": -1}.get(regex[index], 0)
        if depth == 0:
            return index + 1
    raise ValueError(regex)
