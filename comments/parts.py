"""The parts of a thread's HTML: macros of a Jinja2 template, which Django's templates show too."""

from functools import partial

from articles.web.macros import render_macro

TEMPLATE = "comments/_parts.jinja"

render_part = partial(render_macro, TEMPLATE)
