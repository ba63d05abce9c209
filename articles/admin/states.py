"""The states of an article in the admin: actions of the list, and the page for a withdrawal."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin.forms import WithdrawForm
from articles.admin.history import keep_snapshot
from articles.workflow import (
    DRAFT,
    PUBLISHED,
    REVIEW,
    WITHDRAWN,
    may_publish,
    states_open_to,
    works_on,
)

TEMPLATE = "admin/articles/article/withdraw.html"


class StateActions(admin.ModelAdmin):
    """Brings articles into other states with the verbs of the model."""

    actions = ["submit", "publish", "return_to_draft", "withdraw"]

    def has_publish_permission(self, request):
        return may_publish(request.user)

    def get_urls(self):
        view = self.admin_site.admin_view(self.withdraw_view)
        own = path("<path:object_id>/withdraw/", view, name="articles_article_withdraw")
        return [own, *super().get_urls()]

    @admin.action(description=_("Submit for review"), permissions=["change"])
    def submit(self, request, queryset):
        self._bring(request, queryset, REVIEW, lambda article: article.submit())

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request, queryset):
        self._bring(request, queryset, PUBLISHED, lambda article: article.publish())

    @admin.action(description=_("Return to draft"), permissions=["change"])
    def return_to_draft(self, request, queryset):
        self._bring(request, queryset, DRAFT, lambda article: article.return_to_draft())

    @admin.action(description=_("Withdraw…"), permissions=["publish"])
    def withdraw(self, request, queryset):
        """Ask for the note first; the page sends the action again."""
        form = WithdrawForm(request.POST if "note" in request.POST else None)
        if form.is_valid():
            self._withdraw(request, queryset, form.cleaned_data["note"])
            return None
        return self._ask_for_note(request, queryset, form, action="withdraw")

    def withdraw_view(self, request, object_id):
        """Withdraw one article, from its form."""
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
            "media": self.media,
        }
        return TemplateResponse(request, TEMPLATE, context)

    def _withdraw(self, request, articles, note):
        self._bring(request, articles, WITHDRAWN, lambda article: article.withdraw(note=note))

    def _bring(self, request, articles, state, verb):
        """Bring articles into a state by a verb, and tell which were left alone."""
        done, left = 0, []
        for article in articles:
            allowed = works_on(request.user, article) and state in states_open_to(
                request.user, article.status
            )
            if allowed and article.status != state and self._done(article, verb):
                self.log_change(request, article, [{"changed": {"fields": [str(state.label)]}}])
                done += 1
            else:
                left.append(str(article))
        if done:
            message = ngettext(
                "%(count)d article: %(state)s", "%(count)d articles: %(state)s", done
            )
            message %= {"count": done, "state": state.label}
            self.message_user(request, message, messages.SUCCESS)
        if left:
            message = _("Left as they are, for they cannot become “%(state)s”: %(titles)s")
            message %= {"state": state.label, "titles": " · ".join(left)}
            self.message_user(request, message, messages.WARNING)

    def _done(self, article, verb):
        """Do it; a date that stands against it (expired before it is published) is refused."""
        try:
            with transaction.atomic():
                verb(article)
                keep_snapshot(article)
        except IntegrityError:
            return False
        return True
