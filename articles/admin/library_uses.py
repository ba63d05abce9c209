"""Files of the library that words name which are not saved in an article yet."""

from articles.body.stored import list_file_ids
from articles.models import ArticleChange, WorkingCopy
from articles.web.paging import read_integer

PICTURE_FIELDS = ("lead_image", "card_image")


def find_drafted_files():
    """Return the primary keys of the files in draft changes and in the words of open forms. Two
    queries; there are as many rows as people at work."""
    files = set()
    for content in ArticleChange.objects.values_list("content", flat=True).iterator():
        fields = content.get("fields", {})
        files.update(list_file_ids(fields.get("body") or ""))
        files.update(fields.get(f"{name}_id") for name in PICTURE_FIELDS)
    copies = WorkingCopy.objects.filter(saved_at__isnull=False)
    for fields in copies.values_list("fields", flat=True).iterator():
        for text in fields.get("body", []):
            files.update(list_file_ids(text))
        for name in PICTURE_FIELDS:
            files.update(map(read_integer, fields.get(name, [])))
    return files - {None}
