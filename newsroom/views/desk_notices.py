"""The page on which a member of the staff chooses mails about articles, and the feed of them."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.web.addresses import build_absolute_url
from articles.workflow import may_publish
from newsroom.desk_acts import list_acts
from newsroom.desk_mail import list_things
from newsroom.models import DeskSubscription


class SubscriptionForm(forms.ModelForm):
    class Meta:
        model = DeskSubscription
        fields = ["review", "returned", "assigned", "scheduled", "language"]
        widgets = {"language": forms.Select(attrs={"class": "field"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_publish(self.instance.owner):
            del self.fields["review"]


@never_cache
@admin.site.admin_view
def desk_notices(request):
    """Show and save the choices; ``renew`` makes a new secret address of the feed."""
    if not request.user.has_perm(DeskSubscription.permission):
        raise PermissionDenied
    stored = DeskSubscription.objects.filter(owner=request.user).first()
    if request.method == "POST" and "renew" in request.POST:
        _renew(request.user)
        return redirect("desk_notices")
    subscription = stored or DeskSubscription(owner=request.user, language=get_language())
    form = SubscriptionForm(request.POST or None, instance=subscription)
    if form.is_valid():
        form.instance.since = timezone.now()
        form.save()
        messages.success(request, _("Your choice was saved."))
        return redirect("desk_notices")
    feed = stored and reverse("desk_feed", args=[stored.token])
    context = {"form": form, "address": feed and build_absolute_url(feed)}
    return render(request, "admin/desk_notices.html", context)


def _renew(user):
    """Make a new secret; the first one comes with a subscription to nothing."""
    if not DeskSubscription.objects.filter(owner=user).exists():
        DeskSubscription.objects.create(owner=user, language=get_language())
    DeskSubscription.objects.renew(user)


@require_safe
def desk_feed(request, token):
    """Show what concerns a member of the staff as Atom, to whoever knows their token."""
    subscription = DeskSubscription.objects.find(token)
    if not subscription:
        raise Http404
    home = build_absolute_url(reverse("admin:index"))
    with translation.override(subscription.language):
        feed = Atom1Feed(
            title=_("%(site)s: articles") % {"site": settings.SITE_NAME},
            link=home,
            description="",
            feed_guid=home,
        )
        for thing in list_things(subscription.owner, list_acts()):
            title, _line, text = thing.sentence.partition("\n")
            feed.add_item(
                title=title,
                link=thing.address,
                description=text or title,
                unique_id=f"{home}#{thing.subject}",
                pubdate=thing.at,
                updateddate=thing.at,
            )
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"  # the address is a secret, and no form stands here
    return response
