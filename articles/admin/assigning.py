"""Assignments in the admin: the page that assigns an article, and the filter of the list."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from articles.models import Assignment
from articles.web.paging import read_integer
from articles.workflow import OPEN, may_change_any

TEMPLATE = "admin/articles/article/assign.html"
MINE, DUE = "mine", "due"


class AssignForm(forms.Form):
    assignee = forms.ModelChoiceField(
        get_user_model().objects.none(),
        label=_("assigned to"),
        required=False,
        empty_label=_("nobody"),
        help_text=_("The writer of the article, and whoever may change the articles of others."),
    )
    due_on = forms.DateField(
        label=_("due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "vTextField"}, format="%Y-%m-%d"),
        help_text=_("The desk of this person shows it, the earliest day first."),
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = people


class Assigning(admin.ModelAdmin):
    """Whoever may change the articles of others may assign them."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.assign_view)
        return [
            path("<path:object_id>/assign/", view, name="articles_article_assign"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["may_assign"] = obj and obj.pk and self._may_assign(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _may_assign(self, request, article):
        may_change_it = self.has_change_permission(request, article)
        return may_change_any(request.user) and may_change_it and article.status in OPEN

    def assign_view(self, request, object_id):
        article = self.get_object(request, unquote(object_id))
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self._may_assign(request, article):
            raise PermissionDenied
        known = article.open_assignment
        initial = {"assignee": known and known.assignee_id, "due_on": known and known.due_on}
        people = article.list_possible_assignees()
        form = AssignForm(request.POST or None, people=people, initial=initial)
        if form.is_valid():
            try:
                made = article.assign(**form.cleaned_data, by=request.user)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return self._answer_assigned(request, article, made)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Assign"),
            "opts": self.opts,
            "article": article,
            "form": form,
        }
        return TemplateResponse(request, TEMPLATE, context)

    def _answer_assigned(self, request, article, assignment):
        self.log_change(request, article, [{"changed": {"fields": ["assignment"]}}])
        sentence = _("The article is assigned to nobody.")
        if assignment:
            sentence = _("The article is assigned to %(name)s.") % {"name": assignment.assignee}
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


class AssigneeFilter(admin.SimpleListFilter):
    """The articles that are assigned to somebody, or that are due."""

    title = _("assigned to")
    parameter_name = "assigned"

    def lookups(self, request, model_admin):
        open_ones = Assignment.objects.open().visible_to(request.user)
        others = get_user_model().objects.exclude(pk=request.user.pk)
        people = others.filter(Exists(open_ones.filter(assignee=OuterRef("pk"))))
        return [
            (MINE, _("me")),
            (DUE, _("due today or late")),
            *((str(user.pk), str(user)) for user in people.order_by("username")),
        ]

    def queryset(self, request, queryset):
        assignments = Assignment.objects.open()
        match self.value():
            case None | "":
                return queryset
            case "mine":
                assignments = assignments.filter(assignee=request.user)
            case "due":
                assignments = assignments.due()
            case pk:
                assignments = assignments.filter(assignee=read_integer(pk))
        return queryset.filter(pk__in=assignments.values("article"))
