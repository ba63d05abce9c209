"""The admin of the categories, a tree that is ordered by drag and drop."""

from functools import wraps

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Count
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from mptt.admin import DraggableMPTTAdmin
from mptt.forms import MPTTAdminForm

from articles.admin.deletion import GentleDeletion
from articles.models import Category
from articles.slugs import find_free_slug

DEEPEST = 5  # the deepest level with an indentation of its own


class CategoryForm(MPTTAdminForm):
    class Meta:
        model = Category
        fields = ["name", "slug", "parent", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False

    def clean_slug(self):
        others = Category.objects.exclude(pk=self.instance.pk)
        name = self.cleaned_data.get("name", "")
        return self.cleaned_data["slug"] or find_free_slug(name, among=others, fallback="category")


def lock_tree(view):
    """Decorate a view so that a POST first waits until no other request changes the tree."""

    @wraps(view)
    def locked_view(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            list(Category.objects.order_by("pk").select_for_update().values_list("pk"))
            return view(request, *args, **kwargs)

    return locked_view


@admin.register(Category)
@method_decorator(lock_tree, name="changelist_view")
@method_decorator(lock_tree, name="changeform_view")
@method_decorator(lock_tree, name="delete_view")
class CategoryAdmin(GentleDeletion, DraggableMPTTAdmin):
    """Each change locks the tree, because mptt computes moves from edges it read before."""

    form = CategoryForm
    list_display = ["tree_actions", "indented_title", "slug", "article_count"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    expand_tree_by_default = True

    class Media:
        css = {"all": ["admin_newsroom/category.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(article_count=Count("articles"))

    @admin.display(description=_("name"))
    def indented_title(self, item):
        level = min(item.level, DEEPEST)
        return format_html('<span class="branch branch--{}">{}</span>', level, item)

    @admin.display(description=_("articles"))
    def article_count(self, category):
        return category.article_count
