"""Measures the moderators' pages among many comments: ``python -m tests.benchmarks.desk``.

Fills an empty database with comments of many readers, some held, reported or edited since, and a
ledger; then asks for each page of the desk, warm, one at a time. Prints the time of a page, its
number of queries, and the ratio to a fixed loop of Python in the same run. Ends with 1 if a page
answers wrongly; a page above its target is said in the table.
"""

import argparse
import os
import random
import sys
import time
from datetime import timedelta
from statistics import median

from tests.benchmarks import databases, servers
from tests.benchmarks.invented import BATCH, THREAD, Invented, settle, write_articles
from tests.benchmarks.invented import write_comments as write_thread

TARGET = 300  # milliseconds, the slowest of the measured answers
ROUNDS = 7
LOOP = 2_000_000  # squares that the yardstick sums
WAITING = {"held": 2_000, "reports": 500, "edited": 300, "mentions": 50}
ACTIONS = 20_000
READERS, NETWORKS = 50_000, 20_000


def main():
    arguments = _parse_arguments()
    url = databases.address(arguments.database)
    os.environ.update(servers.environment(url))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    started = time.monotonic()
    _fill(arguments.comments)
    _say(f"Filled in {time.monotonic() - started:.0f} s.")
    rows = [_measure(client, name, path) for client, name, path in _list_pages()]
    sys.exit(_report(arguments, rows))


def _parse_arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.desk", description=__doc__)
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--database", choices=databases.NAMES, default="postgresql")
    return parser.parse_args()


def _fill(count):
    from django.core.management import call_command

    from tests import factories

    chance = random.Random(5)
    invented = Invented(chance)
    sections = [factories.category(f"分野{n}", slug=f"section-{n}") for n in range(8)]
    articles = write_articles(invented, sections, max(1, count // THREAD))
    write_thread(invented, articles, count, describe=lambda: _describe_writer(chance))
    call_command("index_search", verbosity=0)
    _let_some_wait(chance)
    _write_ledger(chance)
    settle()


def _describe_writer(chance):
    reader = min(int(chance.paretovariate(0.6)), READERS)  # few write much, most write once
    return {
        "reader_hash": f"{reader:064x}",
        "reader_code": f"{reader:08x}",
        "network_hash": f"{reader % NETWORKS:064x}",
        "wide_network_hash": f"{reader % NETWORKS // 8:064x}",
    }


def _let_some_wait(chance):
    """Let the newest comments wait, as they do on a site that is moderated every day."""
    from django.db.models import F
    from django.utils import timezone

    from comments.models import Comment, Mention, Report

    newest = list(Comment.objects.order_by("-pk").values_list("pk", flat=True)[:5_000])
    chance.shuffle(newest)
    held, rest = newest[: WAITING["held"]], newest[WAITING["held"] :]
    Comment.objects.filter(pk__in=held).update(
        state="held", reason="links", first_state="held", first_reason="links"
    )
    Report.objects.bulk_create(
        Report(comment_id=pk, reason="abuse", text="ひどい", about="…", reporter=f"r{pk}")
        for pk in rest[: WAITING["reports"]]
    )
    Comment.objects.filter(pk__in=rest[-WAITING["edited"] :]).update(
        is_unseen=True, edited_at=F("posted_at") + timedelta(minutes=5)
    )
    article = Comment.objects.get(pk=rest[0]).thread.article
    Mention.objects.bulk_create(
        Mention(article=article, title=f"港の日記 {n}", state="held", received_at=timezone.now())
        for n in range(WAITING["mentions"])
    )


def _write_ledger(chance):
    """Write acts about comments that are published again."""
    from django.utils import timezone

    from comments.models import Comment, ModerationAction, ModerationItem
    from tests import factories

    moderator = factories.user("a-moderator-of-the-past")
    last = Comment.objects.order_by("-pk").values_list("pk", flat=True)[0]
    for _ in range(0, ACTIONS, BATCH):
        pks = chance.sample(range(1, last), BATCH)
        threads = dict(Comment.objects.filter(pk__in=pks).values_list("pk", "thread_id"))
        actions = ModerationAction.objects.bulk_create(
            ModerationAction(
                thread_id=thread,
                comment_id=pk,
                verb="remove",
                reason="spam",
                size=1,
                moderator=moderator,
                undone_at=timezone.now(),
                undone_by=moderator,
            )  # fmt: skip
            for pk, thread in threads.items()
        )
        ModerationItem.objects.bulk_create(
            ModerationItem(action=action, comment_id=action.comment_id, state="removed")
            for action in actions
        )


def _list_pages():
    """Return (client, name, address) of every page of the desk."""
    from django.urls import reverse

    from comments.models import Comment, Report
    from tests import staff

    client = staff.browser_of(staff.moderator())
    client.defaults["HTTP_HOST"] = servers.HOST
    comment = Comment.objects.order_by("-pk").first()
    busiest = Comment.objects.filter(reader_hash=f"{1:064x}").order_by("-pk").first()
    report = Report.objects.first()
    word = comment.text[:2]
    pages = {
        "queue": reverse("comments:queue"),
        "queue: held, newest first": f"{reverse('comments:queue')}?kind=held&order=newest",
        "queue: reports": f"{reverse('comments:queue')}?kind=reported",
        "queue: edited": f"{reverse('comments:queue')}?kind=edited",
        "queue: a reported comment": f"{reverse('comments:queue')}?entry={report.comment_id}",
        "ledger": reverse("comments:log"),
        "thread of 500": reverse("comments:moderation_thread", args=[comment.thread.article_id]),
        "menu": reverse("comments:moderation_menu", args=[comment.pk]),
        "writer who wrote most": reverse("comments:writer", args=[busiest.pk]),
        "nearly the same": reverse("comments:same", args=[comment.pk]),
        "search: a word": f"{reverse('comments:desk_search')}?q={word}",
        "search: an ID": f"{reverse('comments:desk_search')}?q=ID:{comment.reader_code}",
        "admin: comments": reverse("admin:comments_comment_changelist"),
        "admin: held comments": f"{reverse('admin:comments_comment_changelist')}?state__exact=held",
        "admin: a comment": reverse("admin:comments_comment_change", args=[comment.pk]),
        "admin: ledger": reverse("admin:comments_moderationaction_changelist"),
        "admin: reports": reverse("admin:comments_report_changelist"),
        "admin: threads": reverse("admin:comments_thread_changelist"),
        "transparency": reverse("comments:transparency"),
    }
    return [(client, name, path) for name, path in pages.items()]


def _measure(client, name, path):
    """Return (name, milliseconds of each answer, number of queries, status)."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    status = client.get(path).status_code  # warms it
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - begun) * 1_000)
    return name, taken, len(queries), status


def _report(arguments, rows):
    """Print the table; returns the exit code."""
    loops = []
    for _ in range(3):
        begun = time.perf_counter()
        sum(number * number for number in range(LOOP))
        loops.append((time.perf_counter() - begun) * 1_000)
    loop = min(loops)
    _say(f"\n{arguments.database}, {os.cpu_count()} cores, {arguments.comments:,} comments")
    _say(f"yardstick: {LOOP:,} squares in {loop:.0f} ms")
    _say("  p50 ms   max ms  ratio  queries  page")
    for name, taken, queries, status in rows:
        fault = "" if status == 200 else f"  ANSWERED {status}"
        late = f"  above {TARGET} ms" if max(taken) > TARGET else ""
        _say(
            f"{median(taken):8.1f} {max(taken):8.1f} {median(taken) / loop:6.2f} {queries:8}  "
            f"{name}{late}{fault}"
        )
    return int(any(status != 200 for *_row, status in rows))


def _say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
