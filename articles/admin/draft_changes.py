"""Draft changes of a public article in the admin: its own form, opened with ``?change``."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.forms.formsets import all_valid
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.admin.autosave import OF_CHANGE, PAGE, TAKEN, is_change_form
from articles.admin.form_rows import align_rows
from articles.admin.merge import MERGED, Rival
from articles.admin.restoring import RestoredFields
from articles.models import Article, ArticleChange
from articles.models.article_change import read_content
from articles.versions import Version, read_content_version
from articles.web.paging import read_integer
from articles.web.sentences import join_sentences
from articles.workflow import may_publish

CHANGE_BUTTON = "_change"
MOMENT, NOTE = "_change_at", "_change_note"  # fields beside the buttons
SEEN = "_change_seen"  # field: the version of the change that the form started from
UNSTORED = {
    *(CHANGE_BUTTON, MOMENT, NOTE, SEEN, OF_CHANGE, PAGE, TAKEN),
    *("csrfmiddlewaretoken", "seen", "_state", MERGED),
}
# Fields of the form that are no part of a change.
UNCHANGED = {
    *("author", "slug", "kind", "published_at", "expires_at", "withdrawal_note"),
    *("featured", "featured_until", "breaking_until"),
}
WORDS = {
    "save": _("The change was saved. Readers see the old text."),
    "submit": _("The change was submitted for review. Readers see the old text."),
    "return": _("The change was returned with your note."),
    "schedule": _("The change was scheduled for %(at)s. Until then readers see the old text."),
    "apply": _("The change was applied. Readers see the new text."),
    "keep": _("The change is based on the newer text now. Applying it replaces that text."),
    "discard": _("The change was discarded. The public text stays."),
}
FOR_PUBLISHERS = {"return", "schedule", "apply"}
WITH_TEXT = {"save", "submit", "schedule", "apply"}  # buttons that save the form's words first


class DraftChanges(admin.ModelAdmin):
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        request.article_change, request.refused_change = None, ()
        pk = read_integer(unquote(object_id or ""))
        if pk and is_change_form(request) and request.method == "GET":
            request.article_change = ArticleChange.objects.filter(article=pk).first()
        if pk and request.method == "POST" and request.POST.get(CHANGE_BUTTON) in WORDS:
            with transaction.atomic():
                response = self._press(request, pk, request.POST[CHANGE_BUTTON])
            if response:
                return response
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _press(self, request, pk, button):
        """Carry out a button; None if the form has errors, which the form then shows, and does not
        save."""
        article = Article.objects.select_for_update().filter(pk=pk).first()
        is_allowed = article and article.is_published
        is_allowed = is_allowed and self.has_change_permission(request, article)
        if not is_allowed or (button in FOR_PUBLISHERS and not may_publish(request.user)):
            raise PermissionDenied
        change = ArticleChange.objects.filter(article=article).first()
        form = reverse("admin:articles_article_change", args=[pk])
        if button in WITH_TEXT:
            if overlap := self._find_overlap(request, str(pk)):
                if not overlap.is_decided:
                    return self._ask(request, overlap)
                self._take_merged(request, overlap)
            change = self._save_words(request, article, change)
            if change is None:
                return None
        elif change is None:  # the form holds its words, which are not to become public
            message = _("The change was applied or discarded meanwhile. Nothing was saved.")
            self.message_user(request, message, messages.ERROR)
            return HttpResponseRedirect(form)
        elif request.POST.get(SEEN, change.version) != change.version:
            message = _("%(who)s saved the change meanwhile. Look at it before you go on.")
            if change.saved_by == request.user:
                message = _("You saved the change in another tab. Look at it before you go on.")
            who = change.saved_by or _("Another user")
            self.message_user(request, message % {"who": who}, messages.ERROR)
            return HttpResponseRedirect(f"{form}?change&saved")
        try:
            with transaction.atomic():
                carry_out(button, change, request)
        except ValidationError as refusal:
            self.message_user(request, join_sentences(refusal.messages), messages.ERROR)
            return HttpResponseRedirect(f"{form}?change")
        at = change.at and date_format(timezone.localtime(change.at), "DATETIME_FORMAT")
        self.log_change(request, article, [{"changed": {"fields": [str(_("draft change"))]}}])
        sentence = WORDS[button] % {"at": at}
        link = article.get_absolute_url()
        message = format_html('{} <a href="{}">{}</a>', sentence, link, _("View on site"))
        self.message_user(request, message, messages.SUCCESS)
        if button in WITH_TEXT:
            self._discard_saved(request)
        is_over = button in {"apply", "discard"}
        return HttpResponseRedirect(f"{form}?saved" if is_over else f"{form}?change&saved")

    def _find_overlap(self, request, object_id):
        """A form that saves a draft change overlaps with newer words of that change, and one that
        begins a change with a newer text of the article."""
        if CHANGE_BUTTON not in request.POST:
            return super()._find_overlap(request, object_id)
        pk, seen = read_integer(unquote(object_id or "")), request.POST.get(SEEN)
        change = ArticleChange.objects.select_related("article", "saved_by")
        change = change.filter(article=pk).first()
        if change is None:
            return super()._find_overlap(request, object_id)
        if not self.has_change_permission(request, change.article):
            return None
        # Whether the article is newer than the change is asked when the change is applied.
        newest = change.article.history.values_list("pk", flat=True).first()
        request.POST = request.POST.copy()
        request.POST["seen"] = str(newest)
        if seen in (None, change.version):
            return None
        base = change.find_content(seen)
        return self._build_overlap(
            request,
            change.article,
            lambda names: Rival(
                key=change.version,
                field=SEEN,
                who=change.saved_by,
                at=change.saved_at,
                version=read_content_version(change.content, names),
                base=read_content_version(base, names) if base else Version({}),
            ),
        )

    def _save_words(self, request, article, change):
        """Save the form's words as a change: the form is saved, read and rolled back."""
        form, formsets = self._bind_forms(request, article)
        if not (form.is_valid() and all_valid(formsets)):
            errors = form.errors or {NON_FIELD_ERRORS: [_("The change was not saved.")]}
            request.refused_change = tuple(errors.items())
            return None
        if left_out := UNCHANGED.intersection(form.changed_data):
            names = ", ".join(str(form.fields[name].label) for name in sorted(left_out))
            message = _("These are no part of a change and stay as they are: %(names)s")
            self.message_user(request, message % {"names": names}, messages.WARNING)
        with transaction.atomic():
            changed = self.save_form(request, form, True)
            self.save_model(request, changed, form, True)
            self.save_related(request, form, formsets, True)
            content = read_content(Article.objects.get(pk=article.pk))
            transaction.set_rollback(True)
        fields = {name: values for name, values in request.POST.lists() if name not in UNSTORED}
        change = change or ArticleChange(article=Article.objects.get(pk=article.pk))
        is_minor = bool(form.cleaned_data.get("minor"))
        change.save_content(content, fields=fields, by=request.user, is_minor=is_minor)
        return change

    # The form

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refused = getattr(request, "refused_change", ())
        opened = getattr(request, "article_change", None)
        if opened and not request.working_copy:
            newest = obj.history.values_list("pk", flat=True).first()
            form.restored = RestoredFields({**opened.fields, "seen": [str(newest)]})
        return form

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        opened = getattr(request, "article_change", None)
        if opened and not request.working_copy:
            kwargs |= {"data": RestoredFields(opened.fields), "files": {}}
            rows = inline.model.objects.filter(**{inline.fk_name or "article": obj.pk})
            keys = [str(pk) for pk in rows.values_list("pk", flat=True)]
            align_rows(kwargs["data"], prefix, keys)
        return kwargs

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and obj.pk and obj.is_published and self.has_change_permission(request, obj):
            stored = ArticleChange.objects.select_related("saved_by").filter(article=obj.pk).first()
            is_open = is_change_form(request) and stored is not None
            context |= {
                "article_change": stored,
                "change_is_open": is_open,
                "change_seen": find_seen(request, stored),
                "change_is_stale": is_open and stored.is_stale,
                "may_apply_change": may_publish(request.user),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)


def find_seen(request, change):
    """Return the version of a draft change that a form starts from: none for the public text."""
    if request.method == "POST":
        return request.POST.get(SEEN, "")
    if change is None or not is_change_form(request):
        return ""
    copy = getattr(request, "working_copy", None)
    return copy.fields.get(SEEN, [""])[0] if copy else change.version


def carry_out(button, change, request):
    """Call the verb of a button; raises ``ValidationError`` with the reason not to."""
    match button:
        case "submit":
            change.submit()
        case "return":
            note = request.POST.get(NOTE, "").strip()
            if not note:
                raise ValidationError(_("Write a note to the writer."))
            change.return_to_writer(note)
        case "schedule":
            moment = forms.DateTimeField(required=False).clean(request.POST.get(MOMENT, ""))
            change.schedule(at=moment)
        case "apply":
            change.apply(by=request.user)
        case "keep":
            change.keep_mine()
        case "discard":
            change.delete()
