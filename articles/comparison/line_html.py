"""Lines of a comparison as HTML: what was removed and added, with links, pictures and readings."""

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from articles.body.stored import load_files
from articles.web.paging import read_integer

ELEMENTS = {
    "strong": "<strong>{}</strong>",
    "em": "<em>{}</em>",
    "s": "<s>{}</s>",
    "sub": "<sub>{}</sub>",
    "sup": "<sup>{}</sup>",
    "code": "<code>{}</code>",
    "cite": "<cite>{}</cite>",
    "ruby": "<ruby>{}<rt>{}</rt></ruby>",
    "math": "<code>{}</code>",
    "a": '<span class="compare__link">{}</span>',
}
ADDRESS = '<span class="compare__address">{}</span>'
PICTURE = '<img class="compare__picture" src="{}" alt="" loading="lazy"> {}'
NO_PICTURE = '<span class="compare__picture compare__picture--gone">{}</span>'
CELL = '<span class="compare__cell">{}</span> '
CHANGED = {
    "removed": '<del class="diff__removed"><span class="hidden-text">{} </span>{}'
    '<span class="hidden-text"> {}</span></del>',
    "added": '<ins class="diff__added"><span class="hidden-text">{} </span>{}'
    '<span class="hidden-text"> {}</span></ins>',
}


class LineRenderer:
    """Renders lines of two bodies. The pictures of both are loaded at once."""

    def __init__(self, *bodies):
        self.files = load_files("".join(bodies))

    def render(self, line):
        """Return the words of a line as safe HTML."""
        targets = [_list_targets(unit) for unit in (line.old, line.new)]
        unchanged = targets[0] & targets[1] if line.old and line.new else set()
        pieces = ((self._render_piece(kind, words, unchanged),) for kind, words in line.pieces)
        return format_html_join("", "{}", pieces)

    def _render_piece(self, kind, words, unchanged):
        is_changed = kind in CHANGED
        html = format_html_join(
            "",
            "{}",
            (
                (self._render_run(text, marks, is_changed, unchanged),)
                for text, marks in _join_runs(words)
            ),
        )
        return render_change(kind, html)

    def _render_run(self, text, marks, is_changed, unchanged):
        html = escape(text.replace("\n", "↵\n") if is_changed else text)
        for name, value in reversed(marks):
            if name == "img":
                html = self._render_picture(value, text)
            elif name == "cell":
                html = format_html(CELL, _describe_cell(value, is_changed))
            else:
                html = format_html(ELEMENTS[name], html, value)
            if name == "a" and is_changed and value not in unchanged:
                html = format_html("{}" + ADDRESS, html, value)
        return html

    def _render_picture(self, number, alt):
        file = self.files.get(read_integer(number))
        if file is None:
            return format_html(NO_PICTURE, _("Picture that is gone"))
        return render_file(file, alt)


def render_change(kind, html):
    """Return HTML as removed, added or kept, also for those who do not see the colours."""
    start = {"removed": _("[removed:"), "added": _("[added:")}.get(kind)
    return format_html(CHANGED[kind], start, html, _("end]")) if start else html


def render_file(file, alt=""):
    """Return a picture of the library with its name."""
    words = f"{file.file_name}　{alt or file.image_alt_text}".strip()
    return format_html(PICTURE, file.image_file.row, words)


def _join_runs(words):
    """Join neighbouring words with the same marks; pictures and cells stay single."""
    runs = []
    for text, marks in words:
        is_thing = any(name in {"img", "cell", "ruby", "math"} for name, _value in marks)
        if runs and runs[-1][1] == marks and not is_thing:
            runs[-1][0].append(text)
        else:
            runs.append(([text], marks))
    return [("".join(texts), marks) for texts, marks in runs]


def _list_targets(unit):
    return {word.read_mark("a") for word in unit.words} - {None} if unit else set()


def _describe_cell(value, is_changed):
    """Return what marks the start of a cell; of a changed one, what it spans."""
    return f"｜{value}" if is_changed and "=" in value else mark_safe("｜")
