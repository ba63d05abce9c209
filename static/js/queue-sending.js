// Decisions on their way: sent in the background, in their order; what is refused comes back as a
// notice in the server's words.

import { fetchCase } from "./queue-entries.js";
import { parse, words } from "./queue-rows.js";
import { request } from "./request.js";

let lastSent = Promise.resolve(); // decisions reach the server in their order

export const buildNotice = (text) => {
  const notice = document.createElement("div");
  notice.className = "meanwhile meanwhile--failed";
  notice.setAttribute("role", "alert");
  notice.tabIndex = -1;
  notice.append(Object.assign(document.createElement("b"), { textContent: text }));
  return notice;
};

const isLogin = ({ status, isPage }) => isPage || status === 403;

// What speaks against it; without an answer nothing was decided.
export const describeRefusal = (answer) => {
  const { status, text } = answer;
  if (isLogin(answer)) return buildNotice(words.login);
  if (!status) return buildNotice(words.offline);
  return status < 500 ? parse(text) : buildNotice(words.failed);
};

// A login in another tab makes the tokens of this page stale: take a new one, and send again.
const send = async (path, body) => {
  const answer = await request(path, { method: "POST", body });
  if (answer.status !== 403) return answer;
  const token = (await fetchCase(body.get("chosen") ?? body.get("entry")))
    ?.querySelector("[name=csrfmiddlewaretoken]");
  if (!token) return answer;
  body.set(token.name, token.value);
  return request(path, { method: "POST", body });
};

export const post = (path, body) => {
  const answer = lastSent.then(() => send(path, body));
  lastSent = answer.catch(() => null);
  return answer;
};
