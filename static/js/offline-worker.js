// A part of the service worker: the last articles that were read open without a network, and where
// a page cannot be had at all, a page of ours says so. Nothing else is kept: no page that the server
// forbids to store, none with a query, none of the staff.

const { release, offline, parts, articles, apart } = self.site;

const PAGES = `pages ${release}`;
const PARTS = `parts ${release}`;
const PICTURES = `pictures ${release}`;
const MOST = { [PAGES]: 20, [PICTURES]: 60 };

const isArticle = ({ origin, pathname, search }) =>
  origin === location.origin && !search && new RegExp(articles).test(pathname);

const isStorable = (answer) =>
  answer.ok &&
  answer.type === "basic" &&
  !answer.redirected &&
  !/no-store/.test(answer.headers.get("Cache-Control"));

// The newest are last: what is put again moves there.
const keep = async (name, request, answer) => {
  const cache = await caches.open(name);
  if (name === PARTS && (await cache.match(request))) return; // Its address says which text it is.
  await cache.delete(request);
  await cache.put(request, answer);
  const keys = await cache.keys();
  const over = Math.max(0, keys.length - (MOST[name] ?? Infinity));
  await Promise.all(keys.slice(0, over).map((key) => cache.delete(key)));
};

const forget = async (request) => (await caches.open(PAGES)).delete(request);

const keepArticle = (address, answer) => {
  if (!isArticle(new URL(address))) return null;
  if (isStorable(answer)) return keep(PAGES, address, answer.clone());
  return answer.status >= 400 && answer.status < 500 ? forget(address) : null;
};

// Where the network fails: the article as it was read last, else the page that says so.
const findPage = async ({ url }) => {
  const kept = await (await caches.open(PAGES)).match(url, { ignoreSearch: true });
  if (kept) return kept;
  const said = await (await caches.open(PARTS)).match(offline);
  return new Response(said.body, { status: 503, headers: said.headers });
};

const answerPage = async (event) => {
  const { request } = event;
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(request));
    const kept = keepArticle(request.url.split("#")[0], answer);
    if (kept) event.waitUntil(kept);
    return answer;
  } catch {
    return findPage(request);
  }
};

// Styles, scripts, fonts and pictures of what was read.
const answerPart = async (event, name) => {
  const { request } = event;
  try {
    const answer = await fetch(request);
    if (isStorable(answer)) event.waitUntil(keep(name, request, answer.clone()));
    return answer;
  } catch (error) {
    const kept = await caches.match(request);
    if (kept) return kept;
    throw error;
  }
};

const CACHES = { style: PARTS, script: PARTS, font: PARTS, image: PICTURES };

self.addEventListener("fetch", (event) => {
  const { method, mode, url, destination, referrer } = event.request;
  const { origin, pathname } = new URL(url);
  const isOfStaff = (path) => apart.some((start) => path.startsWith(start));
  if (method !== "GET" || origin !== location.origin || isOfStaff(pathname)) return;
  if (mode === "navigate") event.respondWith(answerPage(event));
  else if (CACHES[destination] && !(referrer && isOfStaff(new URL(referrer).pathname)))
    event.respondWith(answerPart(event, CACHES[destination]));
});

self.addEventListener("install", (event) => {
  const fill = async () => (await caches.open(PARTS)).addAll([offline, ...parts]);
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

// What an earlier release kept goes. The article that is open is the first that was read.
const start = async () => {
  const names = await caches.keys();
  const old = names.filter((name) => ![PAGES, PARTS, PICTURES].includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
  for (const { url } of await self.clients.matchAll({ type: "window" })) {
    const address = url.split("#")[0];
    if (!isArticle(new URL(address))) continue;
    const answer = await fetch(address).catch(() => null);
    if (answer) await keepArticle(address, answer);
  }
};

self.addEventListener("activate", (event) => event.waitUntil(start()));
