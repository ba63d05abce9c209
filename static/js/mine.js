// What is the reader's own in a thread: votes, comments, and those that wait. The server is asked
// only where this browser has posted or voted.

import { address, changed, commentOf, decorate, find, thread, word } from "./page.js";
import { keep, kept } from "./storage.js";

const TOOK_PART = "took-part";

export const own = new Set();
export const editable = new Set();
const votes = new Map();

export const tookPart = () => keep(TOOK_PART, "1");

export const voted = (pk, value) => {
  votes.set(pk, value);
  tookPart();
};

const buttonsOf = (pk) => find(pk)?.querySelectorAll(".comment__vote-button") ?? [];

const mark = () => {
  for (const pk of own) for (const button of buttonsOf(pk)) button.disabled = true;
  for (const [pk, value] of votes) {
    for (const button of buttonsOf(pk)) {
      const side = button.matches(".comment__vote-button--down") ? -1 : 1;
      button.ariaPressed = String(value === side);
      button.value = value === side ? 0 : side;
    }
  }
};

export const mine = (comment, isEditable) => {
  own.add(comment);
  if (isEditable) editable.add(comment);
  mark();
};

// A held comment comes into the page where that moves nothing that is read: below the screen.
const insert = ({ pk, parent, html }) => {
  const above = parent ? commentOf(find(parent) ?? document.body)?.parentElement : thread;
  const before = above === thread ? document.getElementById("write") : null;
  const place = before ?? above;
  if (!place || find(pk)) return;
  const edge = place.getBoundingClientRect();
  if ((before ? edge.top : edge.bottom) < innerHeight) return;
  const list = document.createElement("ol");
  list.className = above === thread ? "thread__list" : "branch__list";
  list.innerHTML = `<li>${html}</li>`;
  above.insertBefore(list, before);
};

const showHeld = (held) => {
  const slot = thread.querySelector(".thread__held");
  if (!slot || !held.length) return;
  held.forEach(insert);
  slot.textContent = word("held", held.length);
  slot.href = find(held[0].pk) ? `#comment-${held[0].pk}` : address("detail", held[0].pk);
  slot.hidden = false;
};

// A page that the browser kept, as for the back button, may show an older score.
const knowVote = (pk, value, score) => {
  votes.set(pk, value);
  const button = [...buttonsOf(pk)].at(-1);
  if (!button) return;
  button.firstElementChild.textContent = score || "";
  button.ariaLabel = button.ariaLabel.replace(/\S+$/, score);
};

const ask = async () => {
  const answer = await fetch(address("mine")).catch(() => null);
  if (!answer?.ok) return;
  const said = await answer.json();
  for (const pk of said.own) own.add(String(pk));
  for (const pk of said.editable) editable.add(String(pk));
  for (const [pk, vote] of Object.entries(said.votes)) if (!votes.has(pk)) knowVote(pk, ...vote);
  showHeld(said.held);
  changed(thread);
};

if (thread) {
  decorate(mark);
  if (kept(TOOK_PART)) ask();
}
