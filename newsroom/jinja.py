"""Jinja2 beside Django's template engine, for HTML that is repeated a thousand times in a page.

Templates named ``*.jinja`` belong to Jinja2, all others to Django. Neither engine finds the other's
templates.
"""

import re

import jinja2
import jinja2.compiler
from django.template.loaders import filesystem
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from markupsafe import Markup, _escape_inner, escape

from articles import pictures
from articles.templatetags import reading
from articles.web.addresses import build_fixed_path, build_path, build_path_pattern
from articles.web.moments import Clock
from articles.web.sentences import take_first_sentence
from comments.faces import build_faces
from comments.tallies import draw_tally
from comments.templatetags.comments import down_votes_allowed

SUFFIX = ".jinja"
EXTENSIONS = ["jinja2.ext.i18n"]
INLINE = re.compile(r'{% inline "([^"]+)" %}')


class JinjaFiles(jinja2.FileSystemLoader):
    """Finds the templates of Jinja2. The tag ``{% inline "name" %}`` stands for the text of another
    one, which sees the names around it and costs no call."""

    def get_source(self, environment, template):
        if not template.endswith(SUFFIX):
            raise jinja2.TemplateNotFound(template)
        text, path, is_current = super().get_source(environment, template)
        currents = [is_current]

        def read(match):
            inlined, _path, is_inlined_current = self.get_source(environment, match[1])
            currents.append(is_inlined_current)
            return inlined

        text = INLINE.sub(read, text)
        return text, path, lambda: all(is_current() for is_current in currents)


class DjangoFiles(filesystem.Loader):
    """Finds the templates of Django's engine."""

    def get_template_sources(self, template_name):
        return () if template_name.endswith(SUFFIX) else super().get_template_sources(template_name)


class CodeGenerator(jinja2.compiler.CodeGenerator):
    """Generates code that escapes what it prints by ``escape_output``."""

    def write_commons(self):
        super().write_commons()
        self.writeline("escape_output = environment.escape_output")

    def _output_child_pre(self, node, frame, finalize):
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("escape_output(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Environment(jinja2.Environment):
    code_generator_class = CodeGenerator

    @staticmethod
    def escape_output(value):
        """Return a value as HTML: integers and what is HTML already without a detour."""
        kind = type(value)
        if kind is str:
            return _escape_inner(value)
        if kind is int:
            return str(value)
        return value if kind is Markup or kind is SafeString else escape(value)


def build_environment(**options):
    """Return the environment of Jinja2 with the names that our templates use."""
    options["loader"] = JinjaFiles(options["loader"].searchpath)
    environment = Environment(**options, extensions=EXTENSIONS)
    environment.install_gettext_callables(
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    environment.globals |= {
        "clock": Clock,
        "url": build_url,
        "url_pattern": build_path_pattern,
        "url_of": build_path,
        "static": static,
        "lead_image": pictures.lead_image,
        "row_image": pictures.row_image,
        "wide_image": pictures.wide_image,
        "tally": draw_tally,
        "is_wide": pictures.is_wide,
        "share_links": reading.share_links,
        "down_votes_allowed": down_votes_allowed,
    }
    environment.filters |= {
        "briefly": reading.briefly,
        "counted": reading.counted,
        "date": format_date,
        "day": date_format,
        "shorten": reading.shorten,
        "recent": reading.recent,
        "sentence": take_first_sentence,
        "time": reading.time,
        "when": reading.when,
        "fill": fill_numbers,
        "faces": build_faces,
        "lang": reading.lang,
        "moment": format_moment,
    }
    return environment


def extract_texts(source):
    """Yield (function, texts) for each text to translate of a template."""
    environment = jinja2.Environment(autoescape=True, extensions=EXTENSIONS)
    for _line, function, texts in environment.extract_translations(INLINE.sub("", source)):
        texts = [texts] if isinstance(texts, str) else texts
        yield function, [text for text in texts if text is not None]


def build_url(name, *values):
    """Return the path of a view with these arguments, fast if it has none or one integer."""
    if not values:
        return build_fixed_path(name)
    if len(values) == 1 and type(values[0]) is int:
        return build_path_pattern(name) % values
    return reverse(name, args=values)


def format_date(moment, pattern):
    return Clock().format(moment, pattern)


def format_moment(moment):
    """Return a time as machines read it, such as 2026-03-01T09:30:00+0900."""
    return Clock().format_for_machines(moment)


def fill_numbers(text, **numbers):
    """Fill in the places of a translated text that take integers, such as ``%(number)d``; Markup's
    own operator takes several times longer."""
    return Markup(str.__mod__(text, numbers))
