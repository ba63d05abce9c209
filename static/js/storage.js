// What a browser keeps for its reader. Where storage is forbidden, everything works without it.

export const loadItem = (key) => {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
};

export const saveItem = (key, value) => {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // Full or forbidden.
  }
};
