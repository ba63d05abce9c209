"""The trash in the admin: deleting moves articles there, and they come back whole."""

from collections import Counter

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin.deletion import GentleDeletion
from articles.admin.filters import StateFilter
from articles.admin.outcomes import describe_refusal, describe_state
from articles.models import Article
from articles.models.readiness import NotReady
from articles.web.sentences import join_sentences
from articles.workflow import Status, TransitionRefused, may_change, may_empty_trash, may_publish

FOLDER = "admin/articles/article"
OF_TRASH = {"restore", "empty"}  # actions


class TrashForm(forms.Form):
    """The yes to moving articles to the trash; public ones need a second one."""

    post = forms.CharField(widget=forms.HiddenInput, initial="yes")
    sure = forms.BooleanField(label=_("Readers lose these pages"), required=True)

    def __init__(self, *args, is_public, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_public:
            del self.fields["sure"]


class EmptyForm(forms.Form):
    sure = forms.BooleanField(label=_("Delete for good"), required=True)


class Trash(GentleDeletion):
    """Needs the right to delete for the way in and back, and one of its own for emptying."""

    def get_actions(self, request):
        """Offer those of the trash in its own list only."""
        is_trash = request.GET.get(StateFilter.parameter_name) == Status.TRASH.value
        actions = super().get_actions(request).items()
        return {name: each for name, each in actions if is_trash or name not in OF_TRASH}

    def has_empty_permission(self, request):
        return may_empty_trash(request.user)

    def get_urls(self):
        view = self.admin_site.admin_view(self.restore_view)
        own = path("<path:object_id>/restore/", view, name="articles_article_restore")
        return [own, *super().get_urls()]

    def delete_view(self, request, object_id, extra_context=None):
        """Ask, and move one article to the trash; its form links here."""
        article = self.get_object(request, unquote(object_id))
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_delete_permission(request, article):
            raise PermissionDenied
        response = self._ask_to_trash(request, [article], action="")
        return response or HttpResponseRedirect(reverse("admin:articles_article_changelist"))

    @admin.action(description=_("Move to the trash…"), permissions=["delete"])
    def delete_selected(self, request, queryset):
        return self._ask_to_trash(request, list(queryset), action="delete_selected")

    def _ask_to_trash(self, request, articles, *, action):
        """Move articles to the trash if the form says yes; otherwise return the page that asks."""
        public = [article for article in articles if article.status == Status.PUBLISHED]
        data = request.POST if "post" in request.POST else None
        form = TrashForm(data, is_public=bool(public))
        if form.is_valid():
            self._change_articles(request, articles, Article.trash, self._may_trash)
            return None
        context = {"title": _("Move to the trash"), "articles": articles, "public": public}
        return self._render(request, "trash", context | {"form": form, "action": action})

    def _may_trash(self, user, article):
        is_open = article.status not in {Status.PUBLISHED, Status.TRASH} or (
            article.status == Status.PUBLISHED and may_publish(user)
        )
        return is_open and may_change(user, article)

    def restore_view(self, request, object_id):
        """Ask, and bring one article back from the trash."""
        article = self.get_object(request, unquote(object_id))
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not (self.has_delete_permission(request) and self._may_restore(request.user, article)):
            raise PermissionDenied
        if request.method == "POST":
            self._change_articles(request, [article], restore, self._may_restore)
            change = reverse("admin:articles_article_change", args=[article.pk])
            return HttpResponseRedirect(change)
        context = {"title": _("Restore"), "articles": [article], "form": forms.Form()}
        return self._render(request, "restore", context | {"action": ""})

    @admin.action(description=_("Restore from the trash"), permissions=["delete"])
    def restore(self, request, queryset):
        self._change_articles(request, list(queryset), restore, self._may_restore)

    def _may_restore(self, user, article):
        if not article.is_trashed or not may_change(user, article):
            return False
        return article.trashed_from != Status.PUBLISHED or may_publish(user)

    def _change_articles(self, request, articles, verb, may):
        """Call a verb on each article as it is under its lock, and say what happened."""
        for article in articles:
            with transaction.atomic():
                rows = Article.objects.select_for_update().filter(pk=article.pk)
                current = rows.first()
                if current is None or not may(request.user, current):
                    refusal = TransitionRefused(article, verb_state(verb))
                    self.message_user(request, join_sentences(refusal.messages), messages.WARNING)
                    continue
                refusal = verb(current)
            self.log_change(request, current, [{"changed": {"fields": [current.status]}}])
            self.message_user(request, describe_state(current), messages.SUCCESS)
            if refusal:
                sentence = describe_refusal(current, refusal)
                self.message_user(request, sentence, messages.WARNING)

    # Emptying

    @admin.action(description=_("Delete for good…"), permissions=["empty"])
    def empty(self, request, queryset):
        """Delete articles of the trash for good, after a page that names what goes with them."""
        articles = list(queryset.trashed())
        free, protected = [], []
        for article in articles:
            article.kept_by = count_protected(article)
            (protected if article.kept_by else free).append(article)
        form = EmptyForm(request.POST if "sure" in request.POST else None) if free else None
        if form and form.is_valid():
            self._empty(request, free)
            return None
        counts = self.get_deleted_objects(free, request)[1] if free else {}
        context = {
            "title": _("Delete for good"),
            "articles": free,
            "protected_articles": protected,
            "counts": sorted(counts.items()),
            "form": form,
        }
        return self._render(request, "empty", context | {"action": "empty"})

    def _empty(self, request, articles):
        count = 0
        for article in articles:
            try:
                with transaction.atomic():
                    self.log_deletions(request, [article])
                    Article.objects.select_for_update().get(pk=article.pk).empty()
            except (ProtectedError, ValueError, Article.DoesNotExist):
                refusal = TransitionRefused(article, Status.TRASH)
                self.message_user(request, join_sentences(refusal.messages), messages.WARNING)
            else:
                count += 1
        message = ngettext(
            "%(count)d article was deleted for good.",
            "%(count)d articles were deleted for good.",
            count,
        )
        self.message_user(request, message % {"count": count}, messages.SUCCESS)

    def _render(self, request, name, context):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            **context,
        }
        return TemplateResponse(request, f"{FOLDER}/{name}.html", context)


def count_protected(article):
    """Return [(name, number)] of what keeps an article from being deleted for good."""
    try:
        Collector(using=article._state.db).collect([article])
    except ProtectedError as error:
        names = Counter(each._meta.verbose_name_plural for each in error.protected_objects)
        return sorted((str(name), count) for name, count in names.items())
    return []


def restore(article):
    """Bring an article back; as a draft if it may not be public. Returns why it may not."""
    try:
        article.restore()
    except NotReady as refusal:
        article.restore(as_draft=True)
        return refusal
    return None


def verb_state(verb):
    return Status.TRASH if verb is Article.trash else Status.DRAFT
