// New comments: those since the last visit are marked, and while the page is open a button offers
// those that came meanwhile. A visit ends half an hour after its last page, by the browser's clock.

import { mergeFreshPage } from "./merge.js";
import { own } from "./mine.js";
import {
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
import { loadItem, saveItem } from "./storage.js";

const [VISIT, FIRST, LAST] = [1_800_000, 30_000, 300_000]; // ms
const NEW = "comment--new";
const key = `visit:${thread.dataset.thread}`;

const now = Date.now();
const [before, at] = loadItem(key).split(" ").map(Number);
const since = !at ? now : now - at > VISIT ? at : before;
saveItem(key, `${since} ${now}`);

const arrived = new Set(); // the ids of those that came while the page was open

const isNew = (comment) =>
  !own.has(readPk(comment)) &&
  (arrived.has(comment.id) || Date.parse(comment.querySelector("time")?.dateTime) > since);

const markNew = (place) => {
  for (const comment of place.querySelectorAll(".comment[id]")) {
    if (comment.classList.contains(NEW) === isNew(comment)) continue;
    comment.classList.toggle(NEW);
    comment.querySelector(".comment__new")?.remove();
    if (!isNew(comment)) continue;
    const label = document.createElement("span");
    label.className = "comment__new hidden-text";
    label.textContent = readWord("new");
    findNumber(comment).after(label);
  }
  const count = document.querySelectorAll(`.${NEW}`).length;
  for (const legend of document.querySelectorAll("[data-legend]")) {
    legend.textContent = readWord("newCount", count);
    legend.hidden = !count;
  }
};

decorateParts(markNew);

const button = thread.querySelector(".thread__news");
let [wait, timer, asked] = [FIRST, 0, now];

const requestCount = async () => {
  asked = Date.now();
  const answer = await requestJson(buildAddress("news"));
  if (answer) {
    const count = answer.published - readCount();
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
  const added = await mergeFreshPage((comment) => arrived.add(comment.id));
  if (!added) return location.reload();
  if (!added.length) return location.assign("?order=new#comments");
  saveItem(key, `${since} ${Date.now()}`);
  button.hidden = true;
  showComment(added[0]);
});

if (button) {
  planRequest();
  document.addEventListener("visibilitychange", planRequest);
}
