// Takes over a chart drawn by the server: the same figure in Plotly, loaded only when somebody wants to explore.
"use strict";

(() => {
  const plotly = document.currentScript.dataset.plotly;
  const locale = {
    moduleType: "locale",
    name: "da",
    dictionary: {},
    format: { decimal: ",", thousands: ".", grouping: [3], currency: ["", " kr."] },
  };

  function loadPlotly() {
    if (window.Plotly) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = plotly;
      script.onload = () => { window.Plotly.register(locale); resolve(); };
      script.onerror = reject;
      document.head.append(script);
    });
  }

  async function explore(section, button) {
    button.disabled = true;
    try {
      const [answer] = await Promise.all([fetch(section.dataset.figures), loadPlotly()]);
      if (!answer.ok) throw new Error(answer.status);
      const { figures, highlight } = await answer.json();
      const plot = section.querySelector(".m-chart__plot");
      const name = document.querySelector("h1").textContent.trim();
      const options = { locale: "da", displaylogo: false, responsive: true,
        modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"] };
      const draw = (index) => window.Plotly.react(plot, figures[index].data, figures[index].layout, options);
      section.classList.add("is-interactive"); // before it is drawn: it takes the room that it finds
      await draw(0);
      button.after(saver(plot, name));
      if (highlight) button.replaceWith(highlighter(plot, figures[0].data, highlight.chosen));
      else if (figures.length > 1) button.replaceWith(chooser("Vis tallene for ", figures, 0, draw));
      else button.remove();
    } catch {
      section.classList.remove("is-interactive");
      button.disabled = false; // the picture drawn by the server still stands
    }
  }

  function chooser(words, those, chosen, choose) {
    const label = document.createElement("label");
    label.textContent = words;
    const select = document.createElement("select");
    select.className = "m-select";
    those.forEach((one, index) => select.add(new Option(one.name, index, false, index === chosen)));
    select.addEventListener("change", () => choose(Number(select.value)));
    label.append(select);
    return label;
  }

  // One line in colour over the rest, chosen in the list or by a click on it.
  function highlighter(plot, lines, first) {
    const [rest, width] = [lines[0].line.color, lines[0].line.width];
    const show = (chosen) => window.Plotly.restyle(plot, {
      "line.color": lines.map((_, index) => (index === chosen ? "#0b4f6c" : rest)),
      "line.width": lines.map((_, index) => (index === chosen ? 3 : width)),
    });
    const label = chooser("Fremhæv ", lines, first, show);
    plot.on("plotly_click", ({ points }) => {
      label.querySelector("select").value = points[0].curveNumber;
      show(points[0].curveNumber);
    });
    show(first);
    return label;
  }

  function saver(plot, name) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-secondary";
    button.textContent = "Hent som billede";
    button.addEventListener("click", () => window.Plotly.downloadImage(plot, { format: "png", scale: 2, filename: name }));
    return button;
  }

  for (const section of document.querySelectorAll("[data-figures]")) {
    const button = section.querySelector("[data-explore]");
    if (!button) continue;
    button.parentElement.hidden = false;
    button.addEventListener("click", () => explore(section, button));
  }
})();
