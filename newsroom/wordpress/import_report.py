"""The report of an import: a table of counts, and remarks for the person who ran it."""

from collections import Counter, defaultdict
from unicodedata import east_asian_width

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KINDS = {
    "author": gettext_lazy("Authors"),
    "category": gettext_lazy("Categories"),
    "tag": gettext_lazy("Tags"),
    "media": gettext_lazy("Media files"),
    "post": gettext_lazy("Posts"),
    "page": gettext_lazy("Pages"),
    "comment": gettext_lazy("Comments"),
    "mention": gettext_lazy("Mentions"),
    "redirect": gettext_lazy("Redirects"),
}
OUTCOMES = {
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "same": gettext_lazy("unchanged"),
    "left out": gettext_lazy("skipped"),
}
STATES = {
    "publish": gettext_lazy("published"),
    "future": gettext_lazy("scheduled"),
    "draft": gettext_lazy("draft"),
    "pending": gettext_lazy("in review"),
    "private": gettext_lazy("private"),
    "trash": gettext_lazy("in the trash"),
    "approved": gettext_lazy("approved"),
    "held": gettext_lazy("held"),
    "removed": gettext_lazy("spam or trash"),
}
EXAMPLES = 3


class ImportReport:
    """Counts outcomes by kind, states by kind, and remarks with their first examples."""

    def __init__(self):
        self.outcomes = defaultdict(Counter)
        self.states = defaultdict(Counter)
        self.remarks = Counter()
        self._examples = defaultdict(list)

    def count(self, kind, outcome, number=1):
        self.outcomes[kind][outcome] += number

    def count_state(self, kind, state):
        self.states[kind][state] += 1

    def remark(self, text, *, line=0, subject="", times=1):
        self.remarks[text] += times
        examples = self._examples[text]
        if len(examples) < EXAMPLES and (line or subject):
            place = _("line %d") % line if line else ""
            examples.append(" ".join(part for part in (place, f"“{subject}”") if part))

    @property
    def changed_nothing(self):
        return not any(count["new"] or count["changed"] for count in self.outcomes.values())

    def format_lines(self):
        """Yield the lines of the report."""
        yield from self._format_table()
        for kind, states in self.states.items():
            parts = (f"{number} {STATES.get(state, state)}" for state, number in states.items())
            yield f"{KINDS[kind]}: {', '.join(parts)}"
        if self.remarks:
            yield ""
            yield _("Notes:")
        for text, number in self.remarks.most_common():
            examples = "; ".join(self._examples[text])
            yield f"  {number} × {text}" + (f" ({examples})" if examples else "")

    def _format_table(self):
        rows = [["", _("in the export"), *map(str, OUTCOMES.values())]]
        for kind, label in KINDS.items():
            counts = [self.outcomes[kind][outcome] for outcome in OUTCOMES]
            total = self.outcomes[kind].total() if kind != "redirect" else ""
            rows.append([str(label), *map(str, [total, *counts])])
        widths = [max(map(_measure_width, column)) for column in zip(*rows, strict=True)]
        for label, *numbers in rows:
            cells = [label + _fill(label, widths[0])]
            cells += [_fill(*pair) + pair[0] for pair in zip(numbers, widths[1:], strict=True)]
            yield "  ".join(cells).rstrip()


def _fill(text, width):
    """Return the spaces beside a text in a column of a width."""
    return " " * (width - _measure_width(text))


def _measure_width(text):
    """Return how many columns a text takes in a terminal."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
