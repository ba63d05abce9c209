"""Comment systems as sources of imports: their files, and what a person may choose."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from newsroom.comment_systems.disqus import DisqusImporter
from newsroom.comment_systems.isso import IssoImporter
from newsroom.comment_systems.remark42 import Remark42Importer
from newsroom.importing.import_source import ImportOption, ImportSource, Kind

SITE_HOSTS = ImportOption(
    "site_hosts",
    "--site-host",
    Kind.LINES,
    _("take only the threads of this host of the old site"),
    label=_("Only these hosts"),
    metavar="HOST",
    read=tuple,
)
_build = partial(ImportSource, options=(SITE_HOSTS,), steps=2)
DISQUS = _build("disqus", "Disqus", DisqusImporter, (".xml", ".gz", ".zip"))
ISSO = _build("isso", "Isso", IssoImporter, (".db", ".sqlite", ".sqlite3", ".gz", ".zip"))
REMARK42 = _build("remark42", "Remark42", Remark42Importer, (".gz", ".json", ".txt", ".zip"))
