"""kill -9 in the midst of posting: whatever was acknowledged must be there afterwards."""

import time
from dataclasses import dataclass

from comments.models import Comment
from tests.benchmarks import client, filling
from tests.benchmarks.running import thread_faults

CLIENTS = 8
SIZES = list(range(6, 100, 12))
PATIENCE = 120  # seconds in which the posts must be written
AFTERWARDS = 40  # posts to the server that was started again


@dataclass
class Aftermath:
    """How many posts were ``acknowledged`` before the end, how many more were ``written`` but
    not answered any more, and what is wrong, as sentences."""

    acknowledged: int
    written: int
    faults: list[str]


def kill_while_posting(site, *, posts):
    """Kill a running site as soon as ``posts`` more are written, start it again and post on."""
    article = filling.article()
    threads = [(article.pk, filling.thread(article, SIZES))]
    options = {"threads": threads, "limit": 100}
    comments = Comment.objects.filter(thread__article=article)
    before = set(comments.values_list("pk", flat=True))
    load = client.started(_plan(site, options, seconds=PATIENCE))
    _wait_for(comments, len(before) + posts)
    site.kill()
    acknowledged = set(client.finished(load)["groups"]["post"]["acknowledged"])
    found = set(comments.values_list("pk", flat=True)) - before
    wrong = thread_faults()
    if lost := acknowledged - found:
        wrong.append(f"{len(lost)} of {len(acknowledged)} acknowledged posts are gone")
    if len(found - acknowledged) > CLIENTS:
        wrong.append(f"{len(found - acknowledged)} posts were written without an answer")
    site.start()
    wrong += _post_on(site, {**options, "most": AFTERWARDS, "seed": 1}, comments)
    return Aftermath(len(acknowledged), len(found - acknowledged), wrong)


def _post_on(site, options, comments):
    """Return what is wrong with posting to the server that was started again."""
    before = comments.count()
    post = client.measure(_plan(site, options, seconds=PATIENCE))["groups"]["post"]
    written = comments.count() - before
    wrong = []
    if (len(post["acknowledged"]), written) != (AFTERWARDS, AFTERWARDS):
        wrong.append(
            f"afterwards {len(post['acknowledged'])} of {AFTERWARDS} posts were acknowledged and "
            f"{written} written\n{site.log}"
        )
    return wrong + thread_faults()


def _wait_for(comments, many):
    until = time.monotonic() + PATIENCE
    while comments.count() < many:
        if time.monotonic() > until:
            raise RuntimeError(f"There are {comments.count()} comments, {many} were awaited.")
        time.sleep(0.01)


def _plan(site, options, *, seconds):
    group = {
        "workload": "Post",
        "options": options,
        "clients": CLIENTS,
        "address": site.address,
        "process_group": site.group,
    }
    step = {"groups": ["post"], "seconds": seconds, "measured": True}
    return {"groups": {"post": group}, "phases": [step]}
