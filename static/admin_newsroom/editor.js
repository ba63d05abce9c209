// Translates the editor's menu. The editor itself translates its dialogs only.

const translate = (element) => {
  for (const name of ["title", "aria-label"]) {
    const said = element.getAttribute(name)
    if (said && gettext(said) !== said) element.setAttribute(name, gettext(said))
  }
  const isText = !element.childElementCount && !element.classList.contains("material-icons")
  const said = element.textContent.trim()
  if (isText && gettext(said) !== said) element.textContent = gettext(said)
}

const translateMenu = (menu) => {
  const all = () => menu.querySelectorAll("*").forEach(translate)
  all()
  // The button of the current block is replaced whenever another block becomes the current one.
  new MutationObserver(all).observe(menu, { childList: true, subtree: true })
}

const translateMenus = (editor) => {
  editor.querySelectorAll(".prose-menubar:not([data-translated])").forEach((menu) => {
    menu.dataset.translated = ""
    translateMenu(menu)
  })
}

document.addEventListener("prose-editor:ready", ({ target }) => {
  const editor = target.closest(".prose-editor")
  translateMenus(editor)
  // The menu itself comes a moment after the editor.
  new MutationObserver(() => translateMenus(editor)).observe(editor, { childList: true })
})
