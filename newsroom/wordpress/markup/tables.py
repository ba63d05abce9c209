"""Converts tables so that no cells overlap, and a cell begins in every row and column."""

import re
from dataclasses import dataclass

from articles.web.paging import read_integer
from newsroom.wordpress.markup.document import serialize_cell

SECTIONS = ("thead", "tbody", "tfoot")
WIDEST = 100
ALIGNMENTS = {"left", "center", "right"}
ALIGN_CLASS = re.compile(r"(?:has-text-)?align-(left|center|right)")
ALIGN_STYLE = re.compile(r"(?:^|;)\s*+text-align\s*+:\s*+([a-z]++)")


@dataclass(slots=True)
class Cell:
    tag: str
    content: str
    width: int
    height: int
    alignment: str = ""
    column: int = 0

    def serialize(self):
        width = f' colspan="{self.width}"' if self.width > 1 else ""
        height = f' rowspan="{self.height}"' if self.height > 1 else ""
        alignment = f' class="align-{self.alignment}"' if self.alignment else ""
        return f"<{self.tag}{width}{height}{alignment}>{self.content}</{self.tag}>"


def convert_table(table, convert, caption=""):
    """Return the HTML of a table node, or an empty string for one without a cell.

    ``convert`` turns the children of a cell into blocks. Sections of one kind are joined: a table
    has one head and one foot.
    """
    sections = {name: [] for name in SECTIONS}
    for section in table.select(*SECTIONS):
        rows = [_convert_row(row, convert) for row in section.select("tr")]
        rows = [row for row in rows if row]
        _place_cells(rows)
        sections[section.tag] += rows
    cells = [cell for rows in sections.values() for row in rows for cell in row]
    if not cells:
        return ""
    _drop_empty_columns(cells)
    html = ""
    for name, rows in sections.items():
        inner = "".join(f"<tr>{''.join(map(Cell.serialize, row))}</tr>" for row in rows)
        html += f"<{name}>{inner}</{name}>" if rows else ""
    table = f"<table>{html}</table>"
    return f"<figure>{table}<figcaption>{caption}</figcaption></figure>" if caption else table


def _convert_row(row, convert):
    return [
        Cell(
            cell.tag,
            serialize_cell(convert(cell.children)),
            width=_read_span(cell.get("colspan")),
            height=_read_span(cell.get("rowspan")),
            alignment=_read_alignment(cell) or _read_alignment(row),
        )
        for cell in row.select("td", "th")
    ]


def _read_alignment(node):
    """Return how a cell or row aligns its text, "left", "center" or "right", or ""."""
    classes = (ALIGN_CLASS.fullmatch(name) for name in node.classes)
    styles = ALIGN_STYLE.findall(node.get("style").lower())
    named = [*(match[1] for match in classes if match), node.get("align").lower(), *styles[-1:]]
    return next((name for name in reversed(named) if name in ALIGNMENTS), "")


def _read_span(text):
    return min(read_integer(text.strip(), digits=5) or 1, WIDEST)


def _place_cells(rows):
    """Set the column of each cell of a section, and limit its spans to the free places."""
    taken = set()
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            cell.column = x
            cell.height = min(cell.height, len(rows) - y)
            cell.width = next((n for n in range(1, cell.width) if (y, x + n) in taken), cell.width)
            taken.update(
                (y + down, x + right) for down in range(cell.height) for right in range(cell.width)
            )
            x += cell.width


def _drop_empty_columns(cells):
    """Narrow the cells by the columns in which none begins."""
    columns = {cell.column for cell in cells}
    for cell in cells:
        cell.width = len(columns.intersection(range(cell.column, cell.column + cell.width)))
