// Moves the rows of a list by buttons and by dragging, with the mouse, a finger or a pen, and
// writes their order into the numbers, which can be typed just as well.

const icons = (name) => {
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use")
  use.setAttribute("href", `${document.querySelector("use").getAttribute("href").split("#")[0]}#${name}`)
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  icon.setAttribute("class", "icon")
  icon.setAttribute("aria-hidden", "true")
  icon.append(use)
  return icon
}

const rowsOf = (list) => [...list.children]

const renumber = (list) =>
  rowsOf(list).forEach((row, index) => { row.querySelector("[data-position]").value = index + 1 })

const move = (list, row, step) => {
  const other = rowsOf(list)[rowsOf(list).indexOf(row) + step]
  if (!other) return
  if (step < 0) other.before(row)
  else other.after(row)
  renumber(list)
}

const equip = (list, row) => {
  const moves = document.createElement("span")
  moves.className = "front__moves"
  for (const [step, label, turn] of [[-1, list.dataset.up, "up"], [1, list.dataset.down, "down"]]) {
    const button = document.createElement("button")
    button.type = "button"
    button.className = `front__move front__move--${turn}`
    const title = row.querySelector(".front__title").textContent.trim()
    button.setAttribute("aria-label", `${label}: ${title}`)
    button.append(icons("chevron"))
    button.addEventListener("click", () => {
      move(list, row, step)
      button.focus()
    })
    moves.append(button)
  }
  const grip = document.createElement("span")
  grip.className = "front__grip"
  grip.setAttribute("aria-hidden", "true")
  row.prepend(grip)
  row.append(moves)
}

const drag = (list) => {
  let held = null
  list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("li")
    if (!row || event.button || event.target.closest("a, button, input, label, select")) return
    held = row
    row.classList.add("front__row--held")
    list.setPointerCapture(event.pointerId)
  })
  list.addEventListener("pointermove", (event) => {
    if (!held) return
    const over = rowsOf(list).find((row) => {
      const { top, bottom } = row.getBoundingClientRect()
      return row !== held && event.clientY > top && event.clientY < bottom
    })
    if (!over) return
    const { top, height } = over.getBoundingClientRect()
    if (event.clientY < top + height / 2) over.before(held)
    else over.after(held)
  })
  const drop = () => {
    if (!held) return
    held.classList.remove("front__row--held")
    held = null
    renumber(list)
  }
  list.addEventListener("pointerup", drop)
  list.addEventListener("pointercancel", drop)
}

for (const list of document.querySelectorAll("[data-order]")) {
  rowsOf(list).forEach((row) => equip(list, row))
  drag(list)
}
