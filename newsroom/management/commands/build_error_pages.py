"""Writes the pages that the web server sends in place of the site's."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from newsroom.error_pages import describe_errors, render_error_page

FOLDER = "errors"


class Command(BaseCommand):
    help = (
        "Write the error pages of nginx, in the language of the site. Run it after collectstatic:"
        " the pages name the style sheet."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=settings.VAR_DIR / FOLDER)

    def handle(self, *, folder, **options):
        folder.mkdir(parents=True, exist_ok=True)
        pages = {code: render_error_page(code) for code in describe_errors()}
        for code, page in pages.items():
            (folder / f"{code}.html").write_text(page, encoding="utf-8")
        self.stdout.write(f"{len(pages)} error pages are in {folder}.")
