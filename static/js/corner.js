// The corner of the staff on a public page: the way to the queue, with the number that waits. It
// is loaded only where somebody of the staff is signed in.

import { request } from "./request.js";

const header = document.querySelector("[data-corner]");

const showCorner = async () => {
  const { status, text, isPage } = await request(header.dataset.waiting);
  if (status !== 200 || isPage) return;
  header.querySelector(".header__scheme").insertAdjacentHTML("beforebegin", text);
};

showCorner();
