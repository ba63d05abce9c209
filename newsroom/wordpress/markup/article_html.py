"""WordPress's content as the HTML of an article's body, and as plain text."""

import re
from collections import Counter
from functools import partial
from html import escape

from django.utils.translation import gettext as _

from articles.body.formulas import ELEMENTS
from newsroom.importing.character_references import unescape_references
from newsroom.importing.dom import parse_tree
from newsroom.wordpress.markup.autop import COMMENT, mark_newlines
from newsroom.wordpress.markup.blocks import has_blocks, number_footnotes, unwrap_blocks
from newsroom.wordpress.markup.code_shortcodes import protect_code
from newsroom.wordpress.markup.conversion import Conversion
from newsroom.wordpress.markup.conversion_context import ConversionContext
from newsroom.wordpress.markup.document import serialize_blocks
from newsroom.wordpress.markup.jump_targets import read_anchor
from newsroom.wordpress.markup.shortcodes import expand_shortcodes

MORE = re.compile(r"<!--\s*+(?:more\b(?:(?!<!--|-->).)*+|(?:noteaser|nextpage)\s*+)-->", re.DOTALL)
# Elements that say or do something and that no article here has.
LOST = re.compile(r"<(form|svg|script|canvas|map|object|applet)(?=[\s>])", re.IGNORECASE)
MATH = re.compile(r"<math\b[^<]*+(?:<(?!/?math\b)[^<]*+)*+</math\s*+>", re.IGNORECASE)
CONTENT_MATH = re.compile(
    r"<annotation-xml\b[^<]*+(?:<(?!/?annotation-xml\b)[^<]*+)*+</annotation-xml\s*+>",
    re.IGNORECASE,
)
TEX = re.compile(r"<annotation\b[^<>]*\bapplication/x-tex\b[^<>]*+>([^<]*+)")
HEADING = re.compile(r"<h([2-4])( id=\"[^\"]*+\")?>((?:(?!</?h[2-4][ >]).)*+)</h\1>", re.DOTALL)
TAG_NAME = re.compile(r"</?([A-Za-z][^\s/>]*+)")
SPACES = re.compile(r"[^\S\u3000]+")  # Japanese headlines are divided by full-width spaces
TAG = re.compile(rf"{COMMENT}|</?[A-Za-z][^<>]*+>", re.DOTALL)


def convert_content(content, context=None):
    """Return the clean, rightly nested HTML of a post's content. Never raises.

    The elements are those of ``articles.body.stored``; images are references to the media library.
    The context resolves links and images and collects the remarks.
    """
    context = context or ConversionContext()
    number_footnotes(context)
    text = MORE.sub("\n\n", content)
    if not context.is_rendered:
        text = expand_shortcodes(protect_code(text), context)
    remark_lost_elements(text, context)
    html = MATH.sub(partial(_read_formula, context), text)
    if not context.is_rendered:
        html = unwrap_blocks(html, context) if has_blocks(content) else mark_newlines(html)
    tree = parse_tree(html + _list_plugin_notes(context))
    context.anchors.update(filter(None, map(read_anchor, tree.walk())))
    html = serialize_blocks(Conversion(context).convert(tree.children))
    return _renumber_headings(html)


def _read_formula(context, match):
    """Return a formula that an article can hold as it is, another as its TeX or its text."""
    formula = CONTENT_MATH.sub("", match[0])
    if ELEMENTS.issuperset(map(str.lower, TAG_NAME.findall(formula))):
        return formula
    context.remark(_("formula: its source remains as text"))
    source = TEX.search(formula)
    text = unescape_references(source[1]).strip() if source else extract_text(formula)
    return f"<code>{escape(text, quote=False)}</code>"


def _list_plugin_notes(context):
    first = len(context.notes) - len(context.plugin_notes) + 1
    notes = enumerate(context.plugin_notes, start=first)
    items = "".join(f'<li id="note-{number}">{note}</li>' for number, note in notes)
    return f"<ol>{items}</ol>" if items else ""


def remark_lost_elements(html, context):
    """Remark on elements that articles here do not have."""
    for name, times in Counter(map(str.lower, LOST.findall(html))).items():
        for _time in range(times):
            context.remark(_("element <%s> left out") % name)


def _renumber_headings(html):
    """Close gaps between heading levels; headings of one level under one heading stay equal."""
    above = []

    def renumber(match):
        old = int(match[1])
        while above and above[-1][0] >= old:
            above.pop()
        new = above[-1][1] + 1 if above else 2
        above.append((old, new))
        return f"<h{new}{match[2] or ''}>{match[3]}</h{new}>"

    return HEADING.sub(renumber, html)


def extract_text(html):
    """Return the text of a title, name or excerpt that may hold markup and entities."""
    text = unescape_references(TAG.sub(" " if "<p" in html else "", html))
    return SPACES.sub(" ", text).strip()
