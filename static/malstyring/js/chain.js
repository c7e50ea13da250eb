// Steps of an effect chain are dragged within and between their columns. It does what the buttons on each step do.
"use strict";

(() => {
  const board = document.querySelector("[data-chain]");
  const form = board && board.querySelector("[data-chain-drop]");
  if (!form) return;
  let dragged = null;

  const columnOf = (target) => target.closest("[data-kind]");
  const cards = (column) => [...column.querySelectorAll("[data-step]")].filter((card) => card !== dragged);

  // The place among the column's other steps: before the first whose middle lies below the pointer.
  function placeAt(column, y) {
    const at = cards(column).findIndex((card) => {
      const box = card.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
    return at < 0 ? cards(column).length : at;
  }

  function clear() {
    for (const column of board.querySelectorAll(".is-over")) column.classList.remove("is-over");
  }

  board.addEventListener("dragstart", (event) => {
    const card = event.target.closest && event.target.closest("[data-step]");
    if (!card) return;
    dragged = card;
    card.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.step);
  });

  board.addEventListener("dragover", (event) => {
    const column = dragged && columnOf(event.target);
    clear();
    if (!column) return;
    event.preventDefault();
    column.classList.add("is-over");
  });

  board.addEventListener("drop", (event) => {
    const column = dragged && columnOf(event.target);
    if (!column) return;
    event.preventDefault();
    form.action = form.dataset.action.replace("/0/", `/${dragged.dataset.step}/`);
    form.elements.kind.value = column.dataset.kind;
    form.elements.place.value = placeAt(column, event.clientY);
    form.submit();
  });

  board.addEventListener("dragend", () => {
    if (dragged) dragged.classList.remove("is-dragged");
    dragged = null;
    clear();
  });
})();
