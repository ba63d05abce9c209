// Saves the words of an open form every few seconds: on the server as a working copy, and in the
// browser until the server has them. Nothing is saved before the user touches the form.

import { askChecklist } from "./checklist.js";
import { showPeople, showRevision, showState, showTab } from "./head.js";
import { forgetWords, keepWords, listWords } from "./kept-words.js";
import { isLoginOpen, noteLogin, renewLogin } from "./login.js";
import { isSaved, post } from "./sending.js";

const LOOK = 1_000; // ms between two looks at the form
const QUIET = 1_500; // ms without a change, after which it is saved
const LONGEST = 6_000; // ms that typing may go on before it is saved
const BEAT = 20_000; // ms between two signs of life
const PAUSE = 10_000; // ms after a failure

const head = document.querySelector(".saving");
const form = head?.closest("form");
const UNSAVED = new Set(["csrfmiddlewaretoken", "_page", "_copy"]);

const serialize = () => {
  const fields = [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && !UNSAVED.has(name),
  );
  return new URLSearchParams(fields).toString();
};

const field = (name) => form.elements.namedItem(name);
const page = head && field("_page").value;
const { autosave, presence, address, user } = head?.dataset ?? {};

let sent = ""; // the fields that the server has
let seen = ""; // the fields at the last look
let changedAt = 0;
let dirtyAt = 0;
let isTouched = false;
let isKept = true;
let running = null;
let pausedUntil = 0;
let isPassed = false;

const isDirty = () => isTouched && serialize() !== sent;

const keep = (words) => {
  const taken = field("_copy").value;
  isKept = keepWords({ user, page, taken, path: autosave, address, body: words });
};

const buildBody = (words) => {
  const body = new URLSearchParams(words);
  body.set("_page", page);
  body.set("_copy", field("_copy").value);
  return body;
};

const showOthers = (answer) => {
  noteLogin();
  showPeople(answer.people);
  showTab(answer.tabs[0], address);
  const known = field(field("_change_form") ? "_change_seen" : "seen").value;
  const isNewer = answer.revision && String(answer.revision) !== known;
  showRevision(isNewer ? answer : null, address);
};

const describeFailure = ({ status, answer }) => {
  if (answer?.refused) return ["refused", answer.refused];
  if (!isKept) return ["lost"];
  if (status === 401) return ["login"];
  return status ? ["failed"] : ["offline"];
};

const sendWords = async (words) => {
  keep(words);
  showState("busy");
  const outcome = await post(autosave, buildBody(words));
  if (isSaved(outcome)) {
    sent = words;
    forgetWords(page);
    field("_copy").value = "";
    showState("saved", outcome.answer.saved);
    showOthers(outcome.answer);
    askChecklist(words);
  } else {
    pausedUntil = Date.now() + PAUSE;
    showState(...describeFailure(outcome));
  }
  return outcome;
};

// One at a time; what is typed meanwhile is saved after it.
const save = async () => {
  await running;
  running = sendWords(serialize());
  const outcome = await running;
  running = null;
  return outcome;
};

const saveSignedIn = async () => {
  const outcome = await save();
  if (outcome.status !== 401) return outcome;
  await renewLogin();
  return saveSignedIn();
};

const look = () => {
  const words = serialize();
  if (!isTouched) sent = seen = words;
  if (words !== seen) {
    seen = words;
    isPassed = false;
    changedAt = Date.now();
    dirtyAt ||= changedAt;
  }
  if (words === sent) dirtyAt = 0;
  if (!dirtyAt || running) return;
  const isDue = Date.now() - changedAt > QUIET || Date.now() - dirtyAt > LONGEST;
  if (!isDue) return;
  if (Date.now() < pausedUntil || isLoginOpen()) {
    keep(words);
    return;
  }
  dirtyAt = 0;
  changedAt = Date.now();
  saveSignedIn().then(() => { if (isDirty()) dirtyAt = Date.now(); });
};

const beat = async () => {
  if (running) return;
  const kind = field("_change_form") ? [["_change_form", "1"]] : [];
  const outcome = await post(presence, [["_page", page], ...kind]);
  if (isSaved(outcome)) showOthers(outcome.answer);
  else if (outcome.status === 401) renewLogin();
};

// Sends what the browser still holds from earlier, and shows what belongs to this form.
const sendKept = async () => {
  let newest = null;
  for (const entry of listWords(user)) {
    if (entry.page === page) continue;
    const body = new URLSearchParams(entry.body);
    body.set("_page", entry.page);
    body.set("_copy", entry.taken);
    const outcome = await post(entry.path, body);
    if (!isSaved(outcome)) continue;
    forgetWords(entry.page);
    post(entry.path.replace("working-copy", "presence"), [["_page", entry.page], ["closed", ""]]);
    if (entry.address === address && (!newest || entry.at > newest.at)) {
      newest = { at: entry.at, pk: outcome.answer.version.split(":")[0] };
    }
  }
  if (newest && !isTouched) location.replace(`${address}copy=${newest.pk}`);
};

// The browser's Back and a reload come to the words of the form that was there.
const returnToOwn = () => {
  const before = history.state?.page;
  history.replaceState({ ...history.state, page }, "");
  const own = before && head.querySelector(`[data-page="${CSS.escape(before)}"] a`);
  if (own) location.replace(own.href);
  return Boolean(own);
};

const leave = () => {
  const body = new URLSearchParams([["_page", page], ["closed", ""]]);
  body.set("csrfmiddlewaretoken", field("csrfmiddlewaretoken").value);
  if (isDirty() && !isPassed) keep(serialize());
  navigator.sendBeacon(presence, body);
};

const submit = async (event) => {
  const { submitter } = event;
  if (isPassed || submitter?.formTarget === "_blank") return;
  if (navigator.onLine && !isDirty() && !running) return;
  event.preventDefault();
  const outcome = navigator.onLine ? await saveSignedIn() : { status: 0 };
  if (!navigator.onLine) showState(isKept ? "offline" : "lost");
  // The save would fail as well; the next press tries it all the same.
  isPassed = navigator.onLine;
  if (isSaved(outcome) || outcome.answer?.refused) form.requestSubmit(submitter);
};

// What other scripts filled in before the first touch is no change.
const touch = () => {
  if (!isTouched) sent = seen = serialize();
  isTouched = true;
};

const start = () => {
  if (returnToOwn()) return;
  form.autocomplete = "off"; // or the browser restores the fields behind the editor's back
  sent = form.querySelector(".errornote") ? "" : serialize();
  seen = serialize();
  if (!sent) [isTouched, dirtyAt] = [true, 1];
  for (const name of ["beforeinput", "keydown", "pointerdown", "paste", "drop"]) {
    document.addEventListener(name, touch, { capture: true });
  }
  document.addEventListener("input", () => { isTouched = true; }, { capture: true });
  form.addEventListener("submit", submit);
  setInterval(look, LOOK);
  setInterval(beat, BEAT);
  addEventListener("online", () => { pausedUntil = 0; look(); });
  addEventListener("focus", () => isLoginOpen() && beat());
  addEventListener("pagehide", leave);
  addEventListener("pageshow", ({ persisted }) => {
    isPassed = false;
    if (persisted) beat();
  });
  addEventListener("beforeunload", (event) => {
    if (isDirty() && !isPassed && !isKept) event.preventDefault();
  });
  beat();
  sendKept();
};

if (form) start();
