"""Static files as production serves them: hashed, compressed, styles and scripts put together."""

import posixpath
import re
from fnmatch import fnmatch

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from newsroom.scripts import joined

STYLESHEETS = ("css/site.css", "css/comments.css")
SCRIPTS = "js/*.js"
IMPORT = re.compile(r'^@import url\("([^"]+)"\);$', re.MULTILINE)
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
JS_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
INDENTATION = re.compile(r"\s*\n\s*")
# A text in quotes, which stays; what parts rules and declarations, with the blanks around it.
CSS_BLANKS = re.compile(r'("[^"]*")|\s*([{};,])\s*|(:)\s+')


class OneStylesheetStorage(CompressedManifestStaticFilesStorage):
    """Puts the files that a stylesheet imports in the place of their imports, and joins each of
    the site's own scripts with those that it imports.

    The site's styles and scripts are small files and work so without a build; collected they come
    in one answer, so that a browser need not read the first to learn of the others. Comments and
    blanks stay behind.
    """

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            paths = paths | {
                name: self._rewritten(name, text) for name, text in _rewritten(paths).items()
            }
        yield from super().post_process(paths, dry_run, **options)

    def _rewritten(self, name, text):
        self.delete(name)
        self._save(name, ContentFile(INDENTATION.sub("\n", text).encode()))
        return self, name


def _rewritten(paths):
    """Return {name: text} of the files that change, all read before any of them does."""
    texts = {}
    for name in filter(paths.__contains__, STYLESHEETS):
        texts[name] = CSS_BLANKS.sub(_without_blanks, CSS_COMMENT.sub("", _whole(name, paths)))
    folder = posixpath.dirname(SCRIPTS)
    for name in filter(lambda name: fnmatch(name, SCRIPTS), paths):
        whole = joined(
            posixpath.basename(name), lambda name: _read(paths, posixpath.join(folder, name))
        )
        texts[name] = JS_COMMENT.sub("", whole)
    return texts


def _whole(stylesheet, paths):
    folder = posixpath.dirname(stylesheet)
    return IMPORT.sub(
        lambda found: _read(paths, posixpath.join(folder, found[1])), _read(paths, stylesheet)
    )


def _without_blanks(found):
    return next(filter(None, found.groups()))


def _read(paths, name):
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
