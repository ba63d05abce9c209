// Which elements were on the screen: half of them, of a tall one half a screen, for a moment.

const MOMENT = 700; // ms

export const watchScreen = (note) => {
  const waits = new Map();
  const judge = (entries) => {
    for (const { target, isIntersecting, intersectionRatio, intersectionRect } of entries) {
      clearTimeout(waits.get(target));
      const isShown = intersectionRatio >= 0.5 || intersectionRect.height >= innerHeight / 2;
      if (isIntersecting && isShown) waits.set(target, setTimeout(note, MOMENT, target));
    }
  };
  return new IntersectionObserver(judge, { threshold: [0.1, 0.5, 1] });
};
