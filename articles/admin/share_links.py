"""The page of the admin that makes and ends links which show an article before it is public."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from articles.models import ShareLink
from articles.web.addresses import build_absolute_url
from articles.web.paging import read_integer

TEMPLATE = "admin/articles/article/share.html"
TERMS = (1, 7, 30)  # days
SHOWN = 20  # links


class ShareForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("The link works for"),
        choices=[
            (days, ngettext_lazy("%(days)d day", "%(days)d days", days) % {"days": days})
            for days in TERMS
        ],
        coerce=int,
        initial=7,
        widget=forms.RadioSelect,
    )


class Sharing(admin.ModelAdmin):
    """Whoever may change an article may share it and end its links, whoever made them."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.share_view)
        return [
            path("<path:object_id>/share/", view, name="articles_article_share"),
            *super().get_urls(),
        ]

    def share_view(self, request, object_id):
        article = self.get_object(request, unquote(object_id))
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        if request.method == "POST" and "revoke" in request.POST:
            self._revoke(request, article)
            here = reverse("admin:articles_article_share", args=[article.pk])
            return HttpResponseRedirect(here)
        form, made = ShareForm(request.POST or None), None
        if form.is_valid() and not article.is_reachable:  # the address is stored nowhere
            made = self._make(request, article, form.cleaned_data["days"])
            form = ShareForm()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Links to share"),
            "opts": self.opts,
            "article": article,
            "form": form,
            "made": made,
            "links": article.share_links.select_related("made_by")[:SHOWN],
        }
        return TemplateResponse(request, TEMPLATE, context)

    def _make(self, request, article, days):
        link, secret = ShareLink.objects.make(article, by=request.user, days=days)
        self.log_change(request, article, [{"added": _describe(link)}])
        return build_absolute_url(reverse("articles:shared", args=[secret]))

    def _revoke(self, request, article):
        links = ShareLink.objects.filter(article=article)
        chosen = links.filter(pk=read_integer(request.POST["revoke"]))
        if chosen.revoke():
            self.log_change(request, article, [{"deleted": _describe(chosen.get())}])
            self.message_user(request, _("The link has ended."), messages.SUCCESS)


def _describe(link):
    """Return what the log of the admin says of a link."""
    return {"name": "share link", "object": str(link.pk)}
