// Who looks at which entry: this tab says which one is open, and shows who has which. The server
// forgets a tab that is closed or falls silent.

import { request } from "./request.js";

const PAUSE = 20_000; // ms
const place = document.getElementById("queue");
const words = document.getElementById("words").dataset;
const tab = crypto.randomUUID?.() ?? String(Math.random());
const token = () => place.querySelector("[name=csrfmiddlewaretoken]").value;
let open = null;
let rows = [];
let show = () => {};

const buildBody = (fields) =>
  new URLSearchParams([["csrfmiddlewaretoken", token()], ["tab", tab], ...fields]);

const showClaims = (claims) => {
  for (const row of place.querySelectorAll(".list__row")) {
    const names = claims[row.dataset.key] ?? [];
    const slot = row.querySelector("[data-claim]");
    if (slot.textContent.trim() !== names.join(", ")) slot.textContent = names.join(", ");
  }
  const slot = document.querySelector("#case [data-claims]");
  if (!slot) return;
  const names = claims[open?.dataset.key] ?? [];
  slot.replaceChildren(
    ...names.map((name) => {
      const part = document.createElement("span");
      part.className = "case__claim";
      part.textContent = words.claimed.replace("{n}", name);
      return part;
    }),
  );
};

const send = async () => {
  if (document.hidden) return;
  const asked = open;
  const listed = rows.map((row) => ["listed", row.dataset.key]);
  const fields = asked ? [["entry", asked.dataset.key], ["seen", asked.dataset.stamp ?? ""]] : [];
  const body = buildBody([...fields, ...listed]);
  const { ok, text, isPage } = await request(place.dataset.claim, { method: "POST", body });
  if (!ok || isPage || open !== asked) return;
  const { claims, html } = JSON.parse(text);
  showClaims(claims);
  if (html) show(asked.dataset.key, html);
};

// Say that an entry is open now.
export const claimEntry = (shown, listed) => {
  open = shown?.dataset.key ? shown : null;
  rows = listed;
  send();
};

// Ask again from time to time; `showChanges` gets what happened to the open entry.
export const watchClaims = ({ showChanges }) => {
  show = showChanges;
  setInterval(send, PAUSE);
  addEventListener("visibilitychange", () => document.hidden || send());
  addEventListener("pagehide", () => navigator.sendBeacon(place.dataset.release, buildBody([])));
};
