"""Macros of Jinja2 templates, for the parts of a page that Django's templates show too."""

from functools import lru_cache

from django.template.loader import get_template
from django.utils.safestring import mark_safe
from django.utils.translation import get_language


def render_macro(template, name, *values, **named):
    """Return the HTML of a macro of a template with these arguments, safe to print."""
    macros = _load_macros(get_template(template).template, get_language())
    return mark_safe(getattr(macros, name)(*values, **named))


@lru_cache(maxsize=32)
def _load_macros(template, language):
    """Return the macros in the active language; their fixed texts are translated here, once."""
    return template.make_module()
