"""Similarity: the objects that share rare words with a text.

The words that tell most of a text are looked up in the index, each up to a limit. A word of so
many objects says nothing about any of them; of the others, the rarer say more.
"""

from collections import Counter
from math import log2

from articles.search.analysis import HIRAGANA, tokenize
from articles.search.index import list_sharing

LONGEST_TEXT = 30_000  # characters; the rest is ignored
MOST_TOKENS = 32  # that are looked up
MOST_OBJECTS = 600  # of one token; of more it says nothing
TITLE_WEIGHT = 6  # of a word in the title, beside one in the text


def find_similar(title, text, kind):
    """Return {object id: (score, number of shared words)} of the objects that share rare words with
    a text. One statement, whose cost the limits bound."""
    scores, counts = Counter(), Counter()
    tokens = choose_tokens(title, text)
    for object_ids in list_sharing(tokens, kind, MOST_OBJECTS).values():
        if len(object_ids) == MOST_OBJECTS:
            continue
        weight = log2(MOST_OBJECTS / len(object_ids))
        for object_id in object_ids:
            scores[object_id] += weight
            counts[object_id] += 1
    return {object_id: (score, counts[object_id]) for object_id, score in scores.items()}


def choose_tokens(title, text):
    """Return the tokens that tell most of a text: the frequent ones without hiragana."""
    weights = Counter()
    for part, weight in ((title, TITLE_WEIGHT), (text[:LONGEST_TEXT], 1)):
        for token in tokenize(part):
            if len(token) > 1 and not token.isdecimal() and not HIRAGANA.search(token):
                weights[token] += weight
    return [token for token, _weight in weights.most_common(MOST_TOKENS)]
