// Answers to the reader that were on the screen are read: the server notes it.

import { watchScreen } from "./screen.js";

const PAUSE = 700; // ms in which more may come

// `findPath` returns the address that notes them.
export const watchAnswers = (findPath) => {
  const read = new Set();
  const send = () => {
    if (!read.size) return;
    const body = new URLSearchParams([...read].map((pk) => ["answer", pk]));
    read.clear();
    const options = { method: "POST", body, redirect: "manual", keepalive: true };
    fetch(findPath(), options).catch(() => {}); // They stay unread.
  };
  const watch = watchScreen((answer) => {
    watch.unobserve(answer);
    read.add(answer.dataset.answer);
    setTimeout(send, PAUSE);
  });
  addEventListener("pagehide", send);
  return watch;
};
