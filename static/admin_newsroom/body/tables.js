// Tables of pasted HTML. Tables that only lay out a page are taken apart.

import { create } from "newsroom/body/flow"
import { isHidden } from "newsroom/body/styles"

const WIDEST = 100

const readSpan = (cell, name) => {
  const span = Number.parseInt(cell.getAttribute(name), 10)
  return span > 1 ? Math.min(span, WIDEST) : ""
}

// Returns the class of a cell of an article that is set to the left, to the right or in the middle.
export const readAlignment = (cell) =>
  /(?:^|\s)(align-(?:left|center|right))(?:\s|$)/.exec(cell.getAttribute("class"))?.[1] || null

const listRows = (table) =>
  [...table.querySelectorAll("tr")].filter((row) => row.closest("table") === table && !isHidden(row))

const listCells = (row) =>
  [...row.children].filter((cell) => /^t[dh]$/.test(cell.localName) && !isHidden(cell))

// Returns a table, or the blocks of one that only lays out a page. `convert` turns a cell into blocks.
export const convertTable = (table, convert) => {
  const rows = listRows(table).map(listCells).filter((cells) => cells.length)
  const isLayout =
    /^(?:presentation|none)$/.test(table.getAttribute("role")) ||
    table.querySelector("table") ||
    rows.flat().length < 2
  if (isLayout) return rows.flat().flatMap(convert)
  const body = create("tbody")
  for (const cells of rows) {
    const row = create("tr")
    for (const cell of cells) {
      const spans = { colspan: readSpan(cell, "colspan"), rowspan: readSpan(cell, "rowspan") }
      row.append(create(cell.localName, { ...spans, class: readAlignment(cell) }, convert(cell)))
    }
    body.append(row)
  }
  return create("table", {}, [body])
}
