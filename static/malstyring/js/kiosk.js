// A screen at a counter, for one person after another: when nobody touches it, it begins again, after asking.
// What is sent is fetched and put into the page: the browser's history holds the blank form alone, so that "back" leads
// to nobody's answers. Without this script the links do the same, one by one.
(() => {
  const dialog = document.getElementById("er-du-her");
  const offline = document.getElementById("ingen-forbindelse");
  const start = new URL(dialog.dataset.start, location.href).href;
  let idle = 0;
  let ticking = 0;

  const main = () => document.getElementById("indhold");
  const thanks = () => main().querySelector("[data-after]");

  function blank() {
    clearTimeout(idle);
    clearInterval(ticking);
    main().replaceChildren();
  }

  function restart() {
    blank();
    location.replace(start);
  }

  // Counts down in the box, aloud every ten seconds.
  function count(box) {
    const ends = Date.now() + box.dataset.seconds * 1000;
    const left = box.querySelector("[data-left]");
    const said = box.querySelector("[role=status]");
    const tick = () => {
      const seconds = Math.ceil((ends - Date.now()) / 1000);
      if (seconds <= 0) return restart();
      if (left.textContent !== String(seconds)) {
        left.textContent = seconds;
        if (seconds % 10 === 0) said.textContent = left.parentElement.textContent;
      }
    };
    clearInterval(ticking);
    ticking = setInterval(tick, 250);
    left.textContent = "";
    tick();
  }

  function ask() {
    dialog.showModal();
    count(dialog);
  }

  function touched() {
    if (dialog.open || thanks()) return;
    clearTimeout(idle);
    idle = setTimeout(ask, dialog.dataset.idle * 1000);
  }

  function stay() {
    clearInterval(ticking);
    dialog.close();
    touched();
  }

  function finish() {
    const after = thanks();
    if (!after) return;
    clearTimeout(idle);
    after.hidden = false;
    after.querySelector("button").addEventListener("click", () => count(after));
    count(after);
  }

  function show(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const next = page.querySelector("main#indhold");
    if (!next) throw new TypeError("no page");
    main().replaceWith(document.adoptNode(next));
    document.title = page.title;
    scrollTo(0, 0);
    (main().querySelector("[role=alert]") || main()).scrollIntoView();
    main().focus({ preventScroll: true });
    finish();
  }

  async function send(form, button) {
    const body = new URLSearchParams(new FormData(form, button));
    offline.hidden = true;
    form.inert = true;
    try {
      const answer = await fetch(location.href, { method: "POST", body, cache: "no-store" });
      show(await answer.text());
    } catch {
      form.inert = false;
      offline.hidden = false;
      offline.scrollIntoView({ block: "center" });
    }
  }

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target, event.submitter);
  });

  // Links, too, leave nothing behind.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    if (link.getAttribute("href").startsWith("#")) {
      document.getElementById(link.hash.slice(1))?.focus();
    } else {
      blank();
      location.replace(link.href);
    }
  });

  dialog.querySelector("button").addEventListener("click", stay);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  for (const name of ["pointerdown", "keydown", "input", "scroll"]) {
    document.addEventListener(name, touched, { capture: true, passive: true });
  }

  // A page that the browser kept, to be shown again when somebody goes back.
  addEventListener("pagehide", blank);
  addEventListener("pageshow", (event) => {
    if (event.persisted) restart();
  });

  if (location.href !== start) touched(); // another language, or sent without this script: somebody is here
  finish();
})();
