"""Posting: from the text that a reader sends to a comment in the thread."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from articles.models import Article, driver
from comments import form_tokens
from comments.anchors import find_references
from comments.characters import normalize_text, tidy_text
from comments.checks import (
    DRAFT_CHECKS,
    NAME_CHECKS,
    TEXT_CHECKS,
    Draft,
    Facts,
    Outcome,
    judge_draft,
)
from comments.checks.gathering import (
    find_parent,
    gather_draft_facts,
    gather_facts,
    gather_names,
    send_parent,
)
from comments.checks.pace import rate
from comments.models import AwaitedNumber, Comment, Reference, Thread, trees
from comments.models.reference import MOST_ANSWERS
from comments.readers import Reader
from comments.refusals import AskedAgain, BranchLocked, Judged, Refused, ThreadClosed
from comments.rendering import render_text
from comments.rule_matcher import read_matcher
from comments.signatures import split_name, split_signature
from comments.twins import choose_twin, find_same_of_network, find_twin, send_twins


def submit(
    article,
    *,
    text,
    name="",
    parent_id=None,
    reader,
    token="",
    website="",
    confirmed=False,
    word_rules=None,
):
    """Check a reader's text and post it; returns the comment, published or held.

    What the draft itself says is judged before the lock, all else under it, where no other post of
    the thread interferes. ``word_rules`` are those of ``read_matcher``, if the caller has just
    read them. Raises ``Judged`` (refused by a check) and ``AskedAgain`` (send it once more with
    ``confirmed`` to mean it), both with the verdict, and what ``post`` raises.
    """
    thread = _find_thread(article)
    draft = Draft(
        text=tidy_text(text), name=split_name(name)[0], website=website, confirmed=confirmed
    )
    submission = form_tokens.name_submission(token, draft.text)
    word_rules = read_matcher() if word_rules is None else word_rules
    facts = gather_draft_facts(article.pk, parent_id, reader, token, word_rules)
    known, is_refused = _judge_alone(draft, Facts(**facts))
    judge = partial(_judge_in_place, draft, facts, known, reader, submission)
    if is_refused:
        try:
            judge(thread, find_parent(thread, parent_id))
        except Refused:
            same = thread.pk and find_twin(
                thread,
                parent_id=parent_id,
                text=normalize_text(text),
                reader=reader,
                submission=submission,
                at=timezone.now(),
            )
            if same and not same.is_removed:
                return same
            raise
    return post(
        article,
        text=draft.text,
        name=name,
        parent_id=parent_id,
        reader=reader,
        submission=submission,
        known=thread,
        guard=judge,
    )


def preview(article, *, text, name=""):
    """Return a reader's comment as it would be posted now, unsaved.

    Raises ``Judged`` if a check refuses the text or the name.
    """
    draft = Draft(text=tidy_text(text), name=split_name(name)[0])
    facts = Facts(
        now=timezone.now(),
        rules=settings.COMMENT_RULES,
        word_rules=read_matcher(),
        **gather_names(),
    )
    verdict = judge_draft(draft, facts, checks=TEXT_CHECKS + NAME_CHECKS)
    if verdict.outcome is Outcome.REFUSE:
        raise Judged(verdict)
    return Comment(**_compose(article, text, name)[0])


def _compose(article, text, name):
    """Return the fields of a comment that show what its writer typed, and the comments that it
    names."""
    text = normalize_text(text)
    name, tripcode = split_signature(name)
    named = find_named(article, text)
    html = render_linked(text, named)
    return {"name": name, "tripcode": tripcode, "text": text, "html": html}, named


def render_linked(text, named):
    """Render a text with links to the comments that it names, as ``find_named`` returns them."""
    return render_text(text, {number: pk for number, (pk, _tree) in named.items()})


def _judge_alone(draft, facts):
    """Return the answers of the checks that ask for nothing but the draft and its writer, and
    whether it is refused already."""
    known = {check: check(draft, facts) for check in DRAFT_CHECKS}
    verdicts = [*known.values(), rate(draft, facts)]
    return known, any(each and each.outcome is Outcome.REFUSE for each in verdicts)


def _judge_in_place(draft, facts, known, reader, submission, thread, parent):
    """Return the verdict on a draft at its place in a thread."""
    facts = facts | gather_facts(thread, parent, reader)
    if reader.new_key and not submission and thread.pk:
        facts["is_repeated"] = _is_repeated(draft, thread, parent, reader, facts["now"])
    verdict = judge_draft(draft, Facts(**facts), known=known)
    if verdict.outcome is Outcome.REFUSE:
        raise Judged(verdict)
    if verdict.outcome is Outcome.NUDGE:
        raise AskedAgain(verdict)
    return verdict


def _is_repeated(draft, thread, parent, reader, now):
    since = now - timedelta(seconds=settings.COMMENT_RULES["same_click"])
    same = find_same_of_network(thread.pk, normalize_text(draft.text), since, reader.network_hash)
    return any(answered == (parent and parent.pk) for _pk, answered in same)


def _find_thread(article):
    """Return the thread of an article, unsaved if it has no comments yet. No query if the article
    was read with it."""
    if Article.thread.is_cached(article):
        return getattr(article, "thread", None) or Thread(article=article)
    return Thread.objects.find(article)


def post(
    article,
    *,
    text,
    name="",
    parent_id=None,
    reader=None,
    staff=None,
    posted_at=None,
    state=Comment.State.PUBLISHED,
    reason="",
    match=None,
    submission=None,
    known=None,
    guard=None,
):
    """Write a comment under an article, or under one of its comments; returns it, saved.

    ``name`` may be ``name#secret``; ``posted_at`` defaults to now; ``match`` is what a check found
    (``Verdict.match``). If the reader sent the same text to the same place a moment ago
    (``settings.COMMENT_RULES``: ``same_text``), or the same form (``submission``), that comment is
    returned. ``guard`` is called under the lock with the thread and the parent, and may raise, or
    return a verdict that holds the comment. ``known`` is the thread as it was read before. Raises a
    ``Refused`` if the parent is missing, not public, in another thread or too deep; without a guard
    also if the thread is closed or the branch locked (but not for staff).
    """
    reader = reader or Reader()
    fields, named = _compose(article, text, name)
    if staff:
        fields["name"] = str(staff)[:50]
    comment = Comment(
        **fields,
        staff=staff,
        reader_code=reader.code_for(article.pk),
        reader_hash=reader.hash,
        network_hash=reader.network_hash,
        wide_network_hash=reader.network_hashes[-1],
        submission=submission,
        posted_at=posted_at or timezone.now(),
        state=state,
        reason=reason,
        first_state=state,
        first_reason=reason,
        **(match or {}),
    )
    writer = {"reader": reader, "staff": staff, "submission": submission}
    repeated = {"text": comment.text, "at": comment.posted_at, **writer}
    also = [lambda: send_parent(parent_id)]
    if known and known.pk:
        also.append(lambda: send_twins(known.pk, **repeated))
        also.append(lambda: Thread.send_regime(known.pk))
        also.append(lambda: Thread.send_place(known.pk, comment.reader_code))
    with trees.thread_write(article, also) as thread:
        thread.article = article
        fetch_parent, *rest = thread.answers
        is_known = known and is_unchanged(thread, known)
        if rest:
            fetch_twins, read_regime, read_place = rest
            thread.regime = read_regime(thread)  # measures of the site change without the thread
        else:
            fetch_twins = send_twins(thread.pk, **repeated)
            read_place = Thread.send_place(thread.pk, comment.reader_code)
        same = choose_twin(fetch_twins(), parent_id)
        if same and not same.is_removed:  # whatever else has changed since
            return same
        if not staff and not guard and not thread.accepts_comments:
            raise ThreadClosed(thread.regime.opens_at)
        parent = find_parent(thread, parent_id, fetch_parent)
        if guard:
            _hold_if_judged(comment, guard(thread, parent))
        elif not staff and parent and thread.regime.find_lock(parent):
            raise BranchLocked
        if same:  # its writer may send the text again
            Comment.objects.filter(pk=same.pk).update(submission=None)
        if named and not is_known:  # what it names may be hidden since
            named = find_named(article, comment.text)
            comment.html = render_linked(comment.text, named)
        ordinal, comment.pk = read_place()
        if comment.is_published:
            comment.reader_ordinal = ordinal
        thread.read_no_more()
        with driver.as_one() as send:
            trees.insert(comment, thread=thread, parent=parent)
            others = {tree for _pk, tree in named.values()}
            if find_references(comment.text) or comment.number <= thread.highest_awaited:
                send()  # what is written so far is read now
                others |= save_references(comment, named, thread)
            others -= {comment.tree_id}
            if others and comment.is_published:
                thread.raise_versions(others)
            else:
                thread.save_counts()
    return comment


def is_unchanged(thread, known):
    """Whether nobody has acted or written in a thread since it was read."""
    counters = ("pk", "version", "last_number")
    return all(getattr(thread, name) == getattr(known, name) for name in counters)


def _hold_if_judged(comment, verdict):
    if comment.is_published and verdict.outcome is Outcome.HOLD:
        comment.state = comment.first_state = Comment.State.HELD
        comment.reason = comment.first_reason = verdict.reason
        for name, value in verdict.match.items():
            setattr(comment, name, value)


def find_named(article, text):
    """Return the comments that a text names, as {number: (pk, tree_id)}."""
    numbers = find_references(text)
    if not numbers:
        return {}
    named = Comment.objects.published().filter(thread__article=article, number__in=numbers)
    return {number: (pk, tree) for number, pk, tree in named.values_list("number", "pk", "tree_id")}


def save_references(comment, named, thread):
    """Save which comments a comment names, and link those that have named its own number.

    A target lists at most ``MOST_ANSWERS`` of them. Numbers that no published comment has wait in
    ``AwaitedNumber``. Returns the numbers of the trees that show a new link. Only inside
    ``thread_write``; the caller saves the thread.
    """
    targets = {pk for pk, _tree in named.values()} - {comment.pk}
    if targets:
        answers = Reference.objects.filter(target__in=targets).order_by().values_list("target")
        full = dict(answers.annotate(count=Count("pk")).filter(count__gte=MOST_ANSWERS))
        Reference.objects.bulk_create(
            Reference(source=comment, target_id=pk) for pk in sorted(targets - full.keys())
        )
    appeared = {comment.number}
    missing = find_references(comment.text) - named.keys() - appeared
    if missing:
        AwaitedNumber.objects.add(thread, {comment: missing})
        # Others may have been posted since ``named`` was read.
        appeared |= {number for number in missing if number < comment.number}
    if min(appeared) > thread.highest_awaited:
        return set()
    return AwaitedNumber.objects.resolve(thread, thread.comments.filter(number__in=appeared))
