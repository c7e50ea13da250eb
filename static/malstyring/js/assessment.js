// What a leader writes about a goal is saved while it is typed. What could not be stored stays in the fields, and in
// this tab when it is left. Without this script the same fields are saved by the form's own buttons.
"use strict";

(() => {
  const form = document.querySelector("form[data-entry]");
  if (!form) return;
  const boxes = [...form.querySelectorAll("[data-assess]")];
  const live = document.getElementById("m-live");
  const PAUSE = 1200; // milliseconds without a key before a text is sent
  const words = {
    saving: "Gemmer …",
    unsaved: "Ikke gemt endnu",
    saved: "Teksten er gemt",
    signedOut: "Du er logget ud. Det, du skrev, står her stadig. Log ind i et nyt vindue, og skriv videre her.",
    offline: "Ikke gemt: der er ingen forbindelse. Vi prøver igen om lidt.",
    restored: "Det, du skrev, var ikke gemt. Nu gemmer vi det.",
  };

  const goal = (box) => box.dataset.assess;
  const storeKey = (box) => `vurdering:${location.pathname}:${goal(box)}`;
  const fields = (box) => [...box.querySelectorAll("textarea[name], select[name], input[name]")];
  const written = (box) => fields(box).filter((field) => field.type !== "hidden");
  const value = (field) => (field.type === "checkbox" ? String(field.checked) : field.value);
  const snapshot = (box) => written(box).map(value).join("\u0000");
  const stored = new Map(boxes.map((box) => [box, snapshot(box)]));
  const timers = new Map();
  const isDirty = (box) => stored.get(box) !== snapshot(box);
  const inConflict = (box) => box.querySelector(".m-assess__state--conflict") !== null;

  function say(box, state, text) {
    const place = document.getElementById(`fs${goal(box)}`);
    place.className = `m-assess__state m-assess__state--${state}`;
    const line = document.createElement("p");
    line.className = "m-small";
    line.textContent = text;
    place.replaceChildren(line);
  }

  function remember(box) {
    if (!isDirty(box)) return sessionStorage.removeItem(storeKey(box));
    const kept = Object.fromEntries(written(box).map((field) => [field.name, value(field)]));
    return sessionStorage.setItem(storeKey(box), JSON.stringify(kept));
  }

  function restore(box) {
    const kept = JSON.parse(sessionStorage.getItem(storeKey(box)) || "null");
    if (!kept) return;
    for (const field of written(box)) {
      if (!(field.name in kept)) continue;
      if (field.type === "checkbox") field.checked = kept[field.name] === "true";
      else field.value = kept[field.name];
    }
    if (!isDirty(box)) return;
    box.open = true;
    say(box, "unsaved", words.restored);
    soon(box);
  }

  function soon(box) {
    clearTimeout(timers.get(box));
    if (!inConflict(box)) timers.set(box, setTimeout(() => save(box), PAUSE));
  }

  function body(box) {
    const data = new URLSearchParams();
    for (const field of fields(box)) if (field.type !== "checkbox" || field.checked) data.append(field.name, field.value);
    return data;
  }

  let queue = Promise.resolve(); // one request at a time: the version is known before the next change is sent
  function save(box, { anyway = false } = {}) {
    clearTimeout(timers.get(box));
    queue = queue.then(() => (isDirty(box) && (anyway || !inConflict(box)) ? post(box) : undefined));
    return queue;
  }

  async function post(box) {
    const sent = snapshot(box);
    say(box, "saving", words.saving);
    let answer;
    try {
      answer = await fetch(box.dataset.url, {
        method: "POST",
        body: body(box),
        headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value, "HX-Request": "true" },
        redirect: "error",
      });
    } catch {
      say(box, "unsaved", words.offline);
      return;
    }
    if (answer.status === 401 || answer.status === 403) {
      say(box, "unsaved", words.signedOut);
      live.textContent = words.signedOut;
      return;
    }
    const text = await answer.text();
    if (![200, 409, 422].includes(answer.status)) {
      const said = new DOMParser().parseFromString(text, "text/html").body.textContent.trim();
      say(box, "unsaved", answer.status === 423 ? said : words.offline);
      return;
    }
    take(text);
    if (answer.status === 200) {
      stored.set(box, sent);
      live.textContent = words.saved;
    } else live.textContent = document.getElementById(`fs${goal(box)}`).textContent.trim();
    remember(box);
    if (isDirty(box) && answer.status === 200) soon(box);
  }

  function take(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const part of page.body.children) {
      const place = part.id && document.getElementById(part.id);
      if (place) place.replaceWith(document.importNode(part, true));
    }
    // A deviation asks for its explanation: the box opens where the eye is, the focus stays.
    for (const box of boxes) if (box.querySelector("[data-lacks]")) box.open = true;
  }

  const boxOf = (element) => element.closest("[data-assess]");
  form.addEventListener("input", (event) => {
    const box = boxOf(event.target);
    if (!box || event.target.type === "hidden") return;
    remember(box);
    if (!inConflict(box)) say(box, "unsaved", words.unsaved);
    soon(box);
  });
  form.addEventListener("focusout", (event) => {
    const box = boxOf(event.target);
    if (box && !box.contains(event.relatedTarget)) save(box);
  });
  form.addEventListener("click", (event) => {
    const box = boxOf(event.target);
    if (!box) return;
    if (event.target.closest("[data-mine]")) {
      event.preventDefault();
      save(box, { anyway: true });
    } else if (event.target.closest("[data-theirs]")) {
      stored.set(box, snapshot(box));
      remember(box);
    }
  });

  // When numbers have been saved, what is lacking may be another.
  document.addEventListener("indberetning:gemt", async () => {
    try {
      const answer = await fetch(location.pathname, { headers: { "HX-Request": "true" } });
      if (answer.ok) take(await answer.text());
    } catch {
      // The grid itself says that there is no connection.
    }
  });
  form.addEventListener("submit", () => boxes.forEach((box) => {
    clearTimeout(timers.get(box));
    sessionStorage.removeItem(storeKey(box));
    stored.set(box, snapshot(box));
  }));
  const retry = () => boxes.filter(isDirty).forEach((box) => save(box));
  window.addEventListener("online", retry);
  window.addEventListener("beforeunload", (event) => {
    if (!boxes.some(isDirty)) return;
    boxes.forEach(remember);
    event.preventDefault();
  });
  boxes.forEach(restore);
})();
