// The corner of the staff on a public page: the ways to the form of its article, and to the queue
// with the number that waits. It is loaded only where somebody of the staff is signed in.

import { request } from "./request.js";

const header = document.querySelector("[data-corner]");

const article = /\/(\d+)\/read\/$/.exec(document.querySelector("[data-read]")?.dataset.read)?.[1];

const showCorner = async () => {
  const query = article ? `?article=${article}` : "";
  const { status, text, isPage } = await request(header.dataset.waiting + query);
  if (status !== 200 || isPage) return;
  header.querySelector(".header__scheme").insertAdjacentHTML("beforebegin", text);
};

showCorner();
