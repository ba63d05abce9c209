"""Folding the ledger: what its acts in force make of comments and their reports.

All that a decision changes is computed from the acts in force, so that acts can be undone in any
order. Only inside ``thread_write``.
"""

from collections import defaultdict

from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from comments.models.states import DECISIONS, State, Verb
from comments.models.trees import BATCH

MOST_GROUPS = 50  # one UPDATE for each; for more, one for all is faster


def apply_ledger(thread, pks, newest=None):
    """Fold the ledger over some comments of a thread, and recount if readers see a change.

    ``newest`` is an act that was just made, hence the newest of each comment.

    A comment that is published for the first time gets the links of those that wait for its
    number.
    """
    comments = thread.comments.filter(pk__among=pks)
    kinds = list(comments.order_by().values_list("tree_id", "state", "first_state").distinct())
    if not kinds:
        return
    trees, states, first_states = map(set, zip(*kinds, strict=True))
    was_public = State.PUBLISHED in states
    were_all_public_first = first_states == {State.PUBLISHED}
    if newest:
        apply_newest(comments, newest)
        state = Verb(newest.verb).state
        is_public = state == State.PUBLISHED if state else was_public
    else:
        fold_by_act(comments, pks)
        is_public = comments.published().exists()
    if is_public:
        give_ordinals(thread, comments)
    if not were_all_public_first:
        take_ordinals(comments)
    fold_reports(comments)
    fold_objections(comments)
    awaited = comments.model.awaited_numbers.rel.related_model.objects
    released = set()
    if not were_all_public_first:  # also of what another act hides, now that none publishes it
        released = awaited.release(thread, find_unpublished(comments))
    if not (was_public or is_public or released):
        if comments.shown().exists():  # as placeholders, which say why
            thread.raise_versions(trees)
        return
    affected = trees | find_named_trees(comments) | released
    if is_public:
        affected |= awaited.resolve(thread, comments)
    thread.recount(affected)


def apply_newest(comments, action):
    """Do what folding does after a new act, without reading the older ones."""
    state = Verb(action.verb).state
    comments = comments.with_text()
    moderated_at = Value(action.created_at)
    if state == State.HELD:  # what is held already waits since then
        is_held = When(state=State.HELD, then=F("moderated_at"))
        moderated_at = Case(is_held, default=moderated_at, output_field=DateTimeField())
    decided = {"state": state, "reason": action.reason, "moderated_at": moderated_at}
    comments.update(
        is_unseen=action.verb == Verb.EDIT,
        version=F("version") + 1,
        **decided if state else {},
    )


def fold_by_act(comments, pks):
    """Do what folding does, with one UPDATE for each act that decides about some of the comments:
    much faster where a few acts decide about thousands."""
    judging = Q(action__verb__in=[*DECISIONS, Verb.EDIT]) | ~Q(state="")
    items = _list_items(comments).filter(judging, comment__among=pks).order_by("action_id")
    states = dict(comments.order_by().values_list("pk", "first_state"))
    deciding, edited, since = {}, {}, {}
    rows = items.values_list("comment_id", "action_id", "state", "action__verb")
    for pk, act, state, verb in rows:
        if state:
            deciding[pk] = act
            if not states[pk] == state == State.HELD:
                since[pk] = act
            states[pk] = state
        if verb in {*DECISIONS, Verb.EDIT}:
            edited[pk] = verb == Verb.EDIT
    groups = defaultdict(list)
    for pk in pks:
        groups[deciding.get(pk), since.get(pk), edited.get(pk, False)].append(pk)
    if len(groups) > MOST_GROUPS:
        fold_comments(comments)
        return
    acts = comments.model.actions.rel.related_model.objects.in_bulk(
        {*deciding.values(), *since.values()}
    )
    for (act, begun, is_unseen), group in groups.items():
        if act:
            action = acts[act]
            decided = {
                "state": Verb(action.verb).state,
                "reason": action.reason,
                "moderated_at": acts[begun].created_at if begun else None,
            }
        else:
            decided = {"state": F("first_state"), "reason": F("first_reason"), "moderated_at": None}
        own = comments.model.objects.filter(pk__among=group).with_text()
        own.update(is_unseen=is_unseen, version=F("version") + 1, **decided)


def fold_comments(comments):
    """Set each comment's state, reason and date to those of the newest decision in force, else to
    the first state. What was held again has the date since which it is held. A comment whose text
    is erased stays as it is. One UPDATE."""
    comments = comments.with_text()
    newest = _list_items(comments).filter(comment=OuterRef("pk")).order_by("-action_id")
    deciding = newest.exclude(state="")
    # A note, a lock or a pin says nothing about a text.
    judging = newest.filter(action__verb__in=[*DECISIONS, Verb.EDIT])
    is_edit = Exact(Subquery(judging.values("action__verb")[:1]), Value(Verb.EDIT.value))
    comments.update(
        state=Coalesce(Subquery(deciding.values("state")[:1]), F("first_state")),
        reason=Coalesce(Subquery(deciding.values("action__reason")[:1]), F("first_reason")),
        moderated_at=_date_decision(comments, deciding),
        is_unseen=Case(When(is_edit, then=True), default=False, output_field=BooleanField()),
        version=F("version") + 1,
    )


def _date_decision(comments, deciding):
    """Return the expression for the date of the newest decision in force, or of the first of a row
    of holds; without a date, it is held since it was posted."""
    other = _list_items(comments).exclude(state__in=["", State.HELD])
    later = other.filter(comment=OuterRef("comment"), action__gt=OuterRef("action"))
    holds = _list_items(comments).filter(comment=OuterRef("pk"), state=State.HELD)
    holds = holds.filter(~Exists(later)).order_by("action_id")
    is_first = ~Exists(other.filter(comment=OuterRef("pk")))
    return Case(
        When(Exists(holds) & is_first, first_state=State.HELD, then=None),
        When(Exists(holds), then=Subquery(holds.values("action__created_at")[:1])),
        default=Subquery(deciding.values("action__created_at")[:1]),
        output_field=DateTimeField(),
    )


def fold_ordinals(thread, comments):
    """Give ordinals to those that are published for the first time, and take them from those that
    no act in force publishes."""
    give_ordinals(thread, comments)
    take_ordinals(comments)


def give_ordinals(thread, comments):
    """Give each comment that is published for the first time the next ordinal of its ID."""
    fresh = comments.exclude(reader_code="").published().filter(reader_ordinal=0)
    fresh = list(fresh.order_by("number"))
    if not fresh:
        return
    same = thread.comments.filter(reader_code__in={comment.reader_code for comment in fresh})
    last = same.order_by().values_list("reader_code").annotate(Max("reader_ordinal"))
    ordinals = dict(last)
    for comment in fresh:
        ordinals[comment.reader_code] += 1
        comment.reader_ordinal = ordinals[comment.reader_code]
    comments.model._base_manager.bulk_update(fresh, ["reader_ordinal"], batch_size=BATCH)


def take_ordinals(comments):
    """Take the ordinal of its ID from each comment that no act in force publishes."""
    coded = comments.exclude(reader_code="").filter(reader_ordinal__gt=0)
    find_unpublished(coded).update(reader_ordinal=0)


def find_unpublished(comments):
    """Return those that were not published at first, and that no act in force publishes."""
    publishing = _list_items(comments).filter(comment=OuterRef("pk"), state=State.PUBLISHED)
    hidden = comments.exclude(state=State.PUBLISHED).exclude(first_state=State.PUBLISHED)
    return hidden.filter(~Exists(publishing))


def fold_reports(comments):
    """Let each report be answered by the first decision in force after it, if there is one."""
    reports = comments.model.reports.rel.related_model.objects.filter(comment__in=comments)
    if not reports.exists():
        return
    decisions = (
        _list_items(comments)
        .answering()
        .filter(comment=OuterRef("comment_id"), action__created_at__gte=OuterRef("reported_at"))
    )
    first = decisions.order_by("action_id")
    reports.update(
        answer=Subquery(first.values("action_id")[:1]),
        answered_at=Subquery(first.values("action__created_at")[:1]),
        answered_by=Subquery(first.values("action__moderator_id")[:1]),
    )


def fold_mention(mention):
    """Set a mention's state to that of the newest decision in force, else to the first state."""
    verbs = mention.actions.filter(undone_at=None).values_list("verb", flat=True)
    states = filter(None, (Verb(verb).state for verb in verbs.order_by("-pk")))
    mention.state = next(states, mention.first_state)
    mention.save(update_fields=["state"])  # its signal renews the article's page


def fold_objections(comments):
    """Let each objection be answered by what the acts in force say of its comment. Only after the
    comments were folded."""
    objections = comments.model.objection.related.related_model.objects
    for objection in objections.filter(comment__in=comments).select_related("action", "answer"):
        objection.fold()


def find_affected_trees(comments):
    """Return the numbers of the trees that hold some comments or list them as answers."""
    return {*_list_trees(comments), *find_named_trees(comments)}


def find_named_trees(comments):
    """Return the numbers of the trees that list some comments as answers."""
    return set(_list_trees(comments.model.objects.filter(answers__source__in=comments)))


def _list_trees(comments):
    return comments.order_by().values_list("tree_id", flat=True).distinct()


def _list_items(comments):
    """Return all items in force; the callers choose those of a comment."""
    return comments.model.moderation_items.rel.related_model.objects.in_force()
