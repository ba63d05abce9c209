"""The most discussed articles, ranked by the number of writers and not of comments.

The writers of a day or a week are weighed like votes: the weight of one network grows like a
logarithm of its writers, and so does that of the networks of one IPv6 /48.
"""

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, When
from django.db.models.functions import Cast
from django.utils import timezone

from articles.models import Article, Ranking, compiled
from articles.models.language import read_language
from articles.models.ranking import SITE
from articles.web.addresses import build_path
from articles.web.languages import TextInLanguage
from articles.web.rankings import PERIODS, select_ranked
from comments.models import Comment
from comments.models.weights import compute_group_weight, compute_weight

MOST_DISCUSSED = "most-discussed"  # a ranking


class RankedArticle(NamedTuple):
    """What a ranking shows of an article. Two that differ in the language or the phrases of the
    title alone are not equal, as two of these texts would be."""

    text: str
    language: str
    phrases: str
    slug: str
    comment_count: int = 0
    writers: int = 0  # of the period

    @property
    def title(self):
        return TextInLanguage(self.text, self.language, self.phrases)

    def get_absolute_url(self):
        return build_path("articles:detail", self.slug)


def list_most_discussed():
    """Return (label, articles) of each period with comments, the most discussed first, as they were
    ranked last. Two queries."""
    orders, _due = Ranking.objects.read()
    order = orders.get(MOST_DISCUSSED, {})
    return select_ranked(order, read_ranked(order))


def select_discussed(order, articles):
    """Return (label, articles) of each period, each article with its writers in it."""
    shown = ()
    for number, period in enumerate(PERIODS, Writers._fields.index("day")):
        counted = {
            key: article._replace(writers=order.figures[key][number])
            for key, article in articles.items()
            if key in order.figures
        }
        shown += select_ranked({period: order.get(period, ())}, articles | counted)
    return shown


def read_ranked(*orders):
    """Return {key: ``RankedArticle``} of the listed articles in the orders of rankings. One
    query."""
    keys = {key for order in orders for of_period in order.values() for key in of_period}
    rows = _articles(sorted(keys), timezone.now()) if keys else ()
    return {
        key: RankedArticle(title, read_language(language, title), phrases, slug, count or 0)
        for key, title, phrases, language, slug, count in rows
    }


@compiled.rows
def _articles(keys, now):
    listed = Exists(Article.objects.listed(now).filter(pk=OuterRef("pk")))
    articles = Article.objects.filter(listed, pk__in=compiled.each_of(keys)).order_by()
    columns = "pk", "title", "phrases", "language", "slug", "thread__published_count"
    return articles.values_list(*columns)


def weigh_writers(day, week):
    """Return {period: {article's key: the weight of the writers since then}}. One query.

    Comments without an ID or a network are of the staff or imported. Each counts as one writer.
    """
    networks = {"day": defaultdict(list), "week": defaultdict(list)}
    for key, block, _host, *writers in _count_writers(day, week):
        for period, number in zip(networks, writers, strict=True):
            if number:
                networks[period][key, block].append(compute_weight(number))
    weights = {period: defaultdict(float) for period in networks}
    for period, blocks in networks.items():
        for (key, _block), hosts in blocks.items():
            weights[period][key] += compute_group_weight(sum(hosts), max(hosts))
    return weights


class Writers(NamedTuple):
    """How many wrote below an article in the last hour, day and week."""

    hour: int
    day: int
    week: int


class Total(NamedTuple):
    """How many comments the site got in a day, and of how many writers."""

    comments: int
    writers: int


def count_writers(now):
    """Return {article's key: ``Writers``}, and a ``Total`` under ``SITE``. Two queries."""
    hour, day = now - timedelta(hours=1), now - PERIODS["day"]
    figures = {key: Writers(*row) for key, *row in _writers(hour, day, now - PERIODS["week"])}
    total = _total.first(day) or (0, 0)
    return figures | {SITE: Total(*total)}


@compiled.rows
def _writers(hour, day, week):
    comments = Comment.objects.published().filter(posted_at__gte=week).order_by()
    writer, counts = _or_own_key("reader_code"), {}
    for name, start in {"in_hour": hour, "in_day": day, "in_week": week}.items():
        counts[name] = Count(writer, distinct=True, filter=Q(posted_at__gte=start))
    return comments.values_list("thread__article_id").annotate(**counts)


@compiled.rows
def _total(day):
    comments = Comment.objects.published().filter(posted_at__gte=day).order_by()
    writers = Count(_or_own_key("reader_hash"), distinct=True)
    counted = comments.values("state").annotate(comments=Count("pk"), writers=writers)
    return counted.values_list("comments", "writers")


@compiled.rows
def _count_writers(day, week):
    comments = Comment.objects.published().filter(posted_at__gte=week)
    networks = _or_own_key("wide_network_hash"), _or_own_key("network_hash")
    writer = _or_own_key("reader_code")
    counts = {
        name: Count(writer, distinct=True, filter=Q(posted_at__gte=start))
        for name, start in {"day": day, "week": week}.items()
    }
    return comments.order_by().values_list("thread__article_id", *networks).annotate(**counts)


def _or_own_key(field):
    """The value of a field, or the comment's own key if the field is empty."""
    return Case(When(**{field: ""}, then=Cast("pk", CharField())), default=F(field))
