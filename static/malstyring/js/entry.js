// The entry grid: each row saves by itself when it is left, arrow keys and Enter move, a block from Excel can be pasted.
// What is typed but not yet stored is kept in this tab, so that an expired session or a lost line loses nothing.
"use strict";

(() => {
  const form = document.querySelector("form[data-entry]");
  if (!form || !form.querySelector("[data-cell]")) return;
  const live = document.getElementById("m-live");
  const storeKey = `indberetning:${location.pathname}`;
  const rows = [...form.querySelectorAll("[data-row]")].filter((row) => row.querySelector("[data-cell]"));
  const words = {
    saving: "Gemmer …",
    unsaved: "Ikke gemt endnu",
    signedOut: "Du er logget ud. Det, du skrev, står her stadig. Log ind i et nyt vindue; så gemmer vi, når du kommer tilbage.",
    offline: "Ikke gemt: der er ingen forbindelse. Vi prøver igen om lidt.",
    restored: "Det, du skrev, var ikke gemt. Se efter, og forlad feltet, så gemmer vi.",
    pasted: (count) => `${count} tal er sat ind og gemmes.`,
  };

  const id = (row) => row.dataset.row;
  const fields = (row) => [...row.querySelectorAll("input[name], select[name], textarea[name]")];
  const numbers = (row) => [...row.querySelectorAll("input.m-input--num")];
  const snapshot = (row) => fields(row).filter((field) => field.type !== "hidden").map((field) => field.value).join("\u0000");
  const stored = new Map(rows.map((row) => [row, snapshot(row)]));
  const isDirty = (row) => stored.get(row) !== snapshot(row);

  // ---- what is not stored yet stays in the tab ----------------------------------------------------------------------

  function remember() {
    const kept = {};
    for (const row of rows.filter(isDirty)) {
      for (const field of fields(row)) if (field.type !== "hidden") kept[field.name] = field.value;
    }
    if (Object.keys(kept).length) sessionStorage.setItem(storeKey, JSON.stringify(kept));
    else sessionStorage.removeItem(storeKey);
  }

  function restore() {
    const kept = JSON.parse(sessionStorage.getItem(storeKey) || "{}");
    for (const row of rows) {
      for (const field of fields(row)) if (field.name in kept) field.value = kept[field.name];
      if (isDirty(row)) say(row, "unsaved", words.restored);
    }
    remember();
  }

  // ---- saving -------------------------------------------------------------------------------------------------------

  function say(row, state, text) {
    const place = document.getElementById(`s${id(row)}`);
    if (!place) return;
    place.className = `m-cell__state m-cell__state--${state}`;
    const line = document.createElement("p");
    line.className = "m-cell__say";
    line.textContent = text;
    place.replaceChildren(line);
  }

  function token() {
    const cookie = document.cookie.match(/(?:^|; )malstyring_csrf=([^;]+)/);
    return cookie ? decodeURIComponent(cookie[1]) : form.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  function body(chosen, extra) {
    const data = new URLSearchParams();
    for (const row of chosen) for (const field of fields(row)) data.append(field.name, field.value);
    for (const [name, value] of Object.entries(extra)) data.append(name, value);
    return data;
  }

  let queue = Promise.resolve(); // one request at a time: a row's version is known before its next change is sent
  function save(chosen, extra = {}) {
    const wanted = chosen.filter((row) => isDirty(row) || Object.keys(extra).length);
    if (!wanted.length) return queue;
    remember();
    queue = queue.then(() => post(wanted, extra));
    return queue;
  }

  async function post(chosen, extra) {
    const sent = new Map(chosen.map((row) => [row, snapshot(row)]));
    chosen.forEach((row) => say(row, "saving", words.saving));
    let answer;
    try {
      answer = await fetch(form.action, {
        method: "POST",
        body: body(chosen, extra),
        headers: { "X-CSRFToken": token(), "HX-Request": "true" },
        redirect: "error",
      });
    } catch {
      chosen.forEach((row) => say(row, "unsaved", words.offline));
      return;
    }
    if (answer.status === 401 || answer.status === 403) {
      chosen.forEach((row) => say(row, "unsaved", words.signedOut));
      live.textContent = words.signedOut;
      return;
    }
    if (![200, 409, 422].includes(answer.status)) {
      const text = new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent.trim();
      chosen.forEach((row) => say(row, "unsaved", answer.status === 423 ? text : words.offline));
      return;
    }
    take(await answer.text());
    for (const row of chosen) {
      const refused = document.querySelector(`#s${id(row)}.m-cell__state--error, #s${id(row)}.m-cell__state--conflict`);
      for (const field of numbers(row)) {
        if (refused) {
          field.setAttribute("aria-invalid", "true");
          field.setAttribute("aria-describedby", `s${id(row)}`);
        } else {
          field.removeAttribute("aria-invalid");
          field.removeAttribute("aria-describedby");
        }
      }
      if (!refused) stored.set(row, sent.get(row));
    }
    remember();
    live.textContent = document.getElementById("m-bar-count").textContent;
    document.dispatchEvent(new Event("indberetning:gemt"));
  }

  function take(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const part of page.body.children) {
      const place = part.id && document.getElementById(part.id);
      if (place) place.replaceWith(document.importNode(part, true));
    }
  }

  // ---- the keyboard and the clipboard -------------------------------------------------------------------------------

  function step(field, by) {
    const row = field.closest("[data-row]");
    const column = numbers(row).indexOf(field);
    const next = rows[rows.indexOf(row) + by];
    if (!next) return;
    const inputs = numbers(next);
    const target = inputs[Math.min(Math.max(column, 0), inputs.length - 1)];
    if (target) { target.focus(); target.select(); }
  }

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches("input.m-input--num")) return;
    if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); form.requestSubmit(); return; }
    if (event.key === "Enter") { event.preventDefault(); step(field, event.shiftKey ? -1 : 1); }
    if (event.key === "ArrowDown") { event.preventDefault(); step(field, 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); step(field, -1); }
    if (event.key === "Escape") { field.value = field.defaultValue; }
  });

  form.addEventListener("paste", (event) => {
    const field = event.target;
    if (!field.matches("input.m-input--num")) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\n\t]/.test(text)) return; // one value: the browser does it
    event.preventDefault();
    const start = field.closest("[data-row]");
    const column = numbers(start).indexOf(field);
    const changed = [];
    text.split("\n").forEach((line, down) => {
      const row = rows[rows.indexOf(start) + down];
      if (!row) return;
      line.split("\t").forEach((value, across) => {
        const target = numbers(row)[column + across];
        if (target && value.trim()) target.value = value.trim();
      });
      if (isDirty(row)) changed.push(row);
    });
    live.textContent = words.pasted(changed.length);
    save(changed);
  });

  // A row saves when it is left, not between its numerator and denominator.
  form.addEventListener("focusout", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || !rows.includes(row)) return;
    if (event.relatedTarget && row.contains(event.relatedTarget) && event.relatedTarget.matches("input.m-input--num")) return;
    save([row]);
  });
  form.addEventListener("input", remember);
  form.addEventListener("change", (event) => {
    if (event.target.matches("select[data-cell]")) save([event.target.closest("[data-row]")]);
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name]");
    const row = button && button.closest("[data-row]");
    if (!row) return;
    event.preventDefault();
    if (button.name.startsWith("keep-")) {
      for (const field of fields(row)) {
        const key = `stored${field.name.slice(0, 1).toUpperCase()}`;
        if (field.type !== "hidden" && key in button.dataset) field.value = button.dataset[key];
      }
      stored.set(row, snapshot(row));
      remember();
      say(row, "saved", "");
    } else save([row], { [button.name]: "1" });
    numbers(row)[0]?.focus();
  });

  form.addEventListener("submit", () => sessionStorage.removeItem(storeKey));
  const retry = () => save(rows.filter(isDirty));
  window.addEventListener("online", retry);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) retry(); });
  window.addEventListener("beforeunload", (event) => { if (rows.some(isDirty)) { remember(); event.preventDefault(); } });
  restore();
})();
