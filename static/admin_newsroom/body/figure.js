// Figures: a picture of the library or a table, always with a place for a caption.

import { Figure as BaseFigure, Image as BaseImage, crel, gettext } from "django-prose-editor/editor"
import { isOwn } from "newsroom/body/pictures"

export const Figure = BaseFigure.extend({
  content: "(image | table) caption",
  addExtensions: () => [],
})

const readHost = (address) => {
  try {
    return new URL(address).host || address.split(":")[0]
  } catch {
    return ""
  }
}

// A picture from elsewhere is not loaded: the site's policy forbids it, and saving asks about it.
const createNotice = ({ src, alt }) =>
  crel("span", { className: "picture-elsewhere" }, [
    crel("b", { textContent: gettext("Picture from elsewhere") }),
    ` ${[readHost(src), alt].filter(Boolean).join(" – ")}`,
  ])

export const Image = BaseImage.extend({
  addOptions() {
    return { ...this.parent?.(), media: "" }
  },

  addNodeView() {
    return ({ node }) => {
      const { src, alt, file } = node.attrs
      const isShown = file || isOwn(src, this.options.media) || /^data:image\//.test(src || "")
      const dom = isShown ? crel("img", { src, alt: alt || "" }) : createNotice(node.attrs)
      if (file) dom.dataset.file = file
      return { dom }
    }
  },
})
