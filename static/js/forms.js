// The forms of comments: drafts that outlive the page, the reader's name, the token of the first
// focus, and sending in place. What cannot be sent so is sent the plain way.

import { count } from "./counter.js";
import { mine, tookPart } from "./mine.js";
import { counted, lead, pkOf, say, thread, word } from "./page.js";
import { keep, kept } from "./storage.js";

const FORM = "form[data-draft]";
const REPLY = `li > ${FORM}`;
const NAME = "name";
const SENT = "sent";

const draftOf = (form) => `draft:${form.dataset.draft}`;

const ripe = new WeakMap(); // form → when its token is old enough, in ms

const ripen = (form) => ripe.set(form, Date.now() + form.dataset.ripens * 1000);

const token = async (form) => {
  const field = form.elements.token;
  if (field.value || ripe.has(form)) return;
  ripen(form);
  const answer = await fetch(form.dataset.token).catch(() => null);
  if (answer?.ok) field.value = await answer.text();
  ripen(form);
};

const setUp = (form) => {
  const { text, name } = form.elements;
  text.value ||= kept(draftOf(form));
  name.value ||= kept(NAME);
  if (form.elements.token.value) ripen(form);
  count(text);
};

const close = (form) => {
  const comment = form.previousElementSibling;
  form.remove();
  comment.querySelector(".comment__reply")?.focus();
};

const complain = (form) => {
  form.querySelector(".form__failed")?.remove();
  const error = document.createElement("p");
  error.className = "form__error form__failed";
  error.role = "alert";
  form.prepend(error);
  error.textContent = word("failed");
};

const fresh = document.querySelector(`#write > ${FORM}`)?.cloneNode(true);
for (const form of document.querySelectorAll(FORM)) setUp(form);

// What went the plain way arrived, when its page is shown to its writer.
if (document.querySelector(`[data-posted="${kept(SENT)}"]`)) {
  keep(`draft:${kept(SENT)}`);
  keep(SENT);
  tookPart();
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest(FORM);
  if (form && target.name === "text") keep(draftOf(form), target.value);
});

document.addEventListener("focusin", ({ target }) => {
  const form = target.closest(FORM);
  if (form) token(form);
});

document.addEventListener("submit", ({ target }) => {
  if (!target.matches(FORM)) return;
  keep(NAME, target.elements.name.value);
  keep(SENT, target.dataset.draft);
});

// The form for an answer opens below its comment, one at a time. The drafts of others stay.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".comment__reply");
  if (!link || !window.htmx || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const comment = link.closest(".comment");
  const open = document.querySelector(REPLY);
  if (open?.previousElementSibling === comment) return open.elements.text.focus();
  open?.remove();
  htmx.ajax("GET", `${link.href}form/`, { source: link, target: comment, swap: "afterend" });
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-close]")) close(target.closest(FORM));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  const form = event.target.closest(REPLY);
  if (form) close(form);
});

// One at a time, and not before the token is ripe: nobody is told to wait. What is only looked at,
// or empty, needs no ripe one.
document.addEventListener("htmx:confirm", (event) => {
  const { elt: form, triggeringEvent, issueRequest } = event.detail;
  if (!form.matches(FORM)) return;
  event.preventDefault();
  if (form.ariaBusy) return;
  form.ariaBusy = "true";
  say(form.querySelector("[data-busy]").dataset.busy);
  const isPosted = triggeringEvent.submitter?.name !== "preview" && form.elements.text.value.trim();
  setTimeout(() => issueRequest(true), isPosted ? ripe.get(form) - Date.now() : 0);
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { elt } = detail.requestConfig;
  const answer = detail.serverResponse.trimStart();
  const isPage = /^<!doctype/i.test(answer);
  detail.shouldSwap &&= detail.xhr.status < 500 && !isPage;
  if (isPage && detail.xhr.status < 500) {
    if (elt.matches(FORM)) elt.submit();
    else if (elt.href) location.assign(elt.href);
  }
  if (!detail.shouldSwap || !elt.matches(FORM) || answer.startsWith("<form")) return;
  keep(draftOf(elt));
  keep(SENT);
  tookPart();
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const { elt } = detail.requestConfig;
  const failed = !detail.xhr.status || detail.xhr.status >= 500;
  if (failed) say(word("failed"));
  if (!elt.matches(FORM)) return;
  elt.ariaBusy = null;
  if (failed) complain(elt);
});

const arrive = (list) => {
  const comment = list.querySelector(".comment");
  const level = list.parentElement.closest("ol")?.dataset.level ?? 0;
  const isHeld = comment.matches(".comment--held");
  if (list.matches(".branch__list")) list.dataset.level = Number(level) + 1;
  if (list.parentElement.id === "write") {
    list.after(fresh.cloneNode(true));
    htmx.process(list.nextElementSibling);
    setUp(list.nextElementSibling);
  }
  mine(pkOf(comment), true);
  thread.querySelector("[data-empty]")?.remove();
  if (!isHeld) counted(counted() + 1);
  say(word(isHeld ? "waits" : "posted"));
  lead(comment, "nearest");
};

document.addEventListener("htmx:load", ({ target }) => {
  if (target.matches(".posted")) arrive(target);
  if (!target.matches(FORM)) return;
  setUp(target);
  (target.querySelector(".form__preview") ?? target.elements.text).focus();
});
