// The ⋯ menus of comments, built from one template when they open. One is open at a time; Escape
// and a press elsewhere close it. Without scripts ⋯ is a link to the comment's page.

import { isConverting } from "./conversion.js";
import { findShow, isHidden, readCode, toggleCode } from "./hidden.js";
import { editable, isKnownWriter, own } from "./mine.js";
import { buildAddress, findComment, opensElsewhere, readPk, readWord, watchChanges } from "./page.js";
import { request } from "./request.js";

const BUTTON = ".menu__button";
const ABOVE = "menu__box--above";
const FORBIDDEN = 403;
const STAFF = /(?:^|; )staff=1(?:;|$)/;
const template = document.getElementById("menu").content;

const findBox = () => document.querySelector(".menu__box");

// The box opens below its comment; above the button where the screen ends before; and a box that is
// higher than either place scrolls into sight.
const placeMenu = (box) => {
  box.classList.remove(ABOVE);
  const bar = document.querySelector(".thumb--thread")?.getBoundingClientRect();
  const floor = bar?.height ? Math.min(bar.top, innerHeight) : innerHeight;
  const { bottom, height } = box.getBoundingClientRect();
  if (bottom <= floor) return;
  if (box.previousElementSibling.getBoundingClientRect().top > height) box.classList.add(ABOVE);
  else box.scrollIntoView({ block: "nearest" });
};

const closeMenu = () => {
  const box = findBox();
  if (!box) return;
  box.previousElementSibling.setAttribute("aria-expanded", "false");
  box.remove();
};

const findCommentIn = (item) => item?.querySelector(":scope > .comment");

const findNeighbours = (comment) => {
  const item = comment.parentElement;
  return {
    parent: findCommentIn(item.parentElement.closest("li")),
    sibling: findCommentIn(item.nextElementSibling),
    root: findCommentIn(item.closest(".thread__root")?.nextElementSibling),
  };
};

const fillMenu = (box, comment) => {
  const [pk, code, others] = [readPk(comment), readCode(comment), findNeighbours(comment)];
  const isOwn = own.has(pk);
  const next = `${location.pathname}${location.search}#${comment.id}`;
  const back = `?next=${encodeURIComponent(next)}`;
  const kind = {
    own: isOwn && isKnownWriter(),
    editable: editable.has(pk),
    others: !isOwn,
  };
  for (const item of box.querySelectorAll(".menu__item")) {
    const { to, copy, path } = item.dataset;
    if (item.dataset.for) item.hidden = !kind[item.dataset.for];
    if (to) {
      item.hidden = !others[to] || (to === "sibling" && others.sibling === others.root);
      item.href = `#${others[to]?.id}`;
    } else if (path) item.href = path.replace("/0/", `/${pk}/`);
    if (item.dataset.for === "editable" || item.dataset.for === "own") item.search = back;
    if (copy) {
      item.hidden = !navigator.clipboard;
      item.dataset.copy = copy.replace("/0/", `/${pk}/`);
    }
    if ("hide" in item.dataset) {
      item.hidden = !code || isOwn;
      item.textContent = readWord(isHidden(code) ? "unhide" : "hide");
    }
  }
};

const addFeature = (box, comment) => {
  const group = document.createElement("div");
  group.className = "menu__group";
  const link = document.createElement("a");
  link.className = "menu__item";
  link.href = buildAddress("feature", readPk(comment));
  link.textContent = readWord("featureLabel");
  group.append(link);
  box.prepend(group);
};

const addModeration = async (box, comment) => {
  if (!STAFF.test(document.cookie)) return;
  const next = encodeURIComponent(`${location.pathname}${location.search}#${comment.id}`);
  const address = `${buildAddress("moderation", readPk(comment))}?next=${next}`;
  const { ok, status, text, isPage } = await request(address);
  if (status === FORBIDDEN) addFeature(box, comment); // An editor, no moderator.
  else if (!ok || isPage) return; // Signed out.
  else {
    await import(readWord("decide"));
    box.insertAdjacentHTML("afterbegin", text);
  }
  if (box.isConnected) placeMenu(box);
};

// What is the reader's own may become known while a menu is open.
watchChanges(() => {
  const box = findBox();
  if (box) fillMenu(box, findComment(box));
});

const openMenu = (button) => {
  const comment = findComment(button);
  button.after(template.cloneNode(true));
  button.setAttribute("role", "button");
  button.setAttribute("aria-expanded", "true");
  const box = button.nextElementSibling;
  fillMenu(box, comment);
  placeMenu(box);
  addModeration(box, comment);
};

document.addEventListener("click", (event) => {
  const { target } = event;
  const button = target.closest(BUTTON);
  const box = findBox();
  if (button && !opensElsewhere(event)) {
    event.preventDefault();
    closeMenu();
    if (box?.previousElementSibling !== button) openMenu(button);
  } else if (box && "hide" in target.dataset) {
    const comment = findComment(box);
    closeMenu();
    toggleCode(readCode(comment));
    (findShow(comment) ?? comment.querySelector(".menu__button")).focus();
  } else if (!box?.contains(target) || target.closest("a")) closeMenu();
});

document.addEventListener("focusin", ({ target }) => {
  const box = findBox();
  if (box && !box.contains(target) && target !== box.previousElementSibling) closeMenu();
});

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const box = findBox();
  if (!box || isConverting(event)) return;
  const button = box.previousElementSibling;
  if (key === "Escape") {
    if (box.contains(target)) button.focus();
    closeMenu();
  }
});

// A button is pressed by the space bar too.
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.target.getAttribute("role") !== "button") return;
  event.preventDefault();
  event.target.click();
});
