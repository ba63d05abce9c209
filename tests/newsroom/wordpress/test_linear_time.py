"""Text of ten times the length takes about ten times as long, whatever it holds.

Every regular expression of the import meets texts that repeat a part of what it looks for and
never complete it: the texts for which backtracking takes the square of their length.
"""

import importlib
import pkgutil
import re
import time
from functools import partial

import pytest

import newsroom.comment_systems
import newsroom.importing
import newsroom.redirects
import newsroom.wordpress
from newsroom.wordpress.markup.article_html import convert_content, extract_text
from newsroom.wordpress.wxr.xml_repair import repair_element

pytestmark = pytest.mark.once

SIZE = 3_000  # characters
FREE = 0.02  # seconds that are no reason to compare
UNITS = (
    *(" ", "\t", "\n", " \n", "\n ", "a", "a ", "0", "1", "=", '"', "'", "@", "a@", "a.", "/", "-"),
    *(
        "<",
        "<!--",
        "<!-- ",
        "-->",
        "<!--more",
        "<!--more ",
        "<!-- wp:a ",
        "<!-- wp:a {",
        "<!-- /wp:a ",
    ),
    *(
        "<a",
        "<a ",
        "<a>",
        "<br",
        "<br ",
        "<br>\n",
        "<pre",
        "<pre>",
        "<pre ><code>",
        "<img ",
        "<a ><img ",
    ),
    *("[a", "[a ", "[a b=", "[a/", "[[a ", "[/a ", "a=", "a ='", 'a="', "<h2>", "<h2>a</h3>"),
    *(
        "-scaled",
        "-1x1",
        "-12345",
        "-e1234567890",
        "/wp-content/uploads",
        "/wp-content/blogs.dir/1",
    ),
    *(
        "%",
        "%a",
        "%%a(",
        "&#0",
        "&#x0",
        "&a",
        "<![CDATA[",
        "]]>",
        "]]> ",
        "<title>",
        "<title ",
        "<wp:a>",
    ),
    *(
        "<wp:comment>",
        "<wp:comment_id>",
        "<item",
        "<item ",
        "</item ",
        "\n<item>",
        "/feed",
        "/page/1",
    ),
    *("http://", "wp-image-", "\u2028", "<title><![CDATA[", "<image ", "<rss", "</channel "),
)
HEADS = (
    "<!--",
    "<!-- wp:a",
    "<!-- more",
    "<a",
    "[a",
    "[a b",
    "&#",
    "<title>",
    "<title",
    "\n",
    "-",
    "a@",
)
TAILS = (" ", "0", "a", "1", '"', "<![CDATA[", "a=", "\n", "/")


def list_patterns():
    """Yield (name, pattern) of all that the modules of the import hold."""
    modules = [newsroom.redirects]
    for package in (newsroom.comment_systems, newsroom.importing, newsroom.wordpress):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            modules.append(importlib.import_module(info.name))
    for module in modules:
        for name, value in vars(module).items():
            values = value.values() if isinstance(value, dict) else [value]
            yield from ((f"{module.__name__}.{name}", each) for each in values if is_pattern(each))


def is_pattern(value):
    return isinstance(value, re.Pattern)


def measure(act, text):
    began = time.process_time()
    act(text)
    return time.process_time() - began


def is_linear(act, head, unit, size):
    """Whether a text takes less than thirty times as long as one of a tenth of its length."""
    text = build_text(head, unit, size)
    if any(measure(act, text) < FREE for _time in range(3)):
        return True
    small = min(measure(act, build_text(head, unit, size // 10)) for _time in range(3))
    return measure(act, text) < 30 * small


# Patterns that the code holds against whole texts only.
WHOLE = {
    *("MAIL", "URL", "NAMED_ATTRIBUTE", "UPLOADS", "SECTION", "FEED", "LIST_PAGE", "PART", "SIZED"),
    *("FILE", "DATED", "DATE", "SEARCH", "OWN"),
}
TEXTS = [("", unit) for unit in UNITS] + [(head, tail) for head in HEADS for tail in TAILS]


def build_text(head, unit, size):
    return head + unit * (size // len(unit))


def test_every_regular_expression_is_linear():
    patterns = dict(list_patterns())
    assert len(patterns) > 30
    slow = [
        (name, head, unit)
        for name, pattern in patterns.items()
        for head, unit in TEXTS
        if not is_linear(
            partial(search, pattern, name.rpartition(".")[2] in WHOLE), head, unit, SIZE
        )
    ]
    assert slow == []


def search(pattern, is_whole, text):
    text = text.encode() if isinstance(pattern.pattern, bytes) else text
    pattern.fullmatch(text)
    if not is_whole:
        for _match in pattern.finditer(text):
            pass


@pytest.mark.parametrize(
    "act", [convert_content, extract_text, lambda text: list(repair_element(text.encode()))]
)
def test_what_uses_them_is_linear_too(act):
    slow = [(head, unit) for head, unit in TEXTS if not is_linear(act, head, unit, 2 * SIZE)]
    assert slow == []
