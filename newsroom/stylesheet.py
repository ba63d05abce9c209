"""Static files as production serves them: hashed, compressed, and one stylesheet."""

import posixpath
import re

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "css/site.css"
IMPORT = re.compile(r'^@import url\("([^"]+)"\);$', re.MULTILINE)


class OneStylesheetStorage(CompressedManifestStaticFilesStorage):
    """Puts the files that ``css/site.css`` imports in the place of their imports.

    The site's styles are one file a component and work so without a build; collected they come
    in one answer, so that a browser need not read the first to learn of the others. Scripts name
    the hashed files they import, or a browser would load some of them twice.
    """

    support_js_module_import_aggregation = True
    # Of our own scripts alone: those of libraries import what only their import map knows.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

    def post_process(self, paths, dry_run=False, **options):
        if STYLESHEET in paths and not dry_run:
            whole = IMPORT.sub(lambda found: _read(paths, found[1]), _read(paths))
            self.delete(STYLESHEET)
            self._save(STYLESHEET, ContentFile(whole.encode()))
            paths = {**paths, STYLESHEET: (self, STYLESHEET)}
        yield from super().post_process(paths, dry_run, **options)


def _read(paths, imported=""):
    """Return the text of the stylesheet, or of a file that it imports."""
    name = posixpath.join(posixpath.dirname(STYLESHEET), imported) if imported else STYLESHEET
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
