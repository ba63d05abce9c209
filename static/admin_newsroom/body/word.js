// Word's own marks in pasted HTML become elements: headings, lists, footnotes.

import { create } from "newsroom/body/flow"
import { listStyle } from "newsroom/body/styles"

const ROMAN = { i: 1, v: 5, x: 10, l: 50, c: 100 }
const KANJI = "〇一二三四五六七八九"

const readRoman = (text) =>
  [...text].reduce((sum, letter, at) => {
    const value = ROMAN[letter]
    return value < ROMAN[text[at + 1]] ? sum - value : sum + value
  }, 0)

const readKanji = (text) => {
  const [tens, ones] = text.includes("十") ? text.split("十") : ["", text]
  const ten = text.includes("十") ? 10 * (KANJI.indexOf(tens) > 0 ? KANJI.indexOf(tens) : 1) : 0
  return ten + Math.max(KANJI.indexOf(ones || "〇"), 0)
}

// Returns {start, type} of a numbered marker such as "3.", "(b)" or "1.2.", null for a bullet.
export const readMarker = (text) => {
  const marker = text.normalize("NFKC").replace(/[\s\u00a0]/g, "")
  const number = /^\(?(?:\d+\.)*(\d+)[.):、]?$/.exec(marker)
  if (number) return { start: Number(number[1]) }
  const kanji = /^\(?([〇一二三四五六七八九十]+)[.):、]$/.exec(marker)
  if (kanji) return { start: readKanji(kanji[1]) }
  const letter = /^\(?([a-z]+|[A-Z]+)[.)]$/.exec(marker)
  if (!letter) return null
  const small = letter[1].toLowerCase()
  const isUpper = letter[1] !== small
  if (/^[ivxlc]+$/.test(small) && (small.length > 1 || small === "i")) {
    return { start: readRoman(small), type: isUpper ? "I" : "i" }
  }
  return small.length === 1
    ? { start: small.charCodeAt(0) - 96, type: isUpper ? "A" : "a" }
    : null
}

const readItem = (element) => {
  if (!/^(?:p|h\d|div)$/.test(element.localName)) return null
  const level = /\bl(\d+)\s+level(\d+)/.exec(listStyle(element)["mso-list"] || "")
  if (!level) return null
  const marker = [...element.querySelectorAll("[data-style]")].find((part) =>
    /ignore/.test(listStyle(part)["mso-list"] || ""),
  )
  return { element, id: level[1], level: Number(level[2]), marker: readMarker(marker?.textContent || "") }
}

const openList = (item) => {
  const { marker } = item
  if (!marker) return create("ul")
  return create("ol", { start: marker.start > 1 ? marker.start : "", type: marker.type || "" })
}

const addItem = (open, item) => {
  while (open.length && open.at(-1).level > item.level) open.pop()
  let list = open.at(-1)
  const fits = list && list.level === item.level && list.list.localName === (item.marker ? "ol" : "ul")
  if (list && list.level === item.level && !fits) {
    open.pop()
    list = undefined
  }
  if (!fits) {
    const above = open.at(-1)
    list = { level: item.level, list: openList(item) }
    if (above) above.list.lastElementChild.append(list.list)
    else item.element.before(list.list)
    open.push(list)
  }
  const entry = create("li", {}, [...item.element.childNodes])
  list.list.append(entry)
  item.element.remove()
}

const convertLists = (root) => {
  let open = []
  let last = null
  for (const element of [...root.querySelectorAll("p, h1, h2, h3, h4, h5, h6, div")]) {
    const item = readItem(element)
    if (!item) continue
    const isNext = last && (element.previousElementSibling === open[0]?.list)
    if (!isNext || last.id !== item.id) open = []
    addItem(open, item)
    last = item
  }
  for (const marker of root.querySelectorAll("[data-style*=mso-list]")) {
    if (/ignore/.test(listStyle(marker)["mso-list"] || "")) marker.remove()
  }
}

const rename = (element, tag) => {
  const renamed = create(tag, { "data-style": element.getAttribute("data-style") }, [...element.childNodes])
  element.replaceWith(renamed)
}

const convertHeadings = (root) => {
  for (const paragraph of root.querySelectorAll("p")) {
    const outline = Number.parseInt(listStyle(paragraph)["mso-outline-level"], 10)
    const name = /^(?:Mso)?(?:Heading(\d)|Title)$/i.exec(paragraph.getAttribute("class") || "")
    const level = outline || (name && Number(name[1] || 1))
    if (level && paragraph.textContent.trim()) rename(paragraph, `h${Math.min(level, 6)}`)
  }
}

const convertQuotes = (root) => {
  for (const paragraph of root.querySelectorAll("p.MsoQuote, p.MsoIntenseQuote")) {
    const before = paragraph.previousElementSibling
    const quote = before?.matches("blockquote[data-word]") ? before : create("blockquote", { "data-word": "1" })
    if (quote !== before) paragraph.before(quote)
    quote.append(paragraph)
    paragraph.removeAttribute("class")
  }
}

export const convertWord = (root) => {
  convertHeadings(root)
  convertLists(root)
  convertQuotes(root)
}
