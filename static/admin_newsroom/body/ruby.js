// Ruby: a reading beside a word. One piece of text, edited in a dialog.

import { Node, gettext, updateAttrsDialog } from "django-prose-editor/editor"

const readBase = (element) => {
  const clone = element.cloneNode(true)
  for (const part of [...clone.querySelectorAll("rt, rp, rtc")]) part.remove()
  return clone.textContent
}

const askReading = updateAttrsDialog(
  {
    base: { type: "string", title: gettext("Text"), required: true },
    reading: { type: "string", title: gettext("Reading"), required: true },
  },
  { title: gettext("Ruby"), submitText: gettext("Insert") },
)

export const Ruby = Node.create({
  name: "ruby",
  group: "inline",
  inline: true,
  atom: true,

  addAttributes() {
    return {
      base: { default: "", parseHTML: readBase, renderHTML: () => ({}) },
      reading: {
        default: "",
        parseHTML: (element) => element.querySelector("rt")?.textContent || "",
        renderHTML: () => ({}),
      },
    }
  },

  parseHTML: () => [{ tag: "ruby" }],

  renderHTML({ node }) {
    const { base, reading } = node.attrs
    return ["ruby", base, ["rp", "（"], ["rt", reading], ["rp", "）"]]
  },

  renderText: ({ node }) => `${node.attrs.base}（${node.attrs.reading}）`,

  addCommands() {
    return {
      editRuby:
        () =>
        ({ editor, state }) => {
          const { from, to, node } = state.selection
          const isRuby = node?.type.name === this.name
          const base = state.doc.textBetween(from, to, " ")
          askReading(editor, isRuby ? node.attrs : { base, reading: "" }).then((attrs) => {
            if (attrs) editor.chain().focus().insertContentAt({ from, to }, { type: this.name, attrs }).run()
          })
          return true
        },
    }
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "ruby",
      groups: "marks",
      priority: 90,
      button: buttons.text(gettext("Ruby"), gettext("Ruby")),
      command: (editor) => editor.commands.editRuby(),
      active: (editor) => editor.isActive("ruby"),
    })
  },
})
