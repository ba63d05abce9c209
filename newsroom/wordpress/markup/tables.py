"""Tables whose cells neither overlap nor leave a column or row without a beginning."""

from newsroom.wordpress.markup.document import cell_html
from newsroom.wordpress.markup.dom import Node

SECTIONS = ("thead", "tbody", "tfoot")
WIDEST = 100


class Cell:
    __slots__ = ("tag", "content", "row", "column", "width", "height")

    def __init__(self, tag, content, width, height):
        self.tag, self.content = tag, content
        self.width, self.height = width, height
        self.row = self.column = 0

    def html(self):
        spans = "".join(
            f' {name}="{value}"'
            for name, value in (("colspan", self.width), ("rowspan", self.height))
            if value > 1
        )
        return f"<{self.tag}{spans}>{self.content}</{self.tag}>"


def table_html(table, convert, caption=""):
    """Return the HTML of a table node, or an empty string for one without a cell.

    ``convert`` turns the children of a cell into blocks.
    """
    sections = [
        (section, rows)
        for name in SECTIONS
        for section, rows in _sections(table, convert)
        if section == name and rows
    ]
    if not sections:
        return ""
    for _name, rows in sections:
        _place(rows)
    _drop_empty_columns([cell for _name, rows in sections for row in rows for cell in row])
    body = "".join(
        f"<{name}>{''.join(_row_html(row) for row in rows)}</{name}>"
        for name, rows in _joined(sections)
    )
    head = f"<caption>{caption}</caption>" if caption else ""
    return f"<table>{head}{body}</table>"


def _row_html(row):
    return f"<tr>{''.join(cell.html() for cell in row)}</tr>"


def _sections(table, convert):
    for child in table.children:
        if isinstance(child, Node) and child.tag in SECTIONS:
            yield child.tag, [row for row in _rows(child, convert) if row]


def _rows(section, convert):
    for child in section.children:
        if isinstance(child, Node) and child.tag == "tr":
            yield [
                Cell(
                    cell.tag,
                    cell_html(convert(cell.children)),
                    _span(cell.attributes.get("colspan")),
                    _span(cell.attributes.get("rowspan")),
                )
                for cell in child.children
                if isinstance(cell, Node) and cell.tag in {"td", "th"}
            ]


def _span(text):
    digits = (text or "").strip()
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 1
    return min(max(number, 1), WIDEST)


def _joined(sections):
    """Merge sections of one kind: a table has one head and one foot."""
    joined = {}
    for name, rows in sections:
        joined.setdefault(name, []).extend(rows)
    return joined.items()


def _place(rows):
    """Give each cell of a section its place, and spans that fit there."""
    taken = set()
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            cell.row, cell.column = y, x
            cell.height = min(cell.height, len(rows) - y)
            cell.width = next((n for n in range(1, cell.width) if (y, x + n) in taken), cell.width)
            taken.update(
                (y + down, x + right) for down in range(cell.height) for right in range(cell.width)
            )
            x += cell.width


def _drop_empty_columns(cells):
    """Narrow the cells by the columns in which none begins."""
    begun = {cell.column for cell in cells}
    for cell in cells:
        span = range(cell.column, cell.column + cell.width)
        cell.width = sum(1 for column in span if column in begun)
