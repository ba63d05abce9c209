// A thread with scripts. Every part of it also works without them; they only save a page load.

import "./bars.js";
import "./folds.js";
import "./forms.js";
import "./hidden.js";
import "./keys.js";
import "./menus.js";
import "./mine.js";
import "./news.js";
import "./quotes.js";
import "./share.js";
import "./votes.js";
import {
  announce,
  buildAddress,
  findByPk,
  opensElsewhere,
  readPk,
  readWord,
  reportChange,
  showComment,
} from "./page.js";
import { request } from "./request.js";

const GONE = 410;

// An address may name a comment of another page: go there, once.
const seekComment = async () => {
  const pk = /^#comment-(\d+)$/.exec(location.hash)?.[1];
  if (!pk || findByPk(pk) || history.state?.sought === pk) return;
  history.replaceState({ ...history.state, sought: pk }, "");
  const path = buildAddress("place", pk);
  const { ok, status } = await request(path, { method: "HEAD" });
  if (ok || status === GONE) location.replace(path); // The page of a removed one says so.
};

addEventListener("hashchange", seekComment);
seekComment();

// A larger copy of a tree takes the place of the tree; an open form moves into it.
const replaceTree = (root, html) => {
  const known = root.querySelectorAll(".comment").length;
  const form = root.querySelector("li > form");
  const answered = form && readPk(form.previousElementSibling);
  root.insertAdjacentHTML("afterend", html);
  const tree = root.nextElementSibling;
  root.remove();
  if (form) findByPk(answered)?.after(form);
  reportChange(tree);
  showComment(tree.querySelectorAll(".comment")[known]);
};

document.addEventListener("click", async (event) => {
  const link = event.target.closest(".branch__more[data-inline]");
  if (!link || opensElsewhere(event)) return;
  event.preventDefault();
  if (link.hasAttribute("aria-busy")) return;
  link.setAttribute("aria-busy", "true");
  const { ok, status, text, isPage } = await request(link.dataset.inline);
  link.removeAttribute("aria-busy");
  if (ok && !isPage) replaceTree(link.closest(".thread__root"), text);
  else if (!status || status >= 500) announce(readWord("unsent"));
  else location.assign(link.href);
});
