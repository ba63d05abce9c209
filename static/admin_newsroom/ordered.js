// Orders the rows of an inline with two buttons and writes the order into the numbers, which can
// be typed just as well. A new row that is still empty gets no number: it would count as filled in.

const FIELDS = "input:not([type=hidden], [type=checkbox], .ordered__position), select"

const rowsOf = (group) => [...group.querySelectorAll("tr.form-row:not(.empty-form)")]

const isEmpty = (row) =>
  !row.classList.contains("has_original") &&
  [...row.querySelectorAll(FIELDS)].every((field) => !field.value)

const renumber = (group) => {
  rowsOf(group)
    .filter((row) => !isEmpty(row))
    .forEach((row, index) => { row.querySelector(".ordered__position").value = index + 1 })
}

const move = (group, row, step) => {
  const rows = rowsOf(group)
  const other = rows[rows.indexOf(row) + step]
  if (!other) return
  if (step < 0) other.before(row)
  else other.after(row)
  renumber(group)
}

const equip = (group, row) => {
  const position = row.querySelector(".ordered__position")
  if (!position || row.querySelector(".ordered__moves")) return
  const moves = document.createElement("span")
  moves.className = "ordered__moves"
  for (const [sign, step, label] of [["↑", -1, gettext("Move up")], ["↓", 1, gettext("Move down")]]) {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "ordered__move button"
    button.textContent = sign
    button.title = label
    button.setAttribute("aria-label", label)
    button.addEventListener("click", () => {
      move(group, row, step)
      button.focus()
    })
    moves.append(button)
  }
  position.after(moves)
}

for (const group of document.querySelectorAll("fieldset.ordered")) {
  for (const row of rowsOf(group)) equip(group, row)
  document.addEventListener("formset:added", ({ target }) => {
    if (group.contains(target)) equip(group, target)
  })
}
