// The reader's own votes and comments in a thread, held ones too. The server is asked only where
// this browser has posted or voted. A browser without cookies keeps the signatures of its held
// comments with the page, in the history: they outlive a reload and are in no address.

import { mergeFreshPage } from "./merge.js";
import {
  buildAddress,
  decorateParts,
  findByPk,
  findComment,
  readCount,
  readWord,
  reportChange,
  thread,
} from "./page.js";
import { requestJson } from "./request.js";
import { loadItem, saveItem } from "./storage.js";

const TOOK_PART = "took-part";

export const own = new Set();
export const editable = new Set();
const votes = new Map();
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
      button.ariaPressed = String(value === side);
      button.value = value === side ? 0 : side;
    }
  }
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
};

// A held comment is inserted only below the screen, so that nothing moves under the reader.
const insertHeld = ({ pk, parent, html }) => {
  const above = parent ? findComment(findByPk(parent) ?? document.body)?.parentElement : thread;
  const before = above === thread ? document.getElementById("write") : null;
  const place = before ?? above;
  if (!place || findByPk(pk)) return;
  const edge = place.getBoundingClientRect();
  if ((before ? edge.top : edge.bottom) < innerHeight) return;
  const list = document.createElement("ol");
  list.className = above === thread ? "thread__list" : "branch__list";
  list.innerHTML = `<li>${html}</li>`;
  above.insertBefore(list, before);
};

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
  button.ariaLabel = button.ariaLabel.replace(/\S+$/, score);
};

// A cache may have kept the page from before the reader's first comment.
const lacksOwn = ({ latest, published }) =>
  latest && published > readCount() && !findByPk(latest);

const requestOwn = async () => {
  const query = new URLSearchParams(listSignatures().map((signature) => ["held", signature]));
  const answer = await requestJson(`${buildAddress("mine")}?${query}`);
  if (!answer) return;
  for (const pk of answer.own) own.add(String(pk));
  for (const pk of answer.editable) editable.add(String(pk));
  for (const [pk, vote] of Object.entries(answer.votes)) if (!votes.has(pk)) showVote(pk, ...vote);
  for (const pk of answer.changed) changed.add(pk);
  markChanged();
  showHidden(answer);
  reportChange(thread);
  // Without a list there is no place for it; the fresh page is in the browser's cache by now.
  if (lacksOwn(answer) && (await mergeFreshPage()) === null) location.reload();
};

if (thread) {
  decorateParts(markOwn);
  if (loadItem(TOOK_PART) || listSignatures().length) requestOwn();
}
