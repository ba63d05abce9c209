// What the head of the form shows: when it was saved, who else has it open, and newer words.

const head = document.querySelector(".saving");

const fill = (text, values) => interpolate(text, values, true);

// Each state in a word, and in a sentence.
const STATES = {
  busy: () => [gettext("Saving…")],
  saved: (at) => [gettext("Saved"), fill(gettext("Draft saved %(at)s"), { at })],
  offline: () => [gettext("Offline"), gettext("Offline: your words are in this browser")],
  failed: () => [
    gettext("Not saved"),
    gettext("Not saved: the server does not answer. Your words are in this browser"),
  ],
  lost: () => [gettext("Not saved"), gettext("Not saved. Do not close this page")],
  login: () => [
    gettext("Not saved"), gettext("Your login has ended. Your words are in this browser"),
  ],
  refused: (reason) => [gettext("Not saved"), reason],
};

const build = (className, text) =>
  Object.assign(document.createElement("span"), { className, textContent: text });

const showWarning = (text) => {
  const notice = head.querySelector("[data-notice=state]");
  notice.hidden = !text;
  notice.firstElementChild.textContent = text;
};

export const showState = (name, detail = "") => {
  const place = head.querySelector(".saving__state");
  const [word, sentence = word] = STATES[name](detail);
  const isSaved = name === "saved";
  place.dataset.state = name;
  showWarning(isSaved || name === "busy" ? "" : sentence);
  if (place.firstElementChild?.textContent === sentence) return;
  const shown = build("saving__shown", "");
  shown.setAttribute("aria-hidden", "true");
  shown.append(build("saving__word", word), ...(isSaved ? [" ", build("saving__time", detail)] : []));
  place.replaceChildren(build("hidden-text", sentence), shown);
  if (isSaved && "live" in head.dataset) {
    head.querySelector(".form-head").classList.add("form-head--ahead");
  }
};

const describePerson = ({ name, is_open: isOpen, since, typed }) => {
  if (!isOpen) return fill(gettext("%(name)s left unsaved words (%(typed)s)"), { name, typed });
  if (typed) {
    return fill(gettext("%(name)s has it open since %(since)s, last typing %(typed)s"), {
      name, since, typed,
    });
  }
  return fill(gettext("%(name)s has it open since %(since)s"), { name, since });
};

const buildItem = (text) => Object.assign(document.createElement("li"), { textContent: text });

const replaceTexts = (place, texts) => {
  const shown = [...place.children].map((item) => item.textContent);
  if (shown.join("\n") === texts.join("\n")) return;
  place.replaceChildren(...texts.map(buildItem));
};

export const showPeople = (people) =>
  replaceTexts(head.querySelector(".saving__people"), people.map(describePerson));

const setNotice = (name, text, address) => {
  const notice = head.querySelector(`[data-notice=${name}]`);
  notice.hidden = !text;
  if (!text) return;
  const [words, link] = notice.children;
  if (words.textContent !== text) words.textContent = text;
  link.href = address;
};

// Newer words in another tab of the same user; `own` is when this form has saved last.
export const showTab = (tab, address) => {
  const text = tab && fill(gettext("Another tab of yours saved its words at %(at)s."), { at: tab.saved });
  setNotice("tab", text, tab && `${address}copy=${tab.pk}`);
};

export const showRevision = (answer, address) => {
  const values = { who: answer?.revision_by || gettext("Somebody"), at: answer?.revision_at };
  const own = gettext("You saved this article in another tab at %(at)s. Where both overlap, you choose when you save.");
  const sentence = answer?.revision_is_own
    ? own
    : gettext("%(who)s saved this article at %(at)s. Where both of you changed it, you choose when you save.");
  const text = answer && fill(sentence, values);
  setNotice("revision", text, `${address}saved`);
};
