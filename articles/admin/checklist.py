"""The checklist beside the form (公開まで), and the buttons that fit the state of an article.

The checklist is that of the words in the form. Its script (``static/admin_newsroom/saving``) asks
for it again whenever it has saved a working copy.
"""

from copy import copy

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from articles.admin.autosave import answer_script, read_fields
from articles.admin.forms import STATE_BUTTON, Button
from articles.admin.outcomes import describe_move, describe_state
from articles.admin.restoring import build_query
from articles.models.readiness import list_missing, list_warnings
from articles.workflow import Status, may_publish, states_open_to

BUTTONS = {
    Button.REVIEW: _("Submit for review"),
    Button.PUBLISH: _("Publish"),
    Button.SCHEDULE: _("Schedule"),
    Button.DRAFT: _("Return to draft"),
}
POINTS = {
    "title": _("Title"),
    "category": _("Category"),
    "lead": _("Lead"),
    "body": _("Text"),
    "alt": _("Alternative texts"),
    "credit": _("Credits"),
    "link": _("Links in the text"),
}
PLACES = {
    "body": "id_body_place",
    "lead_image": "id_lead_image",
    "card_image": "id_card_image",
}  # anchors of the form
TYPED = ("title", "lead", "body", "kind", "category", "lead_image", "card_image", "published_at")
TEMPLATE = "admin/articles/article/_checklist.html"


class Checklist(admin.ModelAdmin):
    """Shows what is missing until the publication, and says what a button has done."""

    def get_urls(self):
        view = self.show_checklist
        return [
            path("checklist/", view, name="articles_article_checklist_new"),
            path("<path:object_id>/checklist/", view, name="articles_article_checklist"),
            *super().get_urls(),
        ]

    @method_decorator([never_cache, require_POST])
    @answer_script
    def show_checklist(self, request, object_id=None):
        """Return the checklist for the fields of a form as HTML. Nothing is saved."""
        article = self._find_article_to_preview(request, object_id)
        request.POST = build_query(read_fields(request.POST))
        form = self._bind_form(request, article)
        return render(request, TEMPLATE, {"checklist": build_checklist(form)})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        context |= {
            "state_button": STATE_BUTTON,
            "state_buttons": list_buttons(request.user, form),
            "may_return": may_publish(request.user),
            "checklist": build_checklist(form) if form.fields else None,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        if self._say_outcome(request, obj):
            return self.response_post_save_add(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if self._say_outcome(request, obj):
            change = reverse("admin:articles_article_change", args=[obj.pk])
            if "_continue" in request.POST:
                return HttpResponseRedirect(change)
            return self.response_post_save_change(request, obj)
        return super().response_change(request, obj)

    def _say_outcome(self, request, article):
        """Add messages about a new state and a new address; returns whether there was a state."""
        before = article.stored_before
        if before and before.slug != article.slug and before.published_at:
            sentence = describe_move(article, before.get_absolute_url())
            self.message_user(request, sentence, messages.INFO)
        is_moved = before and before.is_scheduled and not is_same_second(before, article)
        if not (request.POST.get(STATE_BUTTON) or is_moved):
            return False
        self.message_user(request, describe_state(article), messages.SUCCESS)
        return True


def is_same_second(before, after):
    """Whether two versions of an article have the same date, to the second as in the form."""
    moments = before.published_at, after.published_at
    return len({moment and moment.replace(microsecond=0) for moment in moments}) == 1


def list_buttons(user, form):
    """Return the buttons that fit the state of the article in a form, as (value, label)."""
    states = states_open_to(user, form.state)
    is_scheduled = form.stored is not None and form.stored.is_scheduled
    buttons = []
    for button, label in BUTTONS.items():
        is_same = button.status == form.state
        if button.status not in states or (is_same and button != Button.PUBLISH):
            continue
        if is_same and not is_scheduled:
            continue
        if button == Button.SCHEDULE and form.state == Status.WITHDRAWN:
            continue
        buttons.append((button.value, _("Publish now") if is_same else label))
    return buttons


def build_checklist(form):
    """Return what the words in a form lack, the warnings, and the names of the points done."""
    article, tags = fill_typed(form), None
    if form.is_bound and "tags" in form.fields:
        tags = clean_typed(form, "tags")
    args = [article.pk] if article.pk else []
    is_public = form.stored is not None and form.stored.is_published
    missing = [_build_entry(item) for item in list_missing(article)]
    lacking = {entry["code"] for entry in missing}
    return {
        "url": reverse(f"admin:articles_article_checklist{'' if args else '_new'}", args=args),
        "heading": _("Check") if is_public else _("Before publication"),
        "missing": missing,
        "warnings": [_build_entry(item) for item in list_warnings(article, tags)],
        "done": [
            label
            for code, label in POINTS.items()
            if code not in lacking and not (code == "category" and article.is_page)
        ],
    }


def fill_typed(form):
    """Return a copy of the article of a form with what was typed, whether the form is valid or not.

    Fields that the form does not send stay as they are.
    """
    article = copy(form.instance)
    if form.is_bound:
        for name in TYPED:
            if name in form.fields and not _is_omitted(form, name):
                setattr(article, name, clean_typed(form, name))
    return article


def _is_omitted(form, name):
    widget = form.fields[name].widget
    return widget.value_omitted_from_data(form.data, form.files, form.add_prefix(name))


def clean_typed(form, name):
    """Return the value of a field: a text as it is if it has a fault, else None for a fault."""
    field, typed = form.fields[name], form[name].data
    try:
        return field.clean(typed)
    except ValidationError:
        return field.to_python(typed) if isinstance(field, forms.CharField) else None


def _build_entry(item):
    href = f"#{PLACES.get(item.field, f'id_{item.field}')}"
    if item.file_id:
        href = reverse("admin:articles_mediafile_change", args=[item.file_id])
    entry = {"code": item.code, "sentence": item.sentence, "href": href}
    return entry | {"file": item.file_id if item.field == "body" else None}
