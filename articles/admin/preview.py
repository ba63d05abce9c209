"""The preview: the page as readers will see it, from the form as it stands, saved or not."""

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms.formsets import all_valid
from django.urls import path, reverse
from django.utils import translation
from django.utils.cache import patch_cache_control

from articles.models import Article
from articles.views import article_page

TEMPLATE = "admin/articles/article/preview.html"


class Preview(admin.ModelAdmin):
    """Shows an article with the public template. Nobody but the staff comes here."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview)
        return [
            path("preview/", view, name="articles_article_preview_new"),
            path("<path:object_id>/preview/", view, name="articles_article_preview"),
            *super().get_urls(),
        ]

    def preview(self, request, object_id=None):
        """Show what is saved (GET), or what a form would save (POST): that is saved as ever,
        shown, and taken back with its transaction. A form with errors comes back with them."""
        article = self._article_to_preview(request, object_id)
        if request.method != "POST":
            return self._page(request, article)
        form, formsets = self._filled_in(request, article)
        if not (form.is_valid() and all_valid(formsets)):
            place = reverse("admin:articles_article_add")
            if article:
                place = reverse("admin:articles_article_change", args=[article.pk])
            return self.changeform_view(request, object_id, form_url=place)
        with transaction.atomic():
            article = self.save_form(request, form, change=object_id is not None)
            self.save_model(request, article, form, object_id is not None)
            self.save_related(request, form, formsets, object_id is not None)
            response = self._page(request, article)
            transaction.set_rollback(True)
        return response

    def _article_to_preview(self, request, object_id):
        if object_id is None:
            if request.method != "POST" or not self.has_add_permission(request):
                raise PermissionDenied
            return None
        article = self.get_object(request, unquote(object_id))
        allowed = (
            self.has_change_permission if request.method == "POST" else self.has_view_permission
        )
        if article is None or not allowed(request, article):
            raise PermissionDenied
        return article

    def _filled_in(self, request, article):
        is_change = article is not None
        fields = flatten_fieldsets(self.get_fieldsets(request, article))
        form_class = self.get_form(request, article, change=is_change, fields=fields)
        sent = request.POST.copy()
        sent.pop("seen", None)  # what a colleague saved meanwhile is no matter for a look
        form = form_class(sent, request.FILES, instance=article)
        formsets, _inlines = self._create_formsets(request, form.instance, change=is_change)
        if form.is_valid():
            self.save_form(request, form, change=is_change)
        return form, formsets

    def _page(self, request, article):
        """Answer with the page in the site's language, fresh from the database."""
        article = Article.objects.for_detail().get(pk=article.pk)
        with translation.override(settings.LANGUAGE_CODE):
            response = article_page(request, article, template=TEMPLATE)
        patch_cache_control(response, private=True, no_store=True)
        return response
