// What a moderator decides beside a comment, in place: what the server says stands where the
// comment stood, with the way back. The menu loads this.

import { commentOf, counted, find, numberOf, say } from "./page.js";

const TOLD = "decided";

const toldAt = (comment) => comment.parentElement.querySelector(`:scope > .${TOLD}`);

const branchOf = (comment) => comment.parentElement.querySelector(":scope > .branch");

const tell = (comment, html) => {
  toldAt(comment)?.remove();
  comment.querySelector(".menu__box")?.previousElementSibling.click();
  comment.insertAdjacentHTML("beforebegin", html);
  const told = toldAt(comment);
  const { pk, state, count, pruned } = told.dataset;
  if (find(pk) !== comment) return location.reload(); // It was decided further up.
  const branch = branchOf(comment);
  if (branch) branch.hidden = pruned !== undefined;
  comment.hidden = state !== "published";
  counted(Number(count));
  if (!comment.hidden) {
    say(told.querySelector("p").textContent);
    told.remove();
  }
  (comment.hidden ? told : numberOf(comment)).focus();
};

const complain = (form, html) => {
  form.querySelector("[role=alert]")?.remove();
  (form.querySelector(".menu__field") ?? form).insertAdjacentHTML("beforeend", html);
  if (!form.isConnected) say(form.querySelector("[role=alert]").textContent);
};

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const told = form.closest(`.${TOLD}`);
  if (!told && !form.closest(".menu__box")) return;
  event.preventDefault();
  if (form.ariaBusy) return;
  form.ariaBusy = "true";
  const comment = told?.nextElementSibling ?? commentOf(form);
  const path = submitter.getAttribute("formaction") ?? form.action;
  const body = new FormData(form);
  const answer = await fetch(`${path}inline/`, { method: "POST", body }).catch(() => null);
  const html = answer?.redirected ? "" : await answer?.text();
  form.ariaBusy = null;
  if (!html || /^<!doctype/i.test(html.trimStart())) {
    document.body.append(form); // Where its menu was closed meanwhile, too.
    form.action = path;
    form.submit(); // The plain way says what is wrong.
  } else if (answer.ok) tell(comment, html);
  else complain(form, html);
});
