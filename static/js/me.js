// The page of the reader's own comments: an answer is read once it was on the screen, and this
// browser can ask to be told of new ones.

import { watchAnswers } from "./answers.js";
import { request } from "./request.js";

const list = document.querySelector("[data-seen]");

if (list) {
  const watch = watchAnswers(() => list.dataset.seen);
  for (const answer of list.querySelectorAll("[data-answer]")) watch.observe(answer);
}

const place = document.querySelector("[data-push]");
const isAble = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const dump = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const post = (path, fields) =>
  request(path, { method: "POST", body: new URLSearchParams(fields) });

const say = (word) => {
  place.querySelector("[role=status]").textContent = word ? place.dataset[word] : "";
};

const label = (isOn) => {
  const button = place.querySelector("button");
  button.textContent = isOn ? place.dataset.off : place.dataset.on;
  button.setAttribute("aria-pressed", isOn);
};

const find = async () => {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return registration?.pushManager.getSubscription();
};

const subscribe = async () => {
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  await navigator.serviceWorker.register(place.dataset.worker, { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: place.dataset.key };
  const subscription = await pushManager.subscribe(options);
  const [p256dh, auth] = ["p256dh", "auth"].map((name) => dump(subscription.getKey(name)));
  const { ok } = await post(place.dataset.push, { endpoint: subscription.endpoint, p256dh, auth });
  if (!ok) await subscription.unsubscribe();
  label(ok);
  return say(ok ? "done" : "failed");
};

const unsubscribe = async (subscription) => {
  await subscription.unsubscribe();
  await post(place.dataset.end, { endpoint: subscription.endpoint });
  label(false);
  say("ended");
};

const toggle = async () => {
  say("");
  try {
    const subscription = await find();
    await (subscription ? unsubscribe(subscription) : subscribe());
  } catch {
    say("failed"); // The browser has no push service, or none that it reaches.
  }
};

if (place && isAble) {
  find().then((subscription) => {
    label(Boolean(subscription));
    place.hidden = false;
  });
  place.querySelector("button").addEventListener("click", toggle);
}
