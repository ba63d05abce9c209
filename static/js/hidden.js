// IDs that the reader hides for themselves, in this thread and this browser.

import {
  decorateParts,
  findComment,
  findNumber,
  readWord,
  thread,
  watchChanges,
} from "./page.js";
import { loadItem, saveItem } from "./storage.js";

const key = `hidden:${thread.dataset.thread}`;
const codes = new Set(loadItem(key).split(" ").filter(Boolean));

export const readCode = (comment) =>
  /ID:(\S+)/.exec(comment.querySelector(".comment__code")?.textContent)?.[1];

export const isHidden = (code) => codes.has(code);

const HIDDEN = "comment--hidden";

const hideComment = (comment) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "comment__show";
  button.textContent = readWord("show");
  findNumber(comment).after(button);
  comment.classList.add(HIDDEN);
};

const unhideComment = (comment) => {
  comment.querySelector(".comment__show")?.remove();
  comment.classList.remove(HIDDEN);
};

const markHidden = (place) => {
  for (const comment of place.querySelectorAll(".comment")) {
    const isCovered = comment.classList.contains(HIDDEN);
    const code = readCode(comment);
    if (codes.has(code) && !isCovered && !comment.dataset.shown) hideComment(comment);
    if (!codes.has(code) && isCovered) unhideComment(comment);
  }
};

export const toggleCode = (code) => {
  if (!codes.delete(code)) codes.add(code);
  saveItem(key, [...codes].join(" "));
  markHidden(document);
};

document.addEventListener("click", ({ target }) => {
  if (!target.matches(".comment__show")) return;
  const comment = findComment(target);
  comment.dataset.shown = "";
  unhideComment(comment);
  findNumber(comment).focus();
});

if (codes.size) decorateParts(markHidden);
else watchChanges(markHidden);
