"""Invariants of the ledger of a thread: what its acts in force make of comments, IDs, reports and
mentions, and whether its items are whole."""

from collections import defaultdict
from itertools import count

from django.db.models import Count, Exists, F, OuterRef

from comments.models import (
    Comment,
    Mention,
    ModerationAction,
    ModerationItem,
    Objection,
    Report,
)
from comments.models.folds import (
    fold_comments,
    fold_mention,
    fold_objections,
    fold_ordinals,
    fold_reports,
)
from comments.models.states import DECISIONS, Reason, State, Verb

NAMES = ("state", "reason", "moderated_at", "is_unseen")
ANSWER = ("answer_id", "answered_at", "answered_by_id")


def find_ledger_faults(thread):
    """Return the faults as sentences."""
    return [
        *_find_item_faults(thread),
        *_find_first_faults(thread),
        *_find_erased_faults(thread),
        *_find_fold_faults(thread),
        *_find_ordinal_faults(thread),
        *_find_report_faults(thread),
        *_find_objection_faults(thread),
        *_find_mention_faults(thread),
    ]


def repair_ledger(thread):
    """Repair all of it: items first, as the rest is folded from them. Only inside
    ``thread_write``."""
    _repair_items(thread)
    _repair_first_states(thread)
    fold_comments(thread.comments.all())
    _repair_ordinals(thread)
    fold_reports(thread.comments.all())
    fold_objections(thread.comments.all())
    for mention in _find_wrong_mentions(thread):
        fold_mention(mention)


def _list_acts(thread):
    """Return the acts about comments of a thread."""
    items = ModerationItem.objects.filter(comment__thread=thread)
    return ModerationAction.objects.filter(pk__in=items.values("action"))


def _find_item_faults(thread):
    acts = _list_acts(thread) | ModerationAction.objects.filter(thread=thread)
    for action in acts.annotate(counted=Count("items")).order_by("pk"):
        if action.size != action.counted:
            yield f"act {action.pk}: counts {action.size} items, has {action.counted}"
    for pk in _list_lost_items(thread):
        yield f"item {pk}: its comment or its act is missing"
    for pk, number, other in _find_strays(thread):
        yield f"act {pk}: is of another thread than its >>{number} (article {other})"
    for item, state in _find_wrong_items(thread):
        yield f"act {item.action_id}: makes >>{item.comment.number} {item.state!r}, not {state!r}"


def _list_lost_items(thread):
    """Return the keys of the items whose comment or act is missing."""
    comments = Comment.objects.filter(pk=OuterRef("comment_id"))
    acts = ModerationAction.objects.filter(pk=OuterRef("action_id"))
    of_acts = ModerationItem.objects.filter(action__in=_list_acts(thread).values("pk"))
    of_comments = ModerationItem.objects.filter(comment__thread=thread)
    lost = of_acts.filter(~Exists(comments)), of_comments.filter(~Exists(acts))
    return [pk for items in lost for pk in items.values_list("pk", flat=True)]


def _find_strays(thread):
    """Return (act, number, article) of the items whose act is said to be of another thread."""
    items = ModerationItem.objects.filter(comment__thread=thread, action__thread__isnull=False)
    strays = items.exclude(action__thread=thread).order_by("pk")
    return strays.values_list("action_id", "comment__number", "action__thread__article_id")


def _find_wrong_items(thread):
    items = ModerationItem.objects.filter(comment__thread=thread).select_related(
        "action", "comment"
    )
    for item in items.order_by("pk"):
        state = Verb(item.action.verb).state
        if item.state != state:
            yield item, state


def _repair_items(thread):
    ModerationItem.objects.filter(pk__in=_list_lost_items(thread)).delete()
    for pk in {pk for pk, _number, _other in _find_strays(thread)}:
        action = ModerationAction.objects.get(pk=pk)
        threads = set(action.items.values_list("comment__thread_id", flat=True))
        action.thread_id = threads.pop() if len(threads) == 1 else None
        action.save(update_fields=["thread"])
    for item, state in _find_wrong_items(thread):
        ModerationItem.objects.filter(pk=item.pk).update(state=state)
    acts = _list_acts(thread) | ModerationAction.objects.filter(thread=thread)
    for action in acts.annotate(counted=Count("items")).exclude(size=F("counted")):
        ModerationAction.objects.filter(pk=action.pk).update(size=action.counted)


def _find_first_faults(thread):
    for number, state, reason in _list_wrong_firsts(thread).values_list(
        "number", "first_state", "first_reason"
    ):
        yield f">>{number}: was {state!r} at first, for the reason {reason!r}"


def _list_wrong_firsts(thread):
    """Return the comments whose first state is none, or needs a reason that it has not."""
    unknown = thread.comments.exclude(first_state__in=State.values)
    unexplained = thread.comments.exclude(first_state=State.PUBLISHED).filter(first_reason="")
    return (unknown | unexplained).order_by("number")


def _repair_first_states(thread):
    """Hold what has no valid first state, for a moderator to look at."""
    wrong = _list_wrong_firsts(thread).order_by()
    wrong.exclude(first_state__in=State.values).update(first_state=State.HELD)
    _list_wrong_firsts(thread).order_by().update(first_reason=Reason.CHECK)


def _list_acts_in_force(thread):
    """Return (comment, act, verb, actor, state, reason, date, moderator), oldest first."""
    items = ModerationItem.objects.in_force().filter(comment__thread=thread)
    fields = ("verb", "actor", "reason", "created_at", "moderator_id")
    return items.order_by("action_id").values_list(
        "comment_id", "action_id", "state", *(f"action__{name}" for name in fields)
    )


def _find_fold_faults(thread):
    expected = {}
    for pk, first_state, first_reason in thread.comments.values_list(
        "pk", "first_state", "first_reason"
    ):
        expected[pk] = [first_state, first_reason, None, False]
    for pk, _act, state, verb, _actor, reason, at, _by in _list_acts_in_force(thread):
        if state:
            is_held_again = expected[pk][0] == state == State.HELD
            expected[pk][:3] = state, reason, expected[pk][2] if is_held_again else at
        if verb in {*DECISIONS, Verb.EDIT}:
            expected[pk][3] = verb == Verb.EDIT
    for pk, number, *stored in thread.comments.with_text().values_list("pk", "number", *NAMES):
        for name, value, right in zip(NAMES, stored, expected[pk], strict=True):
            if value != right:
                yield f">>{number}: {name} is {value}, the ledger says {right}"


def _find_erased_faults(thread):
    """A comment whose text is erased stays removed."""
    purged = thread.comments.exclude(purged_at=None)
    for number, text, state in purged.values_list("number", "text", "state"):
        if text:
            yield f">>{number}: its text is said to be erased, but is there"
        if state != State.REMOVED:
            yield f">>{number}: is {state}, but its text is erased"


def _find_ordinal_faults(thread):
    coded = thread.comments.exclude(reader_code="").order_by("number")
    published = set(coded.filter(first_state=State.PUBLISHED).values_list("pk", flat=True))
    published |= {
        pk for pk, _act, state, *_rest in _list_acts_in_force(thread) if state == State.PUBLISHED
    }
    used = defaultdict(dict)
    for pk, number, code, ordinal in coded.values_list(
        "pk", "number", "reader_code", "reader_ordinal"
    ):
        if bool(ordinal) != (pk in published):
            yield f">>{number}: has the ordinal {ordinal} of its ID"
        elif ordinal in used[code]:
            yield f">>{number}: has the ordinal {ordinal} of its ID, as >>{used[code][ordinal]}"
        elif ordinal:
            used[code][ordinal] = number


def _repair_ordinals(thread):
    """Give each ordinal to the first that has it, and the others new ones."""
    fold_ordinals(thread, thread.comments.all())
    coded = thread.comments.exclude(reader_code="").exclude(reader_ordinal=0).order_by("number")
    used, again = defaultdict(set), []
    for comment in coded.only("pk", "reader_code", "reader_ordinal"):
        if comment.reader_ordinal in used[comment.reader_code]:
            again.append(comment)
        used[comment.reader_code].add(comment.reader_ordinal)
    for comment in again:
        numbers = used[comment.reader_code]
        comment.reader_ordinal = next(number for number in count(1) if number not in numbers)
        numbers.add(comment.reader_ordinal)
    Comment._base_manager.bulk_update(again, ["reader_ordinal"])
    missing = thread.comments.exclude(reader_code="").filter(reader_ordinal=0)
    missing = [comment for comment in missing.order_by("number") if _was_published(comment)]
    for comment in missing:
        comment.reader_ordinal = max(used[comment.reader_code], default=0) + 1
        used[comment.reader_code].add(comment.reader_ordinal)
    Comment._base_manager.bulk_update(missing, ["reader_ordinal"])


def _was_published(comment):
    items = comment.moderation_items.in_force().filter(state=State.PUBLISHED)
    return comment.first_state == State.PUBLISHED or items.exists()


def _find_report_faults(thread):
    answers = defaultdict(list)
    items = ModerationItem.objects.in_force().answering().filter(comment__thread=thread)
    fields = ("comment_id", "action_id", "action__created_at", "action__moderator_id")
    for pk, act, at, by in items.order_by("action_id").values_list(*fields):
        answers[pk].append((act, at, by))
    reports = Report.objects.filter(comment__thread=thread).order_by("pk")
    for report in reports.select_related("comment"):
        later = (answer for answer in answers[report.comment_id] if answer[1] >= report.reported_at)
        expected = next(later, (None, None, None))
        stored = tuple(getattr(report, name) for name in ANSWER)
        if stored != expected:
            number = report.comment.number
            yield f">>{number}: report {report.pk} has the answer {stored[0]}, not {expected[0]}"


def _find_objection_faults(thread):
    objections = Objection.objects.filter(comment__thread=thread).order_by("pk")
    for objection in objections.select_related("action", "answer", "comment"):
        number, answer = objection.comment.number, objection.answer
        if answer and not objection.is_answered_by(answer):
            yield f">>{number}: act {answer.pk} does not answer its objection"
        is_upheld, at, by = objection.find_outcome()
        expected = (is_upheld, at, by and by.pk)
        stored = (objection.is_upheld, objection.answered_at, objection.answered_by_id)
        if stored != expected:
            yield f">>{number}: the outcome of its objection is {stored[0]}, not {is_upheld}"


def _find_wrong_mentions(thread):
    """Return the mentions of the article whose state is not what the ledger says."""
    for mention in Mention.objects.filter(article=thread.article_id).order_by("pk"):
        verbs = mention.actions.filter(undone_at=None).values_list("verb", flat=True)
        states = [state for verb in verbs.order_by("pk") if (state := Verb(verb).state)]
        if mention.state != [mention.first_state, *states][-1]:
            yield mention


def _find_mention_faults(thread):
    for mention in _find_wrong_mentions(thread):
        yield f"mention {mention.pk}: is {mention.state}, which the ledger does not say"
