"""Reads translatable texts and catalogues without the tools of gettext."""

import ast
import re
from dataclasses import dataclass

from django.utils.translation.template import templatize

from newsroom.jinja import extract_texts

# The functions that mark a text, and what their arguments are.
MARKS = {
    "_": ("singular",),
    "gettext": ("singular",),
    "gettext_lazy": ("singular",),
    "gettext_noop": ("singular",),
    "ngettext": ("singular", "plural"),
    "ngettext_lazy": ("singular", "plural"),
    "pgettext": ("context", "singular"),
    "pgettext_lazy": ("context", "singular"),
    "npgettext": ("context", "singular", "plural"),
    "npgettext_lazy": ("context", "singular", "plural"),
}
_LITERAL = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_CALL = re.compile(
    rf"(?<![\w.])({'|'.join(MARKS)})\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)", re.DOTALL
)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*$')


@dataclass(frozen=True)
class Text:
    """A text to translate; two of the same context and singular are the same entry."""

    singular: str
    context: str | None = None
    plural: str | None = None

    @property
    def key(self):
        """What gettext looks it up by."""
        return self.singular if self.context is None else f"{self.context}\x04{self.singular}"


@dataclass
class Entry:
    text: Text
    translations: list
    is_fuzzy: bool


def texts_of_python(source):
    """Yield the texts that a Python module marks."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", None))
            if name in MARKS:
                yield _text(name, [getattr(argument, "value", None) for argument in node.args])


def texts_of_template(source):
    """Yield the texts that a Django template marks."""
    for call in _CALL.finditer(templatize(source)):
        literals = re.findall(_LITERAL, call[2])
        yield _text(call[1], [ast.literal_eval(literal) for literal in literals])


def texts_of_jinja(source):
    """Yield the texts that a Jinja2 template marks."""
    for name, texts in extract_texts(source):
        yield _text(name, texts)


def _text(name, arguments):
    parts = dict(zip(MARKS[name], arguments, strict=False))
    assert all(isinstance(part, str) for part in parts.values()), f"{name}() of no literal"
    return Text(**parts)


def entries_of(po):
    """Return the entries of a catalogue's text, without its header and what is obsolete."""
    entries = []
    for block in re.split(r"\n\s*\n", po):
        entry = _entry(block.splitlines())
        if entry and entry.text.singular:
            entries.append(entry)
    return entries


def _entry(lines):
    fields, flags, field = {}, set(), None
    for line in lines:
        if line.startswith("#"):
            flags |= set(re.split(r"[,\s]+", line[1:])) if line.startswith("#,") else set()
            continue
        if keyword := re.match(r"(msg\w+(?:\[\d+\])?)\s", line):
            field = keyword[1]
            fields[field] = ""
        if quoted := _QUOTED.search(line):
            fields[field] += ast.literal_eval(f'"{quoted[1]}"')
    if "msgid" not in fields:
        return None
    text = Text(fields["msgid"], fields.get("msgctxt"), fields.get("msgid_plural"))
    translations = [value for name, value in fields.items() if name.startswith("msgstr")]
    return Entry(text, translations, "fuzzy" in flags)
