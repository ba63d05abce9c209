"""The parts of a thread's HTML: macros of a Jinja2 template, which Django's templates show too."""

from functools import lru_cache

from django.template.loader import get_template
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

TEMPLATE = "comments/_parts.jinja"


def render_part(name, *values, **named):
    """Return the HTML of a macro with these arguments, safe to print."""
    macros = _load_macros(get_template(TEMPLATE).template, get_language())
    return mark_safe(getattr(macros, name)(*values, **named))


@lru_cache(maxsize=8)
def _load_macros(template, language):
    """Return the macros in the active language; their fixed texts are translated here, once."""
    return template.make_module()
