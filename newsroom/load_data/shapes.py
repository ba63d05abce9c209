"""The shapes of invented threads: how long each is, and who answers whom."""

from itertools import accumulate

LONGEST = 20_000  # comments of the one longest thread
SHARE = 0.05  # of all comments that are in it, at most
SPREAD = 1.3  # of the logarithms of the lengths: a few threads have thousands, half have few
ROOTS = 0.3  # of the comments of a short thread begin a tree
FEWEST = 0.05  # of those of the longest
NEAR = 0.5  # of the replies answer one of the newest comments
NEWEST = 12
TREE = 1_000  # comments of a tree, at most
PLACE = 60  # from the end: the longest thread is more than a week old


def draw_lengths(chance, articles, comments):
    """Return the length of the thread of each article, the oldest first; ``comments`` in all."""
    longest = min(LONGEST, int(comments * SHARE))
    marks = list(accumulate(chance.lognormvariate(0, SPREAD) for _ in range(articles)))
    marks = [round((comments - longest) * mark / marks[-1]) for mark in marks]
    lengths = [mark - before for before, mark in zip([0, *marks], marks, strict=False)]
    lengths[-min(PLACE, (articles + 1) // 2)] += longest
    return lengths


def draw_parents(chance, length, *, depth=100):
    """Return for each comment of a thread, in the order of writing, the index of the one that it
    answers, or None. Large trees attract more replies; none exceeds ``TREE`` comments, no reply is
    deeper than ``depth``."""
    parents, levels, roots, sizes = [], [], [], {}
    share = ROOTS - (ROOTS - FEWEST) * min(1, length / LONGEST)
    draw = chance.random
    for index in range(length):
        parent = None
        if index and draw() >= share:
            near = draw() < NEAR
            first = max(0, index - NEWEST) if near else 0
            parent = first + int(draw() * (index - first))
            if levels[parent] >= depth or sizes[roots[parent]] >= TREE:
                parent = None
        root = index if parent is None else roots[parent]
        parents.append(parent)
        levels.append(0 if parent is None else levels[parent] + 1)
        roots.append(root)
        sizes[root] = sizes.get(root, 0) + 1
    return parents
