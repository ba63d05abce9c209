// Figures: a picture of the library or a table, with its caption and credit as readers see them.

import {
  Figure as BaseFigure, Image as BaseImage, Plugin, crel, gettext, updateAttrsDialog,
} from "django-prose-editor/editor"
import { UPLOAD, findUpload, onUpload, post, replaceImage, uploadFile } from "newsroom/body/library"
import { isElsewhere } from "newsroom/body/pictures"

const PICTURE = /^image\/(?:jpeg|png|gif|webp|avif|heic)$/

const readHost = (address) => {
  try {
    return new URL(address).host || address.split(":")[0]
  } catch {
    return ""
  }
}

const createUpload = (src) => {
  const dom = crel("span", { className: "picture-elsewhere", role: "status" })
  const show = () => {
    const upload = findUpload(src)
    const isOver = !upload || upload.errors
    dom.textContent = isOver
      ? [upload?.name, ...(upload?.errors || [gettext("The upload failed.")])].filter(Boolean).join(": ")
      : `${upload.name} ${Math.round(upload.share * 100)}%`
  }
  show()
  return { dom, destroy: onUpload(src, show) }
}

// A picture from elsewhere is not loaded: the site's policy forbids it, and saving asks about it.
const createNotice = ({ src, alt }) => ({
  dom: crel("span", { className: "picture-elsewhere" }, [
    crel("b", { textContent: gettext("Picture from elsewhere") }),
    ` ${[readHost(src), alt].filter(Boolean).join(" – ")}`,
  ]),
})

const hidden = (name) => ({
  default: "",
  parseHTML: (element) => element.getAttribute(name) || "",
  renderHTML: () => ({}),
})

export const Image = BaseImage.extend({
  addOptions() {
    return { ...this.parent?.(), allowBase64: true }
  },

  addAttributes() {
    return {
      ...this.parent?.(),
      libraryAlt: hidden("data-alt"),
      libraryCaption: hidden("data-caption"),
      credit: hidden("data-credit"),
    }
  },

  addNodeView() {
    return ({ node }) => {
      const { src, alt, file } = node.attrs
      if (src?.startsWith(UPLOAD)) return createUpload(src)
      if (isElsewhere(node.attrs) && !/^data:image\//.test(src || "")) {
        return createNotice(node.attrs)
      }
      const dom = crel("img", { src, alt: alt || node.attrs.libraryAlt })
      if (file) dom.dataset.file = file
      return { dom }
    }
  },
})

const askTexts = (image) =>
  updateAttrsDialog(
    {
      alt: {
        type: "string",
        title: gettext("Alternative text in this article"),
        description: image.libraryAlt && `${gettext("In the library:")} ${image.libraryAlt}`,
      },
      credit: { type: "string", title: gettext("Credit, for all articles") },
    },
    { title: gettext("Texts of the picture") },
  )

const changeTexts = async (editor, position, url) => {
  const image = editor.state.doc.nodeAt(position).attrs
  const texts = await askTexts(image)(editor, { alt: image.alt, credit: image.credit })
  if (!texts) return
  editor.chain().setNodeSelection(position).updateAttributes("image", { alt: texts.alt.trim() }).run()
  if (texts.credit.trim() === image.credit) return
  const answer = await post(url.replace("/0/", `/${image.file}/`), { copyright: texts.credit.trim() })
  if (answer.errors) window.alert(answer.errors.join("\n"))
  else replaceImage(editor, image.src, answer)
}

const say = (text, isMissing) =>
  crel("span", { className: isMissing ? "figure-foot__missing" : "figure-foot__text", textContent: text })

const fillFoot = (foot, node, change) => {
  const [image, caption] = [node.child(0).attrs, node.lastChild]
  foot.replaceChildren()
  if (node.child(0).type.name !== "image" || !image.file) return
  const alt = image.alt || image.libraryAlt
  const own = !caption.content.size && image.libraryCaption
  const button = crel("button", { type: "button", className: "button", textContent: gettext("Texts …") })
  button.addEventListener("click", change)
  foot.append(
    ...(own ? [say(image.libraryCaption)] : []),
    image.credit ? say(`${gettext("Credit:")} ${image.credit}`) : say(gettext("No credit"), true),
    alt ? say(`${gettext("Alternative text:")} ${alt}`) : say(gettext("No alternative text"), true),
    button,
  )
}

// The dialog of a figure leaves out a caption that is empty.
const addCaption = (value) =>
  value.type === "figure" && value.content
    ? { ...value, content: [value.content[0], value.content[1] || { type: "caption" }] }
    : value

// Shows the texts that a picture chosen in the library has there.
const showTexts = async (editor, { src, file }, url) => {
  if (!file) return
  const answer = await fetch(url.replace("/0/", `/${file}/`))
  if (answer.ok) replaceImage(editor, src, await answer.json())
}

const listPictures = (data) => [...(data?.files || [])].filter((file) => PICTURE.test(file.type))

// A picture copied in a browser comes as a file and as an address: the file is what can be stored.
const isOnlyPicture = (html) => !html || /^(?:\s|<meta[^>]*>|<!--.*?-->)*<img[^>]*>(?:\s|<!--.*?-->)*$/i.test(
  html.replace(/<\/?(?:html|body)[^>]*>/gi, ""),
)

// The place between two blocks that is nearest to a drop: a picture splits no sentence.
const findGap = (doc, place) => {
  if (!place) return doc.content.size
  const at = doc.resolve(place.pos)
  if (!at.parent.isTextblock) return place.pos
  const depth = at.parent.type.name === "caption" ? at.depth - 1 : at.depth
  return at.parentOffset * 2 < at.parent.content.size ? at.before(depth) : at.after(depth)
}

export const Figure = BaseFigure.extend({
  content: "(image | table) caption",
  addExtensions: () => [],

  addOptions() {
    return { ...this.parent?.(), insertUrl: "", creditUrl: "" }
  },

  addCommands() {
    return {
      ...this.parent?.(),
      insertContent: (value, options) => ({ tr, commands }) => {
        const { from, to } = tr.selection
        const content = addCaption(value)
        if (content !== value) showTexts(this.editor, content.content[0].attrs, this.options.creditUrl)
        return commands.insertContentAt({ from, to }, content, options)
      },
    }
  },

  // From a caption, Enter leads to the text behind the figure.
  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => {
        const { $from, empty } = editor.state.selection
        if (!empty || $from.parent.type.name !== "caption") return false
        const after = $from.after($from.depth - 1)
        return editor.chain().insertContentAt(after, { type: "paragraph" }).focus(after + 1).run()
      },
    }
  },

  addNodeView() {
    return ({ node, editor, getPos }) => {
      const contentDOM = crel("div")
      const foot = crel("div", { className: "figure-foot" })
      foot.contentEditable = "false"
      const change = () => changeTexts(editor, getPos() + 1, this.options.creditUrl)
      fillFoot(foot, node, change)
      return {
        dom: crel("figure", null, [contentDOM, foot]),
        contentDOM,
        update: (updated) => {
          if (updated.type.name !== "figure") return false
          fillFoot(foot, updated, change)
          return true
        },
        ignoreMutation: (mutation) => foot.contains(mutation.target),
        stopEvent: (event) => foot.contains(event.target),
      }
    }
  },

  addProseMirrorPlugins() {
    const upload = (files, position) => {
      // Each is put before the one that came after it, at one place.
      [...files].reverse().forEach((file) => uploadFile(this.editor, this.options.insertUrl, file, position))
      return files.length > 0
    }
    return [
      new Plugin({
        props: {
          handlePaste: (view, { clipboardData }) =>
            isOnlyPicture(clipboardData?.getData("text/html")) &&
            upload(listPictures(clipboardData), view.state.selection.to),
          handleDrop: (view, event, slice, isMoved) => {
            const files = isMoved ? [] : listPictures(event.dataTransfer)
            const place = view.posAtCoords({ left: event.clientX, top: event.clientY })
            if (files.length) event.preventDefault()
            return upload(files, findGap(view.state.doc, place))
          },
        },
      }),
    ]
  },
})
