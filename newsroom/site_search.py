"""The search of articles and comments: its parameters, filters and results."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from articles.models import Article, Category, TagName
from articles.search import ARTICLE, extract_article_text, find_matches
from articles.search.analysis import LONGEST_QUERY, Query
from articles.search.marking import build_excerpt, build_pattern, mark_text
from articles.web.languages import keep_language
from comments.indexing import COMMENT
from comments.models import Comment, Thread

MAX_RESULTS = 200  # beyond these, older matches are left out
COMMON_RESULTS = 40  # enough if the index returns a cut lot, as for common words
# A filter that leaves at most so many objects restricts the query of the index to them.
NARROW_ARTICLES = 1_000
NARROW_COMMENTS = 2_000
KINDS = {"articles": _("Articles"), "comments": _("Comments")}
ORDERS = {"relevance": _("Best match"), "date": _("Newest first")}
PERIODS = {
    "": _("Any time"),
    "day": _("Past day"),
    "week": _("Past week"),
    "month": _("Past month"),
    "year": _("Past year"),
}
DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}
SUGGESTED_TAGS = 3
SUGGESTIONS = 8
NOVELTY_HALF_LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Results:
    """Primary keys in order. ``is_more``: there are further matches. ``is_loose``: as no text
    contains all words, these contain some."""

    keys: list[int]
    is_more: bool = False
    is_loose: bool = False

    def __len__(self):
        return len(self.keys)

    @property
    def count(self):
        return f"{len(self.keys):,}{'+' if self.is_more else ''}"


class Search:
    """A search by the parameters of a query. Invalid parameters are ignored."""

    def __init__(self, parameters):
        given = {name: value.replace("\0", " ").strip() for name, value in parameters.items()}
        self.text = given.get("q", "")[:LONGEST_QUERY]
        self.query = Query(self.text)
        self.kind = _pick(KINDS, given.get("in"))
        self.order = _pick(ORDERS, given.get("order"))
        self.period = _pick(PERIODS, given.get("period"))
        self.category = _find_by_slug(Category, given.get("category"))
        self.tag = _find_by_slug(Tag, given.get("tag"))
        self._now = timezone.now()

    @property
    def is_narrowed(self):
        return bool(self.category or self.tag or self.period)

    @property
    def is_indexable(self):
        """Whether search engines may index the page: never unless the setting asks for it, and then
        only one with results, unfiltered and in the default order, or the empty form."""
        if not settings.SEARCH_INDEXED:
            return False
        if self.is_narrowed or self.order != next(iter(ORDERS)):
            return False
        return not self.text or (bool(self.results) and not self.results.is_loose)

    def build_query(self, **changes):
        """Return the query string of this search with some parameters changed; None removes one."""
        parameters = {
            "q": self.text,
            "in": self.kind,
            "category": self.category and self.category.slug,
            "tag": self.tag and self.tag.slug,
            "period": self.period,
            "order": self.order,
        }
        defaults = {"in": next(iter(KINDS)), "order": next(iter(ORDERS))}
        return urlencode(
            {
                name: value
                for name, value in (parameters | changes).items()
                if value and value != defaults.get(name)
            }
        )

    @cached_property
    def results(self):
        return self.articles if self.kind == "articles" else self.comments

    @cached_property
    def articles(self):
        return self._search_index(ARTICLE, self._filter_articles(), "published_at")

    @cached_property
    def comments(self):
        public = Comment.objects.published().readable()
        if self.category or self.tag:
            article = self._filter_articles().filter(pk=OuterRef("thread__article_id"))
            public = public.filter(Exists(article))
        return self._search_index(COMMENT, public, "posted_at")

    def load_hits(self, keys):
        """Return the articles or comments with these keys, in their order, with excerpts."""
        are_articles = self.kind == "articles"
        articles = Article.objects.select_related("category")
        comments = Comment.objects.for_detail()
        rows = (articles if are_articles else comments).in_bulk(keys)
        hits = [rows[key] for key in keys if key in rows]
        for hit in hits:
            text = keep_language(hit.title, extract_article_text(hit)) if are_articles else hit.text
            hit.excerpt = build_excerpt(text, self._pattern)
            if are_articles:
                hit.marked_title = mark_text(hit.title, self._pattern)
        return hits

    @cached_property
    def _pattern(self):
        query = self.query
        return build_pattern(query.loose_phrases if self.results.is_loose else query.phrases)

    def _filter_articles(self):
        articles = Article.objects.published()
        if self.category:
            articles = articles.in_category(self.category)
        return articles.tagged(self.tag) if self.tag else articles

    def _search_index(self, kind, public, date):
        """Query the index lot by lot, the newest first, until there are enough public results."""
        since = self._now - timedelta(days=DAYS[self.period]) if self.period else None
        within = partial(self._find_narrow_keys, kind) if self.category or self.tag else None
        for is_loose in (False, True):
            entries, is_more = [], False
            lots = find_matches(self.query, kind, loosely=is_loose, since=since, within=within)
            for lot, is_cut in lots:
                is_more |= is_cut
                scores = dict(lot)
                rows = public.order_by().filter(pk__among=scores).values_list("pk", date)
                entries += [(pk, at, scores[pk]) for pk, at in rows]
                if len(entries) >= (COMMON_RESULTS if is_cut else MAX_RESULTS):
                    is_more = True
                    break
            if entries:
                entries.sort(key=self._rank, reverse=True)
                keys = [pk for pk, _at, _score in entries[:MAX_RESULTS]]
                return Results(keys, is_more, is_loose)
        return Results([])

    @cached_property
    def _few_articles(self):
        """The keys of the articles in the category and tag, or None if there are many."""
        articles = self._filter_articles().order_by().values_list("pk", flat=True)
        keys = list(articles[: NARROW_ARTICLES + 1])
        return keys if len(keys) <= NARROW_ARTICLES else None

    def _find_narrow_keys(self, kind):
        """Return the keys of a kind in the category and tag, or None if there are many."""
        if kind == ARTICLE or self._few_articles is None:
            return self._few_articles
        threads = Thread.objects.filter(article__in=self._few_articles, last_number__gt=0)
        if (threads.aggregate(numbers=Sum("last_number"))["numbers"] or 0) > NARROW_COMMENTS:
            return None
        return list(Comment.objects.filter(thread__in=threads).values_list("pk", flat=True))

    def _rank(self, entry):
        pk, at, score = entry
        if self.order == "date":
            return at, pk
        novelty = NOVELTY_HALF_LIFE / (NOVELTY_HALF_LIFE + max(self._now - at, timedelta(0)))
        return score * (1 + novelty / 2), at, pk


def find_suggestions(text):
    """Return tags that start with a text and titles that contain it."""
    query = Query(text, typing=True)
    if not query:
        return []
    tags = TagName.objects.list_tags(query.text.replace("\0", ""), at_start=True)
    words = list(tags.order_by("name").values_list("name", flat=True)[:SUGGESTED_TAGS])
    for lot, _is_cut in find_matches(query, ARTICLE, in_title=True):
        titles = dict(
            Article.objects.listed().filter(pk__among=dict(lot)).values_list("pk", "title")
        )
        words += [titles[key] for key, _score in lot if key in titles]
        if len(words) >= SUGGESTIONS:
            break
    return list(dict.fromkeys(words))[:SUGGESTIONS]


def _pick(choices, value):
    """Return a value if it is one of the choices, else the first choice."""
    return value if value in choices else next(iter(choices))


def _find_by_slug(model, slug):
    return model.objects.filter(slug=slug).first() if slug else None
