// What every page needs: the CSRF token on htmx requests. Forms work without any of it.
"use strict";

function csrfToken() {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  return field ? field.value : "";
}

document.addEventListener("htmx:config:request", (event) => {
  const context = event.detail.ctx;
  context.request.headers["X-CSRFToken"] = csrfToken();
});

// A select that filters a list sends its form at once; without JavaScript there is a button.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
