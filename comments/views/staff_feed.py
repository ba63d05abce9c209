"""The moderators' feed: its secret address, the page that shows it, and the feed."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles.web.addresses import build_absolute_url
from comments.digests import list_urgent
from comments.models import FeedKey
from comments.views.moderation import moderators_only
from comments.views.responses import mark_personal, render_page, see_other


@moderators_only
@require_safe
def notices(request):
    """Show a moderator the secret address of the feed, and how digests come by mail."""
    key = FeedKey.objects.filter(owner=request.user).first()
    path = key and reverse("comments:notice_feed", args=[key.token])
    context = {"address": path and build_absolute_url(path), "hours": settings.DIGEST_URGENT_HOURS}
    return render_page(request, "comments/notices.html", context)


# A login that interrupts a POST leads back by GET.
@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def renew_feed(request):
    """Make a new secret address; the old one is void."""
    if request.method == "POST":
        FeedKey.objects.renew(request.user)
    return see_other(reverse("comments:notices"))


@require_safe
def notice_feed(request, token):
    """Show what is urgent as Atom, to whoever knows the token of an active moderator."""
    if not FeedKey.objects.find(token):
        raise Http404
    feed = Atom1Feed(
        title=_("%(site)s: moderation") % {"site": settings.SITE_NAME},
        link=build_absolute_url(reverse("comments:queue")),
        description="",
        feed_guid=build_absolute_url(reverse("comments:queue")),
    )
    for thing in list_urgent():
        feed.add_item(
            title=thing.sentence,
            link=thing.address,
            description=thing.sentence,
            unique_id=f"{build_absolute_url(reverse('comments:queue'))}#{thing.subject}",
            pubdate=thing.at,
            updateddate=thing.at,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"  # the address is a secret, and no form stands here
    return mark_personal(response)
