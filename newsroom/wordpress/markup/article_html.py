"""WordPress's content as the HTML of an article's body, and as plain text."""

import re
from html import unescape

from newsroom.wordpress.markup.autop import with_marked_newlines
from newsroom.wordpress.markup.blocks import has_blocks, without_blocks
from newsroom.wordpress.markup.conversion import Conversion
from newsroom.wordpress.markup.conversion_context import Surroundings
from newsroom.wordpress.markup.document import blocks_html
from newsroom.wordpress.markup.dom import parsed
from newsroom.wordpress.markup.shortcodes import expanded

MORE = re.compile(r"<!--\s*(?:more\b.*?|noteaser|nextpage)\s*-->", re.DOTALL)
HEADING = re.compile(r"<h([2-4])>(.*?)</h\1>", re.DOTALL)
TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^>]*>", re.DOTALL)


def article_html(content, surroundings=None):
    """Return the clean HTML of a post's content, and ask and tell the surroundings on the way.

    The elements are those of ``articles.body.stored``; images are references to the media library.
    Never raises; the result nests rightly whatever came in.
    """
    surroundings = surroundings or Surroundings()
    text = expanded(MORE.sub("\n\n", content), surroundings)
    is_classic = not has_blocks(content)
    html = with_marked_newlines(text) if is_classic else without_blocks(text, surroundings)
    html = blocks_html(Conversion(surroundings).blocks(parsed(html).children))
    return _without_skipped_levels(html)


def _without_skipped_levels(html):
    """Let no heading skip a level; headings of one level under one heading stay equal."""
    above = []

    def leveled(match):
        old = int(match[1])
        while above and above[-1][0] >= old:
            above.pop()
        new = above[-1][1] + 1 if above else 2
        above.append((old, new))
        return f"<h{new}>{match[2]}</h{new}>"

    return HEADING.sub(leveled, html)


def plain_text(html):
    """Return the text of a title, name or excerpt that may hold markup and entities."""
    return " ".join(unescape(TAG.sub(" " if "<p" in html else "", html)).split())
