// The forms of comments: drafts that outlive the page, the reader's name, the token that is asked
// for at the first focus, and sending in place.

import { updateCounter } from "./counter.js";
import { addOwn, isKnownWriter, rememberHeld, rememberWriting } from "./mine.js";
import {
  announce,
  opensElsewhere,
  readCount,
  readPk,
  readWord,
  reportChange,
  showComment,
  showCount,
  thread,
} from "./page.js";
import { request } from "./request.js";
import { send } from "./send.js";
import { loadItem, saveItem } from "./storage.js";

const FORM = "form[data-draft]";
const REPLY = `.comment + ${FORM}`;
const NAME = "name";
const SENT = "sent";

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

const setUp = (form) => {
  const { text, name, token } = form.elements;
  text.value ||= loadItem(nameDraft(form));
  name.value ||= loadItem(NAME);
  if (token.value) startRipening(form);
  updateCounter(text);
};

const closeForm = (form) => {
  const comment = form.previousElementSibling;
  form.remove();
  comment.querySelector(".comment__reply")?.focus();
};

const forgetDraft = (draft) => {
  saveItem(draft);
  saveItem(SENT);
  rememberWriting();
};

const emptyForm = document.querySelector(`#write > ${FORM}`)?.cloneNode(true);
for (const form of document.querySelectorAll(FORM)) setUp(form);

// A comment that was sent the plain way has arrived once its page is shown to its writer.
const sent = loadItem(SENT);
if (document.querySelector(`[data-posted="${sent}"]`)) forgetDraft(`draft:${sent}`);

document.addEventListener("input", ({ target }) => {
  const form = target.closest(FORM);
  if (form && target.name === "text") saveItem(nameDraft(form), target.value);
});

document.addEventListener("focusin", ({ target }) => {
  const form = target.closest(FORM);
  if (form) requestToken(form);
});

// The form for a reply opens below its comment, one at a time. The drafts of others stay.
document.addEventListener("click", async (event) => {
  const link = event.target.closest(".comment__reply");
  if (!thread || !link || opensElsewhere(event)) return;
  event.preventDefault();
  const comment = link.closest(".comment");
  const open = document.querySelector(REPLY);
  if (open?.previousElementSibling === comment) return open.elements.text.focus();
  const { ok, status, text, isPage } = await request(`${link.href}form/`);
  if (!status || status >= 500) return announce(readWord("failed"));
  if (!ok || isPage) return location.assign(link.href);
  document.querySelector(REPLY)?.remove();
  comment.insertAdjacentHTML("afterend", text.trim());
  const form = comment.nextElementSibling;
  setUp(form);
  form.elements.text.focus();
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-close]")) closeForm(target.closest(FORM));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  const form = event.target.closest(REPLY);
  if (form) closeForm(form);
});

const replaceForm = (form, html) => {
  form.insertAdjacentHTML("beforebegin", html.trim());
  const part = form.previousElementSibling;
  form.remove();
  return part;
};

const showComplaint = (form, typed) => {
  setUp(form);
  if (typed !== undefined) form.elements.text.value = typed;
  (form.querySelector(".form__preview") ?? form.elements.text).focus();
};

// A text that is sent again is the same comment: it stays where it is.
const showPosted = (list) => {
  const comment = list.querySelector(".comment");
  const level = list.parentElement.closest("ol")?.dataset.level ?? 0;
  const isHeld = comment.matches(".comment--held");
  if (list.matches(".branch__list")) list.dataset.level = Number(level) + 1;
  if (list.parentElement.id === "write") {
    list.after(emptyForm.cloneNode(true));
    setUp(list.nextElementSibling);
  }
  announce(readWord(isHeld ? "waits" : "posted"));
  const twins = [...thread.querySelectorAll(`#${comment.id}`)];
  const earlier = twins.find((each) => each !== comment);
  if (earlier) {
    list.remove();
    return showComment(earlier, "nearest");
  }
  reportChange(list);
  addOwn(readPk(comment), isKnownWriter());
  if (isHeld && !isKnownWriter()) comment.querySelector(".comment__actions").remove();
  if (comment.dataset.held) rememberHeld(comment.dataset.held);
  thread.querySelector("[data-empty]")?.remove();
  if (!isHeld) showCount(readCount() + 1);
  showComment(comment, "nearest");
};

// A comment is sent when its token is ripe: nobody is asked to be slower. A draft that is only
// looked at, or empty, needs no ripe token.
const sendInPlace = async (form, submitter) => {
  const isPosted = submitter?.name !== "preview" && form.elements.text.value.trim();
  const wait = isPosted ? ripe.get(form) - Date.now() : 0;
  if (!form.ariaBusy) announce(form.querySelector("[data-busy]").dataset.busy);
  const { html, body } = await send(form, submitter, { wait });
  if (!html) return;
  const [text, draft] = [form.elements.text.value, nameDraft(form)];
  const typed = text === body.get("text") ? undefined : text; // While it was sent.
  const part = replaceForm(form, html);
  if (part.matches(FORM)) return showComplaint(part, typed);
  forgetDraft(draft);
  saveItem(draft, typed);
  showPosted(part);
};

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!form.matches(FORM)) return;
  saveItem(NAME, form.elements.name.value);
  saveItem(SENT, form.dataset.draft);
  if (!("inline" in form.dataset)) return;
  event.preventDefault();
  sendInPlace(form, submitter);
});
