"""What every import from another system shares; no module here knows one of these systems.

mapping          which object here an object of the source became, and what it was then
import_report    counts and remarks, as a table and as a CSV file with a row for each remark
record_importer  the base class of importers of one kind of record
comment_threads  writes comments into the thread of an article
comment_order    the order in which they are numbered
"""
