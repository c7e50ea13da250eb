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
      const { figures } = await answer.json();
      const plot = section.querySelector(".m-chart__plot");
      const options = { locale: "da", displaylogo: false, responsive: true,
        modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"] };
      const draw = (index) => window.Plotly.react(plot, figures[index].data, figures[index].layout, options);
      await draw(0);
      section.classList.add("is-interactive");
      if (figures.length > 1) button.replaceWith(chooser(figures, draw)); else button.remove();
    } catch {
      button.disabled = false; // the picture drawn by the server still stands
    }
  }

  function chooser(figures, draw) {
    const label = document.createElement("label");
    label.textContent = "Vis tallene for ";
    const select = document.createElement("select");
    select.className = "m-select";
    figures.forEach((figure, index) => select.add(new Option(figure.name, index)));
    select.addEventListener("change", () => draw(Number(select.value)));
    label.append(select);
    return label;
  }

  for (const section of document.querySelectorAll("[data-figures]")) {
    const button = section.querySelector("[data-explore]");
    if (!button) continue;
    button.parentElement.hidden = false;
    button.addEventListener("click", () => explore(section, button));
  }
})();
