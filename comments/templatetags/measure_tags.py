"""Template tags for measures: the bar of raid protection, and until when a measure holds."""

from django import template
from django.templatetags.static import static
from django.utils.translation import gettext as _

from comments.headlines import name_article
from comments.models import Measure
from comments.models.comment import MODERATE
from comments.models.stamps import stamp_form
from comments.notices import format_until

register = template.Library()


@register.inclusion_tag("comments/_raid_bar.html", takes_context=True)
def raid_bar(context):
    """Show moderators that raid protection is on, and how to end it. One query."""
    request = context["request"]
    may_see = request.user.has_perm(MODERATE)
    return {
        "raid": find_raid(request) if may_see else None,
        "next": request.get_full_path(),
        "icons": static("img/icons.svg"),
    }


@register.simple_tag
def form_stamp():
    """Return the stamp of a form, with which it says when it was shown."""
    return str(stamp_form())


@register.filter
def find_raid(request):
    """Return the raid protection in force, or None. One query a request."""
    if not hasattr(request, "_raid"):
        request._raid = Measure.objects.raids().first()
    return request._raid


@register.filter
def until(at):
    """Say until when a measure holds."""
    return _("until %(until)s") % {"until": format_until(at)}


@register.filter
def known_headline(article):
    """Return the title of an article for moderators, who know of no draft."""
    return name_article(article)
