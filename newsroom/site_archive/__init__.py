"""The site as a folder that other programs can read: ``export_site`` writes it, ``import_site``
reads it into an empty site.

The folder holds

    manifest.json       format, version, whether keys are in it, lines and SHA-256 of every file
    schema.json         JSON Schema (draft 2020-12); ``$defs/articles`` describes a line of
                        ``data/articles.jsonl``, and so on
    data/NAME.jsonl     a JSON object on each line, UTF-8, one file for each table
    media/              the media library, under the paths that ``media_files`` names

Fields have the names of the models. Moments are ISO 8601 in UTC, to the microsecond. The bodies of
articles and the ``html`` of comments are HTML as it is stored. A field that refers to another row
holds its ``id``: primary keys are kept, because they are part of what is archived. They stand in
bodies (``data-file="12"``), in revisions and in public addresses (``/comments/34/``), and the IDs
of readers are computed from them. Two things have other keys on each site, and are named: a model
("articles.article") and a permission ("articles.article.publish_article").

What can be computed is left out and computed again: the search index, the uses of files, the
phrases of headlines, rankings and versions of cached pages. What belongs to one server stays there:
sessions, passwords, second factors, counted logins, uploads that wait to be imported, SECRET_KEY.

Without ``--with-keys`` nothing leads to a reader. The keys of networks, push subscriptions, secret
feeds and share links are left out. On comments the hashes of reader and network are replaced by
numbers that are the same within one thread only (``12-3``: the third in thread 12); so are those of
votes within a comment, and those of read counts within an article. IDs, scores and rankings stay;
only the number of all writers of a day counts a reader once for each thread afterwards. A ban of a
reader or a network names nobody any more.

The same content gives the same bytes, whatever the database, so the folder names no moment.
"""
