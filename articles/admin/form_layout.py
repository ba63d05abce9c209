"""The layout of the article's form: one verb in its head, the text, and the parts beside it.

A fieldset or an inline with the class ``open`` is a part that stands open; the others are folded
rows with their present value. So a new field needs no template.
"""

from dataclasses import dataclass, field

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.admin.forms import STATE_BUTTON, Button
from articles.admin.presence import format_moment
from articles.admin.version_list import CHANGE, COPY
from articles.state_cells import State, read_state
from articles.workflow import Status, may_publish

OPEN = "open"  # the class of a fieldset or inline that is not folded
TEXT = ("title", "slug", "lead", "body", "elsewhere", "minor")  # fields with a place of their own
NOTHING = pgettext_lazy("value", "none")
LONGEST = 40  # characters of a present value


@dataclass(frozen=True, slots=True)
class FormVerb:
    """A submit button of the form."""

    name: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part beside the text: fields, or the rows of an inline."""

    key: str
    heading: str
    lines: list = field(default_factory=list)
    formset: object = None
    help: str = ""
    value: str = ""
    is_open: bool = False
    has_errors: bool = False


SAVE = FormVerb("_save", "1", _("Save and close"))
UPDATE = FormVerb("_save", "1", _("Update"))
CONTINUE = FormVerb("_continue", "1", _("Save and go on writing"))
CHANGE_VERBS = {
    "save": _("Save the change"),
    "submit": _("Submit for review"),
    "apply": _("Apply the change now"),
}


class FormLayout(admin.ModelAdmin):
    """Comes last among the bases of the admin, so that the context of the others is complete."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form, original = context["adminform"].form, context.get("original")
        may_save = self.has_change_permission(request, obj) if change else True
        newest = getattr(form, "newest", None)
        verbs = list_verbs(request.user, form, context) if may_save else []
        context |= {
            "head_state": read_state(original) if original else State(Status.DRAFT.value, None),
            "stored_at": format_moment(newest.history_date).split(" ") if newest else [],
            "stored_version": newest and newest.pk,
            "ahead_version": CHANGE if context.get("change_is_open") else COPY,
            "primary": verbs[0] if verbs else None,
            "other_verbs": verbs[1:],
            "may_save": may_save,
            "is_ahead": is_ahead(original, context),
            "text_fields": pick_lines(context["adminform"]),
            "parts": build_parts(context["adminform"], context["inline_admin_formsets"]),
            "place_errors": list_errors(context["adminform"], context["inline_admin_formsets"]),
            "revisions": original.history.count() if original else 0,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)


def is_ahead(original, context):
    """Whether the form of a public article shows words that readers do not see yet."""
    if original is None or not original.is_published:
        return False
    return bool(context.get("change_is_open") or context["saving"]["chosen"])


def list_verbs(user, form, context):
    """Return the submit buttons; the first is the one that fits the state and the rights."""
    if context.get("change_is_open"):
        names = ["submit", "save"]
        if context["may_apply_change"]:
            names = ["apply", *names]
        return [FormVerb("_change", name, CHANGE_VERBS[name]) for name in names]
    states = [FormVerb(STATE_BUTTON, *button) for button in context["state_buttons"]]
    primary = choose_verb(user, form, {verb.value: verb for verb in states})
    saves = [] if primary.name == "_save" else [SAVE]
    return [primary, CONTINUE, *saves, *(verb for verb in states if verb != primary)]


def choose_verb(user, form, states):
    """Return the verb of the head; ``states`` are the buttons of the state by their values."""
    if form.state == Status.PUBLISHED:
        return UPDATE
    at = form.instance.published_at
    if may_publish(user):
        is_later = at is not None and at > timezone.now() and Button.SCHEDULE.value in states
        wanted = Button.SCHEDULE if is_later else Button.PUBLISH
    else:
        wanted = Button.REVIEW
    return states.get(wanted.value, SAVE)


# The parts


def pick_lines(adminform):
    """Return the lines of the fields with a place of their own, by the names of the fields."""
    return {
        name: line
        for fieldset in adminform
        for line in fieldset
        for name in TEXT
        if name in line.fields
    }


def build_parts(adminform, formsets):
    """Return the parts beside the text: those that stand open first, then the folded rows."""
    parts = [_build_fields(fieldset) for fieldset in adminform]
    parts += [_build_rows(formset) for formset in formsets]
    return sorted((part for part in parts if part), key=lambda part: not part.is_open)


def _build_fields(fieldset):
    lines = [line for line in fieldset if not set(TEXT) & set(line.fields)]
    if not any(line.has_visible_field for line in lines):
        return Part("rest", "", lines) if lines else None
    classes = fieldset.classes.split()
    is_open = OPEN in classes
    values = [] if is_open else [describe_value(each) for line in lines for each in line]
    return Part(
        key=lines[0].fields[0],
        heading=fieldset.name or "",
        lines=lines,
        help=fieldset.description or "",
        value=Truncator("　".join(filter(None, values)) or NOTHING).chars(LONGEST),
        is_open=is_open,
        has_errors=any(line.errors() for line in lines),
    )


def _build_rows(formset):
    count = len(formset.formset.initial_forms)
    count += sum(form.has_changed() for form in formset.formset.extra_forms)
    return Part(
        key=formset.formset.prefix,
        heading=formset.opts.verbose_name_plural,
        formset=formset,
        help=getattr(formset.opts, "description", ""),
        value=str(count or NOTHING),
        is_open=OPEN in (formset.opts.classes or []),
        has_errors=formset.formset.is_bound and bool(formset.formset.total_error_count()),
    )


def describe_value(shown):
    """Return the present value of a field of the form in few words, empty if it has none."""
    if shown.is_readonly:
        return ""
    bound = shown.field
    if bound.is_hidden:
        return ""
    value, kind = bound.value(), bound.field
    if isinstance(kind, forms.BooleanField):
        return str(bound.label) if value else ""
    if isinstance(kind, forms.ModelMultipleChoiceField):
        return ""
    if isinstance(kind, forms.ModelChoiceField):
        return str(getattr(bound.form.instance, bound.name, None) or "")
    if isinstance(kind, forms.SplitDateTimeField):
        moment = getattr(bound.form.instance, bound.name, None)
        return date_format(timezone.localtime(moment), "n/j H:i") if moment else ""
    if isinstance(kind, forms.ChoiceField):
        first = next((key for key, _label in kind.choices), None)
        return "" if value in (None, "", first) else str(dict(kind.choices).get(value, ""))
    return Truncator(" ".join(str(value or "").split())).chars(LONGEST)


def list_errors(adminform, formsets):
    """Return (label, anchor, sentences) of the fields that a form was refused for."""
    form = adminform.form
    places = [
        (form[name].label, f"id_{name}_place" if name == "body" else form[name].auto_id, errors)
        for name, errors in form.errors.items()
        if name in form.fields
    ]
    return places + [
        (formset.opts.verbose_name_plural, f"{formset.formset.prefix}-group", [])
        for formset in formsets
        if formset.formset.is_bound and formset.formset.total_error_count()
    ]
