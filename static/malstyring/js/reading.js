// A report to read: asks the worker to keep it, says so, and lists what is kept. The page is whole without it.
"use strict";

const PAGES_CACHE = "laes-sider-";

function show(name, isShown) {
  for (const element of document.querySelectorAll(`[data-when="${name}"]`)) element.hidden = !isShown;
}

async function keptPages() {
  const found = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES_CACHE)) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      const until = new Date(Number(answer.headers.get("Reading-Until")) * 1000);
      if (until <= new Date()) await caches.delete(name);
      else found.push({ path: new URL(request.url).pathname, title: answer.headers.get("Reading-Title"), until });
    }
  }
  return found;
}

function writeTime(element, until) {
  element.textContent = until.toLocaleTimeString("da-DK", { hour: "2-digit", minute: "2-digit" });
}

async function showState() {
  show("offline", !navigator.onLine);
  const pages = await keptPages();
  const here = pages.find((page) => page.path === window.location.pathname);
  show("kept", Boolean(here));
  if (here) for (const element of document.querySelectorAll("[data-until]")) writeTime(element, here.until);
  const list = document.querySelector("[data-kept-list]");
  if (list) showList(list, pages.filter((page) => page.title));
}

function showList(list, pages) {
  const row = document.getElementById("kept-row");
  list.replaceChildren(
    ...pages.map((page) => {
      const item = row.content.cloneNode(true);
      const link = item.querySelector("a");
      link.href = page.path;
      link.textContent = decodeURIComponent(page.title);
      writeTime(item.querySelector("[data-row-until]"), page.until);
      return item;
    }),
  );
  show("some", pages.length > 0);
  show("none", pages.length === 0);
}

async function forgetAll() {
  for (const name of await caches.keys()) if (name.startsWith(PAGES_CACHE)) await caches.delete(name);
  await showState();
}

async function begin() {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  window.addEventListener("online", showState);
  window.addEventListener("offline", showState);
  document.querySelector("[data-forget]")?.addEventListener("click", forgetAll);
  navigator.serviceWorker.addEventListener("message", showState);
  await showState();
  await navigator.serviceWorker.register(document.body.dataset.worker);
  const { active, scope } = await navigator.serviceWorker.ready;
  const stored = (await keptPages()).map((page) => page.path);
  // The list too, so that the way to it is open without a network.
  for (const path of new Set([window.location.pathname, new URL(scope).pathname])) {
    if (!stored.includes(path)) active.postMessage({ keep: path });
  }
}

begin().catch(() => undefined); // without a worker the report is read with a network
