// The ⋯ menus of comments, built of one template when they open. One is open at a time; Escape and
// a press elsewhere close it. Without a script ⋯ leads to the comment's page.

import { codeOf, isHidden, toggle } from "./hidden.js";
import { editable, own } from "./mine.js";
import { address, commentOf, pkOf, word } from "./page.js";

const BUTTON = ".menu__button";
const STAFF = /(?:^|; )staff=1(?:;|$)/;
const template = document.getElementById("menu").content;

const openBox = () => document.querySelector(".menu__box");

const close = () => {
  const box = openBox();
  if (!box) return;
  box.previousElementSibling.ariaExpanded = "false";
  box.remove();
};

const commentIn = (item) => item?.querySelector(":scope > .comment");

const around = (comment) => {
  const item = comment.parentElement;
  return {
    parent: commentIn(item.parentElement.closest("li")),
    sibling: commentIn(item.nextElementSibling),
    root: commentIn(item.closest(".thread__root")?.nextElementSibling),
  };
};

const fill = (box, comment) => {
  const [pk, code, others] = [pkOf(comment), codeOf(comment), around(comment)];
  const kind = { own: own.has(pk), editable: editable.has(pk), others: !own.has(pk) };
  for (const item of box.querySelectorAll(".menu__item")) {
    const { to, copy, path } = item.dataset;
    if (item.dataset.for) item.hidden = !kind[item.dataset.for];
    if (to) {
      item.hidden = !others[to] || (to === "sibling" && others.sibling === others.root);
      item.href = `#${others[to]?.id}`;
    } else if (path) item.href = path.replace("/0/", `/${pk}/`);
    if (copy) {
      item.hidden = !navigator.clipboard;
      item.dataset.copy = copy.replace("/0/", `/${pk}/`);
    }
    if ("hide" in item.dataset) {
      item.hidden = !code || own.has(pk);
      item.textContent = word(isHidden(code) ? "unhide" : "hide");
    }
  }
};

const addModeration = async (box, comment) => {
  if (!STAFF.test(document.cookie)) return;
  const next = encodeURIComponent(`${location.pathname}${location.search}#${comment.id}`);
  const answer = await fetch(`${address("moderation", pkOf(comment))}?next=${next}`);
  if (!answer.ok || answer.redirected) return; // Signed out, or no moderator.
  await import(word("decide"));
  box.insertAdjacentHTML("afterbegin", await answer.text());
};

const open = (button) => {
  const comment = commentOf(button);
  button.after(template.cloneNode(true));
  button.role = "button";
  button.ariaExpanded = "true";
  fill(button.nextElementSibling, comment);
  addModeration(button.nextElementSibling, comment);
};

document.addEventListener("click", (event) => {
  const { target } = event;
  const button = target.closest(BUTTON);
  const box = openBox();
  if (button && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    close();
    if (box?.previousElementSibling !== button) open(button);
  } else if (box && "hide" in target.dataset) {
    const comment = commentOf(box);
    close();
    toggle(codeOf(comment));
    comment.querySelector(".comment__show, .menu__button").focus();
  } else if (!box?.contains(target) || target.closest("a")) close();
});

document.addEventListener("focusin", ({ target }) => {
  const box = openBox();
  if (box && !box.contains(target) && target !== box.previousElementSibling) close();
});

document.addEventListener("keydown", ({ key, target }) => {
  const box = openBox();
  if (!box) return;
  const button = box.previousElementSibling;
  if (key === "Escape") {
    if (box.contains(target)) button.focus();
    close();
  }
});

// A button is pressed by the space bar too.
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.target.role !== "button") return;
  event.preventDefault();
  event.target.click();
});
