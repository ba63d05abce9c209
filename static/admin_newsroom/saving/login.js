// Renews a login that has ended, in a dialog over the form. A second factor is asked for in a tab of
// its own, which reports back.

import { post } from "./sending.js";

const template = document.getElementById("login-dialog");
const channel = new BroadcastChannel("login");
let dialog = null;
let waiting = [];

export const isLoginOpen = () => Boolean(dialog?.open);

const settle = () => {
  dialog.close();
  const renewed = waiting;
  waiting = [];
  for (const resume of renewed) resume();
};

// Called when the server has answered this page again, whichever tab brought the login.
export const noteLogin = () => {
  if (isLoginOpen()) settle();
};

const findError = (text) => {
  const page = new DOMParser().parseFromString(text, "text/html");
  return page.querySelector(".errornote, .errorlist")?.textContent.trim();
};

const showError = (text) => {
  const place = dialog.querySelector(".login-dialog__error");
  place.textContent = text;
  place.hidden = !text;
};

const signIn = async () => {
  const { url, text, status } = await post(dialog.dataset.login, new FormData(dialog.querySelector("form")));
  if (!status) return showError(gettext("No connection. Please try again."));
  const path = url && new URL(url).pathname;
  if (path === dialog.dataset.done) return settle();
  if (!path.startsWith(dialog.dataset.secondFactor)) {
    return showError(findError(text) ?? gettext("The login failed. Please try again."));
  }
  showError("");
  dialog.querySelector(".login-dialog__second").hidden = false;
  dialog.querySelector("form").hidden = true;
  dialog.querySelector(".login-dialog__second a").focus();
};

const build = () => {
  document.body.append(template.content.cloneNode(true));
  const built = document.querySelector(".login-dialog");
  built.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    signIn();
  });
  // What was put off is not done at some later login.
  built.addEventListener("cancel", () => { waiting = []; });
  built.addEventListener("close", () => {
    built.querySelector("form").hidden = false;
    built.querySelector("[type=password]").value = "";
    built.querySelector(".login-dialog__second").hidden = true;
  });
  return built;
};

// Returns a promise that is kept once the user is signed in again.
export const renewLogin = () => {
  dialog ??= build();
  if (!dialog.open) dialog.showModal();
  return new Promise((resume) => {
    waiting.push(resume);
  });
};

channel.addEventListener("message", noteLogin);
