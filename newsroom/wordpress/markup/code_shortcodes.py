"""Shortcodes around program text, as SyntaxHighlighter and its like have them, become ``<pre>``.

What is inside is no HTML, and neither shortcodes nor line breaks in it mean anything.
"""

import re
from html import escape

from newsroom.importing.character_references import unescape_references

GENERAL = ("code", "sourcecode", "source", "syntax", "highlight", "crayon", "cc", "cci", "pre")
LANGUAGES = (
    *("actionscript3", "as3", "applescript", "arduino", "bash", "shell", "sh", "coldfusion", "cf"),
    *("clojure", "clj", "cpp", "c", "csharp", "css", "delphi", "pascal", "pas", "diff", "patch"),
    *("erl", "erlang", "fsharp", "go", "golang", "groovy", "haskell", "html", "java", "javafx"),
    *("jfx", "javascript", "js", "jscript", "json", "lua", "matlab", "matlabkey"),
    *(
        "objc",
        "perl",
        "pl",
        "php",
        "plain",
        "text",
        "powershell",
        "ps",
        "python",
        "py",
        "r",
        "splus",
    ),
    *("rails", "rb", "ror", "ruby", "rust", "sass", "scala", "scss", "sql", "swift", "typescript"),
    *("vb", "vbnet", "vim", "xhtml", "xml", "xslt", "yaml", "yml"),
)
NAMES = "|".join(sorted({*GENERAL, *LANGUAGES}, key=len, reverse=True))
START = re.compile(
    r"<(?P<verbatim>pre|script|style)\b[^<]*+(?:<(?!/?(?P=verbatim)\b)[^<]*+)*+</(?P=verbatim)\s*+>"
    rf"|(?P<escaped>\[)?\[(?P<name>{NAMES})(?=[\s\]:=])[^\[\]]*+\]",
    re.IGNORECASE,
)


def protect_code(content):
    """Return content with each shortcode for program text as ``<pre>``, to the letter."""
    if "[/" not in content:
        return content
    folded = content.lower()
    pieces, position, unclosed = [], 0, set()
    while match := START.search(content, position):
        name = (match["name"] or "").lower()
        end = -1
        if name and name not in unclosed:
            end = folded.find(f"[/{name}]", match.end()) if len(folded) == len(content) else -1
            if end < 0:
                unclosed.add(name)
        if end < 0:
            pieces.append(content[position : match.end()])
            position = match.end()
            continue
        pieces.append(content[position : match.start()])
        position = end + len(f"[/{name}]")
        if match["escaped"]:
            shown = content[match.start() + 1 : position]
            pieces.append(shown.replace("[", "&#91;"))
            position += content.startswith("]", position)
            continue
        code = unescape_references(content[match.end() : end]).strip("\r\n")
        pieces.append(f"<pre>\n{escape(code, quote=False)}</pre>")
    return "".join([*pieces, content[position:]])
