// Answers to the reader that were on the screen are read: the server notes it.

const PAUSE = 700; // ms that an answer must be on the screen

const waits = new Map();
const read = new Set();

const send = (path) => {
  if (!read.size) return;
  const body = new URLSearchParams([...read].map((pk) => ["answer", pk]));
  read.clear();
  fetch(path, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {});
};

// `findPath` returns the address that notes them.
export const watchAnswers = (findPath) => {
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, intersectionRatio, intersectionRect } of entries) {
        clearTimeout(waits.get(target));
        if (!isIntersecting) continue;
        if (intersectionRatio < 0.5 && intersectionRect.height < innerHeight / 2) continue;
        waits.set(target, setTimeout(note, PAUSE, target));
      }
    },
    { threshold: [0.1, 0.5, 1] },
  );
  const note = (target) => {
    watch.unobserve(target);
    read.add(target.dataset.answer);
    setTimeout(send, PAUSE, findPath());
  };
  addEventListener("pagehide", () => send(findPath()));
  return watch;
};
