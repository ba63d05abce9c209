"""Static files for production: bundled, compressed, with a hash in their names.

Styles and scripts are small files that work without a build. After ``collectstatic`` a page loads
one stylesheet and one script, without comments and indentation. Lightning CSS writes what older
browsers lack (``light-dark()``, nesting) in words that they know.
"""

import posixpath
import re
from fnmatch import fnmatch
from itertools import product
from string import ascii_letters

import lightningcss
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEETS = (
    *("css/site.css", "css/fronts.css", "css/comments.css", "css/moderators.css"),
    *("css/pages.css", "css/live.css"),
    "css/desk.css",
)
STYLESHEETS += (
    "css/admin.css",
    "css/article-form.css",
    "css/article-versions.css",
    "css/draft.css",
)
SCRIPTS = ("js/*.js", "admin_newsroom/saving/*.js")

CSS_IMPORT = re.compile(r'^@import url\("([^"]+)"\);$', re.MULTILINE)
# The oldest browsers that read and post with every field, line and menu in sight.
OLDEST = ["ios_saf >= 15.4", "safari >= 15.4", "firefox >= 104", "chrome >= 105"]

# The names of tokens are long for us, and many; a bundle calls them by letters.
TOKENS = "css/tokens.css"
OTHER_STYLESHEETS = "admin_newsroom/*.css"
LIGHTNING = "--lightningcss-light: 1; --lightningcss-dark: 1;"
TOKEN = re.compile(r"(?<![\w-])--([\w-]+):")
PROPERTY = re.compile(r"(?<![\w-])--([\w-]+)")  # not in the name of a class
KEPT = {"accent"}  # Django's admin has the same name.

JS_IMPORT = re.compile(
    r'^import (?:(\{\s*\w+(?:,\s*\w+)*,?\s*\}) from )?"\./([\w-]+\.js)";\n', re.MULTILINE
)
JS_EXPORT = re.compile(r"^export (?=const (\w+))", re.MULTILINE)
JS_MODULE_LINE = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
# A line, or the end of one after code; not where a quote follows, for it may end a string.
JS_COMMENT = re.compile(r"""^\s*//.*$|(?<=[;{},)]) // [^"'`\n]*$""", re.MULTILINE)

INDENTATION = re.compile(r"\s*\n\s*")


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Replaces each stylesheet and script with a bundle of the file and all that it imports."""

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            paths = paths | {
                name: self._replace(name, text) for name, text in bundle_texts(paths).items()
            }
        yield from super().post_process(paths, dry_run, **options)

    def _replace(self, name, text):
        self.delete(name)
        self._save(name, ContentFile(INDENTATION.sub("\n", text).encode()))
        return self, name


def bundle_texts(paths):
    """Return {name: text} of all bundles. They are read before the first file is replaced."""
    texts = {name: _bundle_stylesheet(name, paths) for name in STYLESHEETS if name in paths}
    for name in paths:
        if any(fnmatch(name, pattern) for pattern in SCRIPTS):
            texts[name] = JS_COMMENT.sub("", _bundle_script_of_folder(name, paths))
        elif fnmatch(name, OTHER_STYLESHEETS):
            texts[name] = _read(paths, name)
    return shorten_tokens(texts, _read(paths, TOKENS) if TOKENS in paths else "")


def shorten_tokens(texts, tokens):
    """Give the custom properties that are set in ``tokens`` short names in all stylesheets."""
    names = dict.fromkeys(TOKEN.findall(LIGHTNING + tokens))
    letters = [*ascii_letters, *map("".join, product(ascii_letters, repeat=2))]
    short = dict(zip((name for name in names if name not in KEPT), letters, strict=False))

    def rename(match):
        return f"--{short.get(match[1], match[1])}"

    return {
        name: PROPERTY.sub(rename, text) if name.endswith(".css") else text
        for name, text in texts.items()
    }


def _bundle_script_of_folder(name, paths):
    folder, base = posixpath.split(name)
    return bundle_script(base, lambda other: _read(paths, posixpath.join(folder, other)))


def _bundle_stylesheet(name, paths):
    folder = posixpath.dirname(name)
    text = CSS_IMPORT.sub(
        lambda match: _read(paths, posixpath.join(folder, match[1])), _read(paths, name)
    )
    return lightningcss.process_stylesheet(text, filename=name, browsers_list=OLDEST)


def bundle_script(name, read):
    """Return the text of a script after the scripts that it imports, each once.

    ``read(name)`` returns a script's text. Scripts may ``import { a, b } from "./name.js";`` or
    ``import "./name.js";`` and export constants. Each keeps its own scope. Raises ``ValueError``
    for other imports and exports, and for scripts that import each other in a circle.
    """
    parts = {}

    def add(name, importers):
        if name in importers:
            raise ValueError(f"{' imports '.join([*importers, name])}.")
        text = read(name)
        for _names, imported in JS_IMPORT.findall(text):
            if imported not in parts:
                add(imported, [*importers, name])
        parts[name] = _wrap_module(name, text)

    add(name, [])
    return "".join(parts.values())


def _wrap_module(name, text):
    """Return a module as a constant that holds its exports."""
    body = JS_IMPORT.sub(
        lambda match: f"const {match[1]} = {_name_module(match[2])};\n" if match[1] else "", text
    )
    exported = ", ".join(JS_EXPORT.findall(body))
    body = JS_EXPORT.sub("", body)
    if line := JS_MODULE_LINE.search(body):
        raise ValueError(f"{name} cannot be bundled because of this line: {line[0]}")
    return f"const {_name_module(name)} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"


def _name_module(file_name):
    return "$" + re.sub(r"\W", "_", file_name.removesuffix(".js"))


def _read(paths, name):
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
