// Our extensions of the editor: what it takes beyond its library, and how it takes pastes.

import {
  Bold as BaseBold, Code as BaseCode, Extension, Italic as BaseItalic, 
  ListItem as BaseListItem, Mark, Node, Plugin, Strike as BaseStrike, Table as BaseTable, pm,
} from "django-prose-editor/editor"
import { cleanPasted } from "newsroom/body/convert"
import { buildPlainHtml, findAddress } from "newsroom/body/plain"
import { readAlignment } from "newsroom/body/tables"

// A paste says what it says: "**" and addresses in its text change nothing.
const withoutPasteRules = (extension) => extension.extend({ addPasteRules: () => [] })
const Bold = withoutPasteRules(BaseBold)
const Code = withoutPasteRules(BaseCode).extend({ excludes: "" }) // imported texts have links and bold code
const Italic = withoutPasteRules(BaseItalic)
const Strike = withoutPasteRules(BaseStrike)
const Cite = Mark.create({
  name: "cite",
  parseHTML: () => [{ tag: "cite" }],
  renderHTML: () => ["cite", 0],
})

const DefinitionList = Node.create({
  name: "definitionList",
  group: "block",
  content: "(term | description)+",
  parseHTML: () => [{ tag: "dl" }],
  renderHTML: () => ["dl", 0],
})

const Term = Node.create({
  name: "term",
  content: "inline*",
  defining: true,
  parseHTML: () => [{ tag: "dt" }],
  renderHTML: () => ["dt", 0],
})

const Description = Node.create({
  name: "description",
  content: "block+",
  defining: true,
  parseHTML: () => [{ tag: "dd" }],
  renderHTML: () => ["dd", 0],
})

// The entry of a footnote has an id to jump to.
const ListItem = BaseListItem.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      id: {
        default: null,
        parseHTML: (element) => (/^note-\d{1,6}$/.test(element.id) ? element.id : null),
        keepOnSplit: false,
      },
    }
  },
})

// A cell takes no table of its own.
const Table = BaseTable.extend({
  addCommands() {
    const { insertTableWithOptions: insert, ...commands } = this.parent()
    return { ...commands, insertTableWithOptions: () => (props) => !props.editor.isActive("table") && insert()(props) }
  },
  addMenuItems(storage) {
    this.parent(storage)
    storage.menu.defineItem({
      name: "table",
      groups: "table",
      button: storage.buttons.material("grid_on", "Insert table"),
      command: (editor) => editor.chain().focus().insertTableWithOptions().run(),
      enabled: (editor) => !editor.isActive("table"),
    })
  },
})

const findFirstNote = (doc) => {
  let last = 0
  doc.descendants((node) => {
    const number = /^note-(\d+)$/.exec(node.attrs.id || "")
    if (number) last = Math.max(last, Number(number[1]))
  })
  return last + 1
}

const parseSlice = (view, html, $context) => {
  const box = document.implementation.createHTMLDocument("").createElement("div")
  box.innerHTML = html
  const parser = pm.model.DOMParser.fromSchema(view.state.schema)
  return parser.parseSlice(box, { preserveWhitespace: true, context: $context })
}

const Pasting = Extension.create({
  name: "pasting",
  addOptions: () => ({ media: "" }),
  // Places in imported texts that links lead to.
  addGlobalAttributes: () => [
    {
      types: ["heading", "paragraph"],
      attributes: {
        id: {
          default: null,
          parseHTML: (element) => (/^at-[\p{L}\p{N}_.-]{1,100}$/u.test(element.id) ? element.id : null),
          keepOnSplit: false,
        },
      },
    },
    {
      types: ["orderedList"],
      attributes: {
        reversed: { default: null, parseHTML: (element) => (element.reversed ? "" : null) },
      },
    },
    {
      types: ["tableCell", "tableHeader"],
      attributes: {
        alignment: {
          default: null,
          parseHTML: readAlignment,
          renderHTML: ({ alignment }) => (alignment ? { class: alignment } : {}),
        },
      },
    },
    {
      types: ["listItem"],
      attributes: {
        value: { default: null, parseHTML: (element) => element.getAttribute("value"), keepOnSplit: false },
      },
    },
  ],
  addProseMirrorPlugins() {
    const { media } = this.options
    return [
      new Plugin({
        props: {
          transformPastedHTML: (html, view) =>
            cleanPasted(html, { media, firstNote: findFirstNote(view.state.doc) }),
          clipboardTextParser: (text, $context, plain, view) =>
            parseSlice(view, buildPlainHtml(text), $context),
          // An address pasted onto chosen words becomes their link.
          handlePaste: (view, event) => {
            const href = findAddress(event.clipboardData)
            const { empty } = view.state.selection
            if (empty || !href) return false
            return this.editor.commands.setMark("link", { href })
          },
        },
      }),
    ]
  },
})

// The text stands in the type and measure of the paper.
const PaperType = Extension.create({
  name: "paperType",
  addProseMirrorPlugins: () => [new Plugin({ props: { attributes: { class: "prose" } } })],
})

const isText = (node) => node?.isTextblock

// A text that ends with a table or a picture has no line behind it: "to the end" opens one.
const End = Extension.create({
  name: "end",
  addKeyboardShortcuts() {
    const goToEnd = () => {
      const { doc, schema } = this.editor.state
      const chain = this.editor.chain()
      if (!isText(doc.lastChild)) chain.insertContentAt(doc.content.size, schema.nodes.paragraph.create().toJSON())
      return chain.focus("end").run()
    }
    return { "Mod-End": goToEnd }
  },
})

export { Bold, Cite, Code, DefinitionList, Description, End, Italic, ListItem, PaperType, Pasting, Strike, Table, Term }
export { Embeds } from "newsroom/body/embeds"
export { Elsewhere } from "newsroom/body/elsewhere"
export { Footnote } from "newsroom/body/footnote"
export { Figure, Image } from "newsroom/body/figure"
export { Formula } from "newsroom/body/formula"
export { Link } from "newsroom/body/link"
export { Ruby } from "newsroom/body/ruby"
