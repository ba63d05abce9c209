"""The import from WordPress, and the export to it.

importer    runs an import
wxr         reads an export (WXR) as a stream of records, repairing items that are not well-formed
export      writes the site into such an export
markup      converts WordPress's content to the HTML of an article and the text of a comment

The other modules each import one kind of record: authors, attachments, categories and tags
(taxonomies), posts, comments (comment_threads) and redirects (permalinks).
"""
