"""Moving in from WordPress: reads its export (WXR) and fills the site with it.

reader      the file as a stream of records, mended item by item
markup      WordPress's content as the clean HTML of an article's body
importer    the records as authors, categories, media, articles, comments and redirects
"""
