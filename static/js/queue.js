// The moderators' queue, quicker: keys, the next entry fetched ahead, decisions sent in the
// background. What is refused comes back to its entry; nothing is called done before it is.

import { claimEntry, watchClaims } from "./claims.js";
import { request } from "./request.js";

const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const DOUBLE = 300; // ms between two presses that are meant as one
const FEW = 6; // rows left in the list, before more are fetched
const place = document.getElementById("queue");
const words = document.getElementById("words").dataset;
const cases = new Map(); // entries by key: elements, or promises of them
const sending = new Set(); // keys whose decision is on its way
const decided = new Set(); // keys that no longer wait; a list on its way may still have them
let lastSent = Promise.resolve(); // decisions reach the server in their order

const findCase = () => document.getElementById("case");
const findKey = () => findCase()?.dataset.key;
const findRow = (key) => place.querySelector(`.list__row[data-key="${CSS.escape(key)}"]`);
const listRows = () => [...place.querySelectorAll(".list__row")];
const listOpen = () => listRows().filter((row) => !sending.has(row.dataset.key));

const announce = (text) => {
  document.getElementById("said").textContent = text;
};

const parse = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
};

// Put each part of an answer in the place of the same name.
const showParts = (html) => {
  for (const part of parse(html).querySelectorAll("[data-part]")) {
    const old =
      part.dataset.part === "head"
        ? document.querySelector(".desk__head")
        : document.querySelector(`[data-part="${part.dataset.part}"]`);
    if (part.dataset.part === "head") old.replaceChildren(...part.childNodes);
    else old.replaceWith(part);
  }
  const waiting = document.querySelector("[data-waiting]"); // in the header too
  const count = document.querySelector(".desk__count");
  if (waiting && count) waiting.textContent = count.textContent;
  showPosition();
};

const showPosition = () => {
  const index = listOpen().findIndex((row) => row.dataset.key === findKey());
  for (const part of document.querySelectorAll("[data-position]")) {
    if (index >= 0) part.textContent = index + 1;
  }
};

const fetchCase = async (key) => {
  const { search } = new URL(place.dataset.list, location);
  const { ok, text, isPage } = await request(
    `${place.dataset.entry.replace("/0/", `/${key}/`)}${search}`,
  );
  return ok && !isPage ? parse(text).querySelector(".case") : null;
};

const loadCase = (key) => {
  if (!cases.has(key)) cases.set(key, fetchCase(key));
  return cases.get(key);
};

// The row after (or before) the open one, round the end.
const findNeighbour = (step = 1) => {
  const rows = listRows();
  const at = rows.findIndex((row) => row.dataset.key === findKey());
  for (let n = 1; n <= rows.length; n += 1) {
    const row = rows[(at + n * step + rows.length * n) % rows.length];
    if (!sending.has(row.dataset.key) && row.dataset.key !== findKey()) return row;
  }
  return null;
};

const fetchAhead = () => {
  const next = findNeighbour();
  if (next) loadCase(next.dataset.key);
};

const markRow = (key) => {
  for (const row of listRows()) {
    const isOpen = row.dataset.key === key;
    row.classList.toggle("list__row--open", isOpen);
    if (isOpen) row.querySelector(".list__link").setAttribute("aria-current", "true");
    else row.querySelector(".list__link").removeAttribute("aria-current");
  }
  findRow(key)?.scrollIntoView({ block: "nearest" });
};

const showCase = async (key) => {
  const box = place.querySelector(".queue__case");
  const shown = key ? await loadCase(key) : null;
  if (key && !shown) return location.assign(`${location.pathname}?entry=${key}`);
  if (shown) box.replaceChildren(shown);
  else {
    const empty = document.createElement("p");
    empty.className = "queue__empty";
    empty.id = "case";
    empty.tabIndex = -1;
    empty.textContent = words.done;
    box.replaceChildren(empty);
  }
  if (!place.classList.contains("queue--list")) scrollTo(0, 0);
  markRow(key);
  showPosition();
  findCase().focus({ preventScroll: true });
  history.replaceState(history.state, "", buildAddress(key));
  claimEntry(findCase(), listRows());
  fetchAhead();
};

const buildAddress = (key) => {
  const query = new URLSearchParams(location.search);
  query.delete("view");
  if (key) query.set("entry", key);
  else query.delete("entry");
  return `${location.pathname}?${query}`;
};

const step = async (direction = 1) => {
  const next = findNeighbour(direction);
  await showCase(next ? next.dataset.key : sending.has(findKey()) ? "" : findKey());
};

const fetchRows = async () => {
  const { ok, text, isPage } = await request(
    `${place.dataset.list}${place.dataset.list.includes("?") ? "&" : "?"}part=list`,
  );
  if (!ok || isPage) return;
  let last = null; // in the server's order
  for (const row of parse(text).querySelectorAll(".list__row")) {
    const { key } = row.dataset;
    const isNew = !findRow(key) && !sending.has(key) && !decided.has(key);
    if (isNew && last) last.after(row);
    else if (isNew) place.querySelector(".list__rows").prepend(row);
    last = findRow(key) ?? last;
  }
};

const buildNotice = (text) => {
  const notice = document.createElement("div");
  notice.className = "meanwhile meanwhile--failed";
  notice.role = "alert";
  notice.tabIndex = -1;
  notice.append(Object.assign(document.createElement("b"), { textContent: text }));
  return notice;
};

const isLogin = ({ status, isPage }) => isPage || status === 403;

// What speaks against it, in the server's words; without an answer nothing was decided.
const describeRefusal = (answer) => {
  const { status, text } = answer;
  if (isLogin(answer)) return buildNotice(words.login);
  if (!status) return buildNotice(words.offline);
  return status < 500 ? parse(text) : buildNotice(words.failed);
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
  cases.set(key, shown);
  await showCase(key);
  shown.querySelector(".meanwhile").focus();
};

// A login in another tab makes the tokens of this page stale: take a new one, and send again.
const send = async (path, body) => {
  const answer = await request(path, { method: "POST", body });
  if (answer.status !== 403) return answer;
  const token = (await fetchCase(body.get("chosen") ?? body.get("entry")))
    ?.querySelector("[name=csrfmiddlewaretoken]");
  if (!token) return answer;
  body.set(token.name, token.value);
  return request(path, { method: "POST", body });
};

const post = (path, body) => {
  const answer = lastSent.then(() => send(path, body));
  lastSent = answer.catch(() => null);
  return answer;
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
  cases.delete(key);
  decided.add(key);
  findRow(key)?.remove();
  showParts(answer.text);
  announce(document.querySelector(".last__text")?.textContent.trim() ?? "");
  if (listOpen().length < FEW) fetchRows();
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

const undo = async (form) => {
  const body = new URLSearchParams(new FormData(form));
  const key = body.get("entry");
  const answer = await post(`${form.getAttribute("action")}inline/`, body);
  if (!answer.ok || answer.isPage) {
    findCase().querySelector("[data-notice]")?.replaceChildren(describeRefusal(answer));
    return;
  }
  showParts(answer.text);
  cases.delete(key);
  decided.delete(key);
  await fetchRows();
  if (key) await showCase(key);
};

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

const help = document.getElementById("keys");

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
  else if (key === "u") document.querySelector("[data-undo] button")?.click();
  else if (key === "?") help.showModal();
  else findCase()?.querySelector(`[data-digit="${key}"]`)?.click();
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (help.open) return;
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
  if (review) cases.delete(key);
  place.classList.remove("queue--list");
  showCase(key);
});

// The reasons of a phone close when one is chosen.
document.addEventListener("change", ({ target }) => {
  const reasons = target.closest(".verdict")?.querySelector(".verdict__open--reasons");
  if (target.name === "reason" && reasons) reasons.open = false;
  if (target.name === "reason") findCase().querySelector(".meanwhile--reason")?.remove();
  if (target.matches("[data-all]")) {
    for (const box of place.querySelectorAll("[name=chosen][type=checkbox]")) {
      box.checked = target.checked;
    }
  }
  const chosen = place.querySelectorAll("[name=chosen][type=checkbox]:checked").length;
  const label = place.querySelector("[data-chosen]");
  label.dataset.label ??= label.textContent;
  label.textContent = `${label.dataset.label} ${chosen}`;
});

for (const hidden of place.querySelectorAll("[data-help], .list__all")) hidden.hidden = false;
if (findKey()) cases.set(findKey(), findCase());
watchClaims({
  showChanges: (key, html) => {
    const shown = findCase();
    if (shown?.dataset.key !== key || sending.has(key)) return;
    shown.querySelector("[data-notice]").replaceChildren(parse(html));
    lockVerbs(shown);
  },
});
claimEntry(findCase(), listRows());
fetchAhead();
