// The ⋯ menus of comments. One is open at a time; Escape and a press elsewhere close it. What needs
// a script is put in when a menu opens: copying the link, and the moderator's part, for staff.

const STAFF = /(?:^|; )staff=1(?:;|$)/;

const close = (menu) => {
  menu.open = false;
};

const commentOf = (menu) => menu.closest(".comment");

const openMenus = () => document.querySelectorAll(".menu[open]");

const closeOthers = (target) => {
  for (const menu of openMenus()) if (!menu.contains(target)) close(menu);
};

const addCopyLink = (menu) => {
  const template = document.querySelector("[data-menu-copy]");
  if (!template || menu.querySelector("[data-copy]")) return;
  const item = template.content.firstElementChild.cloneNode(true);
  item.dataset.copy = `#${commentOf(menu).id}`;
  menu.querySelector(".menu__group").prepend(item);
};

const addModeration = async (menu) => {
  if (!STAFF.test(document.cookie) || "moderated" in menu.dataset) return;
  menu.dataset.moderated = "";
  const { id } = commentOf(menu);
  const pattern = menu.closest("[data-moderation]").dataset.moderation;
  const path = pattern.replace("/0/", `/${id.replace("comment-", "")}/`);
  const address = new URL(path, document.baseURI);
  address.searchParams.set("next", `${location.pathname}#${id}`);
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return; // Signed out, or no moderator.
  menu.querySelector(".menu__box").insertAdjacentHTML("afterbegin", await answer.text());
};

// toggle does not bubble, but it can be captured.
document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu") || !menu.open) return;
    addCopyLink(menu);
    addModeration(menu);
  },
  true,
);

document.addEventListener("click", (event) => closeOthers(event.target));
document.addEventListener("focusin", (event) => closeOthers(event.target));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    close(menu);
  }
});
