// Plain text as HTML: a blank line divides paragraphs, any other line break stays one.

import { cleanAddress } from "newsroom/body/addresses"
import { create } from "newsroom/body/flow"

const ADDRESS = /https?:\/\/[^\s<>"'「」『』（）【】、。，．]*[^\s<>"'「」『』（）【】、。，．.,;:!?)\]]/g

const linkAddresses = (line) => {
  const nodes = []
  let at = 0
  for (const match of line.matchAll(ADDRESS)) {
    nodes.push(line.slice(at, match.index), create("a", { href: cleanAddress(match[0]) }, [match[0]]))
    at = match.index + match[0].length
  }
  nodes.push(line.slice(at))
  return nodes
}

export const buildPlainHtml = (text) => {
  const root = create("div")
  for (const block of text.replace(/\r\n?/g, "\n").split(/\n[ \t]*(?:\n[ \t]*)+/)) {
    const lines = block.split("\n").filter((line) => line.trim())
    const nodes = lines.flatMap((line, at) => [...(at ? [create("br")] : []), ...linkAddresses(line)])
    if (nodes.length) root.append(create("p", {}, nodes))
  }
  return root.innerHTML
}

// Returns the address if the clipboard holds nothing else.
export const findAddress = (clipboard) => {
  const text = (clipboard?.getData("text/plain") || "").trim()
  return /^(?:https?:\/\/|mailto:)\S+$/.test(text) ? cleanAddress(text) : ""
}
