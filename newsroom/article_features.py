"""From the form of an article to the comments that may be featured: a page lists the best."""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Measure
from comments.models.states import Verb
from comments.views.modes import FEATURING

TEMPLATE = "admin/articles/article/feature.html"
BEST = 12  # comments


class NumberForm(forms.Form):
    """Any other comment, by its number."""

    number = forms.IntegerField(label=_("number of the comment"), min_value=1, localize=False)

    def __init__(self, *args, comments, **kwargs):
        super().__init__(*args, **kwargs)
        self._comments = comments

    def clean_number(self):
        """Return the comment of that number."""
        number = self.cleaned_data["number"]
        comment = self._comments.filter(number=min(number, 2**31 - 1)).first()
        if comment is None:
            raise ValidationError(_("This article has no published comment with that number."))
        return comment


class Featuring(admin.ModelAdmin):
    """The form says which comments are featured, and leads to the page that lists the best."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.feature_view)
        return [
            path("<path:object_id>/feature/", view, name="articles_article_feature"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may_feature = change and obj.is_published and any(map(request.user.has_perm, FEATURING))
        context["may_feature"] = may_feature
        context["featured"] = list_featured(obj) if may_feature else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def feature_view(self, request, object_id):
        """List what is featured, then the best comments; a number leads to any other."""
        article = self.get_object(request, unquote(object_id))
        if article is None:
            raise Http404("No such article")
        if not any(map(request.user.has_perm, FEATURING)):
            raise PermissionDenied
        comments = Comment.objects.readable().published().filter(thread__article=article)
        form = NumberForm(request.GET if "number" in request.GET else None, comments=comments)
        if form.is_valid():
            comment = form.cleaned_data["number"]
            return HttpResponseRedirect(reverse("comments:feature", args=[comment.pk]))
        featured = list_featured(article)
        best = comments.exclude(pk__in=[each.pk for each in featured]).for_detail()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Featured comments"),
            "article": article,
            "featured": featured,
            "best": best.order_by("-score", "number")[:BEST],
            "form": form,
        }
        return TemplateResponse(request, TEMPLATE, context)


def list_featured(article):
    """Return the published comments on an article that are featured, the newest act first."""
    measures = Measure.objects.in_force().filter(
        kind=Verb.FEATURE,
        thread__article=article,
        comment__in=Comment.objects.published(),
    )
    comments = {each.comment_id: each.comment for each in measures.for_list()}
    return list(comments.values())
