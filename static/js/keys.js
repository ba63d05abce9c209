// The reader's keys: next and previous topic (j, k), the answered comment (p), next new one (n),
// write (c). They act only outside fields, and can be switched off.

import { findComment, showComment, thread } from "./page.js";
import { loadItem, saveItem } from "./storage.js";

const KEYS = "keys";
const TYPING = "input, textarea, select, [contenteditable]";

const findAll = (selector) =>
  [...thread.querySelectorAll(selector)].filter((comment) => !comment.closest("[hidden]"));

let last = null; // the comment that had the focus last

document.addEventListener("focusin", ({ target }) => {
  last = findComment(target) ?? last;
});

const isInSight = (comment) => {
  const { top, bottom } = comment.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
};

// Where the reader is: the comment that had the focus, else the first in sight.
const findCurrent = () => (last && isInSight(last) ? last : findAll(".comment").find(isInSight));

const isAbove = (comment) => comment.getBoundingClientRect().bottom <= 0;

// Without another comment: whether it is below the part that was scrolled past.
const isAfter = (comment, other) =>
  other
    ? other.compareDocumentPosition(comment) & Node.DOCUMENT_POSITION_FOLLOWING
    : !isAbove(comment);

const isBefore = (comment, other) => comment !== other && !isAfter(comment, other);

const findTopics = () => findAll(".thread__root > .comment");

const ACTS = {
  j: () => findTopics().find((topic) => isAfter(topic, last && findCurrent())),
  k: () => findTopics().findLast((topic) => isBefore(topic, findCurrent())),
  p: () => findCurrent()?.parentElement.parentElement.closest("li")?.querySelector(".comment"),
  n: () => {
    const news = findAll(".comment--new");
    return news.find((comment) => isAfter(comment, findCurrent())) ?? news[0];
  },
};

const actOn = (key) => {
  if (key === "c") document.querySelector("#write textarea")?.focus();
  const comment = ACTS[key]?.();
  if (comment) showComment(comment);
};

const isOn = () => !loadItem(KEYS);

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target.closest(TYPING) || !isOn() || !(key in ACTS || key === "c")) return;
  event.preventDefault();
  actOn(key);
});

const block = document.querySelector("[data-keys]");
const labelButton = (button) => {
  button.ariaPressed = String(isOn());
  button.textContent = isOn() ? button.dataset.on : button.dataset.off;
};

if (block) {
  const toggle = block.querySelector('[data-key=""]');
  labelButton(toggle);
  document.querySelector("[data-plain]").hidden = true;
  block.hidden = false;
  block.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-key]");
    if (button === toggle) {
      saveItem(KEYS, isOn() ? "off" : "");
      labelButton(toggle);
    } else if (button) actOn(button.dataset.key);
  });
}
