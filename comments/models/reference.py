"""References: comments that name others as ``>>12``."""

from collections import Counter, defaultdict

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from comments.anchors import find_references
from comments.models.comment import Comment
from comments.models.states import State
from comments.models.thread import Thread
from comments.models.trees import BATCH
from comments.rendering import render_text

MOST_ANSWERS = 30  # listed at a comment
MOST_WAITING = 100  # comments that are linked when the number that they name appears


class ReferenceQuerySet(models.QuerySet):
    def shown(self):
        """The references whose source is published.

        Not a condition on a join: from that SQLite would read every published comment of the site.
        """
        source = Comment.objects.published().filter(pk=OuterRef("source"))
        return self.filter(Exists(source.order_by()))


class Reference(models.Model):
    """``source`` names ``target`` in its text; the target lists it as an answer."""

    source = models.ForeignKey(Comment, models.CASCADE, related_name="references")
    target = models.ForeignKey(Comment, models.CASCADE, db_index=False, related_name="answers")

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "reference"
        constraints = [models.UniqueConstraint(fields=["target", "source"], name="reference_once")]

    def __str__(self):
        return f"{self.source} → {self.target}"


class AwaitedNumberQuerySet(models.QuerySet):
    """Both verbs only inside ``thread_write``; the caller saves the thread."""

    def add(self, thread, missing):
        """Note the numbers that comments name and that no published comment has: ``missing`` maps
        each comment to a set of them. At most ``MOST_WAITING`` comments wait for one number.
        """
        numbers = set().union(*missing.values())
        if not numbers:
            return
        noted = self.filter(thread=thread, number__in=numbers).values_list("number")
        counts = Counter(dict(noted.annotate(count=Count("pk"))))
        rows = []
        for source, named in missing.items():
            for number in sorted(named):
                counts[number] += 1
                if counts[number] <= MOST_WAITING:
                    rows.append(self.model(thread=thread, number=number, source=source))
        self.bulk_create(rows, batch_size=BATCH)
        thread.highest_awaited = max([thread.highest_awaited, *numbers])

    def resolve(self, thread, comments):
        """Link the comments that wait for the published ones among some comments of a thread;
        returns the numbers of the trees that show a change. No query if the thread awaits nothing.

        What waited for a comment that was held at first goes on waiting, for the case that its
        approval is undone (``release``).
        """
        if not thread.highest_awaited:
            return set()
        published = comments.published().order_by()
        waiting = self.filter(thread=thread, number__in=published.values("number"))
        pairs = list(waiting.order_by("source").values_list("number", "source"))
        if not pairs:
            return set()
        numbers = {number for number, _source in pairs}
        rows = list(published.filter(number__in=numbers).values_list("number", "pk", "first_state"))
        targets = {number: pk for number, pk, _first in rows}
        linked = _read_links({source for _number, source in pairs})
        pairs = [
            (number, source) for number, source in pairs if targets[number] not in linked[source]
        ]
        sources = list(Comment.objects.filter(pk__in={source for _number, source in pairs}))
        for number, target in targets.items():
            answers = [source for named, source in pairs if named == number][:MOST_ANSWERS]
            Reference.objects.bulk_create(
                [Reference(source_id=source, target_id=target) for source in answers],
                ignore_conflicts=True,
            )
        render_again(thread, sources)
        settled = [number for number, _pk, first in rows if first == State.PUBLISHED]
        self.filter(thread=thread, number__in=settled).delete()
        return {source.tree_id for source in sources if source.is_published}

    def release(self, thread, comments):
        """Take the links to some comments, which no act publishes any more, from those that waited
        for them; returns the numbers of the trees that show a change."""
        if not thread.highest_awaited:
            return set()
        waiting = self.filter(thread=thread, number__in=comments.order_by().values("number"))
        pairs = list(waiting.values_list("number", "source"))
        if not pairs:
            return set()
        numbers = {number for number, _source in pairs}
        targets = dict(comments.filter(number__in=numbers).values_list("number", "pk"))
        links = Q(pk=None)
        for number, source in pairs:
            links |= Q(source=source, target=targets[number])
        if not Reference.objects.filter(links).delete()[0]:
            return set()
        sources = list(Comment.objects.filter(pk__in={source for _number, source in pairs}))
        render_again(thread, sources)
        return {source.tree_id for source in sources if source.is_published}


class AwaitedNumber(models.Model):
    """``source`` names a number that no published comment of its thread had then."""

    thread = models.ForeignKey(Thread, models.CASCADE, db_index=False, related_name="+")
    number = models.PositiveIntegerField()
    source = models.ForeignKey(Comment, models.CASCADE, related_name="awaited_numbers")

    objects = AwaitedNumberQuerySet.as_manager()

    class Meta:
        verbose_name = "awaited number"
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "number", "source"], name="awaited_number_once"
            )
        ]

    def __str__(self):
        return f"{self.source} → >>{self.number}"


def _read_links(sources):
    """Return {source: the comments that it is linked to}, as primary keys."""
    links = defaultdict(set)
    rows = Reference.objects.filter(source__in=sources).values_list("source", "target")
    for source, target in rows:
        links[source].add(target)
    return links


def render_again(thread, sources):
    """Render comments with links to all that they name and that are published, or were when they
    were linked. None links itself."""
    if not sources:
        return
    numbers = set().union(*(find_references(source.text) for source in sources))
    named = thread.comments.filter(number__in=numbers).values_list("number", "pk", "state")
    linked = _read_links([source.pk for source in sources])
    for source in sources:
        targets = {
            number: pk
            for number, pk, state in named
            if pk != source.pk and (state == State.PUBLISHED or pk in linked[source.pk])
        }
        source.html = render_text(source.text, targets)
    Comment.objects.bulk_update(sources, ["html"], batch_size=MOST_WAITING)
