"""Carrying out the verdicts of the queue's forms, about comments, mentions and objections."""

from comments.forms import DecisionForm
from comments.models import Comment, Mention, Objection
from comments.models.moderated import decide
from comments.models.stamps import check_seen
from comments.models.states import NEEDING_REASON, Reason, Verb
from comments.refusals import (
    Changed,
    NoDecision,
    NoNote,
    NoReason,
    NothingChosen,
    Refused,
    UnfitNote,
    Unseen,
)
from comments.waiting import MENTION_MARK, split_keys

SPAM = "spam"  # the press that removes as advertising
VERBS = {
    **{verb.value: verb for verb in (Verb.APPROVE, Verb.HOLD, Verb.REMOVE, Verb.KEEP)},
    SPAM: Verb.REMOVE,
}
MENTION_VERBS = {name: verb.value for name, verb in VERBS.items()} | {"keep": "approve"}


def decide_entries(request, verb, keys):
    """Carry out the decision in a form; return the refusals as {subject: …}.

    The comments are decided about in one act, each mention in an act of its own.
    """
    if verb not in VERBS:
        raise NoDecision
    if not keys:
        raise NothingChosen
    fields = _read_fields(request.POST, verb)
    pks, mention_pks = split_keys(keys)
    seen = {pk: request.POST.get(f"seen-{pk}", "") for pk in pks}
    for stamp in seen.values():
        check_seen(stamp, VERBS[verb])
    if not all(request.POST.get(f"seen-{MENTION_MARK}{pk}") for pk in mention_pks):
        raise Unseen
    refusals = _answer_objections(request, VERBS[verb], seen, fields)
    pks = list(seen)
    if pks:
        comments = Comment.objects.filter(pk__in=pks)
        _action, refused = decide(comments, VERBS[verb], by=request.user, seen=seen, **fields)
        refusals |= refused
    for mention in Mention.objects.filter(pk__in=mention_pks):
        stamp = request.POST.get(f"seen-{MENTION_MARK}{mention.pk}", "")
        try:
            getattr(mention, MENTION_VERBS[verb])(by=request.user, seen=stamp, **fields)
        except Changed as refusal:
            refusals[mention] = refusal
    return refusals


def _answer_objections(request, verb, seen, fields):
    """Answer the open objections to what hides some comments, and take these out of ``seen``:
    another moderator than who decided answers, with a note if the decision stays.

    The writer reads that note. A note about several comments is for colleagues: it goes to no
    writer, so none of several objections can be answered by leaving the decision as it is.
    """
    refusals, is_alone = {}, len(seen) == 1
    if verb not in {Verb.APPROVE, Verb.KEEP}:
        return refusals
    objections = (
        Objection.objects.open()
        .filter(comment__in=seen)
        .select_related("comment__thread__article", "action__moderator")
    )
    if not is_alone:
        fields = {name: value for name, value in fields.items() if name != "note"}
    if verb == Verb.KEEP and objections and "note" not in fields:
        raise NoNote
    for objection in objections:
        answer = objection.uphold if verb == Verb.APPROVE else objection.keep
        try:
            answer(by=request.user, seen=seen.pop(objection.comment_id), **fields)
        except Refused as refusal:
            refusals[objection.comment] = refusal
    return refusals


def _read_fields(posted, verb):
    """Return the note of a form, and the reason where the decision has one."""
    if verb == SPAM:
        posted = posted.copy()
        posted["reason"] = Reason.SPAM
    form = DecisionForm(posted, verb=VERBS[verb])
    if not form.is_valid():
        raise NoReason if "reason" in form.errors else UnfitNote
    names = {"note"} | ({"reason"} if VERBS[verb] in NEEDING_REASON | {Verb.HOLD} else set())
    fields = {"reason": Reason.CHECK} if VERBS[verb] == Verb.HOLD else {}
    return fields | {name: form.cleaned_data[name] for name in names if form.cleaned_data[name]}
