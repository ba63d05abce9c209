// What a browser keeps for its reader, for the site or for one tab. Where storage is forbidden,
// everything works without it.

const load = (store, key) => {
  try {
    return store().getItem(key) ?? "";
  } catch {
    return "";
  }
};

const save = (store, key, value) => {
  try {
    if (value) store().setItem(key, value);
    else store().removeItem(key);
  } catch {
    // Full or forbidden.
  }
};

const site = () => localStorage;
const tab = () => sessionStorage;

export const loadItem = (key) => load(site, key);
export const saveItem = (key, value) => save(site, key, value);

export const loadOfTab = (key) => load(tab, key);
export const saveOfTab = (key, value) => save(tab, key, value);

export const listOfTab = (start) => {
  try {
    return Object.keys(sessionStorage).filter((key) => key.startsWith(start));
  } catch {
    return [];
  }
};

// Whether anything is kept for this tab.
export const keepsOfTab = () => {
  saveOfTab("kept", "1");
  return Boolean(loadOfTab("kept"));
};
