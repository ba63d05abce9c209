"""Anchors: ``>>12`` and its kin, with which a text names comments by their numbers."""

import re

MOST_REFERENCES = 20  # more of one comment stay text

_NUMBER = "[1-9１-９][0-9０-９]{0,5}(?![0-9０-９])"
_RANGE = f"{_NUMBER}(?:[-－‐‑–—―−~〜～ー]{_NUMBER})?"
# After a comma a number may count something else: "＞＞1、3人目も同じ" names one comment.
_UNCOUNTED = "(?![-－〜～ー人名日年月週時分秒円個件回度割歳才本台枚階倍点%％])"
_SPACES = "[ \u00a0\u3000]{0,2}"
ANCHOR = re.compile(f"[>＞﹥≫](?:(?<=≫)|[>＞﹥]){_SPACES}{_RANGE}(?:[,，、､]{_RANGE}{_UNCOUNTED})*")
NUMBER = re.compile("[0-9０-９]+")
_PARTS = re.compile(f"({_NUMBER})(?:[^,，、､0-9０-９]({_NUMBER}))?")


def find_references(text):
    """Return the numbers of the comments that a text names, the first 20 of them.

    ``>>1-3`` names three comments, ``>>1,3`` two; signs and digits may have any width.
    """
    numbers = {}
    for anchor in ANCHOR.finditer(text):
        for first, last in _PARTS.findall(anchor[0]):
            first, last = sorted((int(first), int(last or first)))
            for number in range(first, min(last, first + MOST_REFERENCES) + 1):
                numbers.setdefault(number)
    return set(list(numbers)[:MOST_REFERENCES])
