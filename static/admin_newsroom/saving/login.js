// Renews a login that has ended, in a dialog over the form. A second factor is asked for in a tab of
// its own, which reports back.

import { post } from "./sending.js";

const dialog = document.querySelector(".login-dialog");
const channel = new BroadcastChannel("login");
let waiting = [];

export const isLoginOpen = () => Boolean(dialog?.open);

const settle = () => {
  dialog.close();
  const renewed = waiting;
  waiting = [];
  for (const resume of renewed) resume();
};

// Returns a promise that is kept once the user is signed in again.
export const renewLogin = () => {
  if (!dialog.open) dialog.showModal();
  return new Promise((resume) => {
    waiting.push(resume);
  });
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

dialog?.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  signIn();
});
dialog?.addEventListener("close", () => {
  dialog.querySelector("form").hidden = false;
  dialog.querySelector("[type=password]").value = "";
  dialog.querySelector(".login-dialog__second").hidden = true;
});
channel.addEventListener("message", noteLogin);
