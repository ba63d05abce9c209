// The moderators' queue, quicker: keys, the next entry fetched ahead, decisions sent in the
// background. What is refused comes back to its entry; nothing is called done before it is.

import { watchClaims } from "./claims.js";
import { isConverting } from "./conversion.js";
import { dropCase, keepCase, showCase, startCase, step } from "./queue-entries.js";
import {
  announce,
  decided,
  fetchRows,
  findCase,
  findKey,
  findNeighbour,
  findRow,
  listOpen,
  parse,
  place,
  removeRow,
  sending,
  showPosition,
  words,
} from "./queue-rows.js";
import { buildNotice, describeRefusal, post } from "./queue-sending.js";

const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const DOUBLE = 300; // ms between two presses that are meant as one
const FEW = 6; // rows left in the list, before more are fetched
const help = document.getElementById("keys");
const ask = document.getElementById("ask-undo");
const acts = new Set(); // decisions of this page: their undo needs no question

const findLast = () => document.querySelector("[data-last]");

const describeLast = () =>
  findLast()?.querySelector(".last__text").textContent.replace(/\s+/g, " ").trim() ?? "";

// An open menu stays open, the focus stays where it is, and the row of tabs does not scroll back.
const replaceHead = (part) => {
  const head = document.querySelector(".desk__head");
  const { textContent: count } = part.querySelector(".desk__count");
  const waiting = document.querySelector("[data-waiting]"); // in the header too
  if (waiting) waiting.textContent = count;
  if (head.querySelector("details[open], :focus")) {
    head.querySelector(".desk__count").textContent = count;
    return;
  }
  const { scrollLeft } = head.querySelector(".desk__tabs");
  head.replaceChildren(...part.childNodes);
  head.querySelector(".desk__tabs").scrollLeft = scrollLeft;
};

// Put each part of an answer in the place of the same name.
const showParts = (html) => {
  for (const part of parse(html).querySelectorAll("[data-part]")) {
    const { part: name } = part.dataset;
    if (name === "head") replaceHead(part);
    else document.querySelector(`[data-part="${name}"]`).replaceWith(part);
  }
  showPosition();
};

const lockVerbs = (shown) => {
  const verbs = shown.querySelectorAll("button:is(.verdict__verb, .verdict__branch)");
  for (const verb of verbs) verb.disabled = true;
};

// Come back to the entry; the texts typed there are as they were.
const showRefusal = async (key, shown, answer) => {
  const notice = describeRefusal(answer);
  shown.querySelector("[data-notice]").replaceChildren(notice);
  if (answer.status === 409) lockVerbs(shown);
  findRow(key)?.classList.remove("list__row--sent");
  findRow(key)?.classList.add("list__row--refused");
  keepCase(key, shown);
  await showCase(key);
  shown.querySelector(".meanwhile").focus();
};

// A removal needs a reason: the reasons open, and say so.
const refuseHere = (shown) => {
  const reasons = shown.querySelector(".verdict__open--reasons");
  if (reasons) reasons.open = true;
  const notice = buildNotice(words.reason);
  notice.classList.add("meanwhile--reason");
  shown.querySelector("[data-notice]").replaceChildren(notice);
  shown.querySelector("[name=reason]").focus();
};

const decide = async (form, submitter) => {
  const shown = findCase();
  const { key } = shown.dataset;
  if (sending.has(key)) return;
  const path = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  const body = new URLSearchParams(new FormData(form));
  if (!body.get("reason") && /\/remove\/$/.test(path)) return refuseHere(shown);
  sending.add(key);
  findRow(key)?.classList.add("list__row--sent");
  const answered = post(`${path}inline/`, body);
  await step();
  const answer = await answered;
  sending.delete(key);
  if (!answer.ok || answer.isPage) return showRefusal(key, shown, answer);
  lockVerbs(shown); // still open where no connection brought the next one
  dropCase(key);
  decided.add(key);
  removeRow(key);
  showParts(answer.text);
  acts.add(findLast()?.dataset.last);
  announce(describeLast());
  if (listOpen().length < FEW) fetchRows();
};

const undo = async (form) => {
  const body = new URLSearchParams(new FormData(form));
  const key = body.get("entry");
  const answer = await post(`${form.getAttribute("action")}inline/`, body);
  if (!answer.ok || answer.isPage) {
    place.querySelector("[data-notice]").replaceChildren(describeRefusal(answer));
    return;
  }
  showParts(answer.text);
  dropCase(key);
  decided.delete(key);
  await fetchRows();
  if (key) await showCase(key);
};

const pressUndo = () => document.querySelector("[data-undo] button")?.click();

// What was decided before this page was opened is named first: the key alone does not undo it.
const askUndo = () => {
  if (!document.querySelector("[data-undo]")) return;
  if (acts.has(findLast().dataset.last)) return pressUndo();
  ask.querySelector("[data-act]").textContent = describeLast();
  ask.dataset.act = findLast().dataset.last;
  ask.returnValue = "";
  ask.showModal();
};

// A decision that was answered meanwhile is not the one that the question named.
ask.addEventListener("close", () => {
  if (ask.returnValue !== "undo") return;
  if (findLast()?.dataset.last === ask.dataset.act) pressUndo();
  else announce(describeLast());
});

const press = (key) => {
  const button = findCase()?.querySelector(`[data-key="${key}"]`);
  if (button && !button.disabled) button.click();
};

const openNote = () => {
  const note = findCase().querySelector(".verdict__open--note");
  if (!note) return;
  note.open = true;
  findCase().querySelector("[name=note]").focus();
};

let lastPress = { key: "", timeStamp: -Infinity, entry: "" };

// The second of two quick presses would decide about an entry that nobody has read.
const isDoublePress = ({ key, timeStamp }) => {
  const last = lastPress;
  lastPress = { key, timeStamp, entry: findKey() };
  return key === last.key && timeStamp - last.timeStamp < DOUBLE && findKey() !== last.entry;
};

const actOn = (key) => {
  if ("ahrsnb".includes(key)) press(key);
  else if (key === "t") openNote();
  else if (key === "u") askUndo();
  else if (key === "?") help.showModal();
  else findCase()?.querySelector(`[data-digit="${key}"]`)?.click();
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || isConverting(event) || event.repeat) return;
  if (help.open || ask.open) return;
  if (key === "Escape" && target.name === "note") return findCase().focus();
  if (target.closest(TYPING)) return;
  if (key === "Enter" && !target.closest("a, button, summary, input")) {
    findCase()?.querySelector("[data-review]")?.click();
  } else if (/^[ahrsnbtu?1-7]$/.test(key)) {
    event.preventDefault();
    if (!isDoublePress(event) || !"ahrs".includes(key)) actOn(key);
  }
});

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (submitter?.name === "ask") {
    form.elements.next.value = findNeighbour()?.dataset.key ?? "";
  } else if (form.matches(".verdict")) {
    event.preventDefault();
    decide(form, submitter);
  } else if (form.matches("[data-undo]")) {
    event.preventDefault();
    undo(form);
  }
});

const opensElsewhere = ({ metaKey, ctrlKey, shiftKey, button }) =>
  metaKey || ctrlKey || shiftKey || button;

document.addEventListener("click", (event) => {
  const { target } = event;
  if (opensElsewhere(event)) return;
  if (event.detail > 1 && target.closest("button.verdict__verb")) return event.preventDefault();
  if (target.closest("[data-help]")) return help.showModal();
  const stepper = target.closest("[data-step]");
  const link = target.closest(".list__link");
  const review = target.closest("[data-review]");
  if (!stepper && !link && !review) return;
  event.preventDefault();
  if (stepper) return step(Number(stepper.dataset.step));
  const { key } = (link ?? review).closest("[data-key]").dataset;
  if (review) dropCase(key);
  showCase(key, { leavesList: true });
});

// The reasons of a phone close when one is chosen.
document.addEventListener("change", ({ target }) => {
  if (target.name !== "reason") return;
  const reasons = target.closest(".verdict")?.querySelector(".verdict__open--reasons");
  if (reasons) reasons.open = false;
  findCase().querySelector(".meanwhile--reason")?.remove();
});

for (const hidden of place.querySelectorAll("[data-help], .list__all")) hidden.hidden = false;
watchClaims({
  showChanges: (key, html) => {
    const shown = findCase();
    if (shown?.dataset.key !== key || sending.has(key)) return;
    shown.querySelector("[data-notice]").replaceChildren(parse(html));
    lockVerbs(shown);
  },
});
startCase();
