// The ways through a thread, by keys and by the bar below it: next and previous topic (j, k), the
// answered comment (p), next new one (n), write (c). Keys act only outside fields and dialogs, and
// can be switched off. ``?`` shows them.

import { isConverting } from "./conversion.js";
import { EDGE, announce, decorateParts, findComment, readWord, showComment, thread } from "./page.js";
import { loadItem, saveItem } from "./storage.js";

const KEYS = "keys";
const TYPING = "input, textarea, select, [contenteditable], dialog";

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

// Without another comment: whether it begins below the top of the screen.
const isAfter = (comment, other) =>
  other
    ? other.compareDocumentPosition(comment) & Node.DOCUMENT_POSITION_FOLLOWING
    : comment.getBoundingClientRect().top > EDGE;

const isBefore = (comment, other) => comment !== other && !isAfter(comment, other);

const findTopics = () => findAll(".thread__root > .comment");

const WAYS = {
  j: () => findTopics().find((topic) => isAfter(topic, last && findCurrent())),
  k: () => findTopics().findLast((topic) => isBefore(topic, findCurrent())),
  p: () => findCurrent()?.parentElement.parentElement.closest("li")?.querySelector(".comment"),
  n: () => {
    const news = findAll(".comment--new");
    return news.find((comment) => isAfter(comment, findCurrent())) ?? news[0];
  },
};

const NOWHERE = { j: "noNext", k: "noPrevious", p: "noParent", n: "noNew" };

const write = () => {
  const form = document.querySelector("#write form");
  form?.scrollIntoView({ block: "nearest" });
  form?.elements.text.focus({ preventScroll: true });
};

const help = document.getElementById("help");

const ACTS = { c: write, "?": () => help.showModal() };

const go = (key) => {
  const comment = WAYS[key]();
  if (comment) showComment(comment);
  else announce(readWord(NOWHERE[key]));
};

const act = (key) => (ACTS[key] ?? go)(key);

const isOn = () => !loadItem(KEYS);

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || isConverting(event)) return;
  if (target.closest(TYPING) || !isOn() || !(key in WAYS || key in ACTS)) return;
  event.preventDefault();
  act(key);
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-help]")) ACTS["?"]();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-key]");
  if (!link) return;
  event.preventDefault();
  act(link.dataset.key);
});

// The legends of the new mark lead to the first of the new ones.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-legend]")) return;
  const [first] = findAll(".comment--new");
  if (!first) return;
  event.preventDefault();
  showComment(first);
});

if (help) {
  const toggle = help.querySelector("[data-keys]");
  const label = () => {
    toggle.setAttribute("aria-pressed", isOn());
    toggle.textContent = isOn() ? toggle.dataset.on : toggle.dataset.off;
  };
  label();
  toggle.addEventListener("click", () => {
    saveItem(KEYS, isOn() ? "off" : "");
    label();
  });
  help.addEventListener("click", ({ target }) => target === help && help.close());
  decorateParts(() => {
    for (const button of document.querySelectorAll("[data-help][hidden]")) button.hidden = false;
  });
}
