// Converts pasted HTML to the elements of an article before the editor parses it.

import { cleanAddress } from "newsroom/body/addresses"
import { Flow, create, splitPhrasing } from "newsroom/body/flow"
import { copyFormula } from "newsroom/body/formula"
import { convertNotes } from "newsroom/body/notes"
import { isSmiley, readPicture, readPlayer } from "newsroom/body/pictures"
import { isHidden, readState } from "newsroom/body/styles"
import { convertTable } from "newsroom/body/tables"
import { convertWord } from "newsroom/body/word"

const DROPPED = new Set(
  ("script style template noscript head title meta link base select textarea datalist svg rp" +
    " param source track wbr canvas map area dialog").split(" "),
)
const INLINE = new Set(
  ("b strong i em dfn var s strike del sub sup code kbd samp tt cite span font u ins mark big small" +
    " label time abbr acronym bdi bdo data output nobr rb o:p picture st1:place").split(" "),
)
const OWN = new Set(
  "a br hr input button q ruby math summary pre blockquote ul ol menu li dl table figure img".split(" "),
)
const PLAYERS = new Set(["iframe", "embed", "object", "video", "audio"])
const START = { marks: new Set(), isPlain: false, isUnseen: false, isPreserved: false, href: "", title: "" }
const DEEPEST = 120

class Conversion {
  constructor(media) {
    this._media = media
    this._depth = 0
  }

  convert(nodes, state = START) {
    const flow = new Flow()
    for (const node of nodes) this._walk(node, flow, state)
    return flow.finish()
  }

  _walk(node, flow, above) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (!above.isUnseen) flow.addText(node.data, above)
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      const tag = node.localName
      if (DROPPED.has(tag) || isHidden(node) || this._depth > DEEPEST) return
      this._depth += 1
      this._convert(node, tag, flow, readState(node, above))
      this._depth -= 1
    }
  }

  _walkAll(node, flow, state) {
    for (const child of node.childNodes) this._walk(child, flow, state)
  }

  _convert(node, tag, flow, state) {
    if (INLINE.has(tag)) this._walkAll(node, flow, state)
    else if (PLAYERS.has(tag)) this._player(node, flow, state)
    else if (/^h[1-6]$/.test(tag)) this._heading(node, tag, flow, state)
    else if (OWN.has(tag)) this[`_${tag}`](node, flow, state)
    else this._box(node, flow, state)
  }

  _box(node, flow, state) {
    if (/(?:^|\s)wp-caption(?:\s|$)/.test(node.getAttribute("class") || "")) {
      this._figure(node, flow, state)
      return
    }
    flow.endParagraph()
    this._walkAll(node, flow, state)
    flow.endParagraph()
  }

  _a(node, flow, state) {
    const href = node.getAttribute("href") || ""
    const target = /^#note-\d+$/.test(href) ? href : cleanAddress(href)
    const title = target && !state.href ? node.getAttribute("title") || "" : state.title
    this._walkAll(node, flow, { ...state, href: state.href || target, title })
  }

  _br(node, flow, state) {
    flow.addNode(create("br"), state)
  }

  _hr(node, flow) {
    flow.addBlock(create("hr"))
  }

  _input(node, flow, state) {
    if (node.type === "checkbox") flow.addText(node.hasAttribute("checked") ? "☑ " : "☐ ", state)
  }

  _button(node, flow, state) {
    if (node.querySelector("img")) this._walkAll(node, flow, state)
  }

  _q(node, flow, state) {
    flow.addText("“", state)
    this._walkAll(node, flow, state)
    flow.addText("”", state)
  }

  _ruby(node, flow, state) {
    const bases = []
    const readings = []
    for (const part of node.childNodes) {
      const tag = part.localName || ""
      const text = part.textContent.replace(/\s+/g, tag ? " " : "")
      if (tag === "rt" || tag === "rtc") readings.push(text.trim())
      else if (tag === "rb" || !readings.length || bases.length === readings.length) {
        const isNew = tag === "rb" || bases.length === readings.length
        if (tag !== "rp" && text && isNew) bases.push(text)
        else if (tag !== "rp" && text) bases[bases.length - 1] += text
      } else if (tag !== "rp") bases[bases.length - 1] += text
    }
    bases.forEach((base, at) => {
      if (!readings[at]) flow.addText(base, state)
      else {
        const parts = [base, create("rp", {}, ["（"]), create("rt", {}, [readings[at]]), create("rp", {}, ["）"])]
        flow.addNode(create("ruby", {}, parts), state)
      }
    })
  }

  _math(node, flow, state) {
    const formula = copyFormula(node)
    if (formula.childElementCount) flow.addNode(formula, state)
    else flow.addText(node.getAttribute("alttext") || node.textContent, state)
  }

  _summary(node, flow, state) {
    this._box(node, flow, { ...state, marks: new Set([...state.marks, "strong"]) })
  }

  _heading(node, tag, flow, state) {
    const [inline, others] = splitPhrasing(this.convert(node.childNodes, state))
    if (inline.length) flow.addBlock(create(tag, {}, inline))
    flow.addBlock(...others)
  }

  _pre(node, flow, state) {
    for (const line of node.querySelectorAll("br")) line.replaceWith("\n")
    for (const part of [...node.querySelectorAll("*")]) if (isHidden(part)) part.remove()
    const text = node.textContent.replace(/^\n|\s+$/g, "")
    if (text && !state.isUnseen) flow.addBlock(create("pre", {}, [create("code", {}, [text])]))
  }

  _blockquote(node, flow, state) {
    for (const source of node.querySelectorAll(":scope > cite, :scope > footer")) source.before(create("br"), create("br"))
    const blocks = this.convert(node.childNodes, { ...state, isPlain: false })
    if (blocks.length) flow.addBlock(create("blockquote", {}, blocks))
  }

  _ul(node, flow, state) {
    const list = create(node.localName, this._numbering(node))
    for (const child of node.childNodes) {
      const isItem = child.localName === "li"
      if (isItem && isHidden(child)) continue
      const inner = isItem ? readState(child, state) : state
      const blocks = this.convert(isItem ? child.childNodes : [child], inner)
      if (!blocks.length) continue
      const id = isItem && /^note-\d+$/.test(child.id) ? child.id : ""
      if (isItem || !list.lastElementChild) list.append(create("li", { id }, blocks))
      else list.lastElementChild.append(...blocks)
    }
    if (list.childNodes.length) flow.addBlock(list)
  }

  _ol(node, flow, state) {
    this._ul(node, flow, state)
  }

  _menu(node, flow, state) {
    this._ul(create("ul", {}, [...node.childNodes]), flow, state)
  }

  _li(node, flow, state) {
    this._ul(create("ul", {}, [node.cloneNode(true)]), flow, state)
  }

  _numbering(node) {
    if (node.localName !== "ol") return {}
    const start = /^\d{1,8}$/.exec(node.getAttribute("start") || "")?.[0]
    const type = node.getAttribute("type")
    return { start: start === "1" ? "" : start, type: /^[aAiI]$/.test(type) ? type : "" }
  }

  _dl(node, flow, state) {
    const parts = [...node.querySelectorAll("dt, dd")].filter((part) => !isHidden(part))
    if (!parts.length) return this._box(node, flow, state)
    const list = create("dl")
    for (const part of parts) {
      const blocks = this.convert(part.childNodes, readState(part, state))
      if (!blocks.length) continue
      const [inline, others] = part.localName === "dt" ? splitPhrasing(blocks) : [blocks, []]
      list.append(create(part.localName, {}, inline))
      if (others.length) list.append(create("dd", {}, others))
    }
    if (list.childNodes.length) flow.addBlock(list)
  }

  _table(node, flow, state, caption = []) {
    const own = [...node.children].find((child) => child.localName === "caption")
    const title = caption.length || !own ? caption : splitPhrasing(this.convert(own.childNodes, state))[0]
    const table = convertTable(node, (cell) => this.convert(cell.childNodes, readState(cell, state)))
    if (Array.isArray(table)) flow.addBlock(...table)
    else if (title.length) flow.addBlock(create("figure", {}, [table, create("figcaption", {}, title)]))
    else flow.addBlock(table)
  }

  _figure(node, flow, state) {
    const isOwn = (caption) => caption.parentElement.closest("figure, .wp-caption") === node
    const captions = [...node.querySelectorAll("figcaption, .wp-caption-text")].filter(isOwn)
    const isLibrary = node.querySelector("img[data-file]")
    for (const credit of isLibrary ? node.querySelectorAll("figcaption .credit") : []) credit.remove()
    const [caption, extra] = splitPhrasing(captions.flatMap((each) => this.convert(each.childNodes, state)))
    for (const each of captions) each.remove()
    const table = node.querySelector("table")
    if (table && caption.length && !node.querySelector("img")) {
      this._table(table, flow, state, caption)
      return
    }
    const blocks = this.convert(node.childNodes, state)
    const pictures = blocks.filter((block) => block.matches("figure") && block.querySelector("img"))
    if (pictures.length === 1 && caption.length && !pictures[0].querySelector("figcaption")) {
      pictures[0].append(create("figcaption", {}, caption))
      flow.addBlock(...blocks, ...extra)
    } else {
      flow.addBlock(...blocks, ...(caption.length ? [create("p", {}, caption)] : []), ...extra)
    }
  }

  _img(node, flow, state) {
    if (isSmiley(node)) {
      flow.addText(node.getAttribute("alt") || "", state)
      return
    }
    const picture = state.isUnseen ? null : readPicture(node, this._media)
    if (picture) flow.addBlock(create("figure", {}, [picture]))
  }

  _player(node, flow, state) {
    const address = readPlayer(node)
    if (address) flow.addBlock(create("p", {}, [create("a", { href: address }, [address])]))
    else this._box(node, flow, state)
  }
}

// One heading of the first level at the top is the title of a page; several are its sections.
const lowerHeadings = (root) => {
  const headings = [...root.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  const tops = headings.filter((heading) => heading.localName === "h1")
  const isTitle = tops.length === 1 && tops[0] === headings[0]
  const down = tops.length && !isTitle ? 1 : 0
  for (const heading of headings) {
    const level = Math.min(Math.max(Number(heading.localName[1]) + down, 2), 4)
    const lowered = create(`h${level}`, {}, [...heading.childNodes])
    heading.replaceWith(lowered)
  }
}

const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi
const FORBIDDEN = /("[^"]*"|'[^']*')|\s(style|on\w+)(?=\s*=)/gi

const STYLE_SHEET = /<style\b[\s\S]*?(?:<\/style\s*>|$)/gi

// Merely parsing inline styles and code counts as a breach of the site's policy.
const removeForbidden = (html) =>
  html.replace(STYLE_SHEET, "").replace(TAG, (tag) => tag.replace(FORBIDDEN, (match, value, name) => value || ` data-${name}`))

// Returns pasted HTML as that of an article. `media` is where the library is served from, `firstNote`
// the first free number of a footnote.
export const cleanPasted = (html, { media = "", firstNote = 1 } = {}) => {
  const { body } = new DOMParser().parseFromString(removeForbidden(html), "text/html")
  const slice = body.querySelector("[data-pm-slice]")
  convertNotes(body, firstNote)
  convertWord(body)
  const root = create("div", {}, new Conversion(media).convert(body.childNodes))
  lowerHeadings(root)
  const first = root.firstElementChild
  if (slice && first?.localName === slice.localName) {
    first.setAttribute("data-pm-slice", slice.getAttribute("data-pm-slice"))
  }
  return root.innerHTML
}
