"""The admin of bylines: those of guests and agencies; those of accounts follow the accounts."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.admin.deletion import GentleDeletion
from articles.admin.picture import PictureWidget
from articles.models import Article, Byline
from articles.slugs import find_free_slug

PROFILE = ("role", "line", "portrait", "mail")  # fields of what readers see on the page


class BylineForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self):
        """A guest always has a slug, and no number: numbers are the addresses of accounts."""
        slug = self.cleaned_data["slug"]
        if slug and slug.isdigit():
            raise ValidationError(_("A slug needs at least one letter."), code="number")
        name = self.cleaned_data.get("name", "")
        stem = f"guest-{name}" if name.isdigit() else name
        return slug or find_free_slug(stem, among=Byline.objects.all(), fallback="guest")


@admin.register(Byline)
class BylineAdmin(GentleDeletion, admin.ModelAdmin):
    form = BylineForm
    list_display = ["name", "kind", "role", "user"]
    list_select_related = ["user"]
    list_filter = ["kind"]
    search_fields = ["name"]
    ordering = ["name", "pk"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_fields(self, request, obj=None):
        if obj and obj.user_id:
            return ["name", "user", *PROFILE]
        return ["name", "kind", *PROFILE, "slug"]

    def get_readonly_fields(self, request, obj=None):
        """The name of an account is changed there, and an address stays as it is."""
        if obj is None:
            return []
        return ["name", "user"] if obj.user_id else ["slug"]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "portrait":
            kwargs["widget"] = PictureWidget(db_field.remote_field, self.admin_site)
            return db_field.formfield(**kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        is_guest = obj is None or obj.user_id is None
        return is_guest and super().has_delete_permission(request, obj)

    def save_model(self, request, obj, form, change):
        """Save a byline, and the search entries of its articles."""
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            Article.objects.credited_to(obj).index()
