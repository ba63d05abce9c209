"""What a file is that is no export, and what to try instead."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.importing.file_kinds import describe_file, join_sentences

EXPORT = gettext_lazy("In WordPress choose Tools → Export → All content, and import that file.")


def explain_file(head):
    """Return what a file is, by its first bytes, and what to try."""
    kind = describe_file(head) or _("this is not a WordPress export (WXR).")
    return join_sentences(kind, EXPORT)


def explain_nothing():
    """Return why an export that can be read may hold nothing."""
    return join_sentences(_("the export holds no item."), EXPORT)
