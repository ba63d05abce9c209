// Sends a form in place. A form has a second address for that: its own with "inline/" behind it,
// which answers with a part of the page.

import { announce, readWord } from "./page.js";
import { LOST, request } from "./request.js";

const MOST_KEPT = 60_000; // characters that browsers still send for a page that is left

// Resolves to whether the reader stayed: what waits is not sent behind somebody's back, who may come
// back to this page an hour later.
const pause = (wait) =>
  new Promise((resolve) => {
    setTimeout(resolve, wait, true);
    addEventListener("pagehide", () => resolve(false), { once: true });
  });

const showFailure = (place, hasText) => {
  const error = document.createElement("p");
  error.className = "form__error form__failed";
  error.setAttribute("role", "alert");
  error.textContent = readWord(hasText ? "failed" : "unsent");
  place.prepend(error);
  if (!place.isConnected) announce(error.textContent);
};

// The page that the server has to show: sent the plain way, from a form of its own, because the
// menu of the first may be closed by now.
const sendPlainly = (path, body) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = path;
  form.hidden = true;
  for (const [name, value] of body) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
};

// Returns { ok, status, html, body }. There is no HTML while `place` still waits for an earlier
// answer, where the browser leaves the page, and after a failure, which is shown in `place`.
export const send = async (form, submitter, { place = form, wait = 0 } = {}) => {
  if (place.hasAttribute("aria-busy")) return { ok: false, status: 0, html: "" };
  place.setAttribute("aria-busy", "true");
  submitter?.setAttribute("aria-disabled", "true"); // Disabled it would lose the focus.
  place.querySelector(".form__failed")?.remove();
  const isSent = wait <= 0 || (await pause(wait));
  const path = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  const body = new FormData(form);
  if (submitter?.name) body.append(submitter.name, submitter.value);
  const encoded = form.enctype === "multipart/form-data" ? body : new URLSearchParams(body);
  const options = { method: "POST", body: encoded, keepalive: String(encoded).length < MOST_KEPT };
  const answer = isSent ? await request(`${path}inline/`, options) : LOST;
  place.removeAttribute("aria-busy");
  submitter?.removeAttribute("aria-disabled");
  const { ok, status, text, isPage } = answer;
  const isFailure = !status || status >= 500;
  if (isFailure) showFailure(place, body.has("text"));
  else if (isPage) sendPlainly(path, body);
  return { ok, status, html: isFailure || isPage ? "" : text, body };
};
