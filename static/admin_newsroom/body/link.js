// The dialog of a link: it finds own articles and files, and takes nothing that is no address.

import { Link as BaseLink, crel, gettext, updateAttrsDialog } from "django-prose-editor/editor"
import { cleanAddress } from "newsroom/body/addresses"

const SITE = /^[^\s/?#@]+\.[^\s/?#.@]{2,}(?::\d+)?(?:[/?#]\S*)?$/
const MAIL = /^[^\s@/]+@[^\s@/]+\.[^\s@/.]{2,}$/
const PAUSE = 200 // ms

const isWhole = (address) => {
  try {
    return /^https?:/i.test(address) ? /[.:]|^localhost$/.test(new URL(address).hostname) : true
  } catch {
    return false
  }
}

// Returns the address that was meant, null for a text that is none.
export const completeAddress = (text) => {
  const typed = text.trim()
  if (MAIL.test(typed)) return `mailto:${typed}`
  const address = SITE.test(typed) ? `https://${typed}` : typed
  if (/^#\S+$/.test(address)) return address
  return /\s/.test(address) || !isWhole(address) ? null : cleanAddress(address) || null
}

const suggest = (input, url) => {
  const list = crel("datalist", { id: `${input.id}-targets` })
  input.after(list)
  input.setAttribute("list", list.id)
  let timer
  input.addEventListener("input", () => {
    const isAddress = !input.value.trim() || completeAddress(input.value) !== null
    input.setCustomValidity(isAddress ? "" : gettext("This is not an address. Type one such as example.com, or words of an article to choose it from the list."))
    clearTimeout(timer)
    timer = setTimeout(async () => {
      const answer = await fetch(`${url}?q=${encodeURIComponent(input.value.trim())}`).catch(() => null)
      const { targets = [] } = answer?.ok ? await answer.json() : {}
      list.replaceChildren(...targets.map(({ address, title }) => crel("option", { value: address, textContent: title })))
    }, PAUSE)
  })
}

const ask = updateAttrsDialog(
  { href: { type: "string", title: gettext("Address, or words of an article") }, title: { type: "string", title: gettext("Title") } },
  { title: gettext("Edit Link") },
)

export const Link = BaseLink.extend({
  addOptions() {
    const isAddress = (text) => /^https?:\/\//i.test(text)
    return { ...this.parent?.(), linkOnPaste: false, shouldAutoLink: isAddress, targetsUrl: "" }
  },

  // A paste says what it says: an address in its text changes no link.
  addPasteRules: () => [],

  addCommands() {
    return {
      ...this.parent?.(),
      addLink:
        () =>
        ({ editor }) => {
          const isLink = editor.isActive("link")
          if (editor.state.selection.empty && !isLink) return false
          const answer = ask(editor, editor.getAttributes("link"))
          suggest(document.querySelector(".prose-editor-dialog input[name=href]"), this.options.targetsUrl)
          answer.then((attrs) => {
            if (!attrs) return
            const href = completeAddress(attrs.href)
            const chain = editor.chain().focus().extendMarkRange("link")
            if (href) chain.setLink({ href, title: attrs.title.trim() || null }).run()
            else chain.unsetLink().run()
          })
          return true
        },
    }
  },
})
