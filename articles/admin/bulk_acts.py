"""Acts on several articles of the list that ask first: publishing, and changing their fields.

Also the duplicate of one article, which the form's menu offers.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from mptt.forms import TreeNodeChoiceField

from articles.admin.outcomes import describe_refusal
from articles.admin.tags import TagsField
from articles.duplicating import duplicate_article
from articles.models import Article, Category
from articles.models.readiness import check_ready
from articles.workflow import Status, Verb, may_change, states_open_to

MOST = 500  # articles in one act
CONFIRMED = "confirmed"  # a field: the page has asked
PUBLISH = "admin/articles/article/bulk_publish.html"
CHANGE = "admin/articles/article/bulk_change.html"


class TagNamesField(TagsField):
    """Names of tags, separated by commas, in a line."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.TextInput(attrs={"class": "vTextField"}), **kwargs)

    def prepare_value(self, value):
        return value if isinstance(value, str) else ", ".join(super().prepare_value(value))


class ChangeManyForm(forms.Form):
    """What is changed of all chosen articles; an empty field leaves it as it is."""

    category = TreeNodeChoiceField(
        Category.objects.all(),
        label=_("Move to the category"),
        required=False,
        empty_label=_("as it is"),
    )
    add_tags = TagNamesField(
        label=_("Add the tags"), required=False, help_text=_("Several are separated by commas.")
    )
    remove_tags = TagNamesField(label=_("Remove the tags"), required=False)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(_("Choose what to change."), code="nothing")
        return cleaned


class BulkActs(admin.ModelAdmin):
    """Needs ``StateActions``, which changes the states."""

    change_many_form = ChangeManyForm

    def get_urls(self):
        view = self.admin_site.admin_view(self.duplicate_view)
        own = path("<path:object_id>/duplicate/", view, name="articles_article_duplicate")
        return [own, *super().get_urls()]

    @admin.action(description=_("Publish…"), permissions=["publish"])
    def publish(self, request, queryset):
        """Ask first: the page says of each article what it lacks, and sends the action again."""
        articles = self._choose_few(request, queryset)
        if articles and CONFIRMED in request.POST:
            self._change_state(request, articles, Status.PUBLISHED, Article.publish)
            return None
        if not articles:
            return None
        public = [article for article in articles if article.status == Status.PUBLISHED]
        others = [article for article in articles if article not in public]
        faults = [(article, find_faults(article, request.user)) for article in others]
        context = {
            "title": _("Publish"),
            "public": public,
            "ready": [article for article, reasons in faults if not reasons],
            "lacking": [(article, reasons) for article, reasons in faults if reasons],
        }
        return self._ask_about(request, PUBLISH, "publish", context)

    @admin.action(description=_("Change…"), permissions=["change"])
    def change_many(self, request, queryset):
        """Ask what to change of all chosen articles; the page sends the action again."""
        articles = self._choose_few(request, queryset)
        if not articles:
            return None
        form = self.change_many_form(request.POST if CONFIRMED in request.POST else None)
        self.prepare_change_many(request, form)
        if form.is_valid():
            self._change_all(request, articles, form.cleaned_data)
            return None
        context = {"title": _("Change several articles"), "articles": articles, "form": form}
        return self._ask_about(request, CHANGE, "change_many", context)

    def prepare_change_many(self, request, form):
        """Remove the fields that a user may not change."""

    def change_beside(self, request, article, cleaned):
        """Change what does not belong to the article itself."""

    def duplicate_view(self, request, object_id):
        """Duplicate an article, and open the form of the duplicate."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.get_object(request, unquote(object_id))
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_add_permission(request) or not self.has_view_permission(request, article):
            raise PermissionDenied
        duplicate = duplicate_article(article, by=request.user)
        self.log_addition(request, duplicate, [{"added": {}}])
        message = _("This is a duplicate of “%(title)s”, a draft with an address of its own.")
        self.message_user(request, message % {"title": article}, messages.SUCCESS)
        form = reverse("admin:articles_article_change", args=[duplicate.pk])
        return HttpResponseRedirect(form)

    def _choose_few(self, request, queryset):
        articles = list(queryset.select_related("category")[: MOST + 1])
        if len(articles) > MOST:
            message = _("Choose at most %(most)d articles.") % {"most": MOST}
            self.message_user(request, message, messages.WARNING)
            return []
        return articles

    def _change_all(self, request, articles, cleaned):
        count = 0
        for article in articles:
            try:
                with transaction.atomic():
                    self._change_fields(request, article, cleaned)
                    self.change_beside(request, article, cleaned)
            except PermissionDenied:
                message = _("“%(title)s” cannot be changed now.") % {"title": article}
                self.message_user(request, message, messages.WARNING)
            except ValidationError as error:
                self.message_user(request, describe_refusal(article, error), messages.WARNING)
            else:
                count += 1
        message = ngettext("%(count)d article changed.", "%(count)d articles changed.", count)
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, message % {"count": count}, level)

    def _change_fields(self, request, article, cleaned):
        """Change an article as it is under its lock, as one revision."""
        current = Article.objects.select_for_update().filter(pk=article.pk).first()
        if current is None or current.is_trashed or not may_change(request.user, current):
            raise PermissionDenied
        category, added, removed = (
            cleaned[name] for name in ("category", "add_tags", "remove_tags")
        )
        if not (category or added or removed):
            return
        current.category = category or current.category
        current._history_user = request.user

        def save_tags():
            current.tags.add(*added)
            current.tags.remove(*removed)

        current.save_whole(save_tags)
        self.log_change(request, current, [{"changed": {"fields": [str(_("Placement"))]}}])

    def _ask_about(self, request, template, action, context):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "action": action,
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            **context,
        }
        return TemplateResponse(request, template, context)


def find_faults(article, user):
    """Return why an article would not be published now, as sentences."""
    current = Article.objects.get(pk=article.pk)
    if Status.PUBLISHED not in states_open_to(user, current.status):
        return [_("It cannot be published in its present state.")]
    current.status, current.published_at = (
        Status.PUBLISHED,
        current.published_at or timezone.now(),
    )
    try:
        check_ready(current, article, Verb.PUBLISH)
    except ValidationError as error:
        return error.messages
    return []
