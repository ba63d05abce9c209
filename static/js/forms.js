// The forms of comments: drafts that outlive the page, the reader's name, the token that is asked
// for at the first focus, and sending in place.

import { isConverting } from "./conversion.js";
import { updateCounter } from "./counter.js";
import { mergeFreshPage } from "./merge.js";
import {
  addOwn,
  insertPosted,
  isKnownWriter,
  own,
  rememberHeld,
  rememberWriting,
  requestOwn,
} from "./mine.js";
import {
  announce,
  buildAddress,
  decorateParts,
  findByPk,
  opensElsewhere,
  readCount,
  readPk,
  readWord,
  reportChange,
  showComment,
  showCount,
  thread,
} from "./page.js";
import { quoteInto } from "./quoting.js";
import { request, requestJson } from "./request.js";
import { noteSeen, readNumber } from "./seen.js";
import { send } from "./send.js";
import { keepsOfTab, listOfTab, loadItem, loadOfTab, saveItem, saveOfTab } from "./storage.js";

const FORM = "form[data-draft]";
const REPLY = `.comment + ${FORM}`;
const NAME = "name";
const SENT = "sent";
const KNOWN = "sent-after"; // the newest comment of the reader before that
const LOOKS = [0, 2_000, 6_000]; // ms: what was sent may still be on its way

const nameDraft = (form) => `draft:${form.dataset.draft}`;

const ripe = new WeakMap(); // form → when its token is old enough, in ms

const startRipening = (form) => ripe.set(form, Date.now() + form.dataset.ripens * 1000);

const requestToken = async (form) => {
  const field = form.elements.token;
  if (field.value || ripe.has(form)) return;
  startRipening(form);
  const { ok, text } = await request(form.dataset.token);
  if (ok) field.value = text;
  startRipening(form);
};

// A form holds what was written in this tab and not sent, else what the server put into it; never
// what the browser kept of an older page, unless nothing else is kept here.
const fillText = (form) => {
  const { text } = form.elements;
  const kept = loadOfTab(nameDraft(form)) || (keepsOfTab() ? text.defaultValue : text.value);
  if (text.value !== kept) text.value = kept;
  updateCounter(text);
};

const setUp = (form) => {
  const { name, token } = form.elements;
  fillText(form);
  name.value ||= loadItem(NAME);
  if (token.value) startRipening(form);
};

// A reply that was begun in this tab and not sent has a sign at its comment.
const markDrafts = () => {
  const start = `draft:${thread.dataset.thread}-`;
  for (const key of listOfTab(start)) {
    const link = findByPk(key.slice(start.length))?.querySelector(".comment__reply");
    if (!link || link.previousElementSibling?.matches(".comment__draft")) continue;
    const sign = document.createElement("span");
    sign.className = "comment__draft";
    sign.textContent = readWord("draft");
    link.before(sign);
  }
};

const unmarkDraft = (comment) => comment?.querySelector(".comment__draft")?.remove();

const closeForm = (form) => {
  const comment = form.previousElementSibling;
  form.remove();
  if (thread) markDrafts();
  comment.querySelector(".comment__reply")?.focus();
};

const forgetDraft = (draft) => {
  saveOfTab(draft);
  saveOfTab(SENT);
  saveOfTab(KNOWN);
  rememberWriting();
};

// White space is otherwise once it is rendered.
const readLetters = (text) => text.normalize().replace(/[\s\p{C}]+/gu, "");

const readBody = (html) => parse(html)?.querySelector(".comment__body")?.textContent ?? "";

// Whether a text is the reader's newest comment in the thread, written since it was sent.
const hasArrived = async (text) => {
  const known = Number(loadOfTab(KNOWN));
  const { latest, held = [] } = (await requestJson(buildAddress("mine"))) ?? {};
  const bodies = held.filter(({ pk }) => pk > known).map(({ html }) => readBody(html));
  if (latest > known) {
    const { ok, text: html, isPage } = await request(buildAddress("quoted", latest));
    if (ok && !isPage) bodies.push(readBody(html));
  }
  return bodies.some((body) => readLetters(body) === readLetters(text));
};

// A page that was left while a text was sent, or lost the answer, does not know what became of it.
// Where it has arrived, no form holds it any more.
const settleSent = async () => {
  const draft = loadOfTab(SENT);
  const text = loadOfTab(`draft:${draft}`);
  if (!thread || !draft || !text) return;
  const isOpen = () => loadOfTab(SENT) === draft && loadOfTab(`draft:${draft}`) === text;
  for (const wait of LOOKS) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (!isOpen()) return;
    if (!(await hasArrived(text)) || !isOpen()) continue;
    forgetDraft(`draft:${draft}`);
    for (const form of document.querySelectorAll(`[data-draft="${draft}"]`)) {
      form.querySelector(".form__failed")?.remove();
      fillText(form);
    }
    unmarkDraft(findByPk(draft.split("-").at(-1)));
    requestOwn();
    return;
  }
};

if (thread) decorateParts(markDrafts);

// A comment that was sent the plain way has arrived once its page is shown to its writer.
const sent = loadOfTab(SENT);
if (document.querySelector(`[data-posted="${sent}"]`)) forgetDraft(`draft:${sent}`);

const emptyForm = document.querySelector(`#write > ${FORM}`)?.cloneNode(true);
emptyForm?.reset(); // The browser may have filled it already.
for (const form of document.querySelectorAll(FORM)) setUp(form);

// Some browsers fill forms after the scripts, and a page that comes back may hold what was sent.
addEventListener("pageshow", ({ persisted }) => {
  document.querySelectorAll(FORM).forEach(fillText);
  if (persisted) settleSent();
});
settleSent();

document.addEventListener("input", ({ target }) => {
  const form = target.closest(FORM);
  if (form && target.name === "text") saveOfTab(nameDraft(form), target.value);
});

document.addEventListener("focusin", ({ target }) => {
  const form = target.closest(FORM);
  if (form) requestToken(form);
});

// Scrolling to the field alone would leave the button below the screen.
const showForm = (form) => {
  form.elements.text.focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest" });
};

// The form for a reply opens below its comment, one at a time. The drafts of others stay.
document.addEventListener("click", async (event) => {
  const link = event.target.closest(".comment__reply");
  if (!thread || !link || opensElsewhere(event)) return;
  event.preventDefault();
  const comment = link.closest(".comment");
  const open = document.querySelector(REPLY);
  if (open?.previousElementSibling === comment) {
    quoteInto(open.elements.text, comment);
    return showForm(open);
  }
  const { ok, status, text, isPage } = await request(`${link.href}form/`);
  if (!status || status >= 500) return announce(readWord("failed"));
  if (!ok || isPage) return location.assign(link.href);
  document.querySelector(REPLY)?.remove();
  markDrafts();
  unmarkDraft(comment);
  comment.insertAdjacentHTML("afterend", text.trim());
  const form = comment.nextElementSibling;
  setUp(form);
  quoteInto(form.elements.text, comment);
  showForm(form);
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-close]")) closeForm(target.closest(FORM));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || isConverting(event)) return;
  const form = event.target.closest(REPLY);
  if (form) closeForm(form);
});

const parse = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
};

const showComplaint = (form, part, typed) => {
  announce("");
  form.replaceWith(part);
  setUp(part);
  if (typed !== undefined) part.elements.text.value = typed;
  (part.querySelector(".form__preview") ?? part.elements.text).focus();
};

const renewForm = (form) => {
  if (!form.closest("#write")) return form.remove();
  form.replaceWith(emptyForm.cloneNode(true));
  setUp(document.querySelector(`#write > ${FORM}`));
};

// The page becomes the server's, with the comment in it. One that is held, or that no page of the
// thread shows here, is put in by itself. A text that is sent again is the same comment.
const showPosted = async (form, list) => {
  const comment = list.querySelector(".comment");
  const pk = readPk(comment);
  const isHeld = comment.matches(".comment--held");
  rememberWriting();
  addOwn(pk, isKnownWriter());
  noteSeen(readNumber(comment));
  if (isHeld && !isKnownWriter()) comment.querySelector(".comment__actions").remove();
  if (comment.dataset.held) rememberHeld(comment.dataset.held);
  form.setAttribute("aria-busy", "true");
  const isMerged = !isHeld && (await mergeFreshPage());
  renewForm(form);
  if (!isHeld && !isMerged) showCount(readCount() + 1);
  if (!findByPk(pk)) insertPosted(comment, form.elements.parent?.value);
  reportChange(thread);
  announce(readWord(isHeld ? "waits" : "posted"));
  showComment(findByPk(pk), "nearest");
  requestOwn();
};

// A comment is sent when its token is ripe: nobody is asked to be slower. A draft that is only
// looked at, or empty, needs no ripe token.
const sendInPlace = async (form, submitter) => {
  const isPosted = submitter?.name !== "preview" && form.elements.text.value.trim();
  const wait = isPosted ? ripe.get(form) - Date.now() : 0;
  if (!form.hasAttribute("aria-busy")) announce(form.querySelector("[data-busy]").dataset.busy);
  const { html, body } = await send(form, submitter, { wait });
  if (!html) {
    if (form.isConnected) announce("");
    return settleSent();
  }
  const [field, draft, part] = [form.elements.text, nameDraft(form), parse(html)];
  const readTyped = () => (field.value === body.get("text") ? undefined : field.value);
  if (part.matches(FORM)) return showComplaint(form, part, readTyped());
  forgetDraft(draft);
  saveOfTab(draft, readTyped()); // While it was sent.
  showPosted(form, part);
};

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!form.matches(FORM)) return;
  saveItem(NAME, form.elements.name.value);
  saveOfTab(SENT, form.dataset.draft);
  saveOfTab(KNOWN, String(Math.max(0, ...own)));
  if (!("inline" in form.dataset)) return;
  event.preventDefault();
  sendInPlace(form, submitter);
});
