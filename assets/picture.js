/* The camera of a chart saves it under its own name, on white and in light colours whatever the theme. */
(function () {
  "use strict";
  function slug(words) {
    return words.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
  }
  function nameOf(plot) {
    const panel = plot.closest(".panel");
    const part = plot.closest(".chart");
    const heads = [panel && panel.querySelector("h2"), part && part.querySelector(".bridge-title")];
    const words = heads.filter(Boolean).map(function (head) { return head.textContent; });
    const page = document.querySelector("h1");
    return slug(["firmwatt", page ? page.textContent : ""].concat(words).join(" ")) || "firmwatt-chart";
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest(".modebar-btn");
    const plot = button && button.closest(".js-plotly-plot");
    if (!plot || !/^Download plot/.test(button.getAttribute("data-title") || button.getAttribute("aria-label") || "")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const known = window.firmwattTheme && window.firmwattTheme.templates;
    const white = { paper_bgcolor: "#fff", plot_bgcolor: "#fff" };
    const layout = Object.assign({}, plot.layout, white, known ? { template: known.light } : {});
    const size = { width: plot.offsetWidth, height: plot.offsetHeight };
    window.Plotly.downloadImage({ data: plot.data, layout: layout }, Object.assign({ format: "svg", filename: nameOf(plot) }, size));
  }, true);
})();
