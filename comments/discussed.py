"""The most discussed articles, ranked by the number of writers and not of comments.

The writers of a day or a week are weighed like votes: the weight of one network grows like a
logarithm of its writers, and so does that of the networks of one IPv6 /48.
"""

from collections import defaultdict

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, When
from django.db.models.functions import Cast
from django.utils import timezone

from articles.models import Article, compiled
from articles.web.rankings import PERIODS, list_starts, load_rankings
from comments.models import Comment, Thread
from comments.models.weights import compute_group_weight, compute_weight


def rank_most_discussed(category=None):
    """Return (label, articles) of each period with comments, the most discussed first, of the site
    or of a category and those below it. Each article has ``comment_count``. One query."""
    return load_rankings("most-discussed", category, rank=_weigh_writers, fetch=_fetch_articles)


def _weigh_writers(category):
    """Return the articles discussed lately, and {period: {key: the weight of the writers}}."""
    articles, networks = {}, {period: defaultdict(list) for period in PERIODS}
    for key, title, slug, count, block, _host, *writers in _count_writers(category):
        if key not in articles:
            articles[key] = Article(pk=key, title=title, slug=slug)
            articles[key].comment_count = count
        for period, number in zip(PERIODS, writers, strict=True):
            networks[period][key, block].append(compute_weight(number))
    weights = {period: defaultdict(float) for period in PERIODS}
    for period, blocks in networks.items():
        for (key, _block), hosts in blocks.items():
            weights[period][key] += compute_group_weight(sum(hosts), max(hosts))
    return articles, weights


def _count_writers(category):
    """Return rows of article, /48, host and the number of writers in each period.

    Comments without an ID or a network are of the staff or imported. Each counts as one writer.
    """
    starts = list_starts()
    if category:
        return _build_count(Article.objects.listed().in_category(category), **starts)
    return _count_of_site(timezone.now(), *starts.values())


@compiled.rows
def _count_of_site(now, day, week):
    return _build_count(Article.objects.listed(now), day=day, week=week)


def _build_count(articles, *, day, week):
    comments = Comment.objects.published().filter(
        Exists(articles.filter(pk=OuterRef("thread__article_id"))), posted_at__gte=week
    )
    columns = (
        *("thread__article_id", "thread__article__title", "thread__article__slug"),
        "thread__published_count",
        _or_own_key("wide_network_hash"),
        _or_own_key("network_hash"),
    )
    writer = _or_own_key("reader_code")
    counts = {
        name: Count(writer, distinct=True, filter=Q(posted_at__gte=start))
        for name, start in {"day": day, "week": week}.items()
    }
    return comments.order_by().values_list(*columns).annotate(**counts)


def _or_own_key(field):
    """The value of a field, or the comment's own key if the field is empty."""
    return Case(When(**{field: ""}, then=Cast("pk", CharField())), default=F(field))


def _fetch_articles(keys):
    articles = {}
    for thread in _threads(sorted(keys), timezone.now()) if keys else ():
        articles[thread.article_id] = thread.article
        thread.article.comment_count = thread.published_count
    return articles


@compiled.rows
def _threads(keys, now):
    listed = Exists(Article.objects.listed(now).filter(pk=OuterRef("article_id")))
    threads = Thread.objects.filter(listed, article_id__in=compiled.each_of(keys))
    columns = "published_count", "article__title", "article__slug"
    return threads.select_related("article").only(*columns)
