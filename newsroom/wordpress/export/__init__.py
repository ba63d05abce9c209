"""The export to WordPress: a file in WXR 1.2, which WordPress and our own import read.

site_export     writes the export
body_blocks     turns the body of an article into blocks of WordPress's editor

The other modules each write one kind of element: site_elements, article_items, comment_elements,
media_items and plugin_items.

What our import reads back differs from the site in this, and in nothing else that readers see
(``tests/newsroom/wordpress/test_export_round_trip.py``):

- Votes come as one number for each comment, without the readers who voted, and comments without
  the IDs of their readers. Moderation comes as its outcome: states and reasons, without the
  ledger, reports, measures and the texts before an edit.
- Moments of comments, mentions and publications are those of whole seconds.
- Revisions, links that share a draft, changes of a public article that are not public yet, and read
  counts stay here. So do rights and passwords of accounts, what is shown of an account beside its
  name, portraits, guests who sign nothing, further names of tags, empty series, further old IDs of
  comments, the folders of the library and the history of its files.
- Pictures are encoded again and have new addresses; the old ones redirect.
- In texts: a lead is one line; headings skip no level; an address alone on its line becomes a
  paragraph; a single paragraph in a cell or list item has no element of its own; footnotes are
  numbered from 1 in one list. Slugs are in small letters.
- A byline of the author alone is none: the author signs. An article that is also listed in a
  category above its own one is not.
- An item of more than 64 MB, about 70,000 comments, is too large for the import.
"""
