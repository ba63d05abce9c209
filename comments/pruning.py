"""A removal with replies before it is done: its figures, and what readers see afterwards."""

from dataclasses import dataclass
from itertools import islice

from django.db.models import Count, Max, Q, Sum
from django.utils.functional import cached_property

from comments.models import Comment
from comments.models.states import State
from comments.nodes import build_nodes
from comments.quoting import find_quotations

SHOWN = 8  # comments of the branch that the preview shows
MOST_QUOTED = 500  # comments whose quotations the page looks for
LISTED = 10  # hidden comments and quotations that it names
POPULAR = 10  # votes
MOST_WRITERS = 500
IS_LEFT = ~Q(state=State.REMOVED)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a removal of the branch takes: comments that are not removed yet, writers, votes.
    ``popular`` of them have many votes, ``hidden`` are those that are removed already. ``deepest``
    is the level of the lowest, from 1."""

    comments: int
    writers: int
    votes: int
    popular: int
    hidden: int
    deepest: int


def measure_reach(comment):
    """Return the reach of a removal with replies. One query."""
    branch = Comment.objects.branch_of(comment).order_by()
    sums = branch.aggregate(
        comments=Count("pk", filter=IS_LEFT),
        writers=Count("reader_hash", filter=IS_LEFT & ~Q(reader_hash=""), distinct=True),
        nameless=Count("pk", filter=IS_LEFT & Q(reader_hash="")),
        up=Sum("up_votes", filter=IS_LEFT),
        down=Sum("down_votes", filter=IS_LEFT),
        popular=Count("pk", filter=IS_LEFT & Q(score__gte=POPULAR)),
        hidden=Count("pk", filter=~IS_LEFT),
        deepest=Max("level"),
    )
    return Reach(
        comments=sums["comments"],
        writers=sums["writers"] + bool(sums["nameless"]),
        votes=(sums["up"] or 0) + (sums["down"] or 0),
        popular=sums["popular"],
        hidden=sums["hidden"],
        deepest=(sums["deepest"] or 0) + 1,
    )


class Pruning:
    """A removal of a comment with all below it, as its page shows it."""

    def __init__(self, comment):
        self.comment = comment
        self.branch = Comment.objects.branch_of(comment).in_tree_order()

    @cached_property
    def reach(self):
        return measure_reach(self.comment)

    @cached_property
    def stamp(self):
        return self.comment.branch_stamp

    @cached_property
    def parent(self):
        """The comment that it answers, if readers see that."""
        return Comment.objects.shown().filter(pk=self.comment.parent_id).first()

    @cached_property
    def following(self):
        """The next reply to the same comment: it stays."""
        return self.comment.next_sibling_shown()

    @cached_property
    def nodes(self):
        """The first comments of the branch, in the order of the tree."""
        first = list(self.branch.select_related("staff")[:SHOWN])
        return build_nodes(first, base=self.comment.level)

    @property
    def rest(self):
        return self.comment.get_descendant_count() + 1 - len(self.nodes)

    @cached_property
    def newcomers(self):
        """The number of writers who have nothing outside this branch; 0 where there are more than
        ``MOST_WRITERS``, as each has to be looked up."""
        if self.reach.writers > MOST_WRITERS:
            return 0
        left = self.branch.filter(IS_LEFT).exclude(reader_hash="").order_by()
        inside = set(left.values_list("reader_hash", flat=True).distinct())
        others = Comment.objects.filter(reader_hash__in=inside).exclude(pk__in=self.branch)
        known = others.order_by().values_list("reader_hash", flat=True).distinct()
        return len(inside - set(known))

    @cached_property
    def hidden(self):
        """The first comments that are removed already."""
        return list(self.branch.filter(state=State.REMOVED)[:LISTED])

    @cached_property
    def quotations(self):
        """Comments outside that repeat one of the first ``MOST_QUOTED`` that go. After a removal
        for privacy, ``quoting.find_quotations_of`` finds those of all."""
        top = self.comment
        first = self.branch.filter(IS_LEFT).values_list("pk", flat=True)[:MOST_QUOTED]
        found = find_quotations(Comment.objects.filter(pk__in=list(first)))
        outside = (
            quotation
            for quotation in found
            if quotation.comment.tree_id != top.tree_id
            or not top.lft <= quotation.comment.lft < top.rght
        )
        return list(islice(outside, LISTED))
