// The reader's own votes and comments in a thread, held ones too. The server is asked only where
// this browser has posted or voted. A browser without cookies keeps the signatures of its held
// comments with the page, in the history: they outlive a reload and are in no address.

import { watchAnswers } from "./answers.js";
import { mergeFreshPage } from "./merge.js";
import {
  buildAddress,
  decorateParts,
  findByPk,
  findComment,
  readCount,
  readPk,
  readWord,
  reportChange,
  thread,
} from "./page.js";
import { requestJson } from "./request.js";
import { loadItem, saveItem } from "./storage.js";

const TOOK_PART = "took-part";

export const own = new Set();
export const editable = new Set();
const unread = watchAnswers(() => buildAddress("seen"));
const votes = new Map();
const answers = new Set(); // to the reader
const changed = new Set(); // voted on, and edited since

export const rememberWriting = () => saveItem(TOOK_PART, "1");

// A browser that refuses cookies refuses storage too. The server then knows no writer, who may
// change or withdraw a comment.
export const isKnownWriter = () => Boolean(loadItem(TOOK_PART));

const listSignatures = () => history.state?.held ?? [];

export const rememberHeld = (signature) => {
  const held = [...listSignatures(), signature];
  history.replaceState({ ...history.state, held }, "");
};

export const rememberVote = (pk, value) => {
  votes.set(pk, value);
  rememberWriting();
};

const findButtons = (pk) => findByPk(pk)?.querySelectorAll(".comment__vote-button") ?? [];

const markOwn = () => {
  for (const pk of own) for (const button of findButtons(pk)) button.disabled = true;
  for (const [pk, value] of votes) {
    for (const button of findButtons(pk)) {
      const side = button.matches(".comment__vote-button--down") ? -1 : 1;
      button.setAttribute("aria-pressed", value === side);
      button.value = value === side ? 0 : side;
    }
  }
};

// A badge after the name, and words after the number of what answers the reader.
const addMark = (pk, name, word, after) => {
  const comment = findByPk(pk);
  const head = comment?.querySelector(":scope > .comment__head");
  if (!head || head.querySelector(`.comment__${name}`)) return;
  const mark = document.createElement("span");
  mark.className = `comment__${name}`;
  mark.textContent = readWord(word);
  head.querySelector(after).after(mark);
};

const markPeople = () => {
  for (const pk of own) addMark(pk, "mine", "mineMark", ".comment__author");
  for (const pk of answers) addMark(pk, "answering", "answering", ".comment__number");
};

const markChanged = () => {
  for (const pk of changed) {
    const place = findByPk(pk)?.querySelector(".comment__vote");
    if (!place || place.nextElementSibling) continue;
    const note = document.createElement("p");
    note.className = "comment__changed";
    note.textContent = readWord("changed");
    place.after(note);
  }
};

export const addOwn = (pk, isEditable) => {
  own.add(pk);
  if (isEditable) editable.add(pk);
  markOwn();
  markPeople();
};

// A comment that the page does not have stands below all replies to the same one.
const insertApart = ({ pk, parent, html }, isInSight = () => true) => {
  const above = parent ? findComment(findByPk(parent) ?? document.body)?.parentElement : thread;
  const before = above === thread ? document.getElementById("write") : null;
  const place = before ?? above;
  if (!place || findByPk(pk)) return;
  const edge = place.getBoundingClientRect();
  if (!isInSight(before ? edge.top : edge.bottom)) return;
  const level = Number(above.closest("ol")?.dataset.level ?? 0) + 1;
  const list = document.createElement("ol");
  list.className = `${above === thread ? "thread__list" : "branch__list"} posted`;
  if (above !== thread) list.dataset.level = Math.min(level, 8);
  list.innerHTML = `<li>${html.trim()}</li>`;
  above.insertBefore(list, before);
};

// A held comment is inserted only below the screen, so that nothing moves under the reader.
const insertHeld = (comment) => insertApart(comment, (edge) => edge >= innerHeight);

// The reader's own comment is shown where its form stood.
export const insertPosted = (comment, parent) =>
  insertApart({ pk: readPk(comment), parent, html: comment.outerHTML });

// The writer's own text takes the place of its placeholder, if that is below the screen.
const showText = ({ pk, parent, html }) => {
  const placeholder = findByPk(pk);
  if (!placeholder) insertHeld({ pk, parent, html });
  else if (placeholder.getBoundingClientRect().top > innerHeight) placeholder.outerHTML = html;
};

const speak = (word, hidden) => {
  const slot = thread.querySelector(".thread__held");
  if (!slot || !hidden.length) return;
  const [{ pk, address }] = hidden;
  slot.textContent = readWord(word, hidden.length);
  slot.href = findByPk(pk)?.matches(".comment--held") ? `#comment-${pk}` : address;
  slot.hidden = false;
};

const showHidden = ({ held, removed }) => {
  held.forEach(insertHeld);
  removed.forEach(showText);
  speak("removed", removed);
  speak("held", held);
};

// A page from the browser's cache, as after the back button, may show an older score.
const showVote = (pk, value, score) => {
  votes.set(pk, value);
  const button = [...findButtons(pk)].at(-1);
  if (!button) return;
  button.firstElementChild.textContent = score || "";
  button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/\S+$/, score));
};

// A cache may have kept the page from before the reader wrote, edited or deleted a comment.
const isOutdated = ({ latest, published, edited, gone }) =>
  (latest && published > readCount() && !findByPk(latest)) ||
  gone.some((pk) => findByPk(pk)?.querySelector(".comment__actions")) ||
  Object.entries(edited).some(([pk, at]) => {
    const shown = findByPk(pk)?.querySelector(".comment__edited time")?.dateTime;
    return findByPk(pk) && Date.parse(shown ?? 0) < Date.parse(at);
  });

export const requestOwn = async () => {
  const query = new URLSearchParams(listSignatures().map((signature) => ["held", signature]));
  const answer = await requestJson(`${buildAddress("mine")}?${query}`);
  if (!answer) return;
  for (const pk of answer.own) own.add(String(pk));
  editable.clear();
  for (const pk of answer.editable) editable.add(String(pk));
  for (const [pk, vote] of Object.entries(answer.votes)) if (!votes.has(pk)) showVote(pk, ...vote);
  for (const [pk, isUnread] of Object.entries(answer.answers)) {
    answers.add(pk);
    const comment = isUnread && findByPk(pk);
    if (!comment) continue;
    comment.dataset.answer = pk;
    unread.observe(comment);
  }
  for (const pk of answer.changed) changed.add(pk);
  markChanged();
  if (isOutdated(answer)) await mergeFreshPage();
  showHidden(answer);
  reportChange(thread);
};

if (thread) {
  decorateParts(markOwn);
  decorateParts(markPeople);
  const tookPart = () => loadItem(TOOK_PART) || listSignatures().length;
  const askAgain = () => tookPart() && requestOwn();
  askAgain();
  // A page that the back button brings back whole is as old as the reader's last look at it.
  const renew = async () => {
    for (const pk of votes.keys()) votes.set(pk, 0);
    markOwn();
    for (const known of [votes, changed]) known.clear();
    await mergeFreshPage();
    askAgain();
  };
  addEventListener("pageshow", ({ persisted }) => persisted && tookPart() && renew());
}
