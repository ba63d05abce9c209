// The list of what waits: its rows, which one is open, and more of them from the server.

import { request } from "./request.js";

export const place = document.getElementById("queue");
export const words = document.getElementById("words").dataset;
export const sending = new Set(); // keys whose decision is on its way
export const decided = new Set(); // keys that no longer wait; a list on its way may still have them

export const findCase = () => document.getElementById("case");
export const findKey = () => findCase()?.dataset.key;
export const findRow = (key) =>
  place.querySelector(`.list__row[data-key="${CSS.escape(key ?? "")}"]`);
export const listRows = () => [...place.querySelectorAll(".list__row")];
export const listOpen = () => listRows().filter((row) => !sending.has(row.dataset.key));

export const announce = (text) => {
  document.getElementById("said").textContent = text;
};

export const parse = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
};

export const showPosition = () => {
  const index = listOpen().findIndex((row) => row.dataset.key === findKey());
  for (const part of document.querySelectorAll("[data-position]")) {
    if (index >= 0) part.textContent = index + 1;
  }
};

// The row after (or before) the open one, round the end.
export const findNeighbour = (step = 1) => {
  const rows = listRows();
  const at = rows.findIndex((row) => row.dataset.key === findKey());
  for (let n = 1; n <= rows.length; n += 1) {
    const row = rows[(at + n * step + rows.length * n) % rows.length];
    if (!sending.has(row.dataset.key) && row.dataset.key !== findKey()) return row;
  }
  return null;
};

// Scroll the list, where it scrolls by itself, until the row is in sight.
const scrollToRow = (row) => {
  const list = row.closest(".queue__list");
  const box = list.getBoundingClientRect();
  const { top, bottom } = row.getBoundingClientRect();
  if (top < box.top) list.scrollTop -= box.top - top;
  else if (bottom > box.bottom) list.scrollTop += bottom - box.bottom;
};

export const markRow = (key) => {
  for (const row of listRows()) {
    const isOpen = row.dataset.key === key;
    row.classList.toggle("list__row--open", isOpen);
    if (isOpen) row.querySelector(".list__link").setAttribute("aria-current", "true");
    else row.querySelector(".list__link").removeAttribute("aria-current");
    if (isOpen) scrollToRow(row);
  }
};

export const fetchRows = async () => {
  const { ok, text, isPage } = await request(
    `${place.dataset.list}${place.dataset.list.includes("?") ? "&" : "?"}part=list`,
  );
  if (!ok || isPage) return;
  let last = null; // in the server's order
  for (const row of parse(text).querySelectorAll(".list__row")) {
    const { key } = row.dataset;
    const isNew = !findRow(key) && !sending.has(key) && !decided.has(key);
    if (isNew && last) last.after(row);
    else if (isNew) place.querySelector(".list__rows").prepend(row);
    last = findRow(key) ?? last;
  }
};

const showChosen = () => {
  const chosen = place.querySelectorAll("[name=chosen][type=checkbox]:checked").length;
  const label = place.querySelector("[data-chosen]");
  label.dataset.label ??= label.textContent;
  label.textContent = `${label.dataset.label} ${chosen}`;
};

export const removeRow = (key) => {
  findRow(key)?.remove();
  showChosen();
};

place.addEventListener("change", ({ target }) => {
  if (target.matches("[data-all]")) {
    for (const box of place.querySelectorAll("[name=chosen][type=checkbox]")) {
      box.checked = target.checked;
    }
  }
  showChosen();
});
