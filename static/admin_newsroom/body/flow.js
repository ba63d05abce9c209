// Collects pasted text and blocks in their order: the runs of a text become paragraphs.

const ORDER = ["cite", "strong", "em", "s", "sub", "sup", "code"] // from the outside
const CJK = "[\\u3000-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff\\uff01-\\uff60]"
const BROKEN_LINE = new RegExp(`(${CJK})[ \\t]*\\r?\\n\\s*(?=${CJK})`, "g")
const ADDRESS = /^https?:\/\/[^\s<>"]{3,2000}$/

// Pictures of a document that is not shown are not loaded.
const inert = document.implementation.createHTMLDocument("")

export const create = (tag, attributes = {}, children = []) => {
  const element = inert.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value || value === 0) element.setAttribute(name, value)
  }
  element.append(...children)
  return element
}

const isBreak = (run) => run.node?.localName === "br"

const wrap = (run) => {
  let node = run.node || inert.createTextNode(run.text)
  if (isBreak(run)) return node
  const isLink = Boolean(run.href)
  for (const mark of [...ORDER].reverse()) {
    if (run.marks.has(mark) && !(isLink && mark === "code")) node = create(mark, {}, [node])
  }
  return isLink ? create("a", { href: run.href, title: run.title }, [node]) : node
}

// Folds white space as a browser does; line breaks inside Japanese words vanish.
const foldSpaces = (runs) => {
  let isAfterSpace = true
  const folded = []
  for (const run of runs) {
    if (run.node) {
      isAfterSpace = isBreak(run)
      folded.push(run)
      continue
    }
    let text = run.text.replace(/[ \t\r\n\f]+/g, " ")
    if (isAfterSpace) text = text.replace(/^ /, "")
    if (!text) continue
    folded.push({ ...run, text })
    isAfterSpace = text.endsWith(" ")
  }
  return folded
}

const isBlank = (run) => (run.node ? isBreak(run) : /^[ \u00a0\u200b\ufeff]*$/.test(run.text))

const trim = (runs) => {
  const from = runs.findIndex((run) => !isBlank(run))
  if (from < 0) return []
  let to = runs.length
  while (isBlank(runs[to - 1])) to -= 1
  const trimmed = runs.slice(from, to)
  const last = trimmed.length - 1
  if (trimmed[last].text) trimmed[last] = { ...trimmed[last], text: trimmed[last].text.replace(/[ \u00a0]+$/, "") }
  if (trimmed[0].text) trimmed[0] = { ...trimmed[0], text: trimmed[0].text.replace(/^[ \u00a0]+/, "") }
  return trimmed
}

// Divides runs at two or more line breaks in a row.
const divide = (runs) => {
  const groups = [[]]
  let breaks = []
  for (const run of runs) {
    if (isBreak(run)) {
      breaks.push(run)
    } else if (isBlank(run) && breaks.length) {
      continue
    } else {
      if (breaks.length > 1) groups.push([])
      else groups.at(-1).push(...breaks)
      breaks = []
      groups.at(-1).push(run)
    }
  }
  return groups.map(trim).filter((group) => group.length)
}

const linkAddress = (group) => {
  const [run] = group
  const isBare = group.length === 1 && run.text && !run.href && ADDRESS.test(run.text)
  return isBare ? [{ ...run, href: run.text, marks: new Set() }] : group
}

export class Flow {
  constructor() {
    this.blocks = []
    this._runs = []
  }

  addText(text, state) {
    if (!state.isPreserved) {
      this._runs.push({ ...state, text: text.replace(BROKEN_LINE, "$1") })
      return
    }
    text.split(/\r\n?|\n/).forEach((line, index) => {
      if (index) this.addNode(create("br"), state)
      if (line) this._runs.push({ ...state, text: line.replace(/\t/g, " ") })
    })
  }

  addNode(node, state) {
    this._runs.push({ ...state, node })
  }

  addBlock(...blocks) {
    this.endParagraph()
    this.blocks.push(...blocks)
  }

  endParagraph() {
    const groups = divide(foldSpaces(this._runs))
    this._runs = []
    this.blocks.push(...groups.map((group) => create("p", {}, linkAddress(group).map(wrap))))
  }

  finish() {
    this.endParagraph()
    return this.blocks
  }
}

// Splits blocks into the inline nodes of all paragraphs and the other blocks.
export const splitPhrasing = (blocks) => {
  const inline = []
  const others = []
  for (const block of blocks) {
    if (block.localName !== "p") others.push(block)
    else inline.push(...(inline.length ? [create("br")] : []), ...block.childNodes)
  }
  return [inline, others]
}
