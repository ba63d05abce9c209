// The two bars of phones stay by themselves, each in its part of the page. Here the bar of the text
// gives way to reading down, and that of the thread says which topic is on the screen.

import { EDGE, thread } from "./page.js";

const PAUSE = 120; // ms between two looks
const STEP = 8; // px that are no accident

const textBar = document.querySelector(".thumb--text");
let [before, timer] = [scrollY, 0];

const findTopic = (topics) => {
  let [low, high] = [0, topics.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (topics[middle].getBoundingClientRect().top > EDGE) high = middle;
    else low = middle + 1;
  }
  return low;
};

const countTopics = () => {
  const place = thread.querySelector("[data-topic]");
  if (!place?.offsetParent) return; // The page is wide.
  const topics = thread.querySelectorAll(".thread__root:not([hidden])");
  const first = Number(place.dataset.topic);
  const total = place.dataset.total ?? topics.length;
  const number = first + findTopic(topics);
  place.textContent = number ? `${number}/${total}` : total;
};

const look = () => {
  timer = 0;
  const way = scrollY - before;
  if (Math.abs(way) > STEP) {
    textBar?.classList.toggle("thumb--away", way > 0);
    before = scrollY;
  }
  countTopics();
};

addEventListener("scroll", () => (timer ||= setTimeout(look, PAUSE)), { passive: true });
