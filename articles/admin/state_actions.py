"""Changes of state in the admin: the actions of the list and the form of a withdrawal."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin.forms import WithdrawForm
from articles.admin.outcomes import describe_refusal, describe_state
from articles.models import Article
from articles.workflow import (
    REFUSAL,
    Status,
    TransitionRefused,
    may_change,
    may_publish,
    states_open_to,
)

NAMED = 5  # articles that get a sentence of their own
TEMPLATE = "admin/articles/article/withdraw.html"


class StateActions(admin.ModelAdmin):
    """Changes the states of articles with the verbs of the model; ``BulkActs`` publishes."""

    actions = [
        *("submit", "publish", "schedule", "return_to_draft", "withdraw", "change_many"),
        *("delete_selected", "restore", "empty"),
    ]

    def has_publish_permission(self, request):
        return may_publish(request.user)

    def get_urls(self):
        view = self.admin_site.admin_view(self.withdraw_view)
        own = path("<path:object_id>/withdraw/", view, name="articles_article_withdraw")
        return [own, *super().get_urls()]

    @admin.action(description=_("Submit for review"), permissions=["change"])
    def submit(self, request, queryset):
        self._change_state(request, queryset, Status.REVIEW, Article.submit)

    @admin.action(description=_("Schedule"), permissions=["publish"])
    def schedule(self, request, queryset):
        self._change_state(request, queryset, Status.PUBLISHED, Article.schedule)

    @admin.action(description=_("Return to draft"), permissions=["change"])
    def return_to_draft(self, request, queryset):
        self._change_state(request, queryset, Status.DRAFT, Article.return_to_draft)

    @admin.action(description=_("Withdraw…"), permissions=["publish"])
    def withdraw(self, request, queryset):
        """Ask for the note on a page of its own, which sends the action again."""
        form = WithdrawForm(request.POST if "note" in request.POST else None)
        if form.is_valid():
            self._withdraw(request, queryset, form.cleaned_data["note"])
            return None
        return self._ask_for_note(request, queryset, form, action="withdraw")

    def withdraw_view(self, request, object_id):
        """Withdraw one article; its form links here."""
        article = self.get_object(request, unquote(object_id))
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not may_publish(request.user) or not self.has_change_permission(request, article):
            raise PermissionDenied
        form = WithdrawForm(request.POST or None, initial={"note": article.withdrawal_note})
        if form.is_valid():
            self._withdraw(request, [article], form.cleaned_data["note"])
            change = reverse("admin:articles_article_change", args=[article.pk])
            return HttpResponseRedirect(change)
        return self._ask_for_note(request, [article], form, action="")

    def _ask_for_note(self, request, articles, form, *, action):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Withdraw"),
            "opts": self.opts,
            "articles": articles,
            "form": form,
            "action": action,
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, TEMPLATE, context)

    def _withdraw(self, request, articles, note):
        self._change_state(
            request, articles, Status.WITHDRAWN, lambda article: article.withdraw(note=note)
        )

    def _change_state(self, request, articles, state, verb):
        """Change the state of articles by a verb, and list those whose state does not change."""
        changed, refused = [], []
        for article in articles:
            try:
                current = self._change_one(request.user, article, state, verb)
            except TransitionRefused:
                refused.append(str(article))
            except ValidationError as error:
                message = describe_refusal(article, error)
                self.message_user(request, message, messages.WARNING)
            else:
                self.log_change(request, article, [{"changed": {"fields": [str(state.label)]}}])
                changed.append(current)
        for article in changed[:NAMED]:
            self.message_user(request, describe_state(article), messages.SUCCESS)
        if more := changed[NAMED:]:
            message = ngettext(
                "%(count)d article: %(state)s", "%(count)d articles: %(state)s", len(more)
            )
            message %= {"count": len(more), "state": state.label}
            self.message_user(request, message, messages.SUCCESS)
        if refused:
            message = REFUSAL % {"state": state.label, "titles": " · ".join(refused)}
            self.message_user(request, message, messages.WARNING)

    def _change_one(self, user, article, state, verb):
        """Call a verb on the article as it is under its lock; a colleague may have changed it.

        Returns the article.
        """
        with transaction.atomic():
            current = Article.objects.select_for_update().filter(pk=article.pk).first()
            is_open = (
                current is not None
                and may_change(user, current)
                and state != current.status
                and state in states_open_to(user, current.status)
            )
            if not is_open:
                raise TransitionRefused(article, state)
            verb(current)
            return current
