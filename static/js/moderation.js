// Moderators' decisions in place: the server's answer takes the place of the comment, with a button
// that undoes it. The menu loads this script.

import { announce, findByPk, findComment, findNumber, showCount } from "./page.js";
import { send } from "./send.js";

const DECIDED = ".decided";

const findDecided = (comment) => comment.parentElement.querySelector(`:scope > ${DECIDED}`);

const findBranch = (comment) => comment.parentElement.querySelector(":scope > .branch");

const reloadAt = (comment) => {
  history.replaceState(history.state, "", `#${comment.id}`);
  comment.scrollIntoView({ block: "center" }); // there the browser returns, not to the fragment
  location.reload();
};

const showDecision = (comment, html) => {
  findDecided(comment)?.remove();
  comment.querySelector(".menu__box")?.previousElementSibling.click();
  comment.insertAdjacentHTML("beforebegin", html);
  const decided = findDecided(comment);
  const { pk, state, count, pruned, reload } = decided.dataset;
  if (reload !== undefined) {
    decided.remove();
    return reloadAt(comment); // A measure changes more than the comment.
  }
  if (findByPk(pk) !== comment) return location.reload(); // It was decided further up.
  const branch = findBranch(comment);
  if (branch) branch.hidden = pruned !== undefined;
  comment.hidden = state !== "published";
  showCount(Number(count));
  const isSaid = comment.hidden || decided.querySelector(".remaining");
  if (!isSaid) {
    announce(decided.querySelector("p").textContent);
    decided.remove();
  }
  (isSaid ? decided : findNumber(comment)).focus();
};

const showRefusal = (form, html) => {
  form.querySelector("[role=alert]")?.remove();
  (form.querySelector(".menu__field") ?? form).insertAdjacentHTML("beforeend", html);
  if (!form.isConnected) announce(form.querySelector("[role=alert]").textContent);
};

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const decided = form.closest(DECIDED);
  if (!decided && !form.closest(".menu__box")) return;
  event.preventDefault();
  const comment = decided?.nextElementSibling ?? findComment(form);
  const { ok, html } = await send(form, submitter);
  if (ok && html) showDecision(comment, html);
  else if (html) showRefusal(form, html);
});
