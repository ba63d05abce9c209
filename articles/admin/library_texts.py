"""Texts of libraries in the admin, for our catalogue; the libraries have no Japanese texts."""

from django.utils.translation import gettext_noop

CABINET = (
    gettext_noop("folder"),
    gettext_noop("folders"),
    gettext_noop("file name"),
    gettext_noop("file type"),
    gettext_noop("files"),
    gettext_noop("image"),
    gettext_noop("alternative text"),
    gettext_noop("download"),
    gettext_noop("Root folder"),
    gettext_noop("Delete this folder"),
    gettext_noop("The folder will not be deleted if it contains files."),
    gettext_noop('The folder "%s" was added successfully.'),
    gettext_noop('The folder "%s" was changed successfully.'),
    gettext_noop('The folder "%s" was deleted successfully.'),
    gettext_noop("Root folder with same name exists already."),
    gettext_noop("Move files to folder"),
    gettext_noop("The files have been successfully moved."),
    gettext_noop("Please fill in exactly one file field!"),
)
TREES = (
    gettext_noop("parent"),
    gettext_noop("Collapse tree"),
    gettext_noop("Expand tree"),
    gettext_noop("move node before node"),
    gettext_noop("move node to child position"),
    gettext_noop("move node after node"),
    gettext_noop("%s has been successfully moved."),
    gettext_noop("A node may not be made a child of itself."),
    gettext_noop("A node may not be made a child of any of its descendants."),
    gettext_noop("A node may not be made a sibling of itself."),
    gettext_noop("A node may not be made a sibling of any of its descendants."),
    gettext_noop("Invalid parent"),
)
HISTORY = (
    gettext_noop("Created"),
    gettext_noop("Changed"),
    gettext_noop("Deleted"),
    gettext_noop("Revert"),
    gettext_noop("Revert %s"),
    gettext_noop("Revert %(verbose_name)s"),
    gettext_noop("View history: %s"),
    gettext_noop(
        "Choose a date from the list below to revert to a previous version of this object."
    ),
    gettext_noop("This object doesn't have a change history."),
    gettext_noop("Press the 'Revert' button below to revert to this version of the object."),
)
TAGS = (gettext_noop("Taggit"),)
