// What a link to another comment means is shown beside it: on hover and on focus, gone by Escape.

import { address, commentOf } from "./page.js";

const LINKS = ".reference, .comment__answer, .comment__answered";
const PAUSE = 150; // ms before it opens and closes by the mouse

const box = document.createElement("div");
box.className = "quote";
box.id = "quote";
box.role = "tooltip";
let [shownFor, timer] = [null, 0];

const close = () => {
  shownFor?.removeAttribute("aria-describedby");
  shownFor = null;
  box.remove();
};

const open = (link) => {
  if (link === shownFor) return;
  close();
  const comment = commentOf(link);
  const id = link.hash.slice(1);
  const here = commentOf(document.getElementById(id) ?? document.body);
  if (!comment || !window.htmx) return;
  shownFor = link;
  box.replaceChildren();
  box.style.insetBlockStart = `${link.offsetTop + link.offsetHeight}px`;
  comment.append(box);
  link.setAttribute("aria-describedby", box.id);
  if (here) {
    const parts = here.querySelectorAll(":scope > .comment__head, :scope > .comment__body");
    box.replaceChildren(...[...parts].map((part) => part.cloneNode(true)));
  } else {
    const path = address("quoted", id.slice("comment-".length));
    htmx.ajax("GET", path, { source: box, target: box, swap: "innerHTML" }).catch(close);
  }
};

const later = (act) => {
  clearTimeout(timer);
  timer = setTimeout(act, PAUSE);
};

document.addEventListener("pointerover", ({ target, pointerType }) => {
  const link = target.closest(LINKS);
  if (pointerType !== "mouse") return;
  if (link && !box.contains(link)) later(() => open(link));
  else if (shownFor && !box.contains(target)) later(close);
  else clearTimeout(timer);
});

document.addEventListener("focusin", ({ target }) => {
  if (target.matches(LINKS) && !box.contains(target)) open(target);
  else if (!box.contains(target)) close();
});

// Where the comment stands on this page, the way is short.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".reference, .comment__answer");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!document.getElementById(link.hash.slice(1))) return;
  event.preventDefault();
  location.hash = link.hash;
});

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") close();
});
