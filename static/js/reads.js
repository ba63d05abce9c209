// Tells the server that the article is being read: once, after some seconds in sight. Who comes from
// the same page, or again by reloading, is the reader who was counted.

const IN_SIGHT = 8000; // ms

const path = document.querySelector("[data-read]")?.dataset.read;
const [visit] = performance.getEntriesByType("navigation");
const isHere = document.referrer.split(/[?#]/)[0] === location.origin + location.pathname;
let timer;

const plan = () => {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(tell, IN_SIGHT);
};

const tell = () => {
  document.removeEventListener("visibilitychange", plan);
  navigator.sendBeacon(path);
};

if (path && visit?.type === "navigate" && !isHere) {
  document.addEventListener("visibilitychange", plan);
  plan();
}
