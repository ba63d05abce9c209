// Keys of the reader: next and previous topic (j, k), what a comment answers (p), next new one (n),
// write (c). They act only where nothing is typed, and can be switched off.

import { commentOf, lead, thread } from "./page.js";
import { keep, kept } from "./storage.js";

const KEYS = "keys";
const TYPING = "input, textarea, select, [contenteditable]";

const all = (selector) =>
  [...thread.querySelectorAll(selector)].filter((comment) => !comment.closest("[hidden]"));

let last = null; // the comment that had the focus last

document.addEventListener("focusin", ({ target }) => {
  last = commentOf(target) ?? last;
});

const isInSight = (comment) => {
  const { top, bottom } = comment.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
};

// Where the reader is: the comment that had the focus, else the first in sight.
const current = () => (last && isInSight(last) ? last : all(".comment").find(isInSight));

const isAbove = (comment) => comment.getBoundingClientRect().bottom <= 0;

// Without one to compare with: whether it stands below what was scrolled past.
const isAfter = (comment, other) =>
  other
    ? other.compareDocumentPosition(comment) & Node.DOCUMENT_POSITION_FOLLOWING
    : !isAbove(comment);

const isBefore = (comment, other) => comment !== other && !isAfter(comment, other);

const topics = () => all(".thread__root > .comment");

const ACTS = {
  j: () => topics().find((topic) => isAfter(topic, last && current())),
  k: () => topics().findLast((topic) => isBefore(topic, current())),
  p: () => current()?.parentElement.parentElement.closest("li")?.querySelector(".comment"),
  n: () => {
    const news = all(".comment--new");
    return news.find((comment) => isAfter(comment, current())) ?? news[0];
  },
};

const act = (key) => {
  if (key === "c") document.querySelector("#write textarea")?.focus();
  const comment = ACTS[key]?.();
  if (comment) lead(comment);
};

const isOn = () => !kept(KEYS);

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target.closest(TYPING) || !isOn() || !(key in ACTS || key === "c")) return;
  event.preventDefault();
  act(key);
});

const block = document.querySelector("[data-keys]");
const name = (button) => {
  button.ariaPressed = String(isOn());
  button.textContent = isOn() ? button.dataset.on : button.dataset.off;
};

if (block) {
  const toggle = block.querySelector('[data-key=""]');
  name(toggle);
  document.querySelector("[data-plain]").hidden = true;
  block.hidden = false;
  block.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-key]");
    if (button === toggle) {
      keep(KEYS, isOn() ? "off" : "");
      name(toggle);
    } else if (button) act(button.dataset.key);
  });
}
