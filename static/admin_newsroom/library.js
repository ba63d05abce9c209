// Uploads files into the open folder, by the button or by dropping them onto the list, and shows the
// outcome of each.

const library = document.querySelector(".library[data-folder]")

const send = async (file, line) => {
  const form = new FormData()
  form.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value)
  form.append("folder", library.dataset.folder)
  form.append("file", file)
  line.textContent = `${file.name} …`
  try {
    const response = await fetch(library.dataset.upload, { method: "POST", body: form })
    const answer = await response.json()
    if (answer.success) {
      line.textContent = `${file.name} ✓`
      return true
    }
    line.textContent = `${file.name}: ${(answer.errors || [library.dataset.failed]).join(" ")}`
  } catch {
    line.textContent = `${file.name}: ${library.dataset.failed}`
  }
  line.className = "is-refused"
  return false
}

const sendAll = async (files) => {
  const progress = library.querySelector(".library__progress")
  progress.replaceChildren()
  let refused = 0
  for (const file of files) {
    const line = document.createElement("li")
    progress.append(line)
    if (!(await send(file, line))) refused += 1
  }
  if (!refused) window.location.reload()
}

if (library) {
  const input = library.querySelector("input[type=file]")
  document.querySelector(".library__upload").addEventListener("click", () => input.click())
  input.addEventListener("change", () => sendAll(input.files))

  const list = document.getElementById("changelist")
  for (const name of ["dragenter", "dragover"]) {
    list.addEventListener(name, (event) => {
      event.preventDefault()
      list.classList.add("library--over")
    })
  }
  for (const name of ["dragleave", "drop"]) {
    list.addEventListener(name, () => list.classList.remove("library--over"))
  }
  list.addEventListener("drop", (event) => {
    event.preventDefault()
    sendAll(event.dataTransfer.files)
  })
}
