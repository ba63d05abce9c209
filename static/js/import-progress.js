// The progress of an import, while the page is in sight; the end of the run loads the whole page.

import { request } from "./request.js";

const PAUSE = 2_000; // ms
const place = document.querySelector("[data-progress]");

const refresh = async () => {
  if (!document.hidden) {
    const { ok, text, isPage } = await request(place.dataset.progress);
    if (isPage) return location.reload();
    if (ok) place.innerHTML = text;
    if (!place.querySelector("[data-at-work]")) return location.reload();
  }
  setTimeout(refresh, PAUSE);
};

setTimeout(refresh, PAUSE);
