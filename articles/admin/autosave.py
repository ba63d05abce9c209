"""Autosave: an open form saves its fields as a working copy and learns who else has it open.

The script of the form (``static/admin_newsroom/saving``) sends the fields when they change, and a
sign of life in between. The form opens with the words that a closed form of the same user left.
"""

import re
from functools import wraps
from secrets import token_hex

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from articles.admin.form_rows import align_rows
from articles.admin.presence import Presence, describe_people, format_moment
from articles.admin.restoring import RestoredFields
from articles.models import Article, ArticleChange, WorkingCopy
from articles.models.article_change import CONTENTS
from articles.models.working_copy import name_previewed
from articles.web.html import remove_unprintable
from articles.web.paging import read_integer

PAGE, TAKEN = "_page", "_copy"  # fields: the name of the form, the copy whose words it shows
OF_CHANGE = "_change_form"  # a field that only the form of a draft change has
PAGE_NAME = re.compile(r"[a-z0-9-]{8,40}")
UNSAVED = {PAGE, TAKEN, "csrfmiddlewaretoken"}


def is_change_form(request):
    """Whether the form of a request is that of a draft change."""
    return "change" in request.GET


def answer_script(view):
    """Decorate a view that scripts ask: a signed-out user gets 401 and not the login page."""

    @wraps(view)
    def answer(self, request, *args, **kwargs):
        if not self.admin_site.has_permission(request):
            return JsonResponse({"login": reverse("admin:login")}, status=401)
        return view(self, request, *args, **kwargs)

    return answer


def read_fields(post):
    """Return the fields of a form as {name: [values]}, without what no database can hold."""
    return {
        remove_unprintable(name): [remove_unprintable(value) for value in values]
        for name, values in post.lists()
        if name not in UNSAVED
    }


class Autosave(Presence):
    def get_urls(self):
        save, presence = self.save_words, self.note_presence
        return [
            path("working-copy/", save, name="articles_article_autosave_new"),
            path("presence/", presence, name="articles_article_presence_new"),
            path(
                "working-copy/discard/",
                self.admin_site.admin_view(self.discard_words),
                name="articles_article_discard",
            ),
            path(
                "signed-in/",
                self.admin_site.admin_view(self.confirm_login),
                name="articles_article_signed_in",
            ),
            path("<path:object_id>/working-copy/", save, name="articles_article_autosave"),
            path("<path:object_id>/presence/", presence, name="articles_article_presence"),
            *super().get_urls(),
        ]

    # What the script asks

    @method_decorator([never_cache, require_POST])
    @answer_script
    def save_words(self, request, object_id=None):
        """Store the fields of a form as its working copy."""
        article, page = self._read_form_name(request, object_id)
        fields = read_fields(request.POST)
        base = read_integer(request.POST.get("seen", ""))
        place = {"user": request.user, "article": article, "page": page}
        place["of_change"] = OF_CHANGE in request.POST
        try:
            copy = WorkingCopy.objects.save_words(fields, base=base, **place)
        except ValidationError as error:
            return JsonResponse({"refused": error.message}, status=413)
        self._discard_taken(request, WorkingCopy.objects.left())
        return JsonResponse(self._describe_others(request, article, copy))

    @method_decorator([never_cache, require_POST])
    @answer_script
    def note_presence(self, request, object_id=None):
        """Note that a form is open, or with ``closed`` that it is not any more."""
        article, page = self._read_form_name(request, object_id)
        if "closed" in request.POST:
            WorkingCopy.objects.close(user=request.user, page=page)
            return JsonResponse({})
        copy = WorkingCopy.objects.beat(user=request.user, article=article, page=page)
        return JsonResponse(self._describe_others(request, article, copy))

    def _read_form_name(self, request, object_id):
        """Return the article of a form, None for a new one, and the form's name."""
        page = request.POST.get(PAGE, "")
        article = None if object_id is None else self.get_object(request, unquote(object_id))
        if object_id is None:
            is_allowed = self.has_add_permission(request)
        else:
            is_allowed = article is not None and self.has_change_permission(request, article)
        if not is_allowed or not PAGE_NAME.fullmatch(page):
            raise PermissionDenied
        return article, page

    def _describe_others(self, request, article, copy):
        """Return what a form shows about itself, its user's other tabs and colleagues."""
        others = WorkingCopy.objects.of_article(article).exclude(pk=copy.pk)
        tabs = others.filter(user=request.user, of_change=copy.of_change).open_now().with_words()
        if copy.saved_at:
            tabs = tabs.filter(saved_at__gt=copy.saved_at)
        return {
            "saved": copy.saved_at and format_moment(copy.saved_at),
            "version": copy.version,
            "people": describe_people(others, request.user) if article else [],
            "tabs": [
                {"pk": tab.pk, "version": tab.version, "saved": format_moment(tab.saved_at)}
                for tab in tabs[:3]
                if article or tab.version == request.POST.get(TAKEN)
            ],
            **self._describe_newest(request, article),
        }

    def _describe_newest(self, request, article):
        """Return what was saved last: of the article, or for its form of its draft change."""
        key = who = at = None
        if OF_CHANGE in request.POST:
            changes = ArticleChange.objects.select_related("saved_by").defer(*CONTENTS)
            if change := changes.filter(article=article).first():
                key, who, at = change.version, change.saved_by, change.saved_at
        elif newest := article and article.history.select_related("history_user").first():
            key, who, at = newest.pk, newest.history_user, newest.history_date
        return {
            "revision": key,
            "revision_by": str(who or ""),
            "revision_is_own": who == request.user,
            "revision_at": at and format_moment(at),
        }

    def discard_words(self, request):
        """Delete a working copy of the user, and lead back to its form."""
        if request.method != "POST":
            raise PermissionDenied
        WorkingCopy.objects.discard(user=request.user, version=request.POST.get(TAKEN, ""))
        pk = read_integer(request.POST.get("article", ""))
        if pk:
            form = reverse("admin:articles_article_change", args=[pk])
            return HttpResponseRedirect(f"{form}?change" if OF_CHANGE in request.POST else form)
        return HttpResponseRedirect(reverse("admin:articles_article_add"))

    def confirm_login(self, request):
        """The page at which a login in a window of its own arrives; its script closes it."""
        context = {**self.admin_site.each_context(request), "media": ""}
        return render(request, "admin/articles/article/signed_in.html", context)

    # The form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        request.working_copy = None
        if request.method == "GET" and self.admin_site.has_permission(request):
            request.working_copy = self._choose_copy(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _choose_copy(self, request, object_id):
        """Return the copy whose words the form shows: the one that is asked for by ``?copy=``,
        else the newest that a closed form of this article left since its user saved the article.
        ``?saved`` asks for none."""
        pk = None if object_id is None else read_integer(unquote(object_id))
        copies = WorkingCopy.objects.filter(user=request.user, article=pk)
        copies = copies.filter(of_change=is_change_form(request))
        if chosen := read_integer(request.GET.get("copy", "")):
            return copies.with_words().filter(pk=chosen).first()
        if pk is None or "saved" in request.GET:
            return None
        copy = copies.left().first()
        return None if copy is None or self._was_saved_since(request.user, copy) else copy

    def _was_saved_since(self, user, copy):
        """Whether a user has saved the article, or its draft change, after a copy."""
        if copy.of_change:
            saved = ArticleChange.objects.filter(article=copy.article_id, saved_by=user)
            return saved.filter(saved_at__gt=copy.saved_at).exists()
        saved = Article.history.filter(id=copy.article_id, history_user=user)
        return saved.filter(history_date__gt=copy.saved_at).exists()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        copy = getattr(request, "working_copy", None)
        form.restored = copy and RestoredFields(copy.fields)
        return form

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if copy := getattr(request, "working_copy", None):
            kwargs |= {"data": RestoredFields(copy.fields), "files": {}}
        if "data" in kwargs and obj.pk:
            rows = inline.model.objects.filter(**{inline.fk_name or "article": obj.pk})
            align_rows(
                kwargs["data"], prefix, [str(pk) for pk in rows.values_list("pk", flat=True)]
            )
        return kwargs

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["saving"] = self._describe_form(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _describe_form(self, request, article):
        """Return what the form's head shows and its script needs."""
        args = [article.pk] if article and article.pk else []
        new = "" if args else "_new"
        page, chosen = request.POST.get(PAGE, ""), getattr(request, "working_copy", None)
        copies = WorkingCopy.objects.filter(user=request.user, article=article if args else None)
        of_change = is_change_form(request)
        copies = copies.filter(of_change=of_change)
        address = reverse(f"admin:articles_article_{'change' if args else 'add'}", args=args)
        others = copies.with_words().exclude(pk=chosen and chosen.pk).exclude(page=page)
        people = WorkingCopy.objects.of_article(article) if args else WorkingCopy.objects.none()
        return {
            "page": page if PAGE_NAME.fullmatch(page) else token_hex(16),
            "taken": chosen.version if chosen else request.POST.get(TAKEN, ""),
            "chosen": chosen and {"copy": chosen, "at": format_moment(chosen.saved_at)},
            "others": [{"copy": copy, "at": format_moment(copy.saved_at)} for copy in others[:5]],
            "people": describe_people(people, request.user),
            "autosave": reverse(f"admin:articles_article_autosave{new}", args=args),
            "presence": reverse(f"admin:articles_article_presence{new}", args=args),
            "address": f"{address}?change&" if of_change else f"{address}?",
        }

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self._discard_saved(request)

    def _discard_saved(self, request):
        """Delete the copies whose words a saved form holds."""
        self._discard_taken(request, WorkingCopy.objects.all())
        page = request.POST.get(PAGE, "")
        pages = [page, name_previewed(page)]
        WorkingCopy.objects.filter(user=request.user, page__in=pages).delete()

    def _discard_taken(self, request, copies):
        if version := request.POST.get(TAKEN, ""):
            copies.discard(user=request.user, version=version)
