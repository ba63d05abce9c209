"""Ghost exports as a source of imports: the files, and what a person may choose."""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.ghost.ghost_importer import GhostImporter
from newsroom.importing.import_source import ImportOption, ImportSource, Kind, read_address
from newsroom.wordpress.wordpress_source import OPTIONS

PERMALINK = "/{slug}/"  # as Ghost has it unless its routes.yaml says otherwise
PATTERN = re.compile(r"(?:[^{}\s]|\{(?:slug|id|uuid|year|month|day|primary_tag|primary_author)\})+")
SHARED = ("download_media", "private_hosts", "site_hosts", "sections", "theirs")


def _read_permalink(text):
    text = text.strip() or PERMALINK
    if not text.startswith("/") or "{slug}" not in text or not PATTERN.fullmatch(text):
        raise ValueError(
            gettext("Not understood: %(text)s. Write it as %(example)s.")
            % {"text": text, "example": "/{year}/{month}/{slug}/"}
        )
    return text


GHOST = ImportSource(
    code="ghost",
    label="Ghost",
    build_importer=GhostImporter,
    endings=(".json", ".gz", ".zip"),
    options=(
        ImportOption(
            "site",
            "--site",
            Kind.TEXT,
            _("the address of the old site, which an export does not hold"),
            label=_("Address of the old site"),
            metavar="URL",
            read=read_address,
        ),
        ImportOption(
            "permalink",
            "--permalink",
            Kind.TEXT,
            _("how the addresses of posts were built, if not as /{slug}/: /{year}/{slug}/"),
            label=_("Addresses of posts"),
            metavar="PATTERN",
            read=_read_permalink,
        ),
        ImportOption(
            "tag_as_category",
            "--primary-tag-as-category",
            Kind.FLAG,
            _("make the first tag of each post the category of the article"),
            label=_("First tag as category"),
        ),
        ImportOption(
            "media_folder",
            "--media",
            Kind.FOLDER,
            _("the old site's content folder"),
            label=_("Folder with the media"),
            metavar="DIR",
        ),
        *(option for option in OPTIONS if option.name in SHARED),
    ),
    steps=GhostImporter.steps,
)
