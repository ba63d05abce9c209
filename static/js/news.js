// New comments: those that were not on the screen yet are marked, and while the page is open a
// button offers those that came meanwhile.

import { mergeFreshPage } from "./merge.js";
import { own } from "./mine.js";
import {
  announce,
  buildAddress,
  decorateParts,
  findNumber,
  readCount,
  readPk,
  readWord,
  showComment,
  thread,
} from "./page.js";
import { requestJson } from "./request.js";
import { watchScreen } from "./screen.js";
import { endFirstVisit, isSeen, listUnseen, noteSeen, readNumber } from "./seen.js";

const [FIRST, LAST] = [30_000, 300_000]; // ms
const NEW = "comment--new";
const MANY = 300; // new ones

const marked = new Set(); // the ids of those that are new in this page

const isNew = (comment) =>
  !own.has(readPk(comment)) && (marked.has(comment.id) || !isSeen(readNumber(comment)));

const watch = watchScreen((comment) => noteSeen(readNumber(comment)));

// The comments whose mark may change, found by their numbers: nothing walks through all of them,
// but where so many are new.
const listCandidates = () => {
  const { last = Infinity } = thread.dataset;
  const numbers = last === Infinity ? [] : listUnseen(Number(last));
  const byNumber = (number) => thread.querySelector(`.comment[data-number="${number}"]`);
  const unseen = last === Infinity || numbers.length > MANY ? thread.querySelectorAll(".comment[id]") : numbers.map(byNumber);
  const old = [...marked].map((id) => document.getElementById(id));
  return new Set([...unseen, ...old, ...thread.querySelectorAll(`.${NEW}`)].filter(Boolean));
};

const markNew = () => {
  for (const comment of listCandidates()) {
    if (comment.classList.contains(NEW) === isNew(comment)) continue;
    comment.classList.toggle(NEW);
    comment.querySelector(".comment__new")?.remove();
    if (!isNew(comment)) continue;
    marked.add(comment.id);
    watch.observe(comment);
    const label = document.createElement("span");
    label.className = "comment__new hidden-text";
    label.textContent = readWord("new");
    findNumber(comment).after(label);
  }
  showNewCount(thread.querySelectorAll(`.${NEW}`));
};

const showNewCount = (news) => {
  const [count, text] = [news.length, readWord("newCount", news.length)];
  for (const legend of document.querySelectorAll("[data-legend]")) {
    legend.textContent = text;
    legend.hidden = !count;
    if (count) legend.href = `#${news[0].id}`;
  }
  for (const place of document.querySelectorAll(".thumb__new")) place.textContent = count || "";
  for (const place of document.querySelectorAll(".thumb__news")) {
    place.textContent = count ? text : readWord("noNew");
    place.parentElement.setAttribute("aria-disabled", !count);
  }
};

decorateParts(markNew);

// A first visit has nothing new: what it shows is looked through once the reader moves.
for (const name of ["scroll", "pointerdown", "keydown", "pagehide"]) {
  addEventListener(name, endFirstVisit, { once: true, passive: true });
}

const button = thread.querySelector(".thread__news");
let [wait, timer, asked] = [FIRST, 0, Date.now()];
let offered = 0;

const requestCount = async () => {
  asked = Date.now();
  const answer = await requestJson(buildAddress("news"));
  if (answer) {
    const count = answer.published - readCount();
    if (count > offered) announce(readWord("came", count));
    offered = count;
    button.textContent = readWord("showNew", count);
    button.hidden = count < 1;
  }
  wait = Math.min(wait * 2, LAST);
  planRequest();
};

const planRequest = () => {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(requestCount, Math.max(0, asked + wait - Date.now()));
};

button?.addEventListener("click", async () => {
  endFirstVisit();
  const added = await mergeFreshPage();
  if (!added) return location.reload();
  if (!added.length) return location.assign("?order=new#comments");
  button.hidden = true;
  offered = 0;
  showComment(added[0]);
});

if (button) {
  planRequest();
  document.addEventListener("visibilitychange", planRequest);
}
