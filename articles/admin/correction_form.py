"""The page of the admin that adds a correction or an addition to a public article."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
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


class Corrections(admin.ModelAdmin):
    def get_urls(self):
        view = self.admin_site.admin_view(self.correct_view)
        own = path("<path:object_id>/correct/", view, name="articles_article_correct")
        return [own, *super().get_urls()]

    def correct_view(self, request, object_id):
        article = self.get_object(request, unquote(object_id))
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not may_publish(request.user) or not self.has_change_permission(request, article):
            raise PermissionDenied
        initial = {"kind": CorrectionKind.CORRECTION}
        form = CorrectionForm(request.POST or None, initial=initial)
        if form.is_valid():
            try:
                article.correct(**form.cleaned_data, by=request.user)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return self._answer_corrected(request, article)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Correction or addition"),
            "opts": self.opts,
            "article": article,
            "form": form,
            "media": self.media,
        }
        return TemplateResponse(request, TEMPLATE, context)

    def _answer_corrected(self, request, article):
        note = article.dated_notes[0]
        self.log_change(request, article, [{"changed": {"fields": [str(note.label)]}}])
        link = f"{article.get_absolute_url()}#{note.anchor}"
        message = _("The note was added. The article is marked as updated.")
        sentence = format_html('{} <a href="{}">{}</a>', message, link, _("View on site"))
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
