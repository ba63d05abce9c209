"""The admin of the categories, a tree that is ordered by drag and drop."""

from functools import wraps
from urllib.parse import unquote

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, F, IntegerField, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from mptt.admin import DraggableMPTTAdmin
from mptt.forms import MPTTAdminForm

from articles.admin.deletion import GentleDeletion
from articles.admin.term_merging import TermMerging
from articles.category_merging import list_filed, merge_categories
from articles.models import Category, Redirect
from articles.models.tag_name import fold_name
from articles.slugs import find_free_slug
from articles.web.addresses import build_path
from articles.web.paging import read_integer

DEEPEST = 5  # the deepest level with an indentation of its own
UP, DOWN = "_up", "_down"  # the names of the buttons that move a category
MOVES = {UP: ("↑", _("Move “%(name)s” up")), DOWN: ("↓", _("Move “%(name)s” down"))}


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
        slug = self.cleaned_data["slug"]
        if not slug:
            name = self.cleaned_data.get("name", "")
            slug = find_free_slug(name, among=others, fallback="category")
        redirect = Redirect.objects.for_path(build_path("articles:category", slug))
        is_own = redirect is None or redirect.category_id == self.instance.pk
        if not is_own and slug != self.instance.slug:
            raise ValidationError(
                _("Old links to this address lead to %(path)s. Choose another one."),
                code="redirect",
                params={"path": unquote(redirect.destination or redirect.path)},
            )
        return slug


def lock_tree(view):
    """Decorate a view so that a POST first waits until no other request changes the tree. A merge
    locks the tree by itself, after its articles."""

    @wraps(view)
    def locked_view(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            if "merge" not in request.POST.getlist("action"):
                list(Category.objects.order_by("pk").select_for_update().values_list("pk"))
            return view(request, *args, **kwargs)

    return locked_view


def _coalesce(edge, roots):
    """Return the edge below a parent, and of roots the number of a tree."""
    return Coalesce(edge, Subquery(roots), output_field=IntegerField())


def describe_place(category):
    """Return the names of a category and of those above it."""
    return " › ".join(str(each) for each in category.get_ancestors(include_self=True))


def find_namesakes(category):
    """Return the other categories whose name differs in width and case alone."""
    folded, others = fold_name(category.name), Category.objects.exclude(pk=category.pk)
    return [other for other in others if fold_name(other.name) == folded]


@admin.register(Category)
@method_decorator(lock_tree, name="changelist_view")
@method_decorator(lock_tree, name="changeform_view")
@method_decorator(lock_tree, name="delete_view")
class CategoryAdmin(TermMerging, GentleDeletion, DraggableMPTTAdmin):
    """Each change locks the tree, because mptt computes moves from edges it read before."""

    form = CategoryForm
    actions = ["merge"]
    list_display = ["tree_actions", "indented_title", "slug", "article_count", "moves"]
    ordering = ["tree_id", "lft"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    expand_tree_by_default = True

    def get_queryset(self, request):
        roots = Category.objects.filter(parent=None).values("tree_id")
        return (
            super()
            .get_queryset(request)
            .annotate(
                article_count=Count("articles"),
                first_place=_coalesce(F("parent__lft") + 1, roots.order_by("tree_id")[:1]),
                last_place=_coalesce(F("parent__rght") - 1, roots.order_by("-tree_id")[:1]),
            )
        )

    def changelist_view(self, request, *args, **kwargs):
        for name in MOVES:
            if request.method == "POST" and name in request.POST:
                return self._move_by_one(request, name)
        return super().changelist_view(request, *args, **kwargs)

    def _move_by_one(self, request, name):
        """Exchange a category with its neighbour, for the buttons, which need no script."""
        pk = read_integer(request.POST[name])
        category = pk and Category.objects.filter(pk=pk).first()
        if not self.has_change_permission(request, category or None):
            raise PermissionDenied
        if category:
            up = name == UP
            other = category.get_previous_sibling() if up else category.get_next_sibling()
            if other:
                category.move_to(other, "left" if up else "right")
                self.log_change(request, category, [{"changed": {"fields": ["lft"]}}])
        else:
            self.message_user(request, _("This category is gone."), messages.WARNING)
        return HttpResponseRedirect(f"{request.get_full_path()}#{name.strip('_')}-{pk}")

    @admin.display(description=_("order"))
    def moves(self, category):
        """The buttons that move a category among its neighbours."""
        place = category.lft if category.parent_id else category.tree_id
        end = category.rght if category.parent_id else category.tree_id
        return format_html_join(
            "",
            '<button type="submit" class="branch__move" id="{}-{}" name="{}" value="{}"'
            ' aria-label="{}"{}>{}</button>',
            [
                (
                    name.strip("_"),
                    category.pk,
                    name,
                    category.pk,
                    label % {"name": category},
                    mark_safe(" disabled") if is_end else "",
                    sign,
                )
                for (name, (sign, label)), is_end in zip(
                    MOVES.items(),
                    (place == category.first_place, end == category.last_place),
                    strict=True,
                )
            ],
        )

    def merge_terms(self, kept, others):
        return merge_categories(kept, others)

    def count_articles(self, terms):
        return len(list_filed(terms))

    def save_model(self, request, obj, form, change):
        """Save a category; say if another one has the same name."""
        super().save_model(request, obj, form, change)
        if "name" in form.changed_data and (namesakes := find_namesakes(obj)):
            links = format_html_join(
                ", ",
                '<a href="{}">{}</a>',
                [
                    (
                        reverse("admin:articles_category_change", args=[other.pk]),
                        describe_place(other),
                    )
                    for other in namesakes
                ],
            )
            message = _(
                "There is another category of this name: %(links)s. Are they one? Then merge them."
            )
            sentence = format_html(str(message) % {"links": "{}"}, links)
            self.message_user(request, sentence, messages.WARNING)

    @admin.display(description=_("name"))
    def indented_title(self, item):
        level = min(item.level, DEEPEST)
        return format_html('<span class="branch branch--{}">{}</span>', level, item)

    @admin.display(description=_("articles"))
    def article_count(self, category):
        return category.article_count
