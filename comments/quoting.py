"""Quotations: which comments of a thread repeat the text of another one.

Texts are compared by their letters and digits alone, folded (NFKC, case), so that spaces,
punctuation and widths hide nothing. The rule is exact:

- A line that begins with ``>`` quotes a text if both share ``QUOTED`` characters in a row, or if it
  is a whole line of the text with at least ``SHORTEST`` characters.
- A comment that answers another one, or names its number, names its text if both share ``NAMED``
  characters in a row, or a number of at least ``DIGITS`` digits.
"""

import re
import unicodedata
from collections import namedtuple

from django.core.cache import cache
from django.db.models import Q
from django.utils.functional import cached_property

from comments.anchors import ANCHOR, find_references
from comments.models import Comment
from comments.models.states import Reason, Verb

QUOTED, NAMED, SHORTEST, DIGITS = 8, 12, 4, 7
COUNTED_FOR = 60  # seconds
BATCH = 500  # texts whose quotations are looked for at once
MARKS = (">", "＞", "﹥", "≫")
ELISION = "…"  # stands for an erased quotation

Quotation = namedtuple("Quotation", ["comment", "passage"])
_DIGITS = re.compile(f"[0-9]{{{DIGITS},}}")
_EDGE = r"(?:(?<![a-z0-9])|(?![a-z0-9]))"  # not inside a word in Latin letters


class Passages:
    """What of some texts can be recognised elsewhere. Their own quotations are not theirs."""

    def __init__(self, texts):
        own = [
            [line for line in text.split("\n") if not is_quotation(line)]
            for text in dict.fromkeys(texts)
        ]
        self._texts = [fold_text("".join(lines)) for lines in own]
        folded = (fold_text(line) for lines in own for line in lines)
        self.lines = {line for line in folded if len(line) >= SHORTEST}

    @cached_property
    def quoted(self):
        return set().union(*(_list_runs(text, QUOTED) for text in self._texts))

    @cached_property
    def named(self):
        return set().union(*(_list_runs(text, NAMED) for text in self._texts))

    @cached_property
    def numbers(self):
        return set().union(*map(_DIGITS.findall, self._texts))

    def are_quoted_in(self, line):
        """Whether a line that is marked as a quotation repeats one of the texts."""
        folded = fold_text(line[_measure_mark(line) :])
        return folded in self.lines or not self.quoted.isdisjoint(_list_runs(folded, QUOTED))

    def are_named_in(self, text):
        """Whether a text repeats a distinctive part of one of the texts."""
        folded = fold_text(text)
        return not (
            self.named.isdisjoint(_list_runs(folded, NAMED))
            and self.numbers.isdisjoint(_DIGITS.findall(folded))
        )

    def find_quotation(self, text):
        """Return the first line of a text that quotes one of the texts, else an empty string."""
        lines = filter(is_quotation, text.split("\n"))
        return next(filter(self.are_quoted_in, lines), "")

    def strip_quotations(self, text):
        """Return a text with an elision in place of what it quotes."""
        return "\n".join(
            f"{line[: _measure_mark(line)].rstrip()} {ELISION}"
            if is_quotation(line) and self.are_quoted_in(line)
            else line
            for line in text.split("\n")
        )


def fold_text(text):
    """Return the letters and digits of a text, in one width and case."""
    return "".join(filter(str.isalnum, _unify(text)))


def has_name(text, name):
    """Whether a text has a name of at least ``SHORTEST`` characters, in Latin letters as a word."""
    letters = fold_text(name)
    pattern = _EDGE + r"[\W_]*".join(letters) + _EDGE
    return len(letters) >= SHORTEST and bool(re.search(pattern, _unify(text)))


def is_quotation(line):
    """Whether a line begins with a quotation mark, or with the number of the quoted comment."""
    return line.lstrip().startswith(MARKS)


def find_quotations(comments):
    """Return the comments that quote or name the texts of some comments and are not removed
    themselves, oldest first, each with the line that shows it."""
    sources = list(comments.values_list("pk", "thread", "number", "text"))
    pks = {pk for pk, *_rest in sources}
    numbers = {(thread, number) for _pk, thread, number, _text in sources}
    candidates = _list_candidates(comments, {thread for thread, _number in numbers})
    quotations = {}
    for start in range(0, len(sources), BATCH):
        passages = Passages(text for *_key, text in sources[start : start + BATCH])
        # Sorted afterwards: for a cursor, PostgreSQL would walk the keys of all comments instead.
        for comment in candidates.order_by().iterator(chunk_size=2_000):
            passage = _find_passage(comment, passages, pks, numbers)
            if passage:
                quotations.setdefault(comment.pk, Quotation(comment, passage))
    return [quotations[pk] for pk in sorted(quotations)]


def find_quotations_of(action):
    """Return the quotations of what an act removed for reasons of privacy; none of other acts."""
    is_removal = action.verb in {Verb.REMOVE, Verb.PRUNE} and action.reason == Reason.PRIVACY
    if action.is_undone or not is_removal:
        return []
    removed = Comment.objects.filter(moderation_items__action=action).with_text()
    return find_quotations(removed.order_by("number"))


def count_quotations_of(action):
    """Return the number of ``find_quotations_of``, read again after ``COUNTED_FOR`` seconds: it
    stands on every page of the queue after a removal for privacy."""
    if action.is_undone or action.reason != Reason.PRIVACY:
        return 0
    key = f"quotations:{action.pk}"
    return cache.get_or_set(key, lambda: len(find_quotations_of(action)), timeout=COUNTED_FOR)


def with_marks(field):
    """Return the condition that a text has a quotation mark or a reference."""
    return Q(*((f"{field}__contains", mark) for mark in MARKS), _connector=Q.OR)


def _unify(text):
    return unicodedata.normalize("NFKC", text).casefold()


def _list_candidates(sources, threads):
    pks = sources.order_by().values("pk")
    others = Comment.objects.filter(thread__in=threads).exclude(state=Comment.State.REMOVED)
    return others.exclude(pk__in=pks).filter(with_marks("text") | Q(parent__in=pks))


def _find_passage(comment, passages, pks, numbers):
    """Return what shows that a comment quotes the passages, or names them where it answers one of
    the primary keys or refers to one of the numbers; else an empty string."""
    quoted = passages.find_quotation(comment.text)
    if quoted or not passages.are_named_in(comment.text):
        return quoted
    named = {(comment.thread_id, number) for number in find_references(comment.text)}
    return comment.text if comment.parent_id in pks or named & numbers else ""


def _measure_mark(line):
    """Return the length of the marks and the reference that begin a line."""
    indent = len(line) - len(line.lstrip())
    anchor = ANCHOR.match(line, indent)
    return anchor.end() if anchor else len(line) - len(line.lstrip(" \u3000\t" + "".join(MARKS)))


def _list_runs(text, length):
    return {text[start : start + length] for start in range(len(text) - length + 1)}
