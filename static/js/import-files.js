// Sends the files of an import in pieces, so that a file may be larger than one request, and then
// the form without them.

import { request } from "./request.js";

const PIECE = 1024 * 1024; // bytes
const form = document.querySelector(".import-files");
const status = form.querySelector(".import-files__progress");
const errors = form.querySelector(".import-files__errors");
const { most, pieces, tooLarge, failed } = form.dataset;

const hint = form.querySelector(".import-files__most");
hint.textContent = hint.dataset.sentence;

// Each try is an upload of its own: nothing of a former one comes along.
const drawToken = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const showError = (text) => {
  const error = document.createElement("p");
  error.className = "form__error";
  error.textContent = text;
  errors.replaceChildren(error);
  status.textContent = "";
};

const readAnswer = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // an error page
  }
};

// Returns how many bytes of a file the server has now, or shows why it refused the piece.
const sendPiece = async (file, offset) => {
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "upload", "source"]) body.append(name, form.elements[name].value);
  body.append("name", file.name);
  body.append("offset", offset);
  body.append("piece", file.slice(offset, offset + PIECE), "piece");
  const { ok, text } = await request(pieces, { method: "POST", body, headers: { Accept: "application/json" } });
  const { size, error } = readAnswer(text);
  if (ok && size) return size;
  showError(error ?? failed);
  return 0;
};

const sendFiles = async (files) => {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  let done = 0;
  for (const file of files) {
    let offset = 0;
    while (offset < file.size) {
      offset = await sendPiece(file, offset);
      if (!offset) return false;
      status.textContent = `${file.name} ${Math.floor((100 * (done + offset)) / total)}%`;
    }
    done += file.size;
  }
  return true;
};

form.addEventListener("submit", async (event) => {
  const field = form.elements.files;
  const files = [...field.files].filter((file) => file.size);
  if (!files.length) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  errors.replaceChildren();
  if (files.reduce((sum, file) => sum + file.size, 0) > most * 1024 ** 2) return showError(tooLarge);
  form.setAttribute("aria-busy", "true");
  form.elements.upload.value = drawToken();
  const isSent = await sendFiles(files);
  form.removeAttribute("aria-busy");
  if (!isSent) return;
  field.disabled = true; // they are there
  form.submit();
});

// Back from the next page the browser shows the form as it was left.
addEventListener("pageshow", () => {
  form.elements.files.disabled = false;
  status.textContent = "";
});
