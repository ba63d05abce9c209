"""The preview of an article: of what is saved, of a working copy, and of a draft change.

The preview is a page of the desk with the article in a frame, as wide as a phone or a desk, beside
what search engines and social networks show of it. The button of a form stores the fields that the
form holds as a working copy, and leads here.
"""

from copy import copy
from secrets import token_hex

from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms.formsets import all_valid
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.datastructures import MultiValueDict
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from articles.admin.autosave import PAGE, PAGE_NAME, read_fields
from articles.admin.elsewhere import LEAVE
from articles.admin.forms import STATE_BUTTON
from articles.admin.restoring import build_query
from articles.admin.showcase import read_showcase
from articles.models import Article, ArticleChange, WorkingCopy
from articles.models.working_copy import name_previewed
from articles.views import render_article_page
from articles.web.editions import note_edition
from articles.web.paging import read_integer
from articles.workflow import Verb

FOLDER = "admin/articles/article"
DOCUMENT = f"{FOLDER}/preview_page.html"


class Preview(admin.ModelAdmin):
    """Shows an article with the public template, to the staff only."""

    def get_urls(self):
        shell, page = map(self.admin_site.admin_view, (self.preview, self.preview_page))
        return [
            path("preview/", shell, name="articles_article_preview_new"),
            path("preview/page/", page, name="articles_article_preview_page_new"),
            path("<path:object_id>/preview/page/", page, name="articles_article_preview_page"),
            path("<path:object_id>/preview/", shell, name="articles_article_preview"),
            *super().get_urls(),
        ]

    @method_decorator(csp_update({"frame-src": ["'self'"]}))
    def preview(self, request, object_id=None):
        """Show the preview (GET), or keep the fields of a form for it and lead there (POST)."""
        if request.method == "POST":
            return self._keep_words(request, object_id)
        subject = self._find_subject(request, object_id)
        document = self._render_document(request, subject)
        article = subject["article"]
        has_change = (
            article
            and not subject["change"]
            and ArticleChange.objects.filter(article=article).exists()
        )
        args = [object_id] if object_id else []
        place = reverse(f"admin:articles_article_preview_page{'' if args else '_new'}", args=args)
        context = {
            **self.admin_site.each_context(request),
            **subject,
            "has_change": has_change,
            "may_share": article
            and not article.is_reachable
            and self.has_change_permission(request, article),
            "document": f"{place}?{request.META['QUERY_STRING']}".rstrip("?"),
            "showcase": read_showcase(document.content.decode()),
        }
        return _forbid_copies(TemplateResponse(request, f"{FOLDER}/preview.html", context))

    @method_decorator(
        [require_safe, xframe_options_sameorigin, csp_replace({"frame-ancestors": ["'self'"]})]
    )
    def preview_page(self, request, object_id=None):
        """Return the document in the frame."""
        return self._render_document(request, self._find_subject(request, object_id))

    def _keep_words(self, request, object_id):
        """Store the fields of a form as a working copy. A form with errors is shown again."""
        article = self._find_article_to_preview(request, object_id)
        form, formsets = self._bind_forms(request, article)
        name = "" if article else "_new"
        args = [article.pk] if article else []
        if not (form.is_valid() and all_valid(formsets)):
            url = reverse(f"admin:articles_article_{'change' if article else 'add'}", args=args)
            return self.changeform_view(request, object_id, form_url=url)
        page = request.POST.get(PAGE, "")
        page = page if PAGE_NAME.fullmatch(page) else token_hex(8)
        try:
            words = WorkingCopy.objects.save_words(
                read_fields(request.POST),
                base=read_integer(request.POST.get("seen", "")),
                user=request.user,
                article=article and Article.objects.get(pk=article.pk),
                page=name_previewed(page),
            )
        except ValidationError as error:
            self.message_user(request, error.message, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
        preview = reverse(f"admin:articles_article_preview{name}", args=args)
        return HttpResponseRedirect(f"{preview}?copy={words.pk}")

    def _find_subject(self, request, object_id):
        """Return the article, and the working copy or draft change of it that is to be shown."""
        subject = {"copy": None, "change": None}
        if "copy" in request.GET:
            pk = None if object_id is None else read_integer(unquote(object_id))
            own = WorkingCopy.objects.filter(user=request.user, article=pk, saved_at__isnull=False)
            subject["copy"] = own.filter(pk=read_integer(request.GET["copy"])).first()
            if subject["copy"] is None:
                raise Http404(str(_("This working copy is saved or discarded.")))
        may_be_new = bool(subject["copy"])
        subject["article"] = self._find_article_to_preview(request, object_id, may_be_new)
        if "change" in request.GET:
            changes = ArticleChange.objects.filter(article=subject["article"])
            subject["change"] = changes.first()
            if subject["change"] is None:
                raise Http404(str(_("This article has no draft change.")))
        return subject

    def _find_article_to_preview(self, request, object_id, is_typed=None):
        is_typed = request.method == "POST" if is_typed is None else is_typed
        if object_id is None:
            if not is_typed or not self.has_add_permission(request):
                raise PermissionDenied
            return None
        article = self.get_object(request, unquote(object_id))
        has_permission = self.has_change_permission if is_typed else self.has_view_permission
        if article is None or not has_permission(request, article):
            raise PermissionDenied
        return article

    def _bind_forms(self, request, article):
        form = self._bind_form(request, article)
        is_change = article is not None
        formsets, _inlines = self._create_formsets(request, form.instance, change=is_change)
        return form, formsets

    def _bind_form(self, request, article):
        """Return the form of a request that saves nothing, without the rows below it."""
        is_change = article is not None
        fields = flatten_fieldsets(self.get_fieldsets(request, article))
        form_class = self.get_form(request, article, change=is_change, fields=fields)
        post = request.POST.copy()
        post["elsewhere"] = LEAVE
        post.pop("seen", None)  # a preview ignores what a colleague has saved since
        post.pop(STATE_BUTTON, None)
        form = form_class(post, request.FILES, instance=article)
        form.instance.verb = Verb.PREVIEW
        return form

    def _render_document(self, request, subject):
        """Return the page of an article as it is, or as a copy or a change would make it.

        What is not saved is saved as usual, and its transaction is rolled back once the page is
        rendered.
        """
        article, words, change = subject["article"], subject["copy"], subject["change"]
        if not words and not change:
            return self._render_saved(request, article)
        with transaction.atomic():
            note_edition(None)  # no page may share what is not saved
            if change:
                article.verb = Verb.PREVIEW
                change.fill_whole(article)
                response = self._render_saved(request, article)
            else:
                response = self._render_words(_send_again(request, words), article)
            transaction.set_rollback(True)
        return response

    def _render_words(self, request, article):
        """Return the page of the article that a sent form makes, or what is wrong in it."""
        form, formsets = self._bind_forms(request, article)
        is_change = article is not None
        if not (form.is_valid() and all_valid(formsets)):
            faults = {
                form.fields[name].label: form.errors[name]
                for name in form.errors
                if name in form.fields
            }
            faults[""] = form.non_field_errors()
            response = render(request, f"{FOLDER}/preview_faults.html", {"faults": faults.items()})
            return _forbid_copies(response)
        article = self.save_form(request, form, is_change)
        self.save_model(request, article, form, is_change)
        self.save_related(request, form, formsets, is_change)
        return self._render_saved(request, article)

    def _render_saved(self, request, article):
        """Return the page in the language of the site, loaded again from the database."""
        article = Article.objects.for_detail().get(pk=article.pk)
        with translation.override(settings.LANGUAGE_CODE):
            response = render_article_page(request, article, template=DOCUMENT)
        return _forbid_copies(response)


def _send_again(request, words):
    """Return a request that sends the fields of a working copy."""
    sent = copy(request)
    sent.method, sent.POST = "POST", build_query(words.fields)
    sent._files = MultiValueDict()
    return sent


def _forbid_copies(response):
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    return response
