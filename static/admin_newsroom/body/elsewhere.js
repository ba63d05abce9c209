// Tells above the text how many pictures saving would leave out, and takes them into the library.

import { Extension, Plugin, crel, gettext } from "django-prose-editor/editor"
import { listImages, takeFromElsewhere } from "newsroom/body/library"
import { isElsewhere } from "newsroom/body/pictures"

const listElsewhere = (state) =>
  listImages(state.doc).filter(({ node }) => isElsewhere(node.attrs))

const leaveOut = (editor) => {
  const { tr } = editor.state
  for (const { pos } of listElsewhere(editor.state).reverse()) {
    const place = tr.doc.resolve(pos)
    const isFigure = place.parent.type.name === "figure"
    const from = isFigure ? place.before() : pos
    tr.delete(from, isFigure ? place.after() : pos + 1)
  }
  editor.view.dispatch(tr)
}

const takeAll = async (editor, url, said) => {
  const addresses = new Set(listElsewhere(editor.state).map(({ node }) => node.attrs.src))
  said.textContent = gettext("Fetching …")
  const errors = []
  for (const address of addresses) {
    const answer = await takeFromElsewhere(editor, url, address)
    errors.push(...(answer.errors || []))
  }
  said.textContent = errors.join(" ")
}

const createBar = (editor) => {
  const url = editor.extensionManager.extensions.find(({ name }) => name === "figure").options.insertUrl
  const count = crel("b")
  const said = crel("span", { className: "elsewhere__said", role: "status" })
  const take = crel("button", { type: "button", className: "button", textContent: gettext("Take into the library") })
  const leave = crel("button", { type: "button", className: "button", textContent: gettext("Leave out") })
  take.addEventListener("click", () => takeAll(editor, url, said))
  leave.addEventListener("click", () => leaveOut(editor))
  const bar = crel("div", { className: "elsewhere", role: "group" }, [count, take, leave, said])
  return { bar, count }
}

export const Elsewhere = Extension.create({
  name: "elsewhere",

  addProseMirrorPlugins() {
    const { editor } = this
    const view = () => {
      const { bar, count } = createBar(editor)
      const show = () => {
        const number = listElsewhere(editor.state).length
        bar.hidden = !number
        count.textContent = interpolate(
          ngettext("%s picture comes from elsewhere.", "%s pictures come from elsewhere.", number), [number],
        )
        if (!bar.isConnected) editor.view.dom.before(bar)
      }
      queueMicrotask(show)
      return { update: show, destroy: () => bar.remove() }
    }
    return [new Plugin({ view })]
  },
})
