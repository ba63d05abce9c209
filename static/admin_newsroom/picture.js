// Shows the picture that was chosen from the library. Loaded after Django's jQuery, because
// the popup reports its choice by a jQuery event.

for (const picture of document.querySelectorAll(".picture")) {
  const id = picture.querySelector(".picture__id")
  const image = picture.querySelector(".picture__image")
  const clear = picture.querySelector(".picture__clear")

  const show = () => {
    const chosen = /^\d+$/.test(id.value)
    image.hidden = !chosen
    if (chosen) image.src = picture.dataset.thumbnail.replace("/0/", `/${id.value}/`)
    clear.hidden = !id.value
    picture.querySelector(".picture__texts").textContent = ""
  }

  django.jQuery(id).on("change", show)
  image.addEventListener("error", () => { image.hidden = true })
  clear.addEventListener("click", () => {
    id.value = ""
    show()
  })
}
