// The button for a footnote: a number in the text, and its entry in the list at the end. Notes are
// numbered in the order of the text, so those that follow move on.

import { Extension, gettext, updateAttrsDialog } from "django-prose-editor/editor"

const REFERENCE = /^#note-(\d{1,6})$/
const ENTRY = /^note-(\d{1,6})$/

const askText = updateAttrsDialog(
  { text: { type: "string", title: gettext("Text of the footnote"), required: true } },
  { title: gettext("Footnote"), submitText: gettext("Insert") },
)

const readNumber = (pattern, text) => Number(pattern.exec(text || "")?.[1] || 0)

// Returns the references and entries of a text, each with its place and number.
const listNotes = (doc) => {
  const references = []
  const entries = []
  doc.descendants((node, pos) => {
    const link = node.marks.find(({ type }) => type.name === "link")
    const number = node.isText && link ? readNumber(REFERENCE, link.attrs.href) : 0
    if (number) references.push({ pos, node, link, number })
    const own = node.type.name === "listItem" ? readNumber(ENTRY, node.attrs.id) : 0
    if (own) entries.push({ pos, node, number: own })
  })
  return { references, entries }
}

const buildReference = (schema, number) =>
  schema.text(String(number), [
    schema.marks.superscript.create(),
    schema.marks.link.create({ href: `#note-${number}` }),
  ])

const buildEntry = (schema, number, text) =>
  schema.nodes.listItem.create({ id: `note-${number}` }, schema.nodes.paragraph.create(null, schema.text(text)))

// Adds 1 to the references and entries from a number on. Entries keep their size.
const moveOn = (tr, schema, { references, entries }, first) => {
  for (const { pos, node, number } of entries) {
    if (number >= first) tr.setNodeMarkup(pos, null, { ...node.attrs, id: `note-${number + 1}` })
  }
  for (const { pos, node, link, number } of [...references].reverse()) {
    if (number < first) continue
    const text = node.text.replace(/\d+/, number + 1)
    const href = `#note-${number + 1}`
    const others = node.marks.filter((mark) => mark !== link)
    tr.replaceWith(pos, pos + node.nodeSize, schema.text(text, [...others, link.type.create({ ...link.attrs, href })]))
  }
}

const addEntry = (tr, schema, number, text) => {
  const { entries } = listNotes(tr.doc)
  const entry = buildEntry(schema, number, text)
  const next = entries.find((each) => each.number === number + 1)
  const last = entries.find((each) => each.number === number - 1) || entries.at(-1)
  if (next) tr.insert(next.pos, entry)
  else if (last) tr.insert(last.pos + last.node.nodeSize, entry)
  else tr.insert(tr.doc.content.size, schema.nodes.orderedList.create(null, entry))
}

const insertNote = (state, dispatch, text) => {
  const { schema, tr } = state
  const at = state.selection.to
  const notes = listNotes(state.doc)
  const following = notes.references.filter(({ pos }) => pos >= at).map(({ number }) => number)
  const numbers = [...notes.references, ...notes.entries].map(({ number }) => number)
  const number = following.length ? Math.min(...following) : Math.max(0, ...numbers) + 1
  moveOn(tr, schema, notes, number)
  const place = tr.mapping.map(at, -1)
  tr.insert(place, buildReference(schema, number))
  addEntry(tr, schema, number, text)
  dispatch(tr.scrollIntoView())
}

export const Footnote = Extension.create({
  name: "footnote",

  addCommands: () => ({
    addFootnote:
      () =>
      ({ editor }) => {
        askText(editor, { text: "" }).then((attrs) => {
          const text = attrs?.text.trim()
          if (text) insertNote(editor.state, editor.view.dispatch, text)
          editor.commands.focus()
        })
        return true
      },
  }),

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "footnote",
      groups: "link",
      button: buttons.text(gettext("Footnote"), gettext("Footnote")),
      command: (editor) => editor.commands.addFootnote(),
      enabled: (editor) => editor.can().setLink({ href: "#note-1" }),
    })
  },
})
