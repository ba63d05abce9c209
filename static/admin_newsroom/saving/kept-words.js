// What this browser holds of forms until the server has it: a few entries, none for longer than two
// weeks. An entry is { user, page, taken, path, address, body, at }.

const PREFIX = "words:";
const LONGEST = 1_500_000; // characters
const MOST = 10;
const OLDEST = 14 * 86_400_000; // ms

const readAll = () => {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => JSON.parse(localStorage.getItem(key)));
  } catch {
    return [];
  }
};

export const forgetWords = (page) => {
  try {
    localStorage.removeItem(PREFIX + page);
  } catch {
    // Forbidden: there is nothing to forget.
  }
};

const trim = () => {
  const entries = readAll().sort((one, other) => other.at - one.at);
  const isOld = ({ at }, index) => index >= MOST || Date.now() - at > OLDEST;
  for (const { page } of entries.filter(isOld)) forgetWords(page);
};

// Returns whether the browser took the words.
export const keepWords = (entry) => {
  if (entry.body.length > LONGEST) return false;
  try {
    localStorage.setItem(PREFIX + entry.page, JSON.stringify({ ...entry, at: Date.now() }));
    trim();
    return true;
  } catch {
    return false;
  }
};

export const listWords = (user) => {
  trim();
  return readAll().filter((entry) => entry.user === user);
};
