"""Error pages that stand alone: without queries, in the language of the site.

nginx sends them in place of the site's, and the server where Django has no part in an answer.
"""

import logging
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


def render_error_page(code):
    """Return the page of a status, or "" for one that has none. Without style where no static files
    were collected."""
    return _render(code, settings.LANGUAGE_CODE)


@lru_cache(16)
def _render(code, language):
    with translation.override(language):
        title, text = describe_errors().get(code, ("", ""))
        context = {"code": code, "title": title, "text": text, "site_name": settings.SITE_NAME}
        if not title:
            return ""
        try:
            return render_to_string("503.html", context)
        except ValueError:
            logger.error("The static files are missing. Run manage.py collectstatic --noinput")
            return render_to_string("unstyled.html", context)


def describe_errors():
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
        405: (
            _("This does not work here"),
            _(
                "This address cannot be opened, or sent to, in this way. Please go back, reload the"
                " page and try again."
            ),
        ),
        408: (
            _("Too slow"),
            _(
                "What you sent did not arrive in time. Please try again. If you go back in your"
                " browser, your text is still in the form."
            ),
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
