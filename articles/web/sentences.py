"""Sentences in a row, as the language of the page writes them."""

from django.utils.translation import get_language


def join_sentences(sentences):
    """Return sentences as one text: Japanese has no blank after a full stop."""
    blank = "" if (get_language() or "").startswith("ja") else " "
    return blank.join(str(sentence) for sentence in sentences)
