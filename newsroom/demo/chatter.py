"""Composes the large thread: an argument of 1,000 comments, the same at every call."""

import random
import tomllib

from newsroom.demo.outline import Remark
from newsroom.demo.stories import HERE

SIZE = 1_000
TOP_LEVEL = 0.13  # share of top-level comments
SPAN = 80 * 60  # minutes from the article to the last comment
READERS = 260
DEEPEST = 14  # levels below the top


def compose_thread():
    """Return ``SIZE`` remarks, oldest first. A reply keeps to the topic of its parent."""
    return _Argument().remarks


class _Argument:
    def __init__(self):
        self._parts = tomllib.loads((HERE / "chatter.toml").read_text(encoding="utf-8"))
        self._random = random.Random("tram")
        self._names = {f"r{7 * n + 2}": name for n, name in enumerate(self._parts["names"])}
        self.remarks, self._topics, self._kinds = [], {}, {}
        minutes = sorted(1 + int((SPAN - 1) * self._random.random() ** 1.6) for _ in range(SIZE))
        for minute in minutes:
            self._add_remark(minute)

    def _add_remark(self, minute):
        parent = self._choose_parent()
        remark = Remark(parent, minute, self._choose_writer(parent))
        kind = self._choose_kind(parent, remark.writer)
        self._topics[remark] = (
            self._topics[parent] if parent else self._random.choice(self._parts["topics"])
        )
        self._kinds[remark] = kind
        remark.text = self._compose_text(kind, remark)
        remark.name = self._names.get(remark.writer, "")
        remark.ups = min(40, int(self._random.expovariate(1 / 4.5)))
        remark.downs = int(self._random.expovariate(1 / 0.7)) if kind in {"pro", "con"} else 0
        self.remarks.append(remark)

    def _choose_parent(self):
        """Return the comment to answer, mostly a recent one; None for a top-level comment."""
        if not self.remarks or self._random.random() < TOP_LEVEL:
            return None
        for _ in range(6):
            back = int(len(self.remarks) * self._random.random() ** 3.2)
            parent = self.remarks[-1 - min(back, len(self.remarks) - 1)]
            if parent.depth < DEEPEST:
                return parent
        return None

    def _choose_writer(self, parent):
        """Return the writer: often the one whom the parent answered, never the parent's own."""
        grandparent = parent and parent.parent
        if grandparent and grandparent.writer != parent.writer and self._random.random() < 0.4:
            return grandparent.writer
        writer = f"r{int(READERS * self._random.random() ** 1.8)}"
        return f"{writer}x" if parent and parent.writer == writer else writer

    def _choose_kind(self, parent, writer):
        """Return the kind of the next comment. A reader's opinion of the tram never changes."""
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

    def _compose_text(self, kind, remark):
        topic, pick, parts = self._topics[remark], self._random.choice, self._parts
        fact = self._choose_fact(topic, remark.parent) if kind == "fact" else None
        if kind in {"short", "thanks"} or (kind == "fact" and not fact):
            return pick(parts["thanks" if kind == "thanks" else "short"])
        if kind == "object":
            words = pick(parts["objections"])
        elif kind == "fact":
            words = pick(["", pick(parts["answers"])]) + fact
        else:
            opener = pick(parts["openers"]) if self._random.random() < 0.4 else ""
            words = opener + self._choose_sentence(topic, kind, remark.parent)
        if kind in {"pro", "con"} and self._random.random() < 0.35:
            others = [other for other in parts["topics"] if other is not topic]
            words += f"\n\n{pick(pick(others)[kind])}"
        if kind != "fact" and self._random.random() < 0.25:
            words += pick(parts["closings"])
        return self._address_parent(remark.parent, words)

    def _choose_sentence(self, topic, kind, parent):
        """Return a sentence new to this branch, from another topic if this one is used up."""
        nearby = self._read_nearby(parent)
        for candidate in (topic, *self._parts["topics"]):
            unsaid = [sentence for sentence in candidate[kind] if sentence not in nearby]
            if unsaid:
                return self._random.choice(unsaid)
        return self._random.choice(topic[kind])

    def _read_nearby(self, parent):
        """Return the texts of the comments above and beside a reply to ``parent``."""
        nearby = [remark for remark in self.remarks[-200:] if remark.parent is parent]
        while parent:
            nearby.append(parent)
            parent = parent.parent
        return "".join(remark.text for remark in nearby)

    def _choose_fact(self, topic, parent):
        """Return a fact for the parent's question or the topic; None if all are known here."""
        nearby = self._read_nearby(parent)
        asked = [
            fact
            for question, fact in zip(topic["ask"], topic["facts"], strict=True)
            if parent and question in parent.text
        ]
        new = [fact for fact in asked or topic["facts"] if fact not in nearby]
        return self._random.choice(new) if new else None

    def _address_parent(self, parent, words):
        """Return the words, sometimes preceded by the parent's number or its quoted first line."""
        if parent is None:
            return words
        chance = self._random.random()
        if chance < 0.2:
            return f">>{{^}} {words}"
        first_line = parent.text.removeprefix(">>{^} ").split("\n")[0]
        if chance < 0.34 and not first_line.startswith(">"):
            return f">{first_line}\n{words}"
        return words
