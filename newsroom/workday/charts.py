"""What is read and discussed: the rankings of the week with their numbers, as bars."""

from dataclasses import dataclass

from django.urls import reverse

from articles.models import Article, Ranking
from articles.reads import MOST_READ, count_readers
from articles.web.rankings import RANKS
from comments.discussed import MOST_DISCUSSED, read_ranked
from comments.models import Thread

LONGEST = 70  # percent of the column that the longest bar takes; the rest is for its number
WEEK = "week"
NEWEST = 3  # articles that were just published


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article with its number and the length of its bar in percent."""

    title: str
    href: str
    number: str
    length: float


def rank_week():
    """Return the most read articles of the week and the most discussed ones, as they were ranked
    last."""
    orders, _due = Ranking.objects.read()
    read, discussed = (orders.get(name, {}).get(WEEK, []) for name in (MOST_READ, MOST_DISCUSSED))
    articles = read_ranked({WEEK: read}, {WEEK: discussed})
    read, discussed = (
        [key for key in keys if key in articles][:RANKS] for keys in (read, discussed)
    )
    readers = count_readers(read)
    comments = {key: articles[key].comment_count for key in discussed}
    return [
        _build_bars([(key, articles[key].title, numbers.get(key, 0)) for key in keys])
        for keys, numbers in ((read, readers), (discussed, comments))
    ]


def list_newest():
    """Return the articles that were just published, with their readers and comments."""
    articles = list(Article.objects.listed().newest_first().for_list()[:NEWEST])
    keys = [article.pk for article in articles]
    readers = count_readers(keys)
    comments = dict(
        Thread.objects.filter(article__in=keys).values_list("article", "published_count")
    )
    for article in articles:
        article.readers = readers.get(article.pk, 0)
        article.comment_count = comments.get(article.pk, 0)
    return articles


def _build_bars(rows):
    most = max((number for _key, _title, number in rows), default=0) or 1
    return [
        Ranked(
            title,
            reverse("admin:articles_article_change", args=[key]),
            f"{number:,}",
            round(LONGEST * number / most, 1),
        )
        for key, title, number in sorted(rows, key=lambda row: -row[2])
    ]
