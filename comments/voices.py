"""Voices: what a reader says below a headline, and the exchange that follows from it.

A voice is the comment that the staff featured for the front page, or else the best of a day or a
week: some whole sentences without a link, of a comment with a score and nothing removed above.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import compiled
from articles.web.rankings import PERIODS
from articles.web.sentences import take_sentences
from comments.hyperlinks import find_links
from comments.lifted import find_front_features
from comments.models import Comment, Thread
from comments.models.shown import name_writer
from comments.models.states import State

SHORTEST, LONGEST = 20, 70  # of a voice, in kanji
ANSWER = 4, 90  # of an answer to it
LEAST = 5  # score
RECENT = 500  # comments of an article, the newest: a thread may get thousands in a day
CANDIDATES = 30  # of these, the best
ANSWERS = 60  # replies that are looked through
STEPS = 2  # answers below a voice

REFERENCE = re.compile(r">>\d+(?:[-,]\d+)*\s*")
QUOTED = re.compile(r"^\s*[>＞](?!>\d)")
JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
COLUMNS = "pk", "number", "name", "staff_id", "score", "text", "tree_id", "lft", "rght", "level"
SCORE, TEXT = COLUMNS.index("score"), COLUMNS.index("text")


@dataclass(frozen=True, slots=True)
class Voice:
    """What is shown of a comment away from its thread; hashable."""

    pk: int
    number: int
    name: str
    is_staff: bool
    score: int
    text: str
    place: tuple = ()  # tree, edges and level
    is_chosen: bool = False  # by the staff
    code: str = ""  # the ID of the writer in the thread
    is_beginning: bool = False  # the comment goes on

    @property
    def anchor(self):
        return f"comment-{self.pk}"

    @classmethod
    def build(cls, text, row, *, is_chosen=False, code=""):
        pk, number, name, staff, score, whole, *place = row
        name, is_staff = name_writer(name, _("Anonymous")), staff is not None
        goes_on = not "".join(whole.split()).endswith("".join(text.split()))
        place = tuple(place)
        return cls(pk, number, name, is_staff, score, text, place, is_chosen, code, goes_on)


def take_voice(text, *, fewest=SHORTEST, most=LONGEST):
    """Return the sentences that a comment contributes, or "" if it is none to be shown alone.

    The lines that it quotes and the number that it begins with are left out.
    """
    if next(find_links(text), None):
        return ""
    lines = [line.strip() for line in text.splitlines() if not QUOTED.match(line)]
    blank = "" if JAPANESE.search(text) else " "
    whole = blank.join(filter(None, lines))
    if first := REFERENCE.match(whole):
        whole = whole[first.end() :]
    taken = take_sentences(whole, fewest=fewest, most=most)
    return "" if REFERENCE.search(taken) else taken


def find_voices(articles, others=(), *, period="day"):
    """Return {article's key: ``Voice``} of some articles, by their keys, and when one ends by
    itself, or None. Of the other articles only what the staff featured. ``period``: "week" takes
    the best of a week where the last day has none. Two queries."""
    features, ends = find_front_features({*articles, *others})
    voices = {key: _show_pick(comment) for key, comment in features.items()}
    now, newer, older = timezone.now(), defaultdict(list), defaultdict(list)
    day, since = now - PERIODS["day"], now - PERIODS[period]
    calls = [(key, since) for key in dict.fromkeys(articles) if key not in voices]
    for key, at, *row in _candidates.union(calls):
        (newer if at >= day else older)[key].append(row)
    for key in newer.keys() | older.keys():
        if voice := choose_voice(newer[key]) or choose_voice(older[key]):
            voices[key] = voice
    return voices, ends


def choose_voice(rows):
    """Return the best of the rows of comments that has sentences to show, or None; of equals the
    newest."""
    for row in sorted(rows, key=lambda row: (row[SCORE], row[0]), reverse=True):
        if text := take_voice(row[TEXT]):
            return Voice.build(text, row)
    return None


def find_exchange(voice):
    """Return the answers to a voice, each below the one before: the best reply, and the best reply
    to it. One query."""
    tree, left, right, level = voice.place
    replies = defaultdict(list)
    for parent, *row in _below(tree, left, right, level + STEPS):
        replies[parent].append(row)
    answers, last = [], voice.pk
    for _step in range(STEPS):
        best = sorted(replies[last], key=lambda row: (-row[SCORE], row[0]))
        texts = ((take_voice(row[TEXT], fewest=ANSWER[0], most=ANSWER[1]), row) for row in best)
        answer = next((Voice.build(text, row) for text, row in texts if text), None)
        if not answer:
            break
        answers.append(answer)
        last = answer.pk
    return answers


def _show_pick(comment):
    """Return what is shown of a comment that the staff chose, if need be its beginning."""
    text = take_voice(comment.text)
    if not text:
        text = " ".join(comment.text.split())
        text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return Voice.build(text, [getattr(comment, name) for name in COLUMNS], is_chosen=True)


@compiled.rows
def _candidates(article_id, since):
    removed = Comment.objects.exclude(state=State.PUBLISHED).filter(
        tree_id=OuterRef("tree_id"), lft__lt=OuterRef("lft"), rght__gt=OuterRef("rght")
    )
    # Not by a join: PostgreSQL would sort all comments of the thread.
    thread = Subquery(Thread.objects.filter(article_id=article_id).values("pk")[:1])
    comments = Comment.objects.published().filter(thread_id=thread, posted_at__gte=since)
    recent = comments.order_by("-posted_at").values("pk")[:RECENT]
    best = Comment.objects.filter(~Exists(removed), pk__in=recent, score__gte=LEAST, staff=None)
    columns = "thread__article_id", "posted_at", *COLUMNS
    return best.order_by("-score", "-pk").values_list(*columns)[:CANDIDATES]


@compiled.rows
def _below(tree_id, lft, rght, level):
    below = Comment.objects.published().filter(
        tree_id=tree_id, lft__gt=lft, lft__lt=rght, level__lte=level
    )
    return below.order_by("-score", "pk").values_list("parent_id", *COLUMNS)[:ANSWERS]
