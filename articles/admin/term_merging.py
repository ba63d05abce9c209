"""The page that merges tags or categories, after a question that says how many articles follow."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.web.paging import read_integer

MOST = 50  # in one merge
TEMPLATE = "admin/articles/merge_terms.html"
SEEN = "seen"  # a field: the primary keys that the page has shown


class MergeTermsForm(forms.Form):
    """Asks which of several tags or categories is kept."""

    kept = forms.TypedChoiceField(label=_("The one to keep"), coerce=int, widget=forms.RadioSelect)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, terms, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = [(term.pk, describe_term(term)) for term in terms]


def describe_term(term):
    """Return the name of a tag or category with its number of articles."""
    count = term.article_count
    label = ngettext("%(name)s (%(count)d article)", "%(name)s (%(count)d articles)", count)
    return label % {"name": term, "count": count}


class TermMerging(admin.ModelAdmin):
    """For the admin of a model whose rows are merged; its queryset counts their articles.

    Subclasses say how: ``merge_terms(kept, others)`` with primary keys returns the kept row and
    the number of articles that followed, and ``count_articles(terms)`` tells the number before.
    """

    class Media:
        css = {"all": ["admin_newsroom/terms.css"]}

    def has_merge_permission(self, request):
        return self.has_change_permission(request) and self.has_delete_permission(request)

    @admin.action(description=_("Merge…"), permissions=["merge"])
    def merge(self, request, queryset):
        terms = list(queryset.order_by(*self.get_ordering(request))[: MOST + 1])
        if not 2 <= len(terms) <= MOST:
            message = _("Choose between two and %(most)d to merge.") % {"most": MOST}
            self.message_user(request, message, messages.WARNING)
            return None
        is_sent = SEEN in request.POST
        seen = ",".join(str(term.pk) for term in terms)
        most_used = max(terms, key=lambda term: term.article_count)
        form = MergeTermsForm(
            request.POST if is_sent else None,
            terms=terms,
            initial={"seen": seen, "kept": most_used.pk},
        )
        if is_sent and self._merge_chosen(request, terms, form):
            return None
        if is_sent:  # what is asked now is what is left
            form.data = form.data.copy()
            form.data[SEEN] = seen
        return self._ask(request, terms, form)

    def _merge_chosen(self, request, terms, form):
        """Merge what the page has shown; returns whether it is done."""
        seen = {read_integer(text) for text in request.POST[SEEN].split(",")} - {None}
        if not form.is_valid():
            return False
        kept = form.cleaned_data["kept"]
        try:
            term, count = self.merge_terms(kept, seen - {kept})
        except ValidationError as error:
            form.add_error(None, error)
            return False
        names = ", ".join(str(other) for other in terms if other.pk != kept)
        entry = {"name": str(self.opts.verbose_name), "object": names}
        self.log_change(request, term, [{"deleted": entry}])
        message = ngettext(
            "Merged into %(name)s. %(count)d article followed, and the old addresses redirect.",
            "Merged into %(name)s. %(count)d articles followed, and the old addresses redirect.",
            count,
        )
        self.message_user(request, message % {"name": term, "count": count}, messages.SUCCESS)
        return True

    def _ask(self, request, terms, form):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Merge"),
            "terms": terms,
            "count": self.count_articles([term.pk for term in terms]),
            "form": form,
            "action": "merge",
            "chosen": [term.pk for term in terms],
            "select_across": "0",
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, TEMPLATE, context)
