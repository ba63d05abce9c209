// Shows the address of a video, post or map as the card that readers get. It stays an address that
// can be typed over.

import { Extension, Plugin, pm } from "django-prose-editor/editor"

const bare = (address) => address.trim().replace(/^https?:\/\/(?:www\.)?/, "")

// The rule of articles/body/embeds.py: a paragraph that holds its address, linked, and nothing else.
const findService = (node, services) => {
  if (node.type.name !== "paragraph" || node.childCount !== 1) return ""
  const [text] = node.content.content
  const link = text.marks.find(({ type }) => type.name === "link")
  if (!text.isText || !link || bare(text.text) !== bare(link.attrs.href)) return ""
  return services.find(({ rule }) => rule.test(link.attrs.href))?.name || ""
}

const decorate = (doc, services) => {
  const cards = []
  doc.descendants((node, pos) => {
    const service = findService(node, services)
    if (service) cards.push(pm.view.Decoration.node(pos, pos + node.nodeSize, { class: "embed-card", "data-service": service }))
  })
  return pm.view.DecorationSet.create(doc, cards)
}

export const Embeds = Extension.create({
  name: "embeds",
  addOptions: () => ({ services: [] }),
  addProseMirrorPlugins() {
    const services = this.options.services.map(([rule, name]) => ({ rule: new RegExp(`^https?://${rule}`), name }))
    return [
      new Plugin({
        state: {
          init: (config, { doc }) => decorate(doc, services),
          apply: (tr, cards) => (tr.docChanged ? decorate(tr.doc, services) : cards),
        },
        props: {
          decorations(state) {
            return this.getState(state)
          },
        },
      }),
    ]
  },
})
