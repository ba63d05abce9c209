"""Parses the demo threads, written as indented outlines of comments.

    - +18m kq ^42
      Text of a comment, its lines indented by two more than the dash.
      - +7m zt ^28-3 name=海底二万里#nautilus #table
        >>{^} A reply: >>{^} names its parent, >>{table} the comment with that label.

A head line holds the time after the parent (at the first level, after the article) and the writer
(a key for a reader, ``@login`` for staff). In any order follow ``^up-down`` votes, ``name=``,
``#label`` and a moderator's action: ``!held:reason``, ``!remove:reason`` or ``!prune:reason``,
with a note after `` -- ``, or an editor's ``!feature``, which shows it on the front page.
"""

import re
from dataclasses import dataclass

INDENT = 2
HEAD = re.compile(r"^(?P<indent> *)- \+(?P<time>(?:\d+[dhm])+) (?P<writer>@?\w+)(?P<rest>( .*)?)$")
TIME = re.compile(r"(\d+)([dhm])")
MINUTES = {"d": 1440, "h": 60, "m": 1}
VOTES = re.compile(r"^\^(\d+)(?:-(\d+))?$")
FATE = re.compile(r"^!(held|remove|prune):([a-z-]+)$")
REFERENCE = re.compile(r">>\{(\^|\w+)\}")


class OutlineError(ValueError):
    """A line of an outline that cannot be read."""


@dataclass(eq=False)
class Remark:
    """A comment to post, ``minutes`` after the article's publication."""

    parent: "Remark | None"
    minutes: int
    writer: str
    text: str = ""
    ups: int = 0
    downs: int = 0
    name: str = ""
    label: str = ""
    is_featured: bool = False
    fate: str = ""
    reason: str = ""
    note: str = ""

    @property
    def staff(self):
        """The login of the staff member who writes; empty for a reader."""
        return self.writer.removeprefix("@") if self.writer.startswith("@") else ""


def parse_outline(text):
    """Return the remarks of an outline by time, parents before replies."""
    remarks, branch = [], []
    for number, line in enumerate(text.splitlines(), 1):
        head = HEAD.match(line)
        if head:
            depth, odd_spaces = divmod(len(head["indent"]), INDENT)
            if odd_spaces or depth > len(branch):
                raise OutlineError(f"line {number}: wrong indentation")
            parent = branch[depth - 1] if depth else None
            remark = _parse_head(head, parent, number)
            branch[depth:] = [remark]
            remarks.append(remark)
        elif line.strip():
            margin = " " * INDENT * len(branch)
            if not branch or not line.startswith(margin):
                raise OutlineError(f"line {number}: text outside a comment")
            branch[-1].text += line.removeprefix(margin) + "\n"
        elif branch:
            branch[-1].text += "\n"
    for remark in remarks:
        remark.text = remark.text.strip()
    return sorted(remarks, key=lambda remark: remark.minutes)


def resolve_references(remark, numbers):
    """Return the text with ``>>{label}`` as ``>>12``.

    ``numbers`` maps labels to comment numbers, and ``^`` to the number of the parent.
    """
    return REFERENCE.sub(lambda match: f">>{numbers[match[1]]}", remark.text)


def _parse_head(head, parent, number):
    delay = sum(int(count) * MINUTES[unit] for count, unit in TIME.findall(head["time"]))
    remark = Remark(parent, delay + (parent.minutes if parent else 0), head["writer"])
    words, _mark, remark.note = head["rest"].partition(" -- ")
    for word in words.split():
        if votes := VOTES.match(word):
            remark.ups, remark.downs = int(votes[1]), int(votes[2] or 0)
        elif fate := FATE.match(word):
            remark.fate, remark.reason = fate.groups()
        elif word == "!feature":
            remark.is_featured = True
        elif word.startswith("name="):
            remark.name = word.removeprefix("name=")
        elif word.startswith("#"):
            remark.label = word.removeprefix("#")
        else:
            raise OutlineError(f"line {number}: what is {word!r}?")
    return remark
