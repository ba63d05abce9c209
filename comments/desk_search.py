"""The moderators' search: comments in any state, by text, ID, name, tripcode, number or network.

Texts are found through the search index, all else through indexes of the table. Pages follow the
keys of comments: nothing is counted, and the number of queries does not grow with the table.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.timezone import make_aware

from articles.models import Article
from articles.search import find_matches
from articles.search.analysis import LONGEST_QUERY, Query
from articles.web.paging import read_integer
from comments.indexing import COMMENT
from comments.models import Comment
from comments.models.states import State
from comments.readers import CODE_LENGTH

PAGE = 40  # comments
MOST = 1_000  # comments of one act
MOST_LOTS = 12  # of the index, for one page; rare states may need more, on the next page
MOST_ROUNDS = 10  # as many pages of the index are read for one act
NARROW = 2_000  # comments that a filter leaves; the query of the index is then restricted to them

_NUMBER = re.compile(r"(?:>>|＞＞)?([0-9]{1,9})")
_CODE = re.compile(f"(?:ID[:：])?([A-Za-z0-9_-]{{{CODE_LENGTH}}})")
_TRIPCODE = re.compile(r"◆?([A-Za-z0-9./]{10})")


@dataclass(frozen=True, slots=True)
class Hits:
    """Comments of a page, newest first. The next page is ``before`` this key; None on the last."""

    comments: list
    before: int | None = None


class DeskSearch:
    """A search by the parameters of a query. ``unread`` are the filters that name nothing; with
    one of them nothing is found."""

    def __init__(self, parameters):
        given = {name: value.replace("\0", " ").strip() for name, value in parameters.items()}
        self.text = given.get("q", "")[:LONGEST_QUERY]
        self.state = given.get("state", "") if given.get("state") in State.values else ""
        self.given_article = given.get("article", "")
        self.article = _find_article(self.given_article)
        self.since, self.until = _read_date(given.get("since")), _read_date(given.get("until"))
        self.network_of = _find_comment(given.get("network", ""))
        self.before = read_integer(given.get("before", ""))
        # A filter that names nothing must not find everything: acts cover what is found.
        filters = ("state", "article", "since", "until")
        self.unread = [name for name in filters if given.get(name) and not getattr(self, name)]
        if given.get("network") and not self.network_of:
            self.unread.append("network")

    def __bool__(self):
        filters = self.text, self.state, self.article, self.since, self.until, self.network_of
        return any([*filters, self.unread])

    @cached_property
    def query(self):
        return Query(self.text)

    @property
    def lacks_article(self):
        """Whether it names the number of a comment, but no article."""
        return bool(re.match(">>|＞＞", self.text)) and not self.article

    def build_query(self, **changes):
        """Return the query string of this search with some parameters changed."""
        parameters = {
            "q": self.text,
            "article": self.article and self.article.pk,
            "state": self.state,
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "network": self.network_of and self.network_of.pk,
        }
        return urlencode({name: value for name, value in (parameters | changes).items() if value})

    def find(self):
        """Return the ``Hits`` of the page."""
        return self._find(self._filter(), self.before, PAGE)

    def list_keys(self, most=MOST):
        """Return the keys of all comments that are found, the newest, up to a number."""
        keys, before = [], None
        for _round in range(MOST_ROUNDS):
            hits = self._find(self._filter(), before, most - len(keys))
            keys += [comment.pk for comment in hits.comments]
            before = hits.before
            if before is None or len(keys) >= most:
                break
        return keys

    def _filter(self):
        """Return the comments that the filters leave."""
        comments = Comment.objects.order_by().only("pk", "posted_at")
        if self.unread:
            return comments.none()
        if self.article:
            comments = comments.filter(thread__article=self.article)
        if self.state:
            comments = comments.filter(state=self.state)
        if self.since:
            comments = comments.filter(posted_at__gte=_begin(self.since))
        if self.until:
            comments = comments.filter(posted_at__lt=_begin(self.until, days=1))
        if self.network_of:
            comments = comments.filter(
                thread=self.network_of.thread_id, network_hash=self.network_of.network_hash
            )
        return comments

    def _find(self, comments, before, size):
        if self.unread or not self:
            return Hits([])
        if not self.text:
            return _browse(comments, before, size, split=not (self.state or self.network_of))
        number = _NUMBER.fullmatch(self.text)
        if self.article and number:
            found = list(comments.filter(number=int(number[1])))
            return Hits([comment for comment in found if before is None or comment.pk < before])
        return self._find_text(comments, before, size)

    def _find_text(self, comments, before, size):
        """Merge what the index finds with the comments of a name, an ID or a tripcode."""
        below = comments if before is None else comments.filter(pk__lt=before)
        rows, resume = self._read_index(comments, before, size)
        for signed in self._list_signed(below):
            rows |= {comment.pk: comment for comment in signed.order_by("-pk")[: size + 1]}
        merged = [rows[key] for key in sorted(rows, reverse=True) if key >= (resume or 0)]
        if len(merged) > size:
            return Hits(merged[:size], merged[size - 1].pk)
        return Hits(merged, resume)

    def _list_signed(self, comments):
        """Return the comments with the text as their name, ID or tripcode, as querysets."""
        name = re.sub("^(?:名前|name)[:：]", "", self.text)
        yield comments.filter(name=name).exclude(name="")
        if code := _CODE.fullmatch(self.text):
            yield comments.filter(reader_code=code[1])
        if tripcode := _TRIPCODE.fullmatch(self.text):
            yield comments.filter(tripcode=tripcode[1]).exclude(tripcode="")

    def _read_index(self, comments, before, size):
        """Return {key: comment} of the index's matches that the filters leave, and the key to go
        on before; None if there are no more."""
        rows, lots = {}, 0
        while True:
            is_cut = False
            for lot, is_cut in self._find_lots(before):
                if not lot:
                    continue
                left = comments.filter(pk__among=dict(lot))
                rows |= {comment.pk: comment for comment in left}
                before, lots = lot[-1][0], lots + 1
                if len(rows) > size or lots == MOST_LOTS:
                    return rows, before
                if is_cut:  # the rest of the lot follows in a search of its own
                    break
            if not is_cut:
                return rows, None

    def _find_lots(self, before):
        return find_matches(
            self.query,
            COMMENT,
            before=before,
            since=_begin(self.since) if self.since else None,
            until=_begin(self.until, days=1) if self.until else None,
            within=self._list_few if self.article or self.network_of or self.state else None,
        )

    def _list_few(self):
        """Return the keys of the comments that the filters leave, or None if they are many."""
        comments = self._filter()
        if not self.article and not self.network_of:
            # The order of the index on states. Without it a prepared query, which
            # does not know how rare the state is, scans the table for the first rows.
            comments = comments.order_by("state", "-posted_at")
        keys = list(comments.values_list("pk", flat=True)[: NARROW + 1])
        return keys if len(keys) <= NARROW else None


def list_newest(comments, before, size):
    """Return ``Hits`` of comments by the time of posting, newest first, after that of a key."""
    return _browse(comments, before, size, split=False)


def _browse(comments, before, size, *, split):
    """``split`` asks for each state alone, as the indexes begin with it."""
    comments = comments.order_by("-posted_at", "-pk")
    last = before is not None and Comment.objects.filter(pk=before).only("posted_at").first()
    if last:
        later = Q(posted_at__lt=last.posted_at) | Q(pk__lt=last.pk)
        comments = comments.filter(later, posted_at__lte=last.posted_at)
    parts = [comments.filter(state=state) for state in State] if split else [comments]
    rows = [comment for part in parts for comment in part[: size + 1]]
    rows.sort(key=lambda comment: (comment.posted_at, comment.pk), reverse=True)
    return Hits(rows[:size], rows[size - 1].pk if len(rows) > size else None)


def _begin(day, days=0):
    return make_aware(datetime.combine(date.fromordinal(day.toordinal() + days), time.min))


def _read_date(text):
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1970 <= day.year < 2200 else None


def _find_article(text):
    """Return the article of a key, of a slug, or of an address that ends in it; None if unknown."""
    if not text:
        return None
    articles = Article.objects.only(
        "pk", "title", "phrases", "language", "slug", "status", "published_at", "kind"
    )
    pk = read_integer(text)
    by_key = articles.filter(pk=pk).first() if pk is not None else None
    slug = text.split("#")[0].split("?")[0].rstrip("/").rpartition("/")[2]
    return by_key or articles.filter(slug=slug).order_by("-pk").first()


def _find_comment(text):
    """Return the comment of a key if its network is known."""
    pk = read_integer(text)
    known = Comment.objects.exclude(network_hash="").only("pk", "number", "thread", "network_hash")
    return known.filter(pk=pk).first() if pk is not None else None
