// Shows the length of a text beside the number of characters that fit where it is shown.

const format = new Intl.NumberFormat(document.documentElement.lang)

for (const field of document.querySelectorAll("[data-fits]")) {
  const most = Number(field.dataset.fits)
  const hint = document.createElement("span")
  hint.className = "length"
  field.after(hint)
  const show = () => {
    const length = [...field.value].length
    hint.textContent = `${format.format(length)} / ${format.format(most)}`
    hint.classList.toggle("length--over", length > most)
  }
  field.addEventListener("input", show)
  show()
}
