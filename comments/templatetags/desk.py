"""Template tags of the desk: the tabs of its header, and the number that waits."""

from dataclasses import dataclass

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comments.models.comment import MODERATE
from comments.waiting import count_waiting

register = template.Library()

MODERATION = "/moderation/"


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    href: str
    is_current: bool = False
    waiting: int = 0


@register.filter
def desk_tabs(request):
    """Return the tabs of the desk's header that a user may open."""
    user, tabs = request.user, []
    if user.is_staff:
        tabs.append(Tab(pgettext("desk", "Desk"), reverse("admin:index")))
        for label, name in (
            (pgettext("desk", "Articles"), "articles_article"),
            (pgettext("desk", "Pictures"), "articles_mediafile"),
        ):
            permission = "{}.view_{}".format(*name.split("_"))
            if user.has_perm(permission):
                tabs.append(Tab(label, reverse(f"admin:{name}_changelist")))
    if user.has_perm(MODERATE):
        tabs.append(
            Tab(
                pgettext("desk", "Discussion"),
                reverse("comments:queue"),
                is_current=request.path.startswith(MODERATION),
                waiting=read_waiting(request).total,
            )
        )
    return tabs


@register.filter
def desk_links(request):
    """Return (label, address) of the desk's other pages that a user may open."""
    user, links = request.user, []
    if user.has_perm(MODERATE):
        for label, name in (
            (_("Moderation log"), "comments:log"),
            (_("Word rules"), "comments:words"),
            (_("Commenters"), "comments:writers"),
            (_("Measures"), "comments:measures"),
            (_("Notices"), "comments:notices"),
        ):
            links += [(label, address)] if (address := find_address(name)) else []
    if user.is_staff:
        links.append((_("Everything in the admin"), reverse("admin:index")))
    return links


@register.simple_tag
def search_path():
    """Return the address of the desk's search."""
    return find_address("comments:desk_search") or reverse("search")


def find_address(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def read_waiting(request):
    """Return the counts of what waits; counted once a request."""
    if not hasattr(request, "_waiting"):
        request._waiting = count_waiting()
    return request._waiting
