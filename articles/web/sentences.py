"""Sentences: several in a row, and the first ones of a text."""

import re
import unicodedata

from django.utils.translation import get_language

from articles.web.languages import keep_language

# A sentence ends behind these, and behind a bracket that closes after them.
END = re.compile(r"[。！？]+[」』）]*|[.!?]+[\"'”’)]*(?=\s|$)")
WIDE = frozenset("WFA")  # East Asian widths of characters as wide as a kanji


def join_sentences(sentences):
    """Return sentences as one text: Japanese has no blank after a full stop."""
    blank = "" if (get_language() or "").startswith("ja") else " "
    return blank.join(str(sentence) for sentence in sentences)


def take_first_sentence(text):
    """Return the first sentence of a text; all of it if none ends."""
    end = END.search(text)
    return keep_language(text, text[: end.end()]) if end else text


def take_sentences(text, *, fewest, most):
    """Return the first sentences of a text, whole ones, as many as fit; "" if none does.

    ``fewest`` and ``most`` are kanji: two Latin letters are as long as one.
    """
    taken = ""
    for end in END.finditer(text):
        if measure_text(text[: end.end()]) > most:
            break
        taken = text[: end.end()]
    return taken if measure_text(taken) >= fewest else ""


def measure_text(text):
    """Return the length of a text in kanji."""
    return sum(1 if unicodedata.east_asian_width(each) in WIDE else 0.5 for each in text)
