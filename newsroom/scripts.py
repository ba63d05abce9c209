"""Joins a script with those that it imports, so that a page asks for one.

The scripts are small ES modules and work so without a build. They import each other by
``import { a, b } from "./name.js";`` or ``import "./name.js";`` and export constants only; each
keeps a scope of its own.
"""

import re

IMPORT = re.compile(r'^import (?:(\{\s*\w+(?:,\s*\w+)*,?\s*\}) from )?"\./([\w-]+\.js)";\n', re.M)
EXPORT = re.compile(r"^export (?=const (\w+))", re.M)
MODULE = re.compile(r"^(?:import|export)\b.*", re.M)


def joined(name, read):
    """Return the text of a script with all that it imports before it, each once.

    ``read(name)`` returns a script's text. Raises ``ValueError`` for an import or export of
    another form, and where scripts import each other in a circle.
    """
    parts = {}

    def add(name, above):
        if name in above:
            raise ValueError(f"{' imports '.join([*above, name])}.")
        text = read(name)
        for _names, imported in IMPORT.findall(text):
            if imported not in parts:
                add(imported, [*above, name])
        parts[name] = _in_its_scope(name, text)

    add(name, [])
    return "".join(parts.values())


def _in_its_scope(name, text):
    body = IMPORT.sub(
        lambda found: f"const {found[1]} = {_scope(found[2])};\n" if found[1] else "", text
    )
    exported = ", ".join(EXPORT.findall(body))
    body = EXPORT.sub("", body)
    if other := MODULE.search(body):
        raise ValueError(f"{name} cannot be joined for this line: {other[0]}")
    return f"const {_scope(name)} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"


def _scope(name):
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
