"""Composes the large thread: an argument of 1,000 comments, always the same."""

import random
import tomllib
from datetime import timedelta

from newsroom.demo.outline import Remark
from newsroom.demo.stories import HERE

SIZE = 1_000
ROOTS = 0.13  # share of top-level comments
SPAN = timedelta(hours=80)  # from the article to the last comment
READERS = 260
DEEPEST = 14  # levels below the top


def remarks(size=SIZE):
    """Return ``size`` remarks, oldest first, each answering an earlier one in its topic."""
    return _Argument(size).remarks


class _Argument:
    def __init__(self, size):
        self._parts = tomllib.loads((HERE / "chatter.toml").read_text(encoding="utf-8"))
        self._random = random.Random("tram")
        self._names = {f"r{7 * n + 2}": name for n, name in enumerate(self._parts["names"])}
        self.remarks, self._topics, self._kinds = [], {}, {}
        minutes = sorted(
            1 + int((SPAN / timedelta(minutes=1) - 1) * self._random.random() ** 1.6)
            for _ in range(size)
        )
        for minute in minutes:
            self._add(minute)

    def _add(self, minute):
        parent = self._parent()
        remark = Remark(parent, minute, self._writer(parent))
        kind = self._kind(parent, remark.writer)
        self._topics[remark] = (
            self._topics[parent] if parent else self._random.choice(self._parts["topics"])
        )
        self._kinds[remark] = kind
        remark.text = self._text(kind, remark)
        remark.name = self._names.get(remark.writer, "")
        remark.ups = min(40, int(self._random.expovariate(1 / 4.5)))
        remark.downs = int(self._random.expovariate(1 / 0.7)) if kind in {"pro", "con"} else 0
        self.remarks.append(remark)

    def _parent(self):
        """Return what is answered: more often something new, or deep in a running quarrel."""
        if not self.remarks or self._random.random() < ROOTS:
            return None
        for _ in range(6):
            back = int(len(self.remarks) * self._random.random() ** 3.2)
            parent = self.remarks[-1 - min(back, len(self.remarks) - 1)]
            if parent.depth < DEEPEST:
                return parent
        return None

    def _writer(self, parent):
        """Return who writes: often the one whose comment was answered."""
        grandparent = parent and parent.parent
        if grandparent and grandparent.writer != parent.writer and self._random.random() < 0.4:
            return grandparent.writer
        writer = f"r{int(READERS * self._random.random() ** 1.8)}"
        return f"{writer}x" if parent and parent.writer == writer else writer

    def _kind(self, parent, writer):
        """Return what sort of comment follows; a reader's opinion of the tram never turns."""
        opinion = "pro" if sum(map(ord, writer)) % 2 else "con"
        choices = {
            None: [opinion, opinion, opinion, "ask"],
            "ask": ["fact", "fact", "fact", "short"],
            "fact": ["thanks", "short", "object", "ask", opinion, opinion],
            "pro": [opinion, opinion, "ask", "object", "short", "fact"],
            "con": [opinion, opinion, "ask", "object", "short", "fact"],
            "object": ["fact", opinion, opinion, "short", "ask"],
            "short": ["short", opinion, opinion, "ask"],
            "thanks": ["short", "ask", "object"],
        }
        return self._random.choice(choices[parent and self._kinds[parent]])

    def _text(self, kind, remark):
        topic, pick, parts = self._topics[remark], self._random.choice, self._parts
        fact = self._fact(topic, remark.parent) if kind == "fact" else None
        if kind in {"short", "thanks"} or (kind == "fact" and not fact):
            return pick(parts["thanks" if kind == "thanks" else "short"])
        if kind == "object":
            words = pick(parts["objections"])
        elif kind == "fact":
            words = pick(["", pick(parts["answers"])]) + fact
        else:
            opener = pick(parts["openers"]) if self._random.random() < 0.4 else ""
            words = opener + self._fresh(topic, kind, remark.parent)
        if kind in {"pro", "con"} and self._random.random() < 0.35:
            others = [other for other in parts["topics"] if other is not topic]
            words += f"\n\n{pick(pick(others)[kind])}"
        if kind != "fact" and self._random.random() < 0.25:
            words += pick(parts["closings"])
        return self._answering(remark.parent, words)

    def _fresh(self, topic, kind, parent):
        """Return a sentence that nobody around has said, of another topic when this one is out."""
        around = "".join(remark.text for remark in self._around(parent))
        for candidate in (topic, *self._parts["topics"]):
            unsaid = [sentence for sentence in candidate[kind] if sentence not in around]
            if unsaid:
                return self._random.choice(unsaid)
        return self._random.choice(topic[kind])

    def _around(self, parent):
        """Yield what a reply to ``parent`` would stand below and beside."""
        yield from (remark for remark in self.remarks[-200:] if remark.parent is parent)
        while parent:
            yield parent
            parent = parent.parent

    def _fact(self, topic, parent):
        """Return the fact that answers a question, or one of the topic; None if it is known."""
        around = "".join(remark.text for remark in self._around(parent))
        asked = [
            fact
            for question, fact in zip(topic["ask"], topic["facts"], strict=True)
            if parent and question in parent.text
        ]
        new = [fact for fact in asked or topic["facts"] if fact not in around]
        return self._random.choice(new) if new else None

    def _answering(self, parent, words):
        """Begin with the number of what is answered, or with a line of it, now and then."""
        if parent is None:
            return words
        chance = self._random.random()
        if chance < 0.2:
            return f">>{{^}} {words}"
        first_line = parent.text.removeprefix(">>{^} ").split("\n")[0]
        if chance < 0.34 and not first_line.startswith(">"):
            return f">{first_line}\n{words}"
        return words
