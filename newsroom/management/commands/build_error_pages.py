"""Writes the pages that the web server sends in place of the site's."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

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
        with translation.override(settings.LANGUAGE_CODE):
            pages = {code: _render(code, *words) for code, words in _describe().items()}
        for code, page in pages.items():
            (folder / f"{code}.html").write_text(page, encoding="utf-8")
        self.stdout.write(f"{len(pages)} error pages are in {folder}.")


def _render(code, title, text):
    return render_to_string("503.html", {"code": code, "title": title, "text": text})


def _describe():
    """Return {status: (title, text)}."""
    away = (
        _("Back in a moment"),
        _(
            "The site does not answer. Please try again in a few minutes. If you were posting"
            " something, go back in your browser. Your text is still in the form."
        ),
    )
    return {
        400: (
            _("This request could not be read"),
            _("The address or the data sent is not valid. Please go back and try again."),
        ),
        404: (
            _("Page not found"),
            _("The page may have moved, or the address may be wrong. Try a search."),
        ),
        413: (
            _("Too large"),
            _(
                "What you sent is larger than the site accepts. Please go back and choose a smaller"
                " file."
            ),
        ),
        429: (
            _("Too many requests"),
            _(
                "Please wait a moment and try again. If you go back in your browser, your text is"
                " still in the form."
            ),
        ),
        502: away,
        503: away,
    }
