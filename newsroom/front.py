"""What the front page shows, in which order, and nothing twice."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Subquery, Value
from django.utils import timezone

from articles.list_rows import find_newest_in, read_listed
from articles.models import Article, FrontPin, compiled
from articles.models.category import NamedCategory
from articles.models.ranking import SITE, Order
from articles.reads import MOST_READ
from articles.web.rankings import PERIODS, select_ranked
from comments.discussed import MOST_DISCUSSED, Total, Writers, read_ranked
from comments.models.thread import count_comments
from comments.voices import find_exchange, find_voices
from newsroom.ranking_renewal import read_orders

OPENING = 5  # articles: the lead story, the second, and three of words alone
CANDIDATES = 8  # most discussed articles among which one with a voice is looked for
OTHERS = 4  # most discussed articles beside that
LATEST = 5
BLOCK_SIZE = 3  # articles in the block of a category
MOST_BLOCKS = 12
# The newest articles that are read: those of all parts above may be among them.
READ = 1 + OPENING + 1 + OTHERS + LATEST
NEWEST, FEATURED, PINNED, BREAKING = range(4)  # ranks


class Shown:
    """The set of what a page shows already."""

    def __init__(self):
        self._keys = set()

    def take(self, keys, most, accepts=lambda key: True):
        """Return the first keys, so many at most, that are not shown yet; now they are."""
        taken = []
        for key in dict.fromkeys(keys):
            if len(taken) == most:
                break
            if key not in self._keys and accepts(key):
                taken.append(key)
        self._keys.update(taken)
        return taken


@dataclass(frozen=True, slots=True)
class Places:
    """The keys of the articles in each part of the front page."""

    breaking: list
    opening: list
    debate: list
    others: list
    latest: list
    blocks: list  # (category, keys)

    @classmethod
    def arrange(cls, ranks, discussed, blocks, has_voice):
        """``ranks``: {rank: keys}; ``discussed``: keys, the most discussed first; ``blocks``:
        (category, keys, the newest first)."""
        shown = Shown()
        breaking = shown.take(ranks[BREAKING], 1)
        featured = [key for key in ranks[FEATURED] if key not in breaking][:1]
        first = [*ranks[PINNED], *featured, *ranks[NEWEST]]
        opening = shown.take(first, OPENING)
        return cls(
            breaking,
            opening,
            shown.take(discussed[:CANDIDATES], 1, has_voice),
            shown.take(discussed, OTHERS),
            shown.take(first, LATEST),
            [(category, shown.take(keys, BLOCK_SIZE)) for category, keys in blocks],
        )


@dataclass(frozen=True, slots=True)
class Debate:
    """An article that is discussed: a voice with its answers, how many comments there are, and
    how many wrote."""

    article: object
    voice: object
    answers: tuple
    writers: Writers


@dataclass(frozen=True, slots=True)
class Block:
    category: NamedCategory
    articles: list


class Front:
    """The parts of the front page.

    Breaking news stands above all. The articles that editors have pinned come first, in their
    order; without any, the newest featured article, or the newest of all, is the lead story.
    Ten queries in all. ``changes_at``: when a featured comment ends by itself, or None.
    """

    def __init__(self, categories):
        now = timezone.now()
        orders = read_orders()
        read, discussed = (orders.get(name, Order()) for name in (MOST_READ, MOST_DISCUSSED))
        ranked = read_ranked(read, discussed)
        self.writers = {key: Writers(*row) for key, row in discussed.figures.items() if key != SITE}
        self.total = Total(*discussed.figures.get(SITE, (0, 0)))
        self.most_read = select_ranked(
            read, {key: article._replace(comment_count=0) for key, article in ranked.items()}
        )
        most = [key for period in PERIODS for key in discussed.get(period, ())]
        most = [key for key in dict.fromkeys(most) if key in ranked and key in self.writers]
        ranks = _read_ranks(now)
        first = [*ranks[PINNED], *ranks[FEATURED], *ranks[NEWEST]]
        lead = [key for key in first if key not in ranks[BREAKING]][:1]
        self._voices, self.changes_at = find_voices(
            [*most[:CANDIDATES], *lead], first, period="week"
        )
        self._places = Places.arrange(
            ranks, most, _find_blocks(categories), self._voices.__contains__
        )
        self._rows = self._read_rows()

    @property
    def breaking(self):
        """The newest breaking news, or None."""
        return next(iter(self._list(self._places.breaking)), None)

    @property
    def lead(self):
        return next(iter(self._list(self._places.opening[:1])), None)

    @property
    def beside(self):
        return self._list(self._places.opening[1:])

    @property
    def latest(self):
        return self._list(self._places.latest)

    @property
    def debate(self):
        """The most discussed article with a voice, or None."""
        for article in self._list(self._places.debate):
            voice = self._voices[article.pk]
            return Debate(article, voice, find_exchange(voice), self.writers[article.pk])
        return None

    @property
    def others(self):
        """Further articles that are discussed."""
        return [
            Debate(article, None, (), self.writers[article.pk])
            for article in self._list(self._places.others)
        ]

    @property
    def blocks(self):
        """One block of newest articles for each of the first categories that have any left."""
        blocks = [Block(category, self._list(keys)) for category, keys in self._places.blocks]
        return [block for block in blocks if block.articles][:MOST_BLOCKS]

    @property
    def voiced(self):
        """(article, voice) for those with a voice below their headlines: the lead story, and all
        with a comment that the staff chose."""
        shown = [*self._list(self._places.opening), *self.latest]
        pairs = [(article, self._voices.get(article.pk)) for article in shown]
        lead = next(iter(shown), None)
        return [pair for pair in pairs if pair[1] and (pair[0] is lead or pair[1].is_chosen)]

    def _list(self, keys):
        return [self._rows[key] for key in keys if key in self._rows]

    def _read_rows(self):
        places = self._places
        parts = places.breaking, places.opening, places.debate, places.others, places.latest
        keys = {key for part in parts for key in part}
        rows = read_listed(keys.union(*(part for _category, part in places.blocks)))
        for key, count in count_comments(list(rows)).items():
            rows[key].comment_count = count
        return rows


def _read_ranks(now):
    """Return {rank: keys}, in the order of the rank."""
    ranks = defaultdict(list)
    for rank, _position, _at, pk in sorted(_first(now), reverse=True):
        ranks[rank].append(pk)
    return ranks


def _find_blocks(categories):
    """Return (root category, primary keys of its newest articles) of the first root categories that
    have articles: of their own, of the categories below, and of those listed there too."""
    newest = defaultdict(set)
    trees = {category.pk: category.tree_id for category in categories}
    for at, pk, category in find_newest_in(list(trees), READ + BLOCK_SIZE):
        newest[trees[category]].add((at, pk))
    return [
        (category, [pk for _at, pk in sorted(newest[category.tree_id], reverse=True)])
        for category in categories
        if category.parent_id is None and newest[category.tree_id]
    ]


@compiled.rows
def _first(now):
    """Rank, place among the pinned (the first has the highest), publication and primary key of the
    newest breaking news, of the pinned articles, of the newest featured ones (two, as one may be
    the breaking news) and of the newest of all."""
    listed = Article.objects.listed(now).newest_first()
    # Few are marked: by an EXISTS the database begins with them, and not with all that are listed.
    is_listed = Exists(Article.objects.listed(now).filter(pk=OuterRef("pk")))
    marked = Article.objects.filter(is_listed).newest_first()
    parts = [
        Article.objects.order_by()
        .filter(pk__in=articles.values("pk")[:size])
        .values_list(Value(rank), Value(0), "published_at", "pk")
        for rank, articles, size in (
            (BREAKING, marked.breaking(now), 1),
            (FEATURED, marked.featured(now), 2),
            (NEWEST, listed, READ),
        )
    ]
    is_listed = Exists(Article.objects.listed(now).filter(pk=OuterRef("article_id")))
    pins = FrontPin.objects.running(now).filter(is_listed).order_by()
    # For a join SQLite would begin with all articles.
    published = Article.objects.filter(pk=OuterRef("article_id")).values("published_at")
    place = -F("position"), Subquery(published), "article_id"
    return parts[0].union(*parts[1:], pins.values_list(Value(PINNED), *place), all=True)
