// A link to another comment shows that comment beside it, on hover and on focus; Escape closes it.

import { isConverting } from "./conversion.js";
import { buildAddress, findComment, opensElsewhere, showComment } from "./page.js";
import { request } from "./request.js";

const LINKS = ".reference, .comment__answer, .comment__answered";
const PAUSE = 150; // ms before it opens and closes by the mouse

const box = document.createElement("div");
box.className = "quote";
box.id = "quote";
box.setAttribute("role", "tooltip");
let [shownFor, timer] = [null, 0];

const closeQuote = () => {
  shownFor?.removeAttribute("aria-describedby");
  shownFor = null;
  box.remove();
};

const openQuote = async (link) => {
  if (link === shownFor) return;
  closeQuote();
  const comment = findComment(link);
  const id = link.hash.slice(1);
  const here = findComment(document.getElementById(id) ?? document.body);
  if (!comment) return;
  shownFor = link;
  box.replaceChildren();
  box.style.insetBlockStart = `${link.offsetTop + link.offsetHeight}px`;
  comment.append(box);
  link.setAttribute("aria-describedby", box.id);
  if (here) {
    const parts = here.querySelectorAll(":scope > .comment__head, :scope > .comment__body");
    box.replaceChildren(...[...parts].map((part) => part.cloneNode(true)));
  } else {
    const path = buildAddress("quoted", id.slice("comment-".length));
    const { ok, text, isPage } = await request(path);
    if (shownFor !== link) return;
    if (ok && !isPage) box.innerHTML = text;
    else closeQuote();
  }
};

const runLater = (act) => {
  clearTimeout(timer);
  timer = setTimeout(act, PAUSE);
};

document.addEventListener("pointerover", ({ target, pointerType }) => {
  const link = target.closest(LINKS);
  if (pointerType !== "mouse") return;
  if (link && !box.contains(link)) runLater(() => openQuote(link));
  else if (shownFor && !box.contains(target)) runLater(closeQuote);
  else clearTimeout(timer);
});

document.addEventListener("focusin", ({ target }) => {
  if (target.matches(LINKS) && !box.contains(target)) openQuote(target);
  else if (!box.contains(target)) closeQuote();
});

// A comment of this page needs no page load. Each press is a step in the history, a second one to
// the same comment too: Back leads to where the reader was.
document.addEventListener("click", (event) => {
  const link = event.target.closest(LINKS);
  if (!link || opensElsewhere(event)) return;
  const place = document.getElementById(link.hash.slice(1));
  if (!place) return;
  event.preventDefault();
  clearTimeout(timer);
  closeQuote();
  const { state } = history;
  history.replaceState({ ...state, top: scrollY }, ""); // Browsers forget it for one address twice.
  if (location.hash === link.hash) history.pushState(state, "");
  else location.hash = link.hash;
  showComment(findComment(place));
});

// Back leaves nothing open over the text.
addEventListener("pagehide", closeQuote);
addEventListener("popstate", ({ state }) => {
  closeQuote();
  if (state?.top !== undefined) requestAnimationFrame(() => scrollTo(0, state.top));
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !isConverting(event)) closeQuote();
});
