"""The one door to threads: the lock, and every write of a tree column.

mptt shifts ``lft`` and ``rght`` from values it read earlier, so two writers of one tree break it.
Here every change of a thread happens inside ``thread_write``, one at a time for an article, and
a tree is one top-level comment with its replies. A reply takes room between the edges of its
parent (``comments.models.tree_edges``), so it costs the same in a tree of any length.
"""

from contextlib import ExitStack, contextmanager

from django.db import connection, models, transaction
from django.db.models import F

from articles.models import compiled, driver
from articles.models.bare import bare_rows
from comments import indexing
from comments.models import tree_edges
from comments.models.thread import Thread
from comments.write_queue import queue

BATCH = 2_000  # rows a statement
EDGES = ["tree_id", "level", "lft", "rght"]


class TreeNumber(models.Model):
    """A tree's number (mptt's ``tree_id``), given out by the database's own sequence.

    Two writers never get the same one and never wait for each other, which ``MAX + 1`` cannot
    promise. A number is never given twice.
    """

    class Meta:
        verbose_name = "tree number"

    def __str__(self):
        return str(self.pk)

    @classmethod
    def take(cls, count=1):
        """Return ``count`` fresh numbers, ascending."""
        return sorted(row.pk for row in cls.objects.bulk_create([cls() for _ in range(count)]))


@contextmanager
def thread_write(article, also=()):
    """Lock the thread of an article for the length of one transaction; yields the thread, fresh.

    ``article`` is an article or its primary key. Rows that were read before must be read again.
    ``also`` are functions that send queries (``compiled.rows.send``): they are sent together with
    the lock and see what it protects; what they return is in ``thread.answers``. After
    ``thread.read_no_more`` the last statements are sent together with the COMMIT. Writers of one
    article wait for each other, writers of different articles never.
    """
    article_id = getattr(article, "pk", article)
    # The next writer of this process has its turn when the COMMIT is sent, not on the disk.
    with ExitStack() as last, queue.wait_for([article_id]), ExitStack() as transactions:
        with driver.at_once():
            transactions.enter_context(transaction.atomic())
            fetch = _send_lock(article_id, also)
        thread = fetch() or _create(article_id, also)
        if len(connection.atomic_blocks) == 1:
            thread.read_no_more = lambda: last.enter_context(driver.at_once())
        yield thread


def _send_lock(article_id, also):
    """Send the query that locks the thread of an article, and others; returns a function that
    returns the thread with its answers, or None if there is none."""
    locked = _locked.send(article_id)
    answers = [send() for send in also]

    def fetch():
        thread = next(iter(locked()), None)
        if thread:
            thread.answers = answers
        return thread

    return fetch


def _create(article_id, also):
    Thread.objects.get_or_create(article_id=article_id)
    with driver.at_once():
        fetch = _send_lock(article_id, also)
    return fetch()


@contextmanager
def threads_write(article_ids):
    """Lock the threads of several articles in one transaction, also of none; yields the threads.
    All callers lock in the order of the articles, so two never wait for each other."""
    ordered = sorted(set(article_ids))
    with queue.wait_for(ordered), transaction.atomic(), ExitStack() as locks:
        yield [locks.enter_context(thread_write(pk)) for pk in ordered]


@bare_rows
def _locked(article_id):
    return Thread.objects.select_for_update().filter(article_id=article_id)


def insert(comment, *, thread, parent):
    """Save a new comment as the last reply of ``parent`` (or as a new tree) under the next number.

    ``parent`` was read inside ``thread_write``, ``with_last_edge``. A published comment counts in
    its tree and in the thread, and gives both a new version; the caller saves the thread.
    """
    thread.last_number += 1
    comment.thread, comment.parent, comment.number = thread, parent, thread.last_number
    if comment.is_published:
        thread.version += 1
        thread.published_count += 1
    if parent is None:
        comment.tree_id = TreeNumber.take()[0]
        comment.level, comment.lft, comment.rght = 0, 1, tree_edges.SPAN
        comment.tree_size = 1
        if comment.is_published:
            comment.tree_version, comment.tree_published = thread.version, 1
    else:
        comment.tree_id, comment.level = parent.tree_id, parent.level + 1
        comment.lft, comment.rght = _take_room(parent)
    if parent and comment.is_published:
        _count_published(type(comment), parent.tree_id, thread.version)
    elif parent:
        _count_hidden(type(comment), parent.tree_id)
    compiled.insert(comment)
    comment._mptt_meta.update_mptt_cached_fields(comment)  # a later save is no move
    indexing.index_comment(comment)


def _take_room(parent):
    """Return the edges of a new last reply of a comment."""
    taken = tree_edges.take_room(parent)
    if taken is None:
        tree_edges.make_room(parent)
        taken = tree_edges.take_room(parent)
    return taken


@compiled.update
def _count_published(model, tree_id, version):
    return model._base_manager.filter(tree_id=tree_id, parent=None), {
        "tree_version": version,
        "tree_size": F("tree_size") + 1,
        "tree_published": F("tree_published") + 1,
    }


@compiled.update
def _count_hidden(model, tree_id):
    top = model._base_manager.filter(tree_id=tree_id, parent=None)
    return top, {"tree_size": F("tree_size") + 1}


def insert_many(comments, *, thread, max_depth):
    """Save many new comments of one thread at once, in the order given (oldest first).

    Each one's ``parent`` is None, a saved comment of the thread or an earlier one of the list;
    primary keys that are set stay. A reply to a comment at ``max_depth`` becomes its sibling.
    Edges are computed in memory, for a new tree from the list, for an old one from all its
    parents. Counts and versions follow. Only inside ``thread_write``.
    """
    roots = [comment for comment in comments if comment.parent is None]
    for comment, tree_id in zip(roots, TreeNumber.take(len(roots)) if roots else [], strict=True):
        comment.tree_id, comment.level = tree_id, 0
    for comment in comments:
        thread.last_number += 1
        comment.thread, comment.number = thread, thread.last_number
        if comment.parent is not None:
            while comment.parent.level >= max_depth:
                comment.parent = comment.parent.parent
            comment.tree_id = comment.parent.tree_id
            comment.level = comment.parent.level + 1
    grown = {comment.tree_id for comment in comments} - {comment.tree_id for comment in roots}
    old = _read_nodes(thread.comments.filter(tree_id__in=grown)) if grown else []
    before = {id(node): _list_edges(node) for node in old}
    _number_edges([*old, *comments])
    model = thread.comments.model
    changed = [node for node in old if _list_edges(node) != before[id(node)]]
    model._base_manager.bulk_update(changed, EDGES, batch_size=BATCH)
    known = []
    for comment in comments:
        comment.parent = comment.parent  # takes over the parent's new primary key
        if comment.pk is None:
            compiled.insert(comment)
        else:
            known.append(comment)
    compiled.insert_many(known)
    indexing.index_comments(comments)
    thread.save(update_fields=["last_number"])
    touched = {comment.tree_id for comment in comments}
    is_all = len(comments) == thread.last_number or len(touched) >= BATCH
    touched = None if is_all else touched
    thread.recount_sizes(touched)
    thread.recount(touched)


def rebuild(thread):
    """Rebuild the tree columns of a thread from ``parent_id``.

    A parent in another thread, or in a circle, counts as none. A tree number that another thread
    uses too is replaced by a fresh one. Returns how many rows changed. Only inside
    ``thread_write``.
    """
    nodes = _read_nodes(thread.comments.all())
    model = thread.comments.model
    before = {node.pk: (node.parent_id, *_list_edges(node)) for node in nodes}
    by_pk = {node.pk: node for node in nodes}
    used = model._base_manager.exclude(thread=thread)
    used = used.filter(tree_id__in={node.tree_id for node in nodes})
    taken = set(used.values_list("tree_id", flat=True))
    pairs = [(node.pk, node.parent_id) for node in nodes]
    broken = _find_broken(nodes, tree_edges.place_nodes(pairs))
    for pk, (root, *place) in tree_edges.compute_edges(pairs).items():
        node = by_pk[pk]
        if root == pk:
            node.parent_id = None
            if node.tree_id in taken:
                node.tree_id = TreeNumber.take()[0]
            taken.add(node.tree_id)
        node.tree_id = by_pk[root].tree_id
        if root in broken:
            node.level, node.lft, node.rght = place
    changed = [node for node in nodes if (node.parent_id, *_list_edges(node)) != before[node.pk]]
    model._base_manager.bulk_update(changed, ["parent_id", *EDGES], batch_size=BATCH)
    return len(changed)


def _find_broken(nodes, places):
    """Return the top-level comments of the trees whose numbers differ from their parents' order."""
    ranks = tree_edges.rank_edges([(node.tree_id, node.lft, node.rght) for node in nodes])
    return {
        places[node.pk][0]
        for node, rank in zip(nodes, ranks, strict=True)
        if places[node.pk][1:] != (node.level, *rank)
    }


def _read_nodes(comments):
    return list(comments.order_by("number").only("pk", "number", "parent_id", "thread_id", *EDGES))


def _list_edges(node):
    return node.tree_id, node.level, node.lft, node.rght


def _number_edges(nodes):
    """Set ``lft`` and ``rght``. The nodes may be unsaved; parents precede their replies."""
    saved = {node.pk: index for index, node in enumerate(nodes) if node.pk is not None}
    unsaved = {id(node): index for index, node in enumerate(nodes) if node.pk is None}

    def parent_index(node):
        if node.parent_id is not None:
            return saved.get(node.parent_id)
        return unsaved.get(id(node._state.fields_cache.get("parent")))

    pairs = [(index, parent_index(node)) for index, node in enumerate(nodes)]
    for index, (_root, _level, lft, rght) in tree_edges.compute_edges(pairs).items():
        nodes[index].lft, nodes[index].rght = lft, rght
