// IDs that the reader hides for themselves, in this thread and this browser.

import { commentOf, decorate, numberOf, thread, word } from "./page.js";
import { keep, kept } from "./storage.js";

const key = `hidden:${thread.dataset.thread}`;
const codes = new Set(kept(key).split(" ").filter(Boolean));

export const codeOf = (comment) =>
  /ID:(\S+)/.exec(comment.querySelector(".comment__code")?.textContent)?.[1];

export const isHidden = (code) => codes.has(code);

const HIDDEN = "comment--hidden";

const cover = (comment) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "comment__show";
  button.textContent = word("show");
  numberOf(comment).after(button);
  comment.classList.add(HIDDEN);
};

const uncover = (comment) => {
  comment.querySelector(".comment__show")?.remove();
  comment.classList.remove(HIDDEN);
};

const mark = (place) => {
  for (const comment of place.querySelectorAll(".comment")) {
    const isCovered = comment.classList.contains(HIDDEN);
    const code = codeOf(comment);
    if (codes.has(code) && !isCovered && !comment.dataset.shown) cover(comment);
    if (!codes.has(code) && isCovered) uncover(comment);
  }
};

export const toggle = (code) => {
  if (!codes.delete(code)) codes.add(code);
  keep(key, [...codes].join(" "));
  mark(document);
};

document.addEventListener("click", ({ target }) => {
  if (!target.matches(".comment__show")) return;
  const comment = commentOf(target);
  comment.dataset.shown = "";
  uncover(comment);
  numberOf(comment).focus();
});

if (codes.size) decorate(mark);
else document.addEventListener("htmx:load", ({ target }) => mark(target));
