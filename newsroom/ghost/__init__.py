"""The import from Ghost: what its JSON export holds, as the records of the import of WordPress.

ghost_file      reads the file into tables
ghost_records   posts, tags and authors of the tables as records
ghost_cards     the cards of Ghost's editor as plain HTML
ghost_importer  the importer, with Ghost's own options
"""
