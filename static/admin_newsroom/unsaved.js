// Asks before a form with unsaved changes is left.

const form = document.getElementById("article_form")
let isChanged = document.querySelector(".errornote") !== null

form?.addEventListener("input", () => { isChanged = true })

form?.addEventListener("submit", ({ submitter }) => {
  if (submitter?.formTarget !== "_blank") isChanged = false // A preview saves nothing.
})

addEventListener("beforeunload", (event) => {
  if (isChanged) event.preventDefault()
})
