// What is new: comments since the last visit are marked, and while the page is open a button offers
// those that came meanwhile. A visit ends half an hour after its last page, by the browser's clock.

import { own } from "./mine.js";
import { address, changed, counted, decorate, lead, numberOf, pkOf, thread, word } from "./page.js";
import { keep, kept } from "./storage.js";

const [VISIT, FIRST, LAST] = [1_800_000, 30_000, 300_000]; // ms
const NEW = "comment--new";
const key = `visit:${thread.dataset.thread}`;

const now = Date.now();
const [before, at] = kept(key).split(" ").map(Number);
const since = !at ? now : now - at > VISIT ? at : before;
keep(key, `${since} ${now}`);

const arrived = new Set(); // the ids of those that came while the page was open

const isNew = (comment) =>
  !own.has(pkOf(comment)) &&
  (arrived.has(comment.id) || Date.parse(comment.querySelector("time")?.dateTime) > since);

const mark = (place) => {
  for (const comment of place.querySelectorAll(".comment[id]")) {
    if (comment.classList.contains(NEW) === isNew(comment)) continue;
    comment.classList.toggle(NEW);
    comment.querySelector(".comment__new")?.remove();
    if (!isNew(comment)) continue;
    const said = document.createElement("span");
    said.className = "comment__new hidden-text";
    said.textContent = word("new");
    numberOf(comment).after(said);
  }
  const count = document.querySelectorAll(`.${NEW}`).length;
  for (const legend of document.querySelectorAll("[data-legend]")) {
    legend.textContent = word("newCount", count);
    legend.hidden = !count;
  }
};

decorate(mark);

const button = thread.querySelector(".thread__news");
let [wait, timer, asked] = [FIRST, 0, now];

const ask = async () => {
  asked = Date.now();
  const answer = await fetch(address("news")).catch(() => null);
  if (answer?.ok) {
    const count = (await answer.json()).published - counted();
    button.textContent = word("showNew", count);
    button.hidden = count < 1;
  }
  wait = Math.min(wait * 2, LAST);
  plan();
};

const plan = () => {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(ask, Math.max(0, asked + wait - Date.now()));
};

// Bring what a fresh copy of the page has and this one has not into its place; returns the first.
const merge = (fresh) => {
  for (const posted of thread.querySelectorAll(".posted")) {
    if (fresh.getElementById(posted.querySelector(".comment").id)) posted.remove();
  }
  const idOf = (item) => item?.querySelector(".comment").id;
  const itemOf = (id) => id && document.getElementById(id).parentElement;
  const items = [...fresh.querySelectorAll(".thread__list li")].map((item) => {
    const above = item.parentElement.closest("li");
    return [item, idOf(item), above, idOf(item.previousElementSibling)];
  });
  const added = [];
  for (const [item, id, above, previous] of items) {
    const toggle = item.querySelector(":scope > .branch > .branch__toggle");
    if (document.getElementById(id)) {
      const old = itemOf(id).querySelector(":scope > .branch > .branch__toggle");
      if (toggle && old && toggle !== old) old.replaceChildren(...toggle.childNodes);
      continue;
    }
    added.push(id);
    arrived.add(id);
    const place = above ? itemOf(idOf(above)) : thread;
    const list = place.querySelector(":scope > .thread__list, :scope > .branch > .branch__list");
    if (previous) itemOf(previous).after(item);
    else if (list) list.prepend(item);
    else place.append(item.closest("details"));
  }
  return added.map((id) => document.getElementById(id));
};

button?.addEventListener("click", async () => {
  const answer = await fetch(location.href, { cache: "no-cache" }).catch(() => null);
  const list = thread.querySelector(".thread__list:not(.posted)");
  if (!answer?.ok || !list) return location.reload();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const added = merge(fresh);
  if (!added.length) return location.assign("?order=new#comments");
  counted(Number(fresh.querySelector("[data-count]").dataset.count));
  keep(key, `${since} ${Date.now()}`);
  button.hidden = true;
  htmx.process(list);
  changed(list);
  lead(added[0]);
});

if (button) {
  plan();
  document.addEventListener("visibilitychange", plan);
}
