"""Dry runs of word rules: the comments of the last days in which they would have been found."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from heapq import merge

from django.utils import timezone

from comments.models import Comment, WordRule
from comments.models.states import State

DAYS = 90
MOST_READ = 10_000  # comments that a page reads; a command reads all
MOST_SHOWN = 30  # comments of a trial that are kept with their text
AROUND = 40  # characters shown before and behind a hit


@dataclass(frozen=True, slots=True)
class TrialHit:
    """A comment with the hit, its text in three parts."""

    comment: Comment
    before: str
    match: str
    after: str


@dataclass(slots=True)
class Trial:
    """What rules would have found. ``counts`` are the comments by rule; ``is_cut``: there are
    more comments than were read."""

    days: int = DAYS
    read: int = 0
    total: int = 0
    is_cut: bool = False
    counts: Counter = field(default_factory=Counter)
    hits: list[TrialHit] = field(default_factory=list)


def try_rules(matcher, *, days=DAYS, most=None):
    """Return the trial of compiled rules over the comments of the last days, the newest first.
    Reads at most ``most`` comments."""
    trial, hits = Trial(days=days), {}
    for pk, _posted_at, text in _read_newest(timezone.now() - timedelta(days=days), most):
        if trial.read == most:
            trial.is_cut = True
            break
        trial.read += 1
        found = matcher.find(text)
        trial.total += bool(found)
        trial.counts.update({hit.rule for hit in found})
        if found and len(hits) < MOST_SHOWN:
            hits[pk] = found[0]
    comments = Comment.objects.in_bulk(hits)
    trial.hits = [_cut_out(comments[pk], hit) for pk, hit in hits.items()]
    return trial


def _read_newest(since, most):
    """Yield (key, time, text) of the comments since a moment, the newest first: those of each state
    from the index that begins with it."""
    recent = Comment.objects.filter(posted_at__gt=since).order_by("-posted_at", "-pk")
    recent = recent.values_list("pk", "posted_at", "text")
    parts = [recent.filter(state=state)[: most + 1 if most else None] for state in State]
    rows = (part.iterator(chunk_size=1_000) for part in parts)
    return merge(*rows, key=lambda row: (row[1], row[0]), reverse=True)


def switch_off_untried(lines):
    """Yield rules of a text, those switched off that nobody has tried: all but those that are on
    already and find the same texts."""
    tried = {(rule.kind, rule.text): rule.allowed_words for rule in WordRule.objects.on()}
    for line in lines:
        is_tried = tried.get((line.kind, line.text)) == list(line.allowed)
        yield line if is_tried else replace(line, is_on=False)


def _cut_out(comment, hit):
    before = comment.text[max(0, hit.start - AROUND) : hit.start]
    after = comment.text[hit.end : hit.end + AROUND]
    return TrialHit(
        comment,
        before if hit.start <= AROUND else f"…{before}",
        comment.text[hit.start : hit.end],
        after if hit.end + AROUND >= len(comment.text) else f"{after}…",
    )
