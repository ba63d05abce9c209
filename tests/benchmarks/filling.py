"""What stands on the site before the load comes."""

import random
from datetime import timedelta

from django.utils import timezone

from comments.models import Comment, trees
from tests import factories

TEXT = "連絡船の値上げは、去年の説明会で聞いた話とだいぶ違うと思う。資料を読み直した。"
FANOUT = 6  # a comment answers one of the tree's, or one of the last few: threads are chains too


def article():
    """Return an article as long as usual."""
    return factories.article(body="".join(f"<p>{TEXT * 4}</p>" for _ in range(12)))


def thread(under, sizes, seed=0):
    """Write trees of these sizes under an article; returns the primary keys of each."""
    chance = random.Random(seed)
    made, grown = [], []
    since = timezone.now() - timedelta(days=1)
    for size in sizes:
        tree = []
        for index in range(size):
            near = chance.random() < 0.5
            parent = chance.choice(tree[-FANOUT:] if near else tree) if tree else None
            tree.append(_comment(len(made) + index, parent, since))
        made += tree
        grown.append(tree)
    with trees.thread_write(under) as locked:
        trees.insert_many(made, thread=locked, max_depth=99)
    return [[comment.pk for comment in tree] for tree in grown]


def _comment(number, parent, since):
    return Comment(
        parent=parent,
        reader_hash=f"{number:064x}",
        reader_code=f"c{number:07d}",
        reader_ordinal=1,
        text=TEXT,
        html=f"<p>{TEXT}</p>",
        posted_at=since + timedelta(seconds=number),
    )
