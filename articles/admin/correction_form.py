"""The page of the admin that adds a correction or an addition to a public article."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.models.corrections import CorrectionKind
from articles.workflow import may_publish

TEMPLATE = "admin/articles/article/correct.html"


class CorrectionForm(forms.Form):
    kind = forms.ChoiceField(label=_("kind"), choices=CorrectionKind, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("text"),
        help_text=_("Shown to readers with the date. Say what was wrong and what is right."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )


class EditNoteForm(CorrectionForm):
    seen = forms.CharField(widget=forms.HiddenInput, strip=False)


class Corrections(admin.ModelAdmin):
    def get_urls(self):
        view = self.admin_site.admin_view(self.correct_view)
        edit = self.admin_site.admin_view(self.edit_note_view)
        return [
            path(
                "<path:object_id>/correct/<slug:anchor>/", edit, name="articles_article_edit_note"
            ),
            path("<path:object_id>/correct/", view, name="articles_article_correct"),
            *super().get_urls(),
        ]

    def correct_view(self, request, object_id):
        """Ask for a note, and add it. The page lists those that are there."""
        article = self._find_article_to_correct(request, object_id)
        initial = {"kind": CorrectionKind.CORRECTION}
        form = CorrectionForm(request.POST or None, initial=initial)
        if form.is_valid():
            try:
                article.correct(**form.cleaned_data, by=request.user)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                message = _("The note was added. The article is marked as updated.")
                return self._answer(request, article, article.dated_notes[0], message)
        return self._ask_for_text(request, article, form, notes=article.dated_notes)

    def edit_note_view(self, request, object_id, anchor):
        """Ask for another text of a note, such as one without a typo."""
        article = self._find_article_to_correct(request, object_id)
        note = next((each for each in article.dated_notes if each.anchor == anchor), None)
        if note is None:
            raise Http404("No such note")
        initial = {"kind": note.kind, "text": note.text, "seen": note.text}
        form = EditNoteForm(request.POST or None, initial=initial)
        if form.is_valid():
            try:
                article.edit_note(anchor, **form.cleaned_data, by=request.user)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                message = _("The note was changed. The date of the update stays.")
                return self._answer(request, article, note, message)
        return self._ask_for_text(request, article, form, note=note)

    def _find_article_to_correct(self, request, object_id):
        article = self.get_object(request, unquote(object_id))
        if article is None:
            raise Http404("No such article")
        if not may_publish(request.user) or not self.has_change_permission(request, article):
            raise PermissionDenied
        return article

    def _ask_for_text(self, request, article, form, *, note=None, notes=()):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Edit the note") if note else _("Correction or addition"),
            "opts": self.opts,
            "article": article,
            "form": form,
            "note": note,
            "notes": notes,
        }
        return TemplateResponse(request, TEMPLATE, context)

    def _answer(self, request, article, note, message):
        self.log_change(request, article, [{"changed": {"fields": [str(note.label)]}}])
        link = f"{article.get_absolute_url()}#{note.anchor}"
        sentence = format_html('{} <a href="{}">{}</a>', message, link, _("View on site"))
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
