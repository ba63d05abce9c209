"""Formulas in MathML: the presentational elements of MathML Core, safe in any page.

Parsers of HTML disagree about texts where MathML and HTML meet. So nothing of HTML stays inside a
formula, nothing of MathML outside of one, and elements that hold text hold nothing else.
"""

import re

from lxml.html.builder import E

TEXTS = {"mi", "mn", "mo", "mtext", "ms", "annotation"}  # elements that hold text
LAYOUTS = {
    *("mrow", "mfrac", "msqrt", "mroot", "mstyle", "merror", "mpadded", "mphantom", "mspace"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts"),
    *("none", "mtable", "mtr", "mtd", "semantics"),
}
ELEMENTS = {"math"} | TEXTS | LAYOUTS
# Their text says the same once more, in another language, or nothing.
DROPPED = {"annotation-xml", "mglyph", "malignmark", "maligngroup"}

WORD = re.compile(r"[A-Za-z/+.-]{1,40}")
NUMBER = re.compile(r"[+-]?\d{1,3}")
# Long enough for any formula, too short to cover a page.
LENGTH = re.compile(r"[+-]?\d{0,2}(?:\.\d{1,4})?(?:em|ex|rem|ch|px|pt|%)?|0")
WORDS = {
    *("dir", "display", "displaystyle", "mathvariant", "form", "fence", "separator", "stretchy"),
    *("symmetric", "largeop", "movablelimits", "accent", "accentunder", "encoding"),
}
NUMBERS = {"columnspan", "rowspan", "scriptlevel"}
LENGTHS = {
    *("lspace", "rspace", "minsize", "maxsize", "width", "height", "depth", "voffset"),
    "linethickness",
}
PATTERNS = {
    **dict.fromkeys(WORDS, WORD),
    **dict.fromkeys(NUMBERS, NUMBER),
    **dict.fromkeys(LENGTHS, LENGTH),
}
ATTRIBUTES = {"alttext", *PATTERNS}


def reduce_formulas(root):
    """Leave in each ``math`` below an element what a formula may hold, with all of its text."""
    for element in list(root.iter(*ELEMENTS)):
        is_inside = next(element.iterancestors("math"), None) is not None
        if is_inside == (element.tag == "math"):  # a part of no formula, or a formula in another
            element.drop_tag()
    for formula in list(root.iter("math")):
        for element in list(formula.iterdescendants()):
            if element.tag not in ELEMENTS or element.getparent().tag in TEXTS:
                element.drop_tag()
        if formula.text_content().strip():
            for element in list(formula.iter()):
                _tidy(element)
        else:
            formula.drop_tree()


def read_formula(formula):
    """Return what stands for a formula among words: its source, else its text."""
    source = formula.find(".//annotation")
    text = formula.text_content() if source is None else source.text_content()
    return " ".join(text.split())


def _tidy(element):
    """Remove the attributes that are not ours, and put loose text into an element."""
    for name, value in element.items():
        pattern = PATTERNS.get(name)
        if name != "alttext" and not (pattern and pattern.fullmatch(value.strip())):
            del element.attrib[name]
    if element.tag in TEXTS:
        return
    children = list(element)
    loose = [(0, element.text), *((at, child.tail) for at, child in enumerate(children, start=1))]
    element.text = None
    for child in children:
        child.tail = None
    for place, text in reversed(loose):
        if text and text.strip():
            element.insert(place, E.mtext(" ".join(text.split())))
