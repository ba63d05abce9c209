"""Invented threads: comments with their trees, votes, references and a few decisions."""

import hashlib
from collections import Counter
from datetime import timedelta
from functools import lru_cache

from django.utils import timezone

from articles import search
from comments.fingerprints import compute_marks
from comments.indexing import COMMENT
from comments.models import Comment, ModerationAction, ModerationItem, Reference, Thread, Vote
from comments.models.states import Reason, State, Verb
from comments.models.tree_edges import compute_edges
from comments.models.trees import TreeNumber
from comments.rendering import build_place_path
from newsroom.load_data.bulk_rows import find_next_key, insert_rows, list_columns, write_moment
from newsroom.load_data.shapes import draw_parents

READERS, NETWORKS = 100_000, 20_000
FEW = 10  # of the readers write as much as the next ninety
DURATION = timedelta(days=4)  # of a thread
HELD, REMOVED = 0.006, 0.01  # of the comments
NAMED, ANSWERING = 0.12, 0.08  # of the comments have a name, and name another comment
NAMES = 300
TAIL = 1.6  # of the distribution of votes: two of three comments have none, a few have hundreds
MOST_VOTES = 400
FAVOUR = (0.95, 0.9, 0.8, 0.7, 0.4, 0.1)  # the share of votes for a comment
LOT = 20_000  # comments
VOTE_COLUMNS = ("comment_id", "voter", "value", "voted_at")
VOTE_COLUMNS += ("bucket", "bucket_56", "bucket_48", "network")


def write_threads(remarks, chance, lengths, *, moderator, progress=lambda done: None):
    """Write a thread under each article of ``lengths``, pairs of an article and the number of its
    comments. Inside a transaction that wrote the articles; the search index comes apart."""
    writer = _ThreadWriter(remarks, chance, moderator)
    lot, size, done = [], 0, 0
    for article, length in lengths:
        if length:
            lot.append((article, length))
            size += length
        if size >= LOT:
            writer.write(lot)
            done += size
            progress(done)
            lot, size = [], 0
    if lot:
        writer.write(lot)


class _ThreadWriter:
    def __init__(self, remarks, chance, moderator):
        self._remarks, self._chance, self._moderator = remarks, chance, moderator
        self._columns, self._defaults = list_columns(Comment)
        self._key = find_next_key(Comment)
        self._tree = find_next_key(TreeNumber)
        self._now = timezone.now()
        self._names = [f"{remarks.write()[:6]}" for _ in range(NAMES)]

    def write(self, lot):
        """Write the threads of some articles, COPY after COPY."""
        self._votes, self._references, self._acts, self._entries = [], [], [], []
        first_tree, counts = self._tree, []
        threads = Thread.objects.bulk_create(
            Thread(article=article, last_number=length, version=1) for article, length in lot
        )
        rows = (
            row
            for thread, (article, length) in zip(threads, lot, strict=True)
            for row in self._build_comments(thread, article, length, counts)
        )
        insert_rows(Comment._meta.db_table, self._columns, rows)
        for thread, count in zip(threads, counts, strict=True):
            thread.published_count = count
        Thread.objects.bulk_update(threads, ["published_count"], batch_size=500)
        trees = ((number,) for number in range(first_tree, self._tree))
        insert_rows(TreeNumber._meta.db_table, ["id"], trees)
        insert_rows(Vote._meta.db_table, VOTE_COLUMNS, self._votes)
        pairs = ["source_id", "target_id"]
        insert_rows(Reference._meta.db_table, pairs, self._references)
        insert_rows(*search.describe_rows(self._entries))
        self._write_acts()

    def _build_comments(self, thread, article, length, counts):
        """Yield the rows of a thread; appends the number of its published comments."""
        draw, chance = self._chance.random, self._chance
        parents = draw_parents(chance, length)
        edges = compute_edges(list(enumerate(parents)))
        states = self._draw_states(parents)
        trees = {root: tree for tree, root in enumerate(_list_roots(parents), self._tree)}
        self._tree += len(trees)
        published = Counter(
            edges[index][0] for index, state in enumerate(states) if state == State.PUBLISHED
        )
        counts.append(published.total())
        sizes = Counter(root for root, *_place in edges.values())
        first, span = self._key, min(DURATION, self._now - article.published_at)
        self._key += length
        ordinals = Counter()
        for index, parent in enumerate(parents):
            root, level, lft, rght = edges[index]
            state, pk = states[index], first + index
            posted_at = article.published_at + span * ((index + 1) / (length + 1)) ** 2
            moment = write_moment(posted_at)
            reader = int(FEW * (READERS / FEW) ** draw())
            code = _write_code(article.pk, reader)
            text = self._remarks.write()
            html = text.replace("\n", "<br>")
            if state == State.PUBLISHED and index > 5 and draw() < ANSWERING:
                target = max(0, index - 1 - int(40 * draw()))
                if states[target] == State.PUBLISHED:
                    text, html = _name_number(target + 1, first + target, text, html)
                    self._references.append((pk, first + target))
            up, down = self._draw_votes(pk, posted_at) if state != State.HELD else (0, 0)
            row = self._defaults | {
                "id": pk,
                "thread_id": thread.pk,
                "parent_id": None if parent is None else first + parent,
                "number": index + 1,
                "name": chance.choice(self._names) if draw() < NAMED else "",
                "reader_code": code,
                "reader_hash": _hash_value("reader", reader),
                "network_hash": _hash_value("network", reader % NETWORKS),
                "wide_network_hash": _hash_value("wide", reader % NETWORKS // 8),
                "text": text,
                "html": f"<p>{html}</p>",
                "posted_at": moment,
                "score": up - down,
                "up_votes": up,
                "down_votes": down,
                "up_networks": up,
                "down_networks": down,
                "tree_id": trees[root],
                "level": level,
                "lft": lft,
                "rght": rght,
                "state": state.value,
                "first_state": State.PUBLISHED.value,
            }
            marks = tuple(compute_marks(text))
            self._entries.append(search.Entry(COMMENT, pk, "", text, posted_at, marks))
            if parent is None:
                row |= {"tree_version": 1, "tree_size": sizes[index]}
                row["tree_published"] = published[index]
            if state == State.HELD:
                row["first_state"] = state.value
                row["reason"] = row["first_reason"] = Reason.FIRST.value
            else:
                ordinals[code] += 1
                row["reader_ordinal"] = ordinals[code]
            if state == State.REMOVED:
                at = min(posted_at + timedelta(hours=1), self._now)
                row |= {"reason": Reason.ABUSE.value, "moderated_at": write_moment(at)}
                row["version"] = 1
                self._acts.append((thread, pk, at))
            yield tuple(row.values())

    def _draw_states(self, parents):
        """Return the state of each comment. Only those without a reply wait for approval."""
        draw, answered = self._chance.random, set(parents)
        states = []
        for index in range(len(parents)):
            lot = draw()
            if lot < REMOVED:
                states.append(State.REMOVED)
            elif lot > 1 - HELD and index not in answered:
                states.append(State.HELD)
            else:
                states.append(State.PUBLISHED)
        return states

    def _draw_votes(self, pk, posted_at):
        """Cast the votes of a comment, each from a reader and network of its own; returns how many
        are for it and against it."""
        chance = self._chance
        count = min(int(chance.paretovariate(TAIL)) - 1, MOST_VOTES)
        if not count:
            return 0, 0
        favour, up = chance.choice(FAVOUR), 0
        first = int(chance.random() * READERS)
        moment = write_moment(min(posted_at + timedelta(hours=2), self._now))
        for voter in range(first, first + count):
            value = 1 if chance.random() < favour else -1
            up += value > 0
            bucket = chance.getrandbits(63)
            place = (bucket, bucket, bucket, chance.getrandbits(63))
            self._votes.append((pk, _hash_value("reader", voter), value, moment, *place))
        return up, count - up

    def _write_acts(self):
        """Write the decisions that removed comments."""
        acts = ModerationAction.objects.bulk_create(
            ModerationAction(
                thread=thread,
                comment_id=pk,
                verb=Verb.REMOVE,
                reason=Reason.ABUSE,
                size=1,
                moderator=self._moderator,
                created_at=at,
            )
            for thread, pk, at in self._acts
        )
        ModerationItem.objects.bulk_create(
            ModerationItem(action=act, comment_id=act.comment_id, state=State.REMOVED)
            for act in acts
        )


def _list_roots(parents):
    return [index for index, parent in enumerate(parents) if parent is None]


def _name_number(number, pk, text, html):
    """Return a text and its HTML that begin with the number of another comment."""
    link = f'<a class="reference" href="{build_place_path(pk)}">&gt;&gt;{number}</a>'
    return f">>{number}\n{text}", f"{link}<br>{html}"


@lru_cache(maxsize=2 * READERS)
def _hash_value(kind, number):
    return hashlib.sha256(f"{kind} {number}".encode()).hexdigest()


def _write_code(article, reader):
    """Return the ID of a reader in a thread."""
    return f"{(article * READERS + reader) * 2_654_435_761 % 2**40:08x}"[-8:]
