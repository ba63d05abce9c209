"""The report of an import: a table of counts, and remarks for the person who ran it.

The table shows each remark with its first examples; ``write_csv`` writes all of them.
"""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from unicodedata import east_asian_width

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KINDS = {
    "author": gettext_lazy("Authors"),
    "category": gettext_lazy("Categories"),
    "tag": gettext_lazy("Tags"),
    "series": gettext_lazy("Series"),
    "media": gettext_lazy("Media files"),
    "post": gettext_lazy("Posts"),
    "page": gettext_lazy("Pages"),
    "comment": gettext_lazy("Comments"),
    "mention": gettext_lazy("Mentions"),
    "redirect": gettext_lazy("Redirects"),
    "thread": gettext_lazy("Threads"),
}
OF_A_SITE = [kind for kind in KINDS if kind != "thread"]
OUTCOMES = {
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "kept": gettext_lazy("kept as edited here"),
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
    "deleted": gettext_lazy("deleted there"),
    "matched": gettext_lazy("with an article"),
    "unmatched": gettext_lazy("without an article"),
}
EXAMPLES = 3
# How a cell begins that a spreadsheet would compute; Japanese ones take the wide signs too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Row:
    """One remark: what it is about, where in the source that is, why, and how often."""

    item: str
    place: str
    reason: str
    times: int = 1


class ImportReport:
    """Counts outcomes by kind, states by kind, and remarks.

    ``file`` is the name of the file that is read now, if it ``has_files``: several. ``read`` of
    ``expected`` items were read so far; an importer that does not count them leaves 0. ``kinds``
    are the rows of the table.
    """

    def __init__(self, kinds=OF_A_SITE):
        self._kinds = kinds
        self.file = ""
        self.has_files = False
        self.read = self.expected = 0
        self.rows = []
        self.outcomes = defaultdict(Counter)
        self.states = defaultdict(Counter)
        self.remarks = Counter()
        self._examples = defaultdict(list)

    def count(self, kind, outcome, number=1):
        self.outcomes[kind][outcome] += number

    def count_item(self, *, is_last=True):
        """Count an item of the source, of which a first reading tells how many there are."""
        if is_last:
            self.read += 1
        else:
            self.expected += 1

    def count_state(self, kind, state):
        self.states[kind][state] += 1

    def remark(self, text, *, line=0, subject="", times=1):
        self.remarks[text] += times
        place = " ".join(filter(None, [self.file, _("line %d") % line if line else ""]))
        self.rows.append(Row(subject, place, text, times))
        examples = self._examples[text]
        if len(examples) < EXAMPLES and (line or subject):
            often = f"{times} ×" if times > 1 else ""
            quoted = _("“%s”") % subject if subject else ""
            examples.append(" ".join(filter(None, [often, place, quoted])))
        elif len(examples) == EXAMPLES:
            examples.append("…")  # there are more

    @property
    def has_begun(self):
        return any(count.total() for count in self.outcomes.values())

    @property
    def changed_nothing(self):
        return not any(
            count["new"] or count["changed"] or count["kept"] for count in self.outcomes.values()
        )

    def summarize(self):
        """Return the counts and the remarks with their examples as JSON; ``restore`` reads it."""
        return {
            "kinds": self._kinds,
            "outcomes": self.outcomes,
            "states": self.states,
            "remarks": [
                [text, number, self._examples[text]] for text, number in self.remarks.most_common()
            ],
        }

    @classmethod
    def restore(cls, summary):
        """Return a report with what ``summarize`` has kept."""
        report = cls(summary.get("kinds", OF_A_SITE))
        for kind, counts in summary.get("outcomes", {}).items():
            report.outcomes[kind].update(counts)
        for kind, counts in summary.get("states", {}).items():
            report.states[kind].update(counts)
        for text, number, examples in summary.get("remarks", ()):
            report.remarks[text] = number
            report._examples[text] = examples
        return report

    def list_counts(self):
        """Yield (kind, its name, how many there were, a number for each of ``OUTCOMES``)."""
        for kind in self._kinds:
            total = self.outcomes[kind].total() if kind != "redirect" else ""
            yield kind, str(KINDS[kind]), total, [self.outcomes[kind][name] for name in OUTCOMES]

    def list_states(self):
        """Yield (name of a kind, its states with their numbers)."""
        for kind, states in self.states.items():
            parts = (
                _("%(number)d %(state)s") % {"number": number, "state": STATES.get(state, state)}
                for state, number in states.items()
            )
            yield str(KINDS[kind]), ", ".join(parts)

    def list_remarks(self):
        """Yield (text, how often, examples), the most frequent first."""
        for text, number in self.remarks.most_common():
            yield text, number, "; ".join(self._examples[text])

    def format_lines(self):
        """Yield the lines of the report."""
        yield from self._format_table()
        for label, states in self.list_states():
            yield f"{label}: {states}"
        if self.remarks:
            yield ""
            yield _("Notes:")
        for text, number, examples in self.list_remarks():
            yield f"  {number} × {text}" + (f" ({examples})" if examples else "")

    def write_csv(self, path):
        """Write every remark into a file as a row of item, place, reason and number."""
        with open(path, "w", encoding="utf-8-sig", newline="") as file:
            self.write_rows(file)

    def write_rows(self, file):
        """Write the rows of the CSV file, for spreadsheets."""
        writer = csv.writer(file)
        writer.writerow([_("Item"), _("Place"), _("Reason"), _("Number")])
        for row in self.rows:
            cells = (row.item, row.place, row.reason)
            writer.writerow([*map(defuse_formula, cells), row.times])

    def _format_table(self):
        rows = [["", _("in the export"), *map(str, OUTCOMES.values())]]
        for _kind, label, total, counts in self.list_counts():
            rows.append([label, *map(str, [total, *counts])])
        widths = [max(map(_measure_width, column)) for column in zip(*rows, strict=True)]
        for label, *numbers in rows:
            cells = [label + _fill(label, widths[0])]
            cells += [_fill(*pair) + pair[0] for pair in zip(numbers, widths[1:], strict=True)]
            yield "  ".join(cells).rstrip()


def defuse_formula(text):
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _fill(text, width):
    """Return the spaces beside a text in a column of a width."""
    return " " * (width - _measure_width(text))


def _measure_width(text):
    """Return how many columns a text takes in a terminal."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
