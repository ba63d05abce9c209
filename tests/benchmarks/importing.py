"""The import of a WordPress export into the measured database."""

import io
from time import process_time

from django.core.management import call_command

from tests.benchmarks.rows import Row
from tests.newsroom.wordpress.generate import write_export
from tests.settings import run

POSTS, COMMENTS = 150, 6_000


def measure_import():
    path = run.folder() / "export.xml"
    write_export(path, posts=POSTS, comments=COMMENTS)
    begun = process_time()
    call_command("import_wordpress", path, stdout=io.StringIO())
    seconds = (process_time() - begun) / (POSTS + COMMENTS)
    rate = f"{1_000 * seconds:.2f} ({1 / seconds:,.0f}/s)"
    return [Row(f"import: a row of {POSTS} posts, {COMMENTS:,} comments", seconds, note=rate)]
