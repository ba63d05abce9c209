"""The front of a section: of a category, a tag, or an author."""

from dataclasses import dataclass

from django.utils import timezone

from articles.list_rows import read_listed
from articles.models import Article, Ranking, compiled
from articles.models.ranking import SPARE, Order
from articles.web.rankings import PERIODS, RANKS
from comments.discussed import MOST_DISCUSSED, Writers, read_ranked
from comments.models.thread import count_comments
from comments.voices import find_exchange, find_voices
from newsroom.front import CANDIDATES, Debate, Shown
from newsroom.ranking_renewal import read_orders

BESIDE = 3  # articles beside the lead story
LISTED = 6  # articles beside the rankings; the others follow over all columns
NOBODY = Writers(0, 0, 0)


@dataclass(frozen=True, slots=True)
class SectionFront:
    """The first articles of a section, each once: the lead story, those beside it, those beside
    the rankings and the others; and a debate, or None. ``changes_at``: when a featured comment
    ends by itself, or None."""

    lead: object
    debate: Debate | None
    beside: list
    listed: list
    others: list
    last: object
    changes_at: object

    @property
    def is_of_lead(self):
        """Whether the debate is below the lead story."""
        return self.debate is not None and self.debate.article is self.lead

    @classmethod
    def build(cls, articles, orders):
        """Arrange the newest articles of a section. Its lead story is the newest featured one, or
        the newest. Its debate is below the lead story, or else the most discussed one with a
        voice. Seven queries at most."""
        rows = {article.pk: article for article in articles}
        shown, featured = Shown(), _featured(list(rows), timezone.now()) if rows else []
        [*lead] = shown.take([*featured, *rows], 1)
        discussed = orders.get(MOST_DISCUSSED, Order())
        ranked = read_ranked(discussed)
        most = [key for period in PERIODS for key in discussed.get(period, ()) if key in ranked]
        heard = [*lead, *dict.fromkeys(most)][: 1 + CANDIDATES]
        voices, changes_at = find_voices(heard, period="week")
        key = next((key for key in heard if key in voices), None)
        shown.take([key], 1)
        known = rows | read_listed({key} - rows.keys() - {None})
        for pk, count in count_comments(list(known)).items():
            known[pk].comment_count = count
        debate = None
        if key in known:
            writers = Writers(*discussed.figures.get(key, NOBODY))
            debate = Debate(known[key], voices[key], find_exchange(voices[key]), writers)

        def take(most):
            return [rows[pk] for pk in shown.take(rows, most)]

        return cls(
            next((rows[pk] for pk in lead), None),
            debate,
            take(BESIDE),
            take(LISTED),
            take(len(rows)),
            articles[-1] if articles else None,
            changes_at,
        )


def read_section_orders(category=None, articles=None):
    """Return {name: order} of the rankings of a category, or of some articles, a queryset: these
    are taken from the long orders of the site."""
    if articles is None:
        return read_orders(category)
    wide = Ranking.objects.read_wide()
    keys = {key for order in wide.values() for of_period in order.values() for key in of_period}
    own = set(articles.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    return {name: _choose(order, own) for name, order in wide.items()}


def _choose(order, own):
    chosen = {period: [key for key in keys if key in own] for period, keys in order.items()}
    return Order({period: keys[: RANKS + SPARE] for period, keys in chosen.items()})


@compiled.rows
def _featured(keys, now):
    featured = Article.objects.featured(now).filter(pk__in=compiled.each_of(keys))
    return featured.newest_first().values_list("pk", flat=True)
