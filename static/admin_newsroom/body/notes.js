// Footnotes of pasted texts: references that jump to the entries of a list at the end.

import { create } from "newsroom/body/flow"

const NUMBER = /^[[(（［]?\s*([\d*†‡]{1,4}|[ivx]{1,5})\s*[\])）］]?$/i

const findTarget = (root, link) => {
  const name = (link.getAttribute("href") || "").slice(1)
  if (!name) return null
  const escaped = CSS.escape(name)
  return root.querySelector(`[id="${escaped}"], a[name="${escaped}"]`)
}

const findEntry = (target) => {
  const entry = target.closest("li, div[id^=ftn], div[id^=edn]") || target.closest("p, dd, div")
  return entry?.localName === "div" && entry.children.length > 5 ? null : entry
}

// Notes come after what refers to them, so a link upwards is a way back.
const isBelow = (link, entry) =>
  !entry.contains(link) &&
  Boolean(link.compareDocumentPosition(entry) & Node.DOCUMENT_POSITION_FOLLOWING)

const removeWaysBack = (entry) => {
  for (const link of [...entry.querySelectorAll("a")]) {
    const isBack = (link.getAttribute("href") || "").startsWith("#")
    if (isBack || (link.name && NUMBER.test(link.textContent.trim()))) link.remove()
  }
}

const findReferences = (root) => {
  const references = []
  for (const link of root.querySelectorAll('a[href^="#"]')) {
    const number = NUMBER.exec(link.textContent.trim())
    const target = number && findTarget(root, link)
    const entry = target && findEntry(target)
    if (entry && isBelow(link, entry)) references.push({ link, entry, number: number[1] })
  }
  return references
}

// Builds the list of notes; `first` is the first number that the text of the article has free.
export const convertNotes = (root, first = 1) => {
  const entries = new Map()
  for (const { link, entry, number } of findReferences(root)) {
    if (!entries.has(entry)) entries.set(entry, first + entries.size)
    const reference = create("a", { href: `#note-${entries.get(entry)}` }, [number])
    const box = link.closest("sup") || link
    box.replaceWith(create("sup", {}, [reference]))
  }
  if (!entries.size) return
  const list = create("ol", { start: first > 1 ? first : "" })
  for (const [entry, number] of entries) {
    removeWaysBack(entry)
    list.append(create("li", { id: `note-${number}` }, [...entry.childNodes]))
    const box = entry.parentElement
    entry.remove()
    if (box !== root && box && !box.textContent.trim()) box.remove()
  }
  root.append(list)
}
