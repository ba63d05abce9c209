"""The desk's pages ask as many queries for hundreds of entries as for a few, and read no table that
grows with the site as a whole."""

from datetime import timedelta
from functools import partial
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment, Measure, ModerationAction, ModerationItem, Objection, Report
from comments.models.states import Verb
from comments.models.trees import TreeNumber
from tests import factories

NOW = timezone.now()
GROWING = [
    *(f"comments_{name}" for name in ("comment", "moderationitem", "moderationaction")),
    *("comments_report", "comments_thread", "articles_searchentry"),
]
QUEUES = [
    f"/moderation/?{query}"
    for query in (
        *("", "order=new", "view=list", "part=list"),
        *(f"kind={kind}" for kind in ("held", "reported", "edited", "objections")),
        "kind=reported&order=new",
    )
]
LISTS = [
    *QUEUES,
    *(f"/moderation/log/?{query}" for query in ("", "kind=people", "undone=1", "reason=spam")),
    *(f"/moderation/search/?{query}" for query in ("q=港の話", "state=held", "q=ID:abcdefgh")),
    *("/moderation/modes/", "/moderation/words/", "/transparency/", "/me/"),
]
OF_ONE = [
    *("/moderation/entries/{pk}/", "/moderation/comments/{pk}/menu/"),
    *("/moderation/comments/{pk}/measures/", "/moderation/comments/{pk}/writer/"),
    *("/moderation/comments/{pk}/same/", "/moderation/branches/{pk}/"),
    "/moderation/threads/{article}/",
]


def fill(thread, size, moderator):
    """Write comments in a thread straight into the tables; each waits for one of four reasons, or
    was decided about."""
    first = thread.last_number + 1
    comments = Comment._base_manager.bulk_create(
        Comment(
            thread=thread,
            number=number,
            text=f"港の話 {number}",
            tree_id=tree,
            level=0,
            lft=1,
            rght=2,
            reader_hash=f"{number % 97:064x}",
            reader_code=f"{number % 97:08}",
            network_hash=f"{number % 53:064x}",
            posted_at=NOW - timedelta(days=40, minutes=number),
            state=("held", "published", "published", "removed", "removed")[number % 5],
            is_unseen=number % 5 == 2,
            edited_at=NOW if number % 5 == 2 else None,
        )
        for number, tree in zip(count(first), TreeNumber.take(size), strict=False)
    )
    thread.last_number += size
    thread.save(update_fields=["last_number"])
    Report.objects.bulk_create(
        Report(comment=each, reason="spam", reporter="r") for each in comments[1::5]
    )
    Objection.objects.bulk_create(Objection(comment=each, text="なぜ") for each in comments[3::5])
    _decide(thread, comments[4::5], moderator)


def _decide(thread, comments, moderator):
    acts = ModerationAction.objects.bulk_create(
        ModerationAction(
            thread=thread,
            comment=each,
            verb=Verb.REMOVE,
            reason="spam",
            size=1,
            moderator=moderator,
            created_at=each.posted_at + timedelta(minutes=5),
            undone_at=NOW if each.number % 2 else None,
        )
        for each in comments
    )
    ModerationItem.objects.bulk_create(
        ModerationItem(action=act, comment=act.comment, state="removed") for act in acts
    )
    mode = ModerationAction.objects.create(verb=Verb.MODE, thread=thread, moderator=moderator)
    Measure.objects.create(action=mode, kind=Verb.MODE, value="open", thread=thread)


@pytest.fixture
def thread(article):
    return factories.thread_of(article)


def count_queries(browser, address):
    browser.get(address)  # what is cached for seconds may have expired meanwhile
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


@pytest.mark.slow
@pytest.mark.once
def test_no_list_asks_more_queries_for_hundreds_than_for_a_few(moderator, thread):
    fill(thread, 50, moderator.user)
    for address in LISTS:
        moderator.get(address)
    few = {address: count_queries(moderator, address) for address in LISTS}
    for _other in range(3):
        fill(factories.thread_of(factories.article()), 100, moderator.user)
    many = {address: count_queries(moderator, address) for address in LISTS}
    assert {address: many[address] for address in LISTS if many[address] > few[address]} == {}
    assert max(many.values()) <= 34


@pytest.mark.postgresql
def test_no_page_of_the_desk_reads_a_growing_table_whole(moderator, thread):
    """With sequential scans made dear, the plan still has one where no index would do."""
    fill(thread, 400, moderator.user)
    top = thread.comments.filter(state="held").last()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SET LOCAL enable_seqscan = off")
    addresses = [*LISTS, *(place.format(pk=top.pk, article=thread.article_id) for place in OF_ONE)]
    scans = {}
    for address in addresses:
        found = scans[address] = []
        with connection.execute_wrapper(partial(explain, found)):
            assert moderator.get(address).status_code == 200, address
    assert {address: found for address, found in scans.items() if found} == {}


def explain(scans, execute, sql, params, many, context):
    """Run a query; note its plan if that reads a growing table whole."""
    if sql.startswith("SELECT"):
        with connection.cursor() as cursor:
            cursor.cursor.execute(f"EXPLAIN {sql}", params)
            plan = "\n".join(row[0] for row in cursor.fetchall())
        if any(f"Seq Scan on {name} " in plan for name in GROWING):
            scans.append(f"{sql}\n{plan}")
    return execute(sql, params, many, context)
