// The header: the reader's choice of colours (auto, light or dark), the current category in
// sight, and the search field's suggestions. It is loaded in the head and blocks, so that a
// page never flashes in the wrong colours; everything else waits for the header.
(() => {
  const KEY = "scheme";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const loadScheme = () => {
    try {
      const choice = localStorage.getItem(KEY);
      return choice === "light" || choice === "dark" ? choice : "auto";
    } catch {
      return "auto"; // Storage is forbidden: the choice lasts as long as the page.
    }
  };

  const saveScheme = (choice) => {
    try {
      if (choice === "auto") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, choice);
    } catch {
      // Nothing to do: see above.
    }
  };

  // After auto comes the scheme that is not in use now, so that the first press changes something.
  const chooseNext = (choice) => {
    const order = dark.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
    return order[(order.indexOf(choice) + 1) % 3];
  };

  const labelButton = (button) => {
    const label = button.dataset[root.dataset.scheme];
    button.setAttribute("aria-label", label);
    button.title = label;
  };

  root.dataset.scheme = loadScheme();

  // On phones the categories scroll sideways; only they move, never the page.
  const showCurrentCategory = () => {
    const current = document.querySelector(".header__link[aria-current]");
    const list = current?.closest(".header__categories");
    if (!list) return;
    const { left, right } = current.getBoundingClientRect();
    const hidden = left < 0 || right > list.clientWidth;
    if (hidden) list.scrollLeft += left - (list.clientWidth - (right - left)) / 2;
  };

  // The script of suggestions is loaded at the first focus.
  addEventListener("focusin", ({ target }) => {
    if (target.dataset.suggest) import(target.dataset.suggest);
  });

  // The last articles that were read open without a network.
  addEventListener("load", () => {
    navigator.serviceWorker?.register("/sw.js").catch(() => {}); // Storage is forbidden.
  });

  addEventListener("DOMContentLoaded", () => {
    showCurrentCategory();
    const corner = document.querySelector("[data-corner]")?.dataset.corner;
    if (corner && /\bstaff=1/.test(document.cookie)) import(corner);
    const button = document.querySelector(".header__scheme");
    if (!button) return;
    labelButton(button);
    button.addEventListener("click", () => {
      root.dataset.scheme = chooseNext(root.dataset.scheme);
      saveScheme(root.dataset.scheme);
      labelButton(button);
    });
    addEventListener("storage", () => {
      root.dataset.scheme = loadScheme();
      labelButton(button);
    });
  });
})();
