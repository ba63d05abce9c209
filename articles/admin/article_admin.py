"""The admin of articles."""

from functools import partial

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import models, transaction
from django.forms import SplitDateTimeField
from django.forms.widgets import Script
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.admin.article_list import ArticleList
from articles.admin.assigning import Assigning
from articles.admin.autocomplete import AutocompleteFields
from articles.admin.autosave import Autosave
from articles.admin.bulk_acts import BulkActs
from articles.admin.checklist import Checklist
from articles.admin.correction_form import Corrections
from articles.admin.draft_changes import DraftChanges, is_change_form
from articles.admin.editor import add_nonce, allow_editor
from articles.admin.elsewhere import may_take_pictures, take_pictures
from articles.admin.form_layout import OPEN, FormLayout
from articles.admin.forms import ArticleForm
from articles.admin.front_order import FrontOrder
from articles.admin.history import ArticleHistory
from articles.admin.inlines import CreditInline, RelatedInline, SourceInline, remove_links
from articles.admin.merge import Merging
from articles.admin.moment import MomentWidget
from articles.admin.picture import PictureWidget
from articles.admin.preview import Preview
from articles.admin.returning import Returning
from articles.admin.share_links import Sharing
from articles.admin.state_actions import StateActions
from articles.admin.suggesting import Suggesting
from articles.admin.tags import TagsField, TagsWidget
from articles.admin.trash import Trash
from articles.models import Article, ArticleSource, Credit
from articles.models.page_card import DESCRIPTION_LENGTH, TITLE_LENGTH
from articles.web.paging import read_integer
from articles.workflow import Status, may_change, may_change_any, may_publish, states_open_to

PLACEMENT_HELP = _(
    "The category decides the section and the address of lists; tags join articles across sections."
)
PICTURE_HELP = _(
    "Shown above the text, in lists and on cards. It needs an alternative text and a credit."
)
PUBLICATION_HELP = _(
    "A date to come schedules the article; without a date it appears when you publish it."
)
# Characters that fit where a text is shown.
FITS = {"seo_title": TITLE_LENGTH, "seo_description": DESCRIPTION_LENGTH}
PLACEMENT = ["category", "other_categories", "tags", "series", "series_number", "language"]
CARD = ["seo_title", "seo_description", "card_image"]
SHOWN = {ArticleSource, Credit}  # rows whose change is an update for readers


@admin.register(Article)
class ArticleAdmin(
    Suggesting,
    AutocompleteFields,
    DraftChanges,
    Merging,
    Autosave,
    ArticleList,
    FrontOrder,
    Returning,
    BulkActs,
    StateActions,
    Trash,
    Corrections,
    Preview,
    Sharing,
    Assigning,
    Checklist,
    FormLayout,
    ArticleHistory,
):
    form = ArticleForm
    inlines = [CreditInline, SourceInline, RelatedInline]
    autocomplete_fields = ["author", "other_categories", "series"]
    change_form_template = "admin/articles/article/change_form.html"
    formfield_overrides = {
        models.DateTimeField: {"form_class": SplitDateTimeField, "widget": MomentWidget}
    }

    class Media:
        js = [Script("admin_newsroom/saving/autosave.js", type="module")]

    # Rights

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and self._may_change(request, obj)

    def has_change_permission(self, request, obj=None):
        may_change_it = self._may_change(request, obj) and not (obj and obj.is_trashed)
        return super().has_change_permission(request, obj) and may_change_it

    def has_delete_permission(self, request, obj=None):
        may_trash_it = obj is None or self._may_trash(request.user, obj)
        return super().has_delete_permission(request, obj) and may_trash_it

    def _may_change(self, request, article):
        return article is None or may_change(request.user, article)

    # The form

    def get_fieldsets(self, request, obj=None):
        publication = ["status", "kind", "slug"]
        if may_publish(request.user):
            publication[1:1] = [
                *("published_at", "expires_at"),
                *("featured", "featured_until", "breaking_until"),
            ]
        if obj or may_change_any(request.user):
            publication.insert(0, "author")
        if obj and Status.WITHDRAWN in states_open_to(request.user, obj.status):
            publication.insert(2, "withdrawal_note")
        content = [
            (None, {"fields": ["title", "lead", "body", "elsewhere", "seen"]}),
            (
                _("Placement"),
                {"classes": [OPEN], "description": PLACEMENT_HELP, "fields": PLACEMENT},
            ),
            (
                _("Lead image"),
                {"classes": [OPEN], "description": PICTURE_HELP, "fields": ["lead_image"]},
            ),
            (_("Search results and cards"), {"fields": CARD}),
        ]
        if obj and obj.is_published:
            publication.append("minor")
            if is_change_form(request):  # the others are no part of a draft change
                publication = ["minor"]
        content.append((_("Publication"), {"description": PUBLICATION_HELP, "fields": publication}))
        if obj and not is_change_form(request):
            content.append((_("Note for the history"), {"fields": ["reason"]}))
        return content

    def get_prepopulated_fields(self, request, obj=None):
        has_slug = not (obj and is_change_form(request))
        return {"slug": ["title"]} if has_slug else {}

    def get_readonly_fields(self, request, obj=None):
        return [] if may_change_any(request.user) else ["author"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "tags":
            help_text = _("Separate tags with commas (or 、), or choose from the list.")
            widget = TagsWidget(db_field, self.admin_site)
            return db_field.formfield(form_class=TagsField, help_text=help_text, widget=widget)
        if db_field.name in {"lead_image", "card_image"}:
            widget = PictureWidget(db_field.remote_field, self.admin_site)
            return db_field.formfield(**kwargs, widget=widget)
        if db_field.name == "category":
            kwargs["level_indicator"] = "　"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in FITS:
            field.widget.attrs["data-fits"] = FITS[db_field.name]
        if db_field.name in {"author", "category", "other_categories", "series"}:
            remove_links(field, add=db_field.name in {"category", "series"})
        return field

    def get_changeform_initial_data(self, request):
        return {"author": request.user.pk, **super().get_changeform_initial_data(request)}

    @allow_editor
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show or save the form. Saving locks the article, so that what the form has checked
        still holds when it is saved."""
        if request.method == "POST" and may_take_pictures(request):
            take_pictures(request)  # before the lock: fetching takes seconds
        with transaction.atomic():
            if request.method == "POST" and (pk := read_integer(unquote(object_id or ""))):
                Article.objects.select_for_update().filter(pk=pk).values_list("pk").first()
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        states = states_open_to(request.user, form.state)
        if request.method == "POST":  # a refused form has changed the article in memory only
            form.data = form.data.copy()
            form.data["status"] = form.state
            form.data["seen"] = request.POST.get("seen") or form.initial["seen"] or ""
            context["original"] = form.stored
        context |= {
            "media": add_nonce(context["media"], request),
            "show_save_and_add_another": False,
            "may_withdraw": change
            and Status.WITHDRAWN in states
            and form.state != Status.WITHDRAWN,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Saving

    def save_model(self, request, obj, form, change):
        """Set the author and the time of the update; ``save_related`` saves the article."""
        obj._history_user = request.user
        obj._change_reason = form.cleaned_data.get("reason") or None
        obj.stored_before = form.stored
        if not change and not may_change_any(request.user):
            obj.author = request.user
        if form.content_changed and form.sets_update:
            obj.updated_at = timezone.now()

    def save_related(self, request, form, formsets, change):
        sources_changed = any(
            formset.model in SHOWN and formset.has_changed() for formset in formsets
        )
        if sources_changed and form.sets_update:
            form.instance.updated_at = timezone.now()
        form.instance.save_whole(partial(super().save_related, request, form, formsets, change))
