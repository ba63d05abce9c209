"""The preview of an article, from the database or from an unsaved form."""

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms.formsets import all_valid
from django.urls import path, reverse
from django.utils import translation
from django.utils.cache import patch_cache_control

from articles.admin.elsewhere import LEAVE
from articles.admin.forms import STATE_BUTTON
from articles.models import Article
from articles.views import render_article_page
from articles.web.editions import note_edition
from articles.workflow import Verb

TEMPLATE = "admin/articles/article/preview.html"


class Preview(admin.ModelAdmin):
    """Shows an article with the public template, to the staff only."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview)
        return [
            path("preview/", view, name="articles_article_preview_new"),
            path("<path:object_id>/preview/", view, name="articles_article_preview"),
            *super().get_urls(),
        ]

    def preview(self, request, object_id=None):
        """Show the saved article (GET), or the article that a form would save (POST).

        The form is saved as usual, and its transaction is rolled back once the page is rendered.
        A form with errors is shown again.
        """
        article = self._find_article_to_preview(request, object_id)
        if request.method != "POST":
            return self._render_preview(request, article)
        form, formsets = self._bind_forms(request, article)
        is_change = article is not None
        if not (form.is_valid() and all_valid(formsets)):
            url = reverse("admin:articles_article_add")
            if is_change:
                url = reverse("admin:articles_article_change", args=[article.pk])
            return self.changeform_view(request, object_id, form_url=url)
        with transaction.atomic():
            note_edition(None)  # no page may share what is not saved
            article = self.save_form(request, form, is_change)
            self.save_model(request, article, form, is_change)
            self.save_related(request, form, formsets, is_change)
            response = self._render_preview(request, article)
            transaction.set_rollback(True)
        return response

    def _find_article_to_preview(self, request, object_id):
        if object_id is None:
            if request.method != "POST" or not self.has_add_permission(request):
                raise PermissionDenied
            return None
        article = self.get_object(request, unquote(object_id))
        has_permission = (
            self.has_change_permission if request.method == "POST" else self.has_view_permission
        )
        if article is None or not has_permission(request, article):
            raise PermissionDenied
        return article

    def _bind_forms(self, request, article):
        is_change = article is not None
        fields = flatten_fieldsets(self.get_fieldsets(request, article))
        form_class = self.get_form(request, article, change=is_change, fields=fields)
        post = request.POST.copy()
        post["elsewhere"] = LEAVE
        post.pop("seen", None)  # a preview ignores what a colleague has saved since
        post.pop(STATE_BUTTON, None)
        form = form_class(post, request.FILES, instance=article)
        form.instance.verb = Verb.PREVIEW
        formsets, _inlines = self._create_formsets(request, form.instance, change=is_change)
        return form, formsets

    def _render_preview(self, request, article):
        """Return the page in the language of the site, loaded again from the database."""
        article = Article.objects.for_detail().get(pk=article.pk)
        with translation.override(settings.LANGUAGE_CODE):
            response = render_article_page(request, article, template=TEMPLATE)
        patch_cache_control(response, private=True, no_store=True)
        return response
