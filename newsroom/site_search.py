"""The search of articles and comments: what is sought, and what of it readers may see."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from articles.models import Article, Category
from articles.search import ARTICLE, extract_article_text, find_matches
from articles.search.analysis import LONGEST_QUERY, Query
from articles.search.marking import excerpt, marked, pattern
from comments.indexing import COMMENT
from comments.models import Comment, Thread

MOST = 200  # results of a search; of more, the newest
ENOUGH = 40  # results of so common a word that nothing older is looked for
NARROW = 1_000  # articles that a filter may leave so that the index is asked for these alone
NARROW_COMMENTS = 2_000  # … and comments of these
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
FRESH = timedelta(days=30)  # after so long half of what novelty adds is gone


@dataclass(frozen=True, slots=True)
class Found:
    """The keys of what was found, in order. ``is_more``: there was more than is listed.
    ``is_loose``: nothing holds all that was asked for, these hold a part."""

    keys: list[int]
    is_more: bool = False
    is_loose: bool = False

    def __len__(self):
        return len(self.keys)

    @property
    def count(self):
        return f"{len(self.keys):,}{'+' if self.is_more else ''}"


class Search:
    """A search as an address asks for it. A parameter that makes no sense counts as none."""

    def __init__(self, asked):
        given = {name: value.replace("\0", " ").strip() for name, value in asked.items()}
        self.text = given.get("q", "")[:LONGEST_QUERY]
        self.query = Query(self.text)
        self.kind = _one_of(KINDS, given.get("in"))
        self.order = _one_of(ORDERS, given.get("order"))
        self.period = _one_of(PERIODS, given.get("period"))
        self.category = _with_slug(Category, given.get("category"))
        self.tag = _with_slug(Tag, given.get("tag"))
        self._now = timezone.now()

    @property
    def is_narrowed(self):
        return bool(self.category or self.tag or self.period)

    @property
    def is_indexable(self):
        """Whether search engines may list its page: not what anybody makes up, and not the same
        hits in another choice or order."""
        is_plain = not self.is_narrowed and self.order == next(iter(ORDERS))
        is_found = bool(self.found) and not self.found.is_loose
        return is_plain and (is_found or not self.text)

    def address(self, **changes):
        """Return the query of the address of this search, with some parameters changed; None
        takes one away."""
        given = {
            "q": self.text,
            "in": self.kind,
            "category": self.category and self.category.slug,
            "tag": self.tag and self.tag.slug,
            "period": self.period,
            "order": self.order,
        }
        usual = {"in": next(iter(KINDS)), "order": next(iter(ORDERS))}
        given |= changes
        return urlencode(
            {name: value for name, value in given.items() if value and value != usual.get(name)}
        )

    @cached_property
    def found(self):
        return self.articles if self.kind == "articles" else self.comments

    @cached_property
    def articles(self):
        return self._found(ARTICLE, self._articles_in_reach(), "published_at")

    @cached_property
    def comments(self):
        public = Comment.objects.published().readable()
        if self.category or self.tag:
            article = self._articles_in_reach().filter(pk=OuterRef("thread__article_id"))
            public = public.filter(Exists(article))
        return self._found(COMMENT, public, "posted_at")

    def hits(self, keys):
        """Return what a page shows of some of the things found, in their order."""
        return (self._article_hits if self.kind == "articles" else self._comment_hits)(keys)

    @cached_property
    def _pattern(self):
        query = self.query
        return pattern(query.loose_phrases if self.found.is_loose else query.phrases)

    def _articles_in_reach(self):
        articles = Article.objects.published()
        if self.category:
            articles = articles.in_category(self.category)
        return articles.filter(tags=self.tag) if self.tag else articles

    def _found(self, kind, public, date):
        """Ask the index for the newest lots until there is enough that readers may see."""
        since = self._now - timedelta(days=DAYS[self.period]) if self.period else None
        within = partial(self._within, kind) if self.category or self.tag else None
        for is_loose in (False, True):
            found, is_more = [], False
            lots = find_matches(self.query, kind, loosely=is_loose, since=since, within=within)
            for lot, is_cut in lots:
                is_more |= is_cut
                fits = dict(lot)
                seen = public.order_by().filter(pk__among=fits).values_list("pk", date)
                found += [(pk, at, fits[pk]) for pk, at in seen]
                if len(found) >= (ENOUGH if is_cut else MOST):
                    is_more = True
                    break
            if found:
                found.sort(key=self._place, reverse=True)
                return Found([pk for pk, _at, _fit in found[:MOST]], is_more, is_loose)
        return Found([])

    @cached_property
    def _few_articles(self):
        """The keys of the articles that the category and tag leave, or None where it is many."""
        articles = self._articles_in_reach().order_by().values_list("pk", flat=True)
        keys = list(articles[: NARROW + 1])
        return keys if len(keys) <= NARROW else None

    def _within(self, kind):
        """Return the keys of what the category and tag leave, or None where it is much."""
        if kind == ARTICLE or self._few_articles is None:
            return self._few_articles
        threads = Thread.objects.filter(article__in=self._few_articles, last_number__gt=0)
        if (threads.aggregate(numbers=Sum("last_number"))["numbers"] or 0) > NARROW_COMMENTS:
            return None
        return list(Comment.objects.filter(thread__in=threads).values_list("pk", flat=True))

    def _place(self, entry):
        pk, at, fit = entry
        if self.order == "date":
            return at, pk
        novelty = FRESH / (FRESH + max(self._now - at, timedelta(0)))
        return fit * (1 + novelty / 2), at, pk

    def _article_hits(self, keys):
        rows = Article.objects.select_related("category").in_bulk(keys)
        hits = [rows[key] for key in keys if key in rows]
        for article in hits:
            article.marked_title = marked(article.title, self._pattern)
            article.excerpt = excerpt(extract_article_text(article), self._pattern)
        return hits

    def _comment_hits(self, keys):
        rows = Comment.objects.select_related("thread__article", "staff").in_bulk(keys)
        hits = [rows[key] for key in keys if key in rows]
        for comment in hits:
            comment.excerpt = excerpt(comment.text, self._pattern)
        return hits


def suggestions(text):
    """Return tags and titles that begin with, or hold, what somebody is typing."""
    query = Query(text, typing=True)
    if not query:
        return []
    tags = Tag.objects.filter(name__istartswith=query.text.strip().replace("\0", ""))
    words = list(tags.order_by("name").values_list("name", flat=True)[:SUGGESTED_TAGS])
    for lot, _is_cut in find_matches(query, ARTICLE, in_title=True):
        titles = dict(
            Article.objects.listed().filter(pk__among=dict(lot)).values_list("pk", "title")
        )
        words += [titles[key] for key, _fit in lot if key in titles]
        if len(words) >= SUGGESTIONS:
            break
    return list(dict.fromkeys(words))[:SUGGESTIONS]


def _one_of(choices, value):
    """Return a value if it is one of the choices, else the first of them."""
    return value if value in choices else next(iter(choices))


def _with_slug(model, slug):
    return model.objects.filter(slug=slug).first() if slug else None
