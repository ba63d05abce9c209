"""Loads every template when a process starts.

During an update the new files are there before the new processes. A process of the old code that
first read a template then would mix both: new names of styles and views in old pages.
"""

from pathlib import Path

from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.backends.django import DjangoTemplates
from django.template.utils import get_app_template_dirs


def load_templates():
    for engine in engines.all():
        folders = list(engine.dirs)
        if isinstance(engine, DjangoTemplates):
            folders += get_app_template_dirs("templates")
        for folder in map(Path, folders):
            for path in filter(Path.is_file, folder.rglob("*")):
                _load(engine, path.relative_to(folder).as_posix())


def _load(engine, name):
    """Load a template, unless it is of the other engine or needs an app that is not installed."""
    try:
        engine.get_template(name)
    except (TemplateDoesNotExist, TemplateSyntaxError, UnicodeDecodeError):
        return
