// Counts a read: once, after the article was some seconds in sight. A reload, or a visit from the
// same page, is the reader who was counted before.

const IN_SIGHT = 8000; // ms

const path = document.querySelector("[data-read]")?.dataset.read;
const [visit] = performance.getEntriesByType("navigation");
const isHere = document.referrer.split(/[?#]/)[0] === location.origin + location.pathname;
let timer;

const planReport = () => {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(reportRead, IN_SIGHT);
};

const reportRead = () => {
  document.removeEventListener("visibilitychange", planReport);
  navigator.sendBeacon(path);
};

if (path && visit?.type === "navigate" && !isHere) {
  document.addEventListener("visibilitychange", planReport);
  planReport();
}
