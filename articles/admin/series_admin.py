"""The admin of series."""

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from articles.admin.deletion import GentleDeletion
from articles.models import Article, Series
from articles.slugs import find_free_slug


class SeriesForm(forms.ModelForm):
    class Meta:
        widgets = {"description": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self):
        title = self.cleaned_data.get("title", "")
        among = Series.objects.all()
        return self.cleaned_data["slug"] or find_free_slug(title, among=among, fallback="series")


@admin.register(Series)
class SeriesAdmin(GentleDeletion, admin.ModelAdmin):
    """An address stays as it is; the title may change."""

    form = SeriesForm
    fields = ["title", "slug", "description"]
    list_display = ["title", "slug", "article_count"]
    search_fields = ["title"]
    ordering = ["title", "pk"]
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(article_count=Count("articles"))

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["title"]}

    @admin.display(description=_("articles"))
    def article_count(self, series):
        return series.article_count

    def save_model(self, request, obj, form, change):
        """Save a series, and the search entries of its articles."""
        super().save_model(request, obj, form, change)
        if change and "title" in form.changed_data:
            Article.objects.filter(series=obj).index()
