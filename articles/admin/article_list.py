"""The list of articles in the admin: its rows, filters and search."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.admin.article_search import search_articles, search_titles
from articles.admin.assigning import AssigneeFilter
from articles.admin.filters import AuthorFilter, CategoryFilter, StateFilter
from articles.admin.list_pages import load_page
from articles.models import Article
from articles.models.article import UNPUBLISHED_FIRST
from articles.models.article_change import CONTENTS
from articles.models.article_queryset import LONG_TEXTS
from articles.state_cells import LABELS
from articles.web.word_filters import word_filter


class ArticleChangeList(ChangeList):
    """The list that is shown: in one order, and without the texts that no row shows. Actions get
    whole articles."""

    def get_results(self, request):
        articles = Article.objects.changeable_by(request.user)
        self.state_counts = articles.count_states()
        rows = self.queryset.defer(*LONG_TEXTS, *(f"change__{name}" for name in CONTENTS))
        rows = rows.prefetch_related("tags").with_last_change()
        count = None
        if self.filter_params.keys() <= {StateFilter.parameter_name}:
            count = self.state_counts.get(self.state, self.state_counts[""])
        load_page(self, request, rows, count=count)

    @property
    def state(self):
        """The state that the list shows; an unknown one shows all."""
        state = self.params.get(StateFilter.parameter_name, "")
        return state if state in LABELS else ""

    def get_ordering(self, request, queryset):
        """Ignore other orders, which would sort all articles."""
        return [*self.model_admin.get_ordering(request)]


class ArticleList(admin.ModelAdmin):
    list_display = ["title", "state", "category", "author", "published"]
    list_select_related = ["category", "author", "lead_image", "assignment__assignee", "change"]
    list_filter = [
        StateFilter,
        CategoryFilter,
        ("author", AuthorFilter),
        AssigneeFilter,
        "published_at",
        "kind",
        ("featured", word_filter(_("Featured ones"), _("Others"))),
    ]
    list_per_page = list_max_show_all = 50
    ordering = UNPUBLISHED_FIRST
    search_fields = ["title"]  # Django asks for some; ``get_search_results`` does not
    author_fields = ["username"]  # of the user model, by which a search finds articles
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each choice would count all articles
    sortable_by = ()

    def get_changelist(self, request, **kwargs):
        return ArticleChangeList

    def get_queryset(self, request):
        if is_autocomplete(request):
            articles = Article.objects.linkable_by(request.user).only(
                "title", "phrases", "language"
            )
        else:
            articles = Article.objects.changeable_by(request.user)
        return articles.order_by(*self.get_ordering(request))

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        if is_autocomplete(request):
            return search_titles(queryset, search_term), False
        return search_articles(queryset, search_term, author_fields=self.author_fields), False

    @admin.display(description=_("status"), ordering="status")
    def state(self, article):
        name, label = article.status, article.get_status_display()
        if article.is_scheduled:
            name, label = "scheduled", _("Scheduled")
        elif article.is_expired:
            name, label = "expired", _("Expired")
        return format_html('<span class="state state--{}">{}</span>', name, label)

    @admin.display(description=_("published at"), ordering="published_at")
    def published(self, article):
        at = article.published_at
        return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else "–"


def is_autocomplete(request):
    return request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"
