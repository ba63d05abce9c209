"""WordPress exports as a source of imports: the files, and what a person may choose."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from newsroom.importing.import_source import ImportOption, ImportSource, Kind, read_pairs
from newsroom.wordpress.importer import Importer


def _read_sections(texts):
    """Return {part of a site's address: name of a section}; a name alone is for every site."""
    parts = (text.rpartition("=") for text in texts)
    return {site: name.strip() for site, _equals, name in parts if name.strip()}


OPTIONS = (
    ImportOption(
        "media_folder",
        "--media",
        Kind.FOLDER,
        _("the old site's wp-content/uploads folder"),
        label=_("Folder with the media"),
        metavar="DIR",
    ),
    ImportOption(
        "download_media",
        "--download-media",
        Kind.FLAG,
        _("fetch the media from the old site"),
        label=_("Download the media"),
    ),
    ImportOption(
        "private_hosts",
        "--private-host",
        Kind.LINES,
        _("a host of a private network from which media may be fetched"),
        metavar="HOST",
        read=tuple,
    ),
    ImportOption(
        "site_hosts",
        "--site-host",
        Kind.LINES,
        _("a further host of the old site, such as its CDN"),
        label=_("Further hosts"),
        metavar="HOST",
        read=tuple,
    ),
    ImportOption(
        "post_types",
        "--post-type",
        Kind.LINES,
        _("import items of a further type as article or page, such as news=article"),
        label=_("Further types of items"),
        metavar="NAME=KIND",
        read=partial(read_pairs, among=("article", "page")),
    ),
    ImportOption(
        "taxonomies",
        "--taxonomy",
        Kind.LINES,
        _("import a further taxonomy as tag, category or series, such as region=tag"),
        label=_("Further taxonomies"),
        metavar="NAME=KIND",
        read=partial(read_pairs, among=("tag", "category", "series")),
    ),
    ImportOption(
        "sections",
        "--section",
        Kind.LINES,
        _("put everything below a category, or all of one site: old.example.org=Culture"),
        label=_("Below a category"),
        metavar="[SITE=]NAME",
        read=_read_sections,
    ),
    ImportOption(
        "votes_key",
        "--votes-meta",
        Kind.TEXT,
        _("the comment meta that holds the count of votes, if its plugin is not known"),
        label=_("Count of votes"),
        metavar="KEY",
    ),
    ImportOption(
        "theirs",
        "--theirs",
        Kind.FLAG,
        _("take the export's version of what was changed there and here"),
        label=_("Prefer the export"),
    ),
)

WORDPRESS = ImportSource(
    code="wordpress",
    label="WordPress",
    build_importer=Importer,
    endings=(".xml", ".wxr", ".rss", ".txt", ".gz", ".zip"),
    options=OPTIONS,
    steps=2,
)
