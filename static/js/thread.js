// A thread with a script. Every part of it also works without; this only saves the way.

import "./forms.js";
import "./hidden.js";
import "./keys.js";
import "./menus.js";
import "./mine.js";
import "./news.js";
import "./quotes.js";
import "./reads.js";
import "./share.js";
import "./votes.js";
import { address, lead } from "./page.js";

// An address that names a comment which stands on another page leads there, once.
const seek = async () => {
  const pk = /^#comment-(\d+)$/.exec(location.hash)?.[1];
  if (!pk || document.getElementById(`comment-${pk}`) || history.state?.sought === pk) return;
  history.replaceState({ sought: pk }, "");
  const path = address("place", pk);
  const answer = await fetch(path, { method: "HEAD" }).catch(() => null);
  if (answer?.ok) location.replace(path);
};

addEventListener("hashchange", seek);
seek();

// More of a branch: the reader goes on at the first that was not there.
document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
  const root = elt.matches(".branch__more") && elt.closest(".thread__root");
  if (!root) return;
  const known = root.querySelectorAll(".comment").length;
  const list = root.parentElement;
  const place = [...list.children].indexOf(root);
  list.addEventListener(
    "htmx:load",
    () => lead(list.children[place].querySelectorAll(".comment")[known]),
    { once: true },
  );
});
