// Translates the editor's menu, which shows words and no icons. The editor itself translates its
// dialogs only.

const WORDS = {
  bold: () => gettext("Bold"),
  italic: () => gettext("Italic"),
  strike: () => pgettext("editor", "Struck"),
  subscript: () => pgettext("editor", "Sub"),
  superscript: () => pgettext("editor", "Super"),
  code: () => pgettext("editor", "Code"),
  link: () => gettext("Link"),
  unlink: () => pgettext("editor", "Unlink"),
  bulletList: () => pgettext("editor", "List"),
  orderedList: () => pgettext("editor", "Numbers"),
  orderedListProperties: () => pgettext("editor", "From …"),
  blockquote: () => pgettext("editor", "Quote"),
  horizontalRule: () => pgettext("editor", "Rule"),
  figure: () => pgettext("editor", "Picture"),
  table: () => gettext("Table"),
  "history:undo": () => "↶",
  "history:redo": () => "↷",
}

const UNKNOWN = "question_mark" // the library's name for a block that is none of the choices

const findWord = (button) => {
  const word = WORDS[button.dataset.name]?.() ?? button.getAttribute("aria-label") ?? ""
  return word && word !== UNKNOWN ? word : "–"
}

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
  const all = () => {
    menu.querySelectorAll("*").forEach(translate)
    for (const button of menu.querySelectorAll(".prose-menubar__button")) {
      const word = findWord(button)
      if (button.dataset.word !== word) button.dataset.word = word
    }
  }
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

// The editor's dialogs are translated but for these choices.
const CHOICES = { Yes: () => gettext("Yes"), No: () => gettext("No") }

const translateChoices = (editor) => {
  for (const option of editor.querySelectorAll("dialog option")) {
    const { value } = option
    if (value in CHOICES) Object.assign(option, { value, textContent: CHOICES[value]() })
  }
}

document.addEventListener("prose-editor:ready", ({ target }) => {
  const editor = target.closest(".prose-editor")
  translateMenus(editor)
  // The menu itself comes a moment after the editor.
  const translateNew = () => {
    translateMenus(editor)
    translateChoices(editor)
  }
  new MutationObserver(translateNew).observe(editor, { childList: true })
})
