"""The page of the admin that returns an article in review to its writer, with a note."""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from articles.workflow import Status, may_publish

TEMPLATE = "admin/articles/article/return.html"


class ReturnForm(forms.Form):
    note = forms.CharField(
        label=_("note to the writer"),
        help_text=_("The writer sees it above the form and in the list. Readers never see it."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )


class Returning(admin.ModelAdmin):
    """Needs ``StateActions``, which changes the state."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.return_view)
        own = path("<path:object_id>/return/", view, name="articles_article_return")
        return [own, *super().get_urls()]

    def return_view(self, request, object_id):
        article = self.get_object(request, unquote(object_id))
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        may_return = may_publish(request.user) and self.has_change_permission(request, article)
        if not may_return or article.status != Status.REVIEW:
            raise PermissionDenied
        form = ReturnForm(request.POST or None)
        if form.is_valid():
            note = form.cleaned_data["note"]
            self._change_state(
                request, [article], Status.DRAFT, lambda current: current.return_to_draft(note=note)
            )
            change = reverse("admin:articles_article_change", args=[article.pk])
            return HttpResponseRedirect(change)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Return with a note"),
            "opts": self.opts,
            "article": article,
            "form": form,
        }
        return TemplateResponse(request, TEMPLATE, context)
