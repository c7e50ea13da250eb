{% autoescape off %}// Keeps opened reports for reading without a network. See docs/adr/0019-reading-offline.md.
"use strict";

const FILES = {{ files }};
const FILES_CACHE = "laes-filer-{{ version }}";
const PAGES_CACHE = "laes-sider-";
const SCOPE = new URL(self.registration.scope).pathname;

const pageCaches = async () => (await caches.keys()).filter((name) => name.startsWith(PAGES_CACHE));

async function forget(path) {
  for (const name of await pageCaches()) await (await caches.open(name)).delete(path);
}

// Only what the server says may be kept, and only for the sign-in it was fetched by.
async function keep(path, answer) {
  const key = answer.headers.get("Reading-Key");
  if (!answer.ok || !key) return forget(path);
  const mine = PAGES_CACHE + key;
  for (const name of await pageCaches()) if (name !== mine) await caches.delete(name);
  await (await caches.open(mine)).put(path, answer);
}

async function kept(path) {
  for (const name of await pageCaches()) {
    const answer = await (await caches.open(name)).match(path);
    if (!answer) continue;
    if (Number(answer.headers.get("Reading-Until")) * 1000 > Date.now()) return answer;
    await caches.delete(name);
  }
  return Response.error();
}

// The network comes first: what is kept is for when there is none.
async function page(request, path) {
  let answer;
  try {
    answer = await fetch(request);
  } catch {
    return kept(path);
  }
  await keep(path, answer.clone());
  return answer;
}

async function file(request, path) {
  return (await (await caches.open(FILES_CACHE)).match(path)) || fetch(request);
}

self.addEventListener("install", (event) => {
  const stored = caches.open(FILES_CACHE).then((cache) => cache.addAll(FILES));
  event.waitUntil(stored.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("laes-filer-") && name !== FILES_CACHE;
  const dropped = caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))));
  event.waitUntil(dropped.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (url.pathname.startsWith(SCOPE)) event.respondWith(page(event.request, url.pathname));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(file(event.request, url.pathname));
  }
});

// The first page was there before the worker, and asks to be kept.
self.addEventListener("message", (event) => {
  const path = event.data.keep;
  if (typeof path !== "string" || !path.startsWith(SCOPE)) return;
  const fetched = fetch(path, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
  const told = fetched.then((answer) => keep(path, answer)).then(() => event.source.postMessage({ kept: path }));
  event.waitUntil(told.catch(() => undefined));
});
{% endautoescape %}
