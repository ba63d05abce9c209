"""The admin site: its title, users, imported items, and articles with their threads."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from articles.admin import ArticleAdmin
from articles.admin.bulk_acts import ChangeManyForm as BulkForm
from articles.models import Article
from articles.web.word_filters import word_filter
from comments.admin import ReadOnly
from comments.models import Thread
from newsroom import group_admin  # noqa: F401
from newsroom.article_features import Featuring
from newsroom.import_jobs import admin as import_job_admin  # noqa: F401
from newsroom.models import ImportedItem, User

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Newsroom")
admin.site.enable_nav_sidebar = False  # the header of the desk leads everywhere


# The libraries would show the keys of everybody; here each person has pages for their own.
admin.site.unregister([StaticDevice, TOTPDevice])


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "display_name", "group_names", "standing", "last_login"]
    list_filter = [
        ("is_active", word_filter(_("May log in"), _("Locked"))),
        ("is_staff", word_filter(_("Staff members"), _("Others"))),
        ("is_superuser", word_filter(_("With all rights"), _("Others"))),
        "groups",
    ]
    search_fields = ["username", "display_name", "first_name", "last_name", "email"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Profile"), {"fields": ["display_name", "first_name", "last_name", "email"]}),
        (
            _("Permissions"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        *DjangoUserAdmin.add_fieldsets,
        (None, {"classes": ["wide"], "fields": ["display_name", "is_staff", "groups"]}),
    ]
    filter_horizontal = ["groups", "user_permissions"]
    list_per_page = 50

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def has_view_permission(self, request, obj=None):
        """Let editors find an author by name, and see nothing else of the users."""
        match = request.resolver_match
        if match is not None and match.url_name == "autocomplete":
            return request.user.has_perm("articles.change_any_article")
        return super().has_view_permission(request, obj)

    @admin.display(description=_("login"), ordering="is_active")
    def standing(self, user):
        return _("May log in") if user.is_active else _("Locked")

    @admin.display(description=_("groups"))
    def group_names(self, user):
        return ", ".join(group.name for group in user.groups.all())


@admin.register(ImportedItem)
class ImportedItemAdmin(ReadOnly):
    list_display = ["kind", "old_id", "object_id", "source"]
    list_filter = ["kind", "source"]
    search_fields = ["old_id", "=object_id"]


class ChangeManyForm(BulkForm):
    """What is changed of all chosen articles, their threads included."""

    comments = forms.ChoiceField(
        label=_("Comments"),
        required=False,
        choices=[
            ("", _("as it is")),
            ("open", _("Open to new comments")),
            ("closed", _("Close to new comments")),
        ],
    )


admin.site.unregister(Article)


@admin.register(Article)
class ArticleWithThreadAdmin(Featuring, ArticleAdmin):
    """Links each article to its comments, which the articles app does not know."""

    list_display = [*ArticleAdmin.list_display, "comments"]
    list_select_related = [*ArticleAdmin.list_select_related, "thread"]
    change_many_form = ChangeManyForm
    author_fields = ["username", "display_name", "first_name", "last_name"]

    def prepare_change_many(self, request, form):
        if not request.user.has_perm("comments.change_thread"):
            del form.fields["comments"]

    def change_beside(self, request, article, cleaned):
        if mode := cleaned.get("comments"):
            Thread.objects.of(article).set_open(mode == "open", by=request.user)

    @admin.display(description=_("comments"), ordering="thread__published_count")
    def comments(self, article):
        thread = getattr(article, "thread", None)
        if thread is None:
            return "–"
        address = f"{reverse('admin:comments_comment_changelist')}?thread__id__exact={thread.pk}"
        return format_html('<a href="{}">{}</a>', address, thread.published_count)
