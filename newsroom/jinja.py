"""Jinja2 beside Django's template engine, for HTML that is repeated a thousand times in a page.

Templates named ``*.jinja`` belong to Jinja2, all others to Django. Neither engine finds the other's
templates.
"""

import jinja2
from django.template.loaders import filesystem
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from articles import pictures
from articles.templatetags import reading
from articles.web.addresses import build_path
from articles.web.moments import Clock
from comments.templatetags.comments import down_votes_allowed, total_place

SUFFIX = ".jinja"
EXTENSIONS = ["jinja2.ext.i18n"]
NUMBER = 9_007_199_254_740_991  # no address has these digits by itself


class JinjaFiles(jinja2.FileSystemLoader):
    """Finds the templates of Jinja2."""

    def get_source(self, environment, template):
        if not template.endswith(SUFFIX):
            raise jinja2.TemplateNotFound(template)
        return super().get_source(environment, template)


class DjangoFiles(filesystem.Loader):
    """Finds the templates of Django's engine."""

    def get_template_sources(self, template_name):
        return () if template_name.endswith(SUFFIX) else super().get_template_sources(template_name)


def build_environment(**options):
    """Return the environment of Jinja2 with the names that our templates use."""
    options["loader"] = JinjaFiles(options["loader"].searchpath)
    environment = jinja2.Environment(**options, extensions=EXTENSIONS)
    environment.install_gettext_callables(
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    environment.globals |= {
        "url": build_url,
        "url_pattern": build_url_pattern,
        "url_of": build_path,
        "static": static,
        "lead_image": pictures.lead_image,
        "row_image": pictures.row_image,
        "share_links": reading.share_links,
        "down_votes_allowed": down_votes_allowed,
    }
    environment.filters |= {
        "briefly": reading.briefly,
        "counted": reading.counted,
        "date": format_date,
        "day": date_format,
        "headline": reading.headline,
        "shorten": shorten,
        "when": reading.when,
        "lang": reading.lang,
        "moment": format_moment,
        "total_place": total_place,
    }
    return environment


def extract_texts(source):
    """Yield (function, texts) for each text to translate of a template."""
    environment = jinja2.Environment(autoescape=True, extensions=EXTENSIONS)
    for _line, function, texts in environment.extract_translations(source):
        texts = [texts] if isinstance(texts, str) else texts
        yield function, [text for text in texts if text is not None]


def build_url(name, *values):
    return reverse(name, args=values)


def build_url_pattern(name):
    """Return the address of what has an integer in it, with ``%d`` there: much faster to fill in
    than an address is to build."""
    return build_url(name, NUMBER).replace("%", "%%").replace(str(NUMBER), "%d")


def format_date(moment, pattern):
    return Clock().format(moment, pattern)


def format_moment(moment):
    """Return a time as machines read it, such as 2026-03-01T09:30:00+0900."""
    return Clock().format_for_machines(moment)


def shorten(text, length):
    """Return a text of at most ``length`` characters, the last one … if it was longer."""
    return text if len(text) <= length else Truncator(text).chars(length)
