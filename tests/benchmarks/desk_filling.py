"""What moderators find among a million comments: what waits, a long ledger, a long thread."""

import random
from datetime import timedelta

from django.db.models import Count, F
from django.utils import timezone

from comments.models import (
    Comment,
    Measure,
    Mention,
    ModerationAction,
    ModerationItem,
    Objection,
    Report,
    WordRule,
)
from comments.models.states import Verb
from comments.readers import hash_key
from newsroom.load_data.bulk_rows import count_rows
from newsroom.load_data.filler import fill_site
from tests import factories
from tests.benchmarks import filling

HELD, REPORTED, EDITED, OBJECTED, MENTIONED = 2_000, 5_000, 300, 100, 50  # that wait
ACTS = 40_000  # one for 25 comments
LONG_THREAD = 20_000
RULES = 500
RARE = {Verb.PRUNE: 5, Verb.ERASE: 2, Verb.NOTE: 20, Verb.LOOKUP: 20, Verb.KEEP: 50}
MEASURES = {Verb.MODE: 300, Verb.FEATURE: 200, Verb.LOCK: 100, Verb.BAN: 200}
THREAD = 50  # comments of a thread, on average
BATCH = 1_000
KEY = "the-key-of-a-reader-who-wrote-much"


def fill(count):
    """Fill an empty database with so many comments and what moderators see of them."""
    fill_site(max(1, count // THREAD), count, pictures=1)
    write_desk(random.Random(5))


def write_desk(chance):
    """Let comments wait, write the ledger, a long thread, measures, and rules."""
    moderator = factories.user("a-moderator-of-the-past")
    newest = list(
        Comment.objects.published().order_by("-posted_at").values_list("pk", flat=True)[:20_000]
    )
    chance.shuffle(newest)
    _let_wait(newest, moderator)
    _write_ledger(chance, moderator)
    _write_long_thread(moderator)
    _write_measures(newest, moderator)
    readers = Comment.objects.exclude(reader_hash="").values_list("reader_hash").order_by()
    busiest, _count = readers.annotate(count=Count("pk")).order_by("-count").first()
    Comment.objects.filter(reader_hash=busiest).update(reader_hash=hash_key(KEY))
    WordRule.objects.bulk_create(WordRule(text=f"禁句{n:04}") for n in range(RULES))
    count_rows()


def _let_wait(newest, moderator):
    """Let the newest comments wait, as they do on a site that is moderated every day."""
    lots = iter(newest)
    held, reported, edited, objected = (
        [pk for pk, _number in zip(lots, range(count), strict=False)]
        for count in (HELD, REPORTED, EDITED, OBJECTED)
    )
    Comment.objects.filter(pk__among=held).update(
        state="held", reason="links", first_state="held", first_reason="links"
    )
    Report.objects.bulk_create(
        Report(comment_id=pk, reason="abuse", text="ひどい", about="…", reporter=f"r{number}")
        for number, pk in enumerate([*reported, *reported[:BATCH]])
    )
    Comment.objects.filter(pk__in=edited).update(
        is_unseen=True, edited_at=F("posted_at") + timedelta(minutes=5)
    )
    _write_acts(objected, moderator, verb=Verb.REMOVE, reason="abuse")
    acts = ModerationAction.objects.filter(comment__in=objected).values_list("pk", "comment")
    Objection.objects.bulk_create(
        Objection(comment_id=comment, action_id=act, text="なぜですか。") for act, comment in acts
    )
    article = Comment.objects.get(pk=held[0]).thread.article
    Mention.objects.bulk_create(
        Mention(article=article, title=f"港の日記 {n}", state="held", received_at=timezone.now())
        for n in range(MENTIONED)
    )


def _write_ledger(chance, moderator):
    """Write acts of all months, half of them in the last one; rare verbs come first."""
    waiting = set(Report.objects.values_list("comment", flat=True))
    waiting |= set(Objection.objects.values_list("comment", flat=True))
    published = Comment.objects.published().filter(is_unseen=False)
    published = published.order_by("posted_at").values_list("pk", flat=True)
    pks = [pk for pk in published if pk not in waiting]
    for verb, count in RARE.items():
        _write_acts(chance.sample(pks[: len(pks) // 50], count), moderator, verb=verb)
    recent = pks[-len(pks) // 40 :]
    count = min(ACTS // 2, len(recent) // 4)
    removed = sorted(chance.sample(pks, min(ACTS // 2, len(pks) // 4)))
    removed = list(dict.fromkeys([*removed, *chance.sample(recent, count)]))
    for start in range(0, len(removed), BATCH):
        lot = removed[start : start + BATCH]
        _write_acts(lot[::10], moderator, verb=Verb.REMOVE, reason="spam", undone=True)
        _write_acts([pk for pk in lot if pk not in lot[::10]], moderator, verb=Verb.REMOVE)


def _write_acts(pks, moderator, *, verb, reason="abuse", undone=False):
    """Write an act about each comment, an hour after it was posted, with its outcome."""
    rows = Comment.objects.filter(pk__among=pks).order_by("posted_at")
    rows = list(rows.values_list("pk", "thread_id", "posted_at"))
    undoing = {"undone_at": timezone.now(), "undone_by": moderator} if undone else {}
    acts = ModerationAction.objects.bulk_create(
        ModerationAction(
            thread_id=thread,
            comment_id=pk,
            verb=verb,
            reason=reason,
            size=1,
            moderator=moderator,
            created_at=min(at + timedelta(hours=1), timezone.now()),
            **undoing,
        )
        for pk, thread, at in rows
    )
    ModerationItem.objects.bulk_create(
        ModerationItem(action=act, comment_id=act.comment_id, state=Verb(verb).state)
        for act in acts
    )
    if Verb(verb).state and not undone:
        Comment.objects.filter(pk__among=pks).update(
            state=Verb(verb).state, reason=reason, moderated_at=timezone.now()
        )


def _write_long_thread(moderator):
    """Write a tree of 20,000 comments, and prune a quarter of it."""
    article = factories.article(title="長い議論", slug="a-long-thread")
    [pks] = filling.thread(article, [LONG_THREAD])
    below = Comment.objects.count_below(pks)
    quarter = max((pk for pk in pks if below[pk] < LONG_THREAD // 4), key=below.get)
    Comment.objects.get(pk=quarter).prune(by=moderator, reason="spam")


def _write_measures(pks, moderator):
    """Write measures, each about a thread or a comment of its own, the modes about the site. All
    but the bans are without an end."""
    for kind, count in MEASURES.items():
        comments = list(Comment.objects.filter(pk__in=pks[-count:])) if kind != Verb.MODE else []
        places = [(comment.thread_id, comment.pk) for comment in comments] or [(None, None)] * count
        acts = ModerationAction.objects.bulk_create(
            ModerationAction(verb=kind, thread_id=thread, comment_id=pk, moderator=moderator)
            for thread, pk in places
        )
        Measure.objects.bulk_create(
            Measure(
                action=act,
                kind=kind,
                thread_id=None if kind == Verb.BAN else act.thread_id,
                comment_id=None if kind == Verb.BAN else act.comment_id,
                value="open" if kind == Verb.MODE else "",
                reader_hash=f"{act.pk:064x}" if kind == Verb.BAN else "",
                until=timezone.now() + timedelta(days=30) if kind == Verb.BAN else None,
            )
            for act in acts
        )
