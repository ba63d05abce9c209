"""The Markdown of a comment as the text of comments here.

Marks of emphasis and headings go, links and pictures become addresses, code stays to the letter.
Quotes and lists are written here as in Markdown, and a newline is a line break.
"""

import re
from html import escape

from django.utils.text import normalize_newlines

from newsroom.importing.comment_text import convert_comment

LONGEST = 200_000  # characters: longer texts stay as they are
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^`]*)")
DEFINITION = re.compile(r" {0,3}\[([^\]\n]{1,200})\]:\s*<?([^\s>]{1,2000})>?(?:\s+[\"'(].*)?")
HEADING = re.compile(r" {0,3}#{1,6}[ \t]+")
PIECES = re.compile(
    r"""
    \\(?P<escaped>[!-/:-@\[-`{-~])
    | (?<!`)(?P<ticks>`{1,10})(?!`)
      (?P<code>(?:[^`\n]++|\n(?![ \t]*\n)|(?!(?P=ticks)(?!`))`++){1,200})(?P=ticks)(?!`)
    | <(?P<address>https?://[^\s<>]{1,2000}|[^\s<>@]{1,100}@[^\s<>@]{1,100})>
    | (?P<image>!?)\[(?P<label>[^\[\]]{0,500})\]
      (?: \(\s{0,9}<?(?P<url>[^\s()<>]{0,1000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500})?)>?
          (?:\s{1,9}(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?\s{0,9}\)
        | \[(?P<reference>[^\[\]]{0,200})\] )?
    | (?P<bare>https?://[^\s<>()\[\]]{1,2000})
    """,
    re.VERBOSE,
)
EMPHASIS = (
    re.compile(r"(\*{1,3})(?=[^\s*])([^*]{0,1000}?[^\s*])\1"),
    re.compile(r"(?<![\w_])(_{1,3})(?=[^\s_])([^_]{0,1000}?[^\s_])\1(?![\w_])"),
    re.compile(r"(~~)(?=[^\s~])([^~]{0,1000}?[^\s~])\1"),
)
FIRST_MARK = 0xE000  # private characters stand for what is done
MOST_MARKS = 6_000
MARK = re.compile("[\ue000-\uf8ff]")


def convert_markdown(text):
    """Return the text of a comment that is written in Markdown."""
    text = MARK.sub("", normalize_newlines(text))
    if len(text) > LONGEST:
        return text
    definitions, blocks, lines = {}, [], []
    fence = ""
    for line in text.split("\n"):
        if fence:
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                blocks.append(_render_code(lines))
                fence, lines = "", []
            else:
                lines.append(line)
        elif opening := FENCE.fullmatch(line):
            blocks.append(lines)
            fence, lines = opening[1], []
        elif definition := DEFINITION.fullmatch(line):
            definitions[definition[1].casefold()] = definition[2]
        else:
            lines.append(line)
    blocks.append(_render_code(lines) if fence else lines)
    html = [each if isinstance(each, str) else _convert_lines(each, definitions) for each in blocks]
    return convert_comment("\n".join(html))


def _render_code(lines):
    return "<pre>\n" + escape("\n".join(lines)) + "</pre>"


def _convert_lines(lines, definitions):
    """Return the HTML of lines outside of fences; indented ones after a blank line are code."""
    pieces, run, was_blank, in_code = [], [], True, False
    for line in lines:
        in_code = line.startswith(("    ", "\t")) and (was_blank or in_code)
        was_blank = not line.strip()
        if in_code:
            pieces += [_convert_inline("\n".join(run), definitions)] if run else []
            pieces.append(escape(line))
            run = []
        else:
            run.append(HEADING.sub("", line, count=1))
    pieces += [_convert_inline("\n".join(run), definitions)] if run else []
    return "\n".join(pieces)


def _convert_inline(text, definitions):
    """Return HTML: what is done is put aside while marks of emphasis are dropped."""
    done = []

    def put_aside(match):
        if len(done) >= MOST_MARKS:
            return match[0]
        html = _convert_piece(match, definitions)
        if html is None:
            return match[0]
        done.append(html)
        return chr(FIRST_MARK + len(done) - 1)

    for _pass in range(2):  # a picture in a link, one mark of emphasis inside of another
        text = PIECES.sub(put_aside, text).replace("\\\n", "\n")
        for pattern in EMPHASIS:
            text = pattern.sub(r"\2", text)
    for _pass in range(2):
        text = MARK.sub(lambda mark: done[ord(mark[0]) - FIRST_MARK], text)
    return text


def _convert_piece(match, definitions):
    """Return the HTML of a piece, or None if it is text."""
    if match["escaped"]:
        return escape(match["escaped"])
    if match["code"] is not None:
        return escape(match["code"].strip() or match["code"])
    if match["address"] or match["bare"]:
        return escape(match["address"] or match["bare"])
    url = match["url"]
    if url is None:
        name = match["reference"] or match["label"]
        url = definitions.get(name.casefold())
    if url is None:
        return None
    if match["image"]:
        return f'<img src="{escape(url)}" alt="{escape(match["label"])}">'
    return f'<a href="{escape(url)}">{match["label"]}</a>'
