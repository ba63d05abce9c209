"""The moderators' feed: its secret address, the page that shows it, and the feed."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.web.addresses import build_absolute_url
from articles.web.paging import read_integer
from comments.digests import list_urgent
from comments.models.comment import MODERATE
from comments.views.moderation import moderators_only
from comments.views.responses import mark_personal, render_page


def build_token(user):
    """Return the token of a moderator's feed. A new password makes another one."""
    secret = salted_hmac(
        "comments.notices", f"{user.pk} {user.password}", algorithm="sha256"
    ).hexdigest()
    return f"{user.pk}-{secret}"


@moderators_only
@require_safe
def notices(request):
    """Show a moderator the secret address of the feed, and how digests come by mail."""
    path = reverse("comments:notice_feed", args=[build_token(request.user)])
    context = {"address": build_absolute_url(path), "hours": settings.DIGEST_URGENT_HOURS}
    return render_page(request, "comments/notices.html", context)


@require_safe
def notice_feed(request, token):
    """Show what is urgent as Atom, to whoever knows the token of an active moderator."""
    if not _is_valid(token):
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
    return mark_personal(response)


def _is_valid(token):
    pk = read_integer(token.partition("-")[0])
    user = get_user_model().objects.filter(pk=pk, is_active=True).first()
    expected = build_token(user) if user else ""
    return constant_time_compare(token, expected) and user.has_perm(MODERATE)
