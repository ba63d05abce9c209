"""Invented texts, written straight into the tables: half a million comments would take a quarter
of an hour through the doors of the site."""

import itertools
from datetime import timedelta

LENGTHS = {"article": 900, "comment": 70}  # characters, about
THREAD = 500  # comments of a thread that has any
WORDS = 8_000
BATCH = 1_000


class Invented:
    """Texts of invented words; the n-th word is said 1/n as often as the first."""

    PARTICLES = ["は", "が", "を", "に", "で", "と", "も", "の", "から", "まで", "という"]
    PARTICLES += ["です。", "した。", "ので、", "だろう。"]

    def __init__(self, chance):
        self._chance = chance
        signs = [chr(0x4E00 + number) for number in chance.sample(range(8_000), 1_500)]
        made = {"".join(chance.choices(signs, k=chance.choice((2, 2, 3)))) for _ in range(WORDS)}
        self.words = sorted(made)
        chance.shuffle(self.words)
        self._weights = list(
            itertools.accumulate(1 / (rank + 60) for rank in range(len(self.words)))
        )

    def text(self, length):
        """Return a text of about as many characters, some a half, some double."""
        count = max(2, int(length * self._chance.uniform(0.5, 2) / 4))
        words = self._chance.choices(self.words, cum_weights=self._weights, k=count)
        return "".join(word + self._chance.choice(self.PARTICLES) for word in words)


def write_articles(invented, sections, count):
    """Write articles, the newest last; returns their keys and dates."""
    from django.utils import timezone

    from articles.models import Article

    now = timezone.now()
    made = (
        Article(
            title=invented.text(24)[:60],
            slug=f"article-{number}",
            lead=invented.text(50),
            body=f"<p>{invented.text(LENGTHS['article'])}</p>",
            category=sections[number % len(sections)],
            status="published",
            published_at=now - timedelta(days=3_000) * ((count - number) / count),
        )
        for number in range(count)
    )
    while batch := list(itertools.islice(made, BATCH)):
        Article.objects.bulk_create(batch)
    return list(Article.objects.order_by("pk").values_list("pk", "published_at"))


def write_comments(invented, articles, count, *, describe=dict):
    """Write comments under some articles, each a tree of its own. ``describe`` returns more of the
    columns of a comment."""
    from comments.models import Comment, Thread
    from comments.models.trees import TreeNumber

    for pk, published_at in articles:
        size = min(THREAD, count)
        thread = Thread.objects.create(article_id=pk, last_number=size, published_count=size)
        made = []
        for number, tree in enumerate(TreeNumber.take(size), 1):
            text = invented.text(LENGTHS["comment"])
            place = {"tree_id": tree, "level": 0, "lft": 1, "rght": 2, "tree_published": 1}
            posted_at = published_at + timedelta(minutes=number)
            made.append(
                Comment(
                    thread=thread,
                    number=number,
                    text=text,
                    html=f"<p>{text}</p>",
                    posted_at=posted_at,
                    **place,
                    **describe(),
                )
            )
        Comment._base_manager.bulk_create(made)


def settle():
    """Let PostgreSQL count its rows and tidy, as it does by itself after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
