"""The trials: who sends what at the same time as whom, against which yardstick, and what must be
true afterwards. Each fills what it needs, so their order does not matter.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection

from comments.models import Comment
from tests.benchmarks import filling
from tests.benchmarks.pruning import prune_and_undo
from tests.benchmarks.servers import HOST, files

POSTING, VOTING = 0.35, 0.5  # of the yardstick, at least
VOTERS = 1_000
MOST = 1_000  # milliseconds: a prune of 5,000 comments, and undoing it
SPREAD = list(range(6, 100, 6))  # the sizes of trees that grow to 100: all of them at any time
OF_60 = [12] * 5
OF_1000 = [50] * 20


@dataclass
class Load:
    """A group of clients and what they send.

    ``against`` names the loads of the same trial that are its yardsticks; ``target`` is the least
    ratio to the first of them; ``most`` are the milliseconds that none of them may exceed.
    """

    name: str
    workload: str
    clients: int
    options: dict = field(default_factory=dict)
    on_site: bool = True
    against: tuple[str, ...] = ()
    target: float | None = None
    most: float | None = None


@dataclass
class Trial:
    """``steps``: the names of the loads that work at the same time, step after step. ``check``
    returns what is wrong afterwards, as sentences. ``exact``: the loads of the last step end
    by themselves, when they have sent what they were to send. ``meanwhile`` works during the last
    step, for so many seconds, and returns what it saw by load, as the client does."""

    loads: list[Load]
    steps: list[list[str]]
    check: Callable[[], list[str]] = list
    exact: bool = False
    meanwhile: Callable[[float], dict] | None = None

    @property
    def sent(self):
        """The loads that the client sends."""
        names = {name for step in self.steps for name in step}
        return [load for load in self.loads if load.name in names]


def posting(server, *, clients, sizes=SPREAD, limit=100, articles=1, target=POSTING):
    """Replies all over trees of up to ``limit`` comments, in one hot thread or in many."""
    threads = [
        (article := filling.article(), filling.thread(article, sizes)) for _ in range(articles)
    ]
    threads = [(article.pk, trees) for article, trees in threads]
    post = Load(
        "post",
        "Post",
        clients,
        {"threads": threads, "limit": limit},
        against=("insert",),
        target=target,
    )
    return Trial([_insert(clients), post], [["insert"], ["post"]])


def voting(server, *, clients):
    """Readers who vote on the comments of a thread, each from a network of their own."""
    [*trees] = filling.thread(filling.article(), SPREAD)
    comments = [pk for tree in trees for pk in tree]
    vote = _vote(clients, {"comments": comments})
    return Trial([_insert(clients), vote], [["insert"], ["vote"]])


def storm(server, *, clients=32, networks=None, score=VOTERS):
    """Many voters at once on one comment; its score afterwards is known exactly."""
    [[pk, *_replies], *_trees] = filling.thread(filling.article(), SPREAD)
    options = {"comments": [pk], "networks": networks, "most": VOTERS}
    return Trial(
        [_insert(clients), _vote(clients, options)],
        [["insert"], ["vote"]],
        check=partial(_score_is, pk, score),
        exact=True,
    )


def reading(server, *, sizes, encoding, clients=8):
    """A warm page, against a bare WSGI app and a file with the same bytes."""
    path, name = _page(server, sizes, encoding)
    loads = [
        Load("bare", "Read", clients, {"path": f"/bare/{name}"}, on_site=False),
        Load("file", "Read", clients, {"path": f"/static/{name}"}, on_site=False),
        Load(
            "read",
            "Read",
            clients,
            {"path": path, "encoding": encoding},
            against=("bare", "file"),
        ),
    ]
    return Trial(loads, [["bare"], ["file"], ["read"]])


def reading_while_writing(server, *, clients=8):
    """The page of a thread that others write in at the same time."""
    article = filling.article()
    trees = filling.thread(article, OF_60)
    path, name = _page(server, OF_60, "gzip", article)
    page = {"path": path, "encoding": "gzip"}
    loads = [
        _insert(clients),
        Load("bare", "Read", clients, {"path": f"/bare/{name}"}, on_site=False),
        Load("read alone", "Read", clients, page, against=("bare",)),
        Load("read", "Read", clients, page, against=("read alone", "bare")),
        Load(
            "post",
            "Post",
            clients,
            {"threads": [(article.pk, trees)], "limit": 100},
            against=("insert",),
        ),
    ]
    return Trial(loads, [["insert", "bare"], ["read alone"], ["read", "post"]])


def pruning(server, *, clients=4, branch=5_000, sizes=(60,) * 250):
    """A moderator prunes a branch and undoes it, again and again, while others write in other
    threads and beside the branch."""
    article = filling.article()
    [[top, *_below], *beside] = filling.thread(article, [branch, *sizes])
    elsewhere = filling.article()
    trees = filling.thread(elsewhere, SPREAD)
    options = {"threads": [(article.pk, beside)], "limit": 100}
    loads = [
        _insert(clients),
        Load("post beside", "Post", clients, options, against=("insert",)),
        Load(
            "post elsewhere",
            "Post",
            clients,
            {"threads": [(elsewhere.pk, trees)], "limit": 100},
            against=("insert",),
        ),
        *(Load(act, "", 1, against=("insert",), most=MOST) for act in ("prune", "undo")),
    ]
    return Trial(
        loads,
        [["insert"], ["post beside", "post elsewhere"]],
        meanwhile=partial(prune_and_undo, top),
    )


TRIALS = {
    "post-1": partial(posting, clients=1),
    "post-8": partial(posting, clients=8),
    "post-32": partial(posting, clients=32),
    "post-trees-of-1000": partial(posting, clients=8, sizes=[900] * 12, limit=1_000, target=None),
    "post-trees-of-5000": partial(posting, clients=8, sizes=[4_900] * 3, limit=5_000, target=None),
    "post-articles": partial(posting, clients=32, sizes=SPREAD[::4], articles=40),
    "vote-8": partial(voting, clients=8),
    "vote-32": partial(voting, clients=32),
    "vote-storm": storm,
    "vote-storm-of-one-network": partial(storm, networks=1, score=11),
    "prune": pruning,
    "read-60": partial(reading, sizes=OF_60, encoding="identity"),
    "read-60-gzip": partial(reading, sizes=OF_60, encoding="gzip"),
    "read-1000": partial(reading, sizes=OF_1000, encoding="identity"),
    "read-1000-gzip": partial(reading, sizes=OF_1000, encoding="gzip"),
    "read-and-write": reading_while_writing,
}


def _insert(clients):
    return Load("insert", "Insert", clients, on_site=False)


def _vote(clients, options):
    return Load("vote", "Vote", clients, options, against=("insert",), target=VOTING)


def _score_is(pk, score):
    comment = Comment.objects.get(pk=pk)
    return [] if comment.score == score else [f"the score is {comment.score}, not {score}"]


def _page(server, sizes, encoding, article=None):
    """Return the path of an article's page, warm, and the name of a file with the same bytes."""
    if article is None:
        article = filling.article()
        filling.thread(article, sizes)
    connection = HTTPConnection(HOST, server.port, timeout=60)
    for _time in range(2):
        connection.request("GET", article.get_absolute_url(), headers={"Accept-Encoding": encoding})
        answer = connection.getresponse()
        page = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"The page of an article answers {answer.status}.\n{server.log}")
    name = f"{article.pk}-{encoding}.html"
    (files() / name).write_bytes(page)
    return article.get_absolute_url(), name
