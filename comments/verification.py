"""Invariants of a thread: checks, and repair from parent ids, votes and the ledger."""

from collections import Counter, defaultdict

from django.db.models import Count, Max

from comments.ledger_checks import find_ledger_faults, repair_ledger
from comments.models import Comment, Vote, tree_edges, trees
from comments.models.votable import COUNTED


def find_faults(thread):
    """Return the faults of a thread as sentences; a sound thread has none."""
    return [
        *_find_edge_faults(thread),
        *_find_count_faults(thread),
        *_find_score_faults(thread),
        *find_ledger_faults(thread),
    ]


def confirm_faults(article_id):
    """Return the faults of a thread under the lock. Without it, a post in progress looks like a
    fault."""
    with trees.thread_write(article_id) as thread:
        return find_faults(thread)


def repair(article_id):
    """Make a thread sound again: edges from ``parent_id``, scores from votes, what the ledger
    says from its acts, counts from the comments. Returns the faults that were found, under the
    lock."""
    with trees.thread_write(article_id) as thread:
        faults = find_faults(thread)
        if not faults:
            return faults
        trees.rebuild(thread)
        for pk, counted in _compute_scores(thread).items():
            votes = dict(zip(COUNTED, counted, strict=True))
            thread.comments.filter(pk=pk).exclude(**votes).update(**votes)
        repair_ledger(thread)
        highest = thread.comments.aggregate(highest=Max("number"))["highest"] or 0
        thread.last_number = max(thread.last_number, highest)
        thread.save(update_fields=["last_number"])
        thread.recount_sizes()
        thread.recount()
    return faults


def _find_edge_faults(thread):
    rows = list(
        thread.comments.order_by("number").values_list(
            "pk", "number", "parent_id", "tree_id", "level", "lft", "rght"
        )
    )
    tree_of = {pk: tree_id for pk, _number, _parent, tree_id, *_edges in rows}
    roots = Counter(tree_id for _pk, _n, parent, tree_id, *_e in rows if parent is None)
    expected = tree_edges.place_nodes([(pk, parent) for pk, _n, parent, *_rest in rows])
    ranks = tree_edges.rank_edges([(row[3], *row[5:]) for row in rows])
    for (pk, number, parent, tree_id, level, *_sides), rank in zip(rows, ranks, strict=True):
        root, *right = expected[pk]
        place = [level, *rank]
        if parent is not None and root == pk:
            yield f">>{number}: its parent {parent} is not in this thread, or below it"
        elif tree_of[root] != tree_id:
            yield f">>{number}: is in tree {tree_id}, its top-level comment in {tree_of[root]}"
        if parent is None and roots[tree_id] > 1:
            yield f">>{number}: shares tree {tree_id} with another top-level comment"
        if place != right:
            yield f">>{number}: level and order of edges are {place}, expected {right}"
    shared = Comment.objects.filter(tree_id__in=set(tree_of.values())).exclude(thread=thread)
    for tree_id in shared.order_by("tree_id").values_list("tree_id", flat=True).distinct():
        yield f"tree {tree_id} is used by another thread too"


def _find_count_faults(thread):
    published = thread.comments.published().count()
    if thread.published_count != published:
        yield f"counts {thread.published_count} published comments, has {published}"
    trees = thread.comments.published().order_by().values_list("tree_id")
    expected = Counter(dict(trees.annotate(count=Count("pk"))))
    sizes = Counter(thread.comments.order_by().values_list("tree_id", flat=True))
    roots = thread.comments.filter(parent=None)
    counts = roots.values_list("number", "tree_id", "tree_published", "tree_size")
    for number, tree_id, counted, size in counts:
        if counted != expected[tree_id]:
            yield f">>{number}: counts {counted} in its tree, has {expected[tree_id]}"
        if size != sizes[tree_id]:
            yield f">>{number}: counts {size} in its tree, hidden ones too, has {sizes[tree_id]}"
    highest = thread.comments.aggregate(highest=Max("number"))["highest"] or 0
    if thread.last_number < highest:
        yield f"last number is {thread.last_number}, but >>{highest} exists"


def _compute_scores(thread):
    """Return {pk: the values of ``COUNTED``} of every comment, computed from its votes."""
    hosts = defaultdict(list)
    votes = Vote.objects.filter(comment__thread=thread).order_by()
    networks = votes.values_list("comment_id", "value").annotate(Count("network", distinct=True))
    for pk, value, count in networks:
        hosts[pk].append((value, None, None, 0, count))
    fields = ("comment_id", "value", "bucket_48", "bucket_56", "bucket")
    for pk, value, block, site, _bucket, size in votes.values_list(*fields).annotate(Count("pk")):
        hosts[pk].append((value, block, site, size, 1))
    expected = {}
    for comment in thread.comments.only("thread", "imported_score"):
        comment.set_counts(*Vote.tally_hosts(hosts[comment.pk]))
        expected[comment.pk] = tuple(getattr(comment, name) for name in COUNTED)
    return expected


def _find_score_faults(thread):
    expected = _compute_scores(thread)
    for pk, number, *counted in thread.comments.values_list("pk", "number", *COUNTED):
        if tuple(counted) != expected[pk]:
            yield f">>{number}: votes and score are {tuple(counted)}, expected {expected[pk]}"
