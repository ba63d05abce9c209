"""The rows of a thread's comments, read as tuples with only the columns that a page shows: model
instances would take most of the time of a page."""

from collections import namedtuple
from operator import attrgetter

from django.conf import settings
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from articles.models import compiled
from comments.models import Comment, Reference
from comments.models.shown import Shown
from comments.models.states import Reason, State
from comments.orders import measure_exposure, sort_by_popularity, sort_by_share

COLUMNS = (
    *("pk", "number", "parent_id", "tree_id", "level", "lft", "rght", "state", "reason"),
    *("name", "tripcode", "staff_id", "reader_code", "reader_ordinal", "reader_total"),
    *("posted_at", "edited_at", "moderated_at", "score", "alias", "html", "text"),
)


class CommentRow(Shown, namedtuple("CommentRow", COLUMNS)):
    """A comment as a page of its thread shows it. ``reader_total`` is the number of comments that
    its ID has in the thread."""

    __slots__ = ()

    def get_reason_display(self):
        return Reason(self.reason).label


class RootRow(namedtuple("RootRow", "pk number tree_id rght tree_size tree_published")):
    """A top-level comment of a page, before its tree is read."""

    __slots__ = ()


def read_roots(thread, order, first, count):
    """Return ``count`` top-level comments of a thread in one of the orders, as rows."""
    if order != "top":
        rows = (_newest if order == "new" else _oldest)(first, count, thread.pk)
    elif settings.COMMENT_DOWN_VOTES:
        rows = _best_by_share(first, count, thread.pk)
    else:
        rows = _most_popular(first, count, thread.pk, *measure_exposure(thread))
    return [RootRow._make(row) for row in rows]


def count_roots(thread_id):
    """Return the number of top-level comments that a thread shows."""
    return _root_counts.first(thread_id)


def read_first(roots, share):
    """Return the first ``share`` comments of some trees, as rows in tree order. One query for
    whole trees, two for those that are cut: PostgreSQL reads all comments of the site for both
    in one."""
    whole = [root.tree_id for root in roots if root.tree_size <= share]
    long = [root.pk for root in roots if root.tree_size > share]
    rows = _whole(whole) if whole else []
    if long:
        rows += _read_cut(_cuts(long, share))
    return sorted(map(CommentRow._make, rows), key=attrgetter("tree_id", "lft"))


def _read_cut(cuts):
    """Return the rows of trees to their cuts."""
    arms = 1 << (len(cuts) - 1).bit_length()  # a query is compiled for each number of them
    trees, ends = zip(*cuts, *[(0, 0)] * (arms - len(cuts)), strict=True)
    return _cut(list(trees), list(ends), arms)


def read_below(top, first, count):
    """Return those shown of ``count`` comments below another, from an index on, as rows in tree
    order. Two queries."""
    edges = _edges_below(first, count, top.tree_id, top.lft, top.rght)
    rows = _between(top.tree_id, edges[0], edges[-1]) if edges else []
    return [CommentRow._make(row) for row in rows]


def read_above(top, comment):
    """Return the comments above a comment and below another, as rows in tree order."""
    rows = _above(top.tree_id, top.lft, comment.lft, comment.rght)
    return [CommentRow._make(row) for row in rows]


def count_below(pks):
    """Return (key, number of published comments below) for some comments."""
    return _counts_below(pks)


def read_answers(pks):
    """Return (key, number, key of the answer) for the comments that name some others, oldest
    first."""
    return _answers(pks)


@compiled.rows
def _root_counts(thread_id):
    roots = Comment.objects.filter(thread_id=thread_id).shown_roots().order_by()
    count = roots.values("thread").annotate(count=Count("pk"))
    return count.values_list("count", flat=True)


def _select_roots(thread_id):
    return Comment.objects.filter(thread_id=thread_id).shown_roots().values_list(*RootRow._fields)


@compiled.slices
def _oldest(thread_id):
    return _select_roots(thread_id).order_by("number")


@compiled.slices
def _newest(thread_id):
    return _select_roots(thread_id).order_by("-number")


@compiled.slices
def _best_by_share(thread_id):
    return sort_by_share(_select_roots(thread_id))


@compiled.slices
def _most_popular(thread_id, length, age):
    return sort_by_popularity(_select_roots(thread_id), length, age)


def _select(comments):
    same = Comment.objects.published().filter(
        thread=OuterRef("thread"), reader_code=OuterRef("reader_code")
    )
    last = same.order_by("-reader_ordinal").values("reader_ordinal")[:1]
    total = Case(When(reader_ordinal__gt=0, then=Subquery(last)))
    return comments.shown().in_tree_order().annotate(reader_total=total).values_list(*COLUMNS)


@compiled.rows
def _cuts(pks, limit):
    """Return (tree, left edge of the comment that follows the first ``limit``)."""
    own = Comment.objects.filter(tree_id=OuterRef("tree_id")).order_by("lft").values("lft")
    cut = Coalesce(Subquery(own[limit : limit + 1]), F("rght"))
    roots = Comment.objects.filter(pk__in=compiled.each_of(pks)).order_by()
    return roots.annotate(cut=cut).values_list("tree_id", "cut")


@compiled.rows
def _whole(tree_ids):
    return _select(Comment.objects.filter(tree_id__in=compiled.each_of(tree_ids)))


@compiled.rows
def _cut(tree_ids, ends, limit):
    parts = Q(tree_id=tree_ids[0], lft__lt=ends[0])
    for arm in range(1, limit):
        parts |= Q(tree_id=tree_ids[arm], lft__lt=ends[arm])
    return _select(Comment.objects.filter(parts))


@compiled.slices
def _edges_below(tree_id, lft, rght):
    below = Comment.objects.filter(tree_id=tree_id, lft__gt=lft, lft__lt=rght)
    return below.order_by("lft").values_list("lft", flat=True)


@compiled.rows
def _between(tree_id, first, last):
    return _select(Comment.objects.filter(tree_id=tree_id, lft__gte=first, lft__lte=last))


@compiled.rows
def _above(tree_id, top, lft, rght):
    return _select(Comment.objects.filter(tree_id=tree_id, lft__gt=top, lft__lt=lft, rght__gt=rght))


@compiled.rows
def _counts_below(pks):
    comments = Comment.objects.filter(pk__in=compiled.each_of(pks))
    return comments.with_count_below(Q(state=State.PUBLISHED))


@compiled.rows
def _answers(pks):
    shown = Reference.objects.shown().filter(target_id__in=compiled.each_of(pks))
    return shown.order_by("source__number").values_list("target_id", "source__number", "source_id")
