"""Pictures that enter the library from the text of an article, and their texts."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles.admin.article_search import search_titles
from articles.admin.elsewhere import store_picture, take_from_elsewhere
from articles.models import Article, MediaFile
from articles.search.analysis import Query
from articles.web.html import remove_unprintable

MOST = 8  # suggestions of a kind
LONGEST = 100  # characters of a search


class TextsForm(forms.ModelForm):
    class Meta:
        model = MediaFile
        fields = ["copyright"]


class Insertion(admin.ModelAdmin):
    """Answers to the editor of a body, in JSON."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("insert/", wrap(self.insert), name="articles_mediafile_insert"),
            path("<int:pk>/credit/", wrap(self.tell_texts), name="articles_mediafile_credit"),
            path("targets/", wrap(self.list_targets), name="articles_mediafile_targets"),
            *super().get_urls(),
        ]

    def list_targets(self, request):
        """Return articles, downloads and pictures whose names hold the words, for the dialog of a
        link. Articles are found by the site's index."""
        words = remove_unprintable(request.GET.get("q", ""))[:LONGEST].strip()
        if not words or not self.has_view_permission(request):
            return JsonResponse({"targets": []})
        articles = Article.objects.none()
        if Query(words, typing=True):
            articles = search_titles(Article.objects.linkable_by(request.user), words)
        files = MediaFile.objects.filter(
            Q(file_name__icontains=words) | Q(caption__icontains=words)
        )
        targets = [
            {"address": article.get_absolute_url(), "title": article.title}
            for article in articles.order_by("-pk").defer("body")[:MOST]
        ]
        targets += [
            {"address": file.file.url, "title": file.caption or file.file_name}
            for file in files.order_by("-pk")[:MOST]
        ]
        return JsonResponse({"targets": targets})

    @method_decorator(require_POST)
    def insert(self, request):
        """Put an uploaded picture, or the one at an address, into the library."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        upload = request.FILES.get("file")
        try:
            if upload:
                file = store_picture(upload, user=request.user)
            else:
                file = take_from_elsewhere(request.POST.get("address", ""), user=request.user)
        except ValidationError as error:
            return JsonResponse({"errors": error.messages}, status=400)
        return JsonResponse(describe_file(file))

    @method_decorator(require_http_methods(["GET", "POST"]))
    def tell_texts(self, request, pk):
        """Tell the texts of a picture; a POST sets its credit, for all articles that show it."""
        file = get_object_or_404(MediaFile, pk=pk)
        if request.method == "POST":
            return self._change_credit(request, file)
        if not self.has_view_permission(request, file):
            raise PermissionDenied
        return JsonResponse(describe_file(file))

    def _change_credit(self, request, file):
        if not self.has_change_permission(request, file):
            error = _("You may not change this picture. Ask an editor for its credit.")
            return JsonResponse({"errors": [error]}, status=403)
        form = TextsForm(request.POST, instance=file)
        if not form.is_valid():
            errors = [error for each in form.errors.values() for error in each]
            return JsonResponse({"errors": errors}, status=400)
        file.changed_by = request.user
        return JsonResponse(describe_file(form.save()))


def describe_file(file):
    """Return what the editor shows of a picture of the library."""
    return {
        "id": file.pk,
        "src": file.image_file.w960,
        "alt": file.image_alt_text,
        "caption": file.caption,
        "credit": file.copyright,
        "decorative": file.decorative,
    }
