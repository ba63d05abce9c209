"""Carrying out the verdicts of the queue's forms, about comments and mentions."""

from comments.models import Comment, Mention
from comments.models.moderated import decide
from comments.models.stamps import check_seen
from comments.models.states import Verb
from comments.refusals import Changed, NoDecision, NothingChosen, Unseen
from comments.views.decisions import PRESSES, read_press_fields
from comments.waiting import MENTION_MARK, split_keys

VERBS = PRESSES | {"keep": Verb.KEEP}
MENTION_VERBS = {name: verb.value for name, verb in VERBS.items()} | {"keep": "approve"}


def decide_entries(request, verb, keys):
    """Carry out the decision in a form; return the refusals as {subject: …}.

    The comments are decided about in one act, each mention in an act of its own.
    """
    if verb not in VERBS:
        raise NoDecision
    if not keys:
        raise NothingChosen
    fields = read_press_fields(request.POST, verb, VERBS[verb])
    pks, mention_pks = split_keys(keys)
    seen = {pk: request.POST.get(f"seen-{pk}", "") for pk in pks}
    check_seen(VERBS[verb], *seen.values())
    if not all(request.POST.get(f"seen-{MENTION_MARK}{pk}") for pk in mention_pks):
        raise Unseen
    comments = Comment.objects.filter(pk__in=pks)
    _action, refusals = decide(comments, VERBS[verb], by=request.user, seen=seen, **fields)
    for mention in Mention.objects.filter(pk__in=mention_pks):
        stamp = request.POST.get(f"seen-{MENTION_MARK}{mention.pk}", "")
        try:
            getattr(mention, MENTION_VERBS[verb])(by=request.user, seen=stamp, **fields)
        except Changed as refusal:
            refusals[mention] = refusal
    return refusals
