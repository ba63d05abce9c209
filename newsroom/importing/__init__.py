"""What every import from another system shares; no module here knows one of these systems.

import_source    what a system is from which one imports: its importer and its options
running          runs an importer to its end, for a command and for a job of the admin
broken_export    the error of a file that cannot be read, or not to its end
mapping          which object here an object of the source became, and what it was then
import_report    counts and remarks, as a table and as a CSV file with a row for each remark
record_importer  the base class of importers of one kind of record
packing          unpacks .gz and .zip; file_kinds tells what a file is that is no export
comment_threads  writes comments into the thread of an article
comment_order    the order in which they are numbered
comment_text     converts the HTML of a comment
article_lookup   finds the article of an old address

``comments_by_address`` is the base class of imports from comment systems.
"""
