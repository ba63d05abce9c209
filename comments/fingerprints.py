"""Fingerprints: texts that are nearly the same share some marks.

A text is folded until only its letters are left: without quoted lines, addresses, numbers, spaces,
signs and differences of width, case and kana. Its shingles are all runs of three letters. Pairs of
minima of their hashes (MinHash with bands: Broder 1997; Leskovec, Rajaraman, Ullman, Mining of
Massive Datasets, chapter 3) are its marks: the more shingles two texts share, the more marks. A
minimum is the first hash after a fixed start on the circle of all hashes. The search index holds
the marks, so that candidates are found without reading texts.
"""

import re
from bisect import bisect_left
from random import Random
from zlib import crc32

from articles.search.analysis import fold_text

SHINGLE = 3  # letters
LEAST = 12  # shingles; a shorter text has no fingerprint: many write "I agree"
BANDS = 10
ROWS = 2  # minima in a band

_QUOTED = re.compile(r"^[>＞].*$", re.MULTILINE)
# A mail address is looked for once in a run of its characters, else the cost grows with the square.
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|(?<![\w.+-])[\w.+-]++@[\w.-]+")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_HIRAGANA = "".join(map(chr, range(0x3041, 0x30A0))) + "ー"
_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_STARTS = [Random(number).getrandbits(32) for number in range(BANDS * ROWS)]


def reduce_text(text):
    """Return the letters of a text that a copy of it keeps."""
    folded = fold_text(_QUOTED.sub("", text))
    return _NO_LETTERS.sub("", _ADDRESS.sub("", folded)).translate(_TO_HIRAGANA)


def list_shingles(text):
    """Return the set of the runs of three letters in a reduced text."""
    reduced = reduce_text(text)
    return {reduced[start : start + SHINGLE] for start in range(len(reduced) - SHINGLE + 1)}


def measure_likeness(one, other):
    """Return how alike two sets of shingles are, from 0 to 1 (Jaccard)."""
    return len(one & other) / (len(one | other) or 1)


def compute_marks(text):
    """Return the marks of a text, one for each band; none of a short text."""
    shingles = list_shingles(text)
    if len(shingles) < LEAST:
        return []
    # Runs of kana alone are in most texts: a mark made of them would name too many candidates.
    telling = [shingle for shingle in shingles if shingle.strip(_HIRAGANA)]
    used = telling if len(telling) >= LEAST else shingles
    hashes = sorted(crc32(shingle.encode()) for shingle in used)
    hashes.append(hashes[0])  # the circle of hashes is closed
    minima = [hashes[bisect_left(hashes, start, hi=len(used))] for start in _STARTS]
    bands = zip(*[iter(minima)] * ROWS, strict=True)
    return [f"{band:x}{crc32(b'%d %d' % pair):08x}" for band, pair in enumerate(bands)]
