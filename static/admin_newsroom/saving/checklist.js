// Shows the checklist of the words that were saved last: the server renders it, and what changed of
// it takes the place of the old. Focus and an open help stay.

import { post } from "./sending.js";

const ASKED = /^(title|lead|body|kind|category|tags|lead_image|card_image|published_at_\d)$/;

const place = document.getElementById("checklist");
const said = document.querySelector("[data-checklist-said]");
const foot = document.querySelector(".form-foot__checklist");

let asked = "";

const findPoints = (section) => section.querySelector("[data-checklist-points]");
const readCount = (section) => section.querySelector(".checklist__count").textContent.trim();

const showPoints = (fresh) => {
  const points = findPoints(place);
  const focused = points.contains(document.activeElement) ? document.activeElement : null;
  points.replaceChildren(...findPoints(fresh).childNodes);
  if (!focused) return;
  const links = [...points.querySelectorAll("a")];
  const same = links.find((link) => link.textContent === focused.textContent);
  const target = same ?? links[0] ?? place.querySelector("summary");
  target.focus({ preventScroll: true });
};

const showCount = (fresh) => {
  const { count } = fresh.dataset;
  const text = readCount(fresh);
  place.dataset.count = count;
  place.querySelector(".checklist__count").textContent = text;
  const tab = document.querySelector(".form-tabs__tab[aria-controls=checklist] b");
  if (tab) tab.textContent = text && count;
  if (foot) {
    foot.querySelector("[data-checklist-count]").textContent = text;
    foot.classList.toggle("form-foot__checklist--missing", Boolean(text));
  }
  said.textContent = text ? `${fresh.dataset.part} ${text}` : gettext("Nothing is missing.");
};

const show = (html) => {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("checklist");
  if (!fresh) return;
  if (readCount(fresh) !== readCount(place)) showCount(fresh);
  if (findPoints(fresh).innerHTML !== findPoints(place).innerHTML) showPoints(fresh);
};

// Words that were saved while the answer was on its way make it stale.
export const askChecklist = async (words) => {
  if (!place) return;
  const fields = [...new URLSearchParams(words)].filter(([name]) => ASKED.test(name));
  const wanted = new URLSearchParams(fields).toString();
  if (wanted === asked) return;
  asked = wanted;
  const { status, text } = await post(place.dataset.checklist, fields);
  if (asked !== wanted) return;
  if (status === 200) show(text);
  else asked = "";
};
