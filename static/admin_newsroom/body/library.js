// Sends pictures to the library while the text is written.

const EVENTS = new EventTarget()
const uploads = new Map()
let last = 0

export const UPLOAD = "upload:"

const read = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

// Posts a form and resolves to the answer, or to {errors}; `progress` hears the share sent.
export const post = (url, fields, progress = () => {}) =>
  new Promise((resolve) => {
    const form = new FormData()
    form.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value)
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    const request = new XMLHttpRequest()
    request.open("POST", url)
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded / total))
    const fail = () => resolve({ errors: [gettext("The upload failed.")] })
    request.addEventListener("error", fail)
    request.addEventListener("load", () => {
      const answer = read(request.responseText)
      if (answer.id || answer.errors) resolve(answer)
      else fail()
    })
    request.send(form)
  })

export const listImages = (doc) => {
  const images = []
  doc.descendants((node, pos) => {
    if (node.type.name === "image") images.push({ node, pos })
  })
  return images
}

// Shows a file of the library where an image was that has this `src`.
export const replaceImage = (editor, src, file) => {
  const { state, view } = editor
  const { tr } = state
  for (const { node, pos } of listImages(state.doc).filter((image) => image.node.attrs.src === src)) {
    const { id, src: address, alt, caption, credit } = file
    const attrs = { ...node.attrs, src: address, file: String(id), libraryAlt: alt, libraryCaption: caption, credit }
    tr.setNodeMarkup(pos, null, attrs)
  }
  view.dispatch(tr)
}

export const findUpload = (src) => uploads.get(src)

export const onUpload = (src, listener) => {
  EVENTS.addEventListener(src, listener)
  return () => EVENTS.removeEventListener(src, listener)
}

// Puts a figure where a file was dropped or pasted, and the picture into it once it is stored.
export const uploadFile = async (editor, url, file, position) => {
  last += 1
  const src = `${UPLOAD}${last}`
  const update = (change) => {
    uploads.set(src, { ...uploads.get(src), ...change })
    EVENTS.dispatchEvent(new Event(src))
  }
  update({ name: file.name, share: 0, errors: null })
  const content = { type: "figure", content: [{ type: "image", attrs: { src } }, { type: "caption" }] }
  editor.chain().insertContentAt(position, content).run()
  const answer = await post(url, { file }, (share) => update({ share }))
  if (answer.errors) update({ errors: answer.errors })
  else replaceImage(editor, src, answer)
}

export const takeFromElsewhere = async (editor, url, src) => {
  const answer = await post(url, { address: src })
  if (!answer.errors) replaceImage(editor, src, answer)
  return answer
}
