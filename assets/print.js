/* Paper: light, charts as wide as a sheet, nothing folded in a report; afterwards all is as before. */
(function () {
  "use strict";
  // Letter and A4 less margins of half an inch, and a little room for the axes' last labels.
  const WIDTH_PX = 700;
  const MOST_HEIGHT_PX = 820;
  // A chart of one panel is as high on paper that two stand on a sheet beneath a head.
  const ONE_PANEL_PX = [300, 480];
  const root = document.documentElement;
  let before = null;

  function charts() {
    return Array.from(document.querySelectorAll(".js-plotly-plot")).filter(function (plot) { return plot.layout && window.Plotly; });
  }
  function template(name) {
    const known = window.firmwattTheme && window.firmwattTheme.templates;
    return known ? { template: known[name] } : {};
  }

  function paperHeight(chart) {
    const height = chart.height || chart.plot.offsetHeight;
    return height <= ONE_PANEL_PX[1] ? Math.min(height, ONE_PANEL_PX[0]) : Math.min(height, MOST_HEIGHT_PX);
  }

  window.addEventListener("beforeprint", function () {
    if (before) return;
    const report = document.querySelector("body.report:not(.paper)");
    before = {
      theme: root.getAttribute("data-bs-theme"), report: report,
      folds: report ? Array.from(report.querySelectorAll("details.block:not([open])")) : [],
      charts: charts().map(function (plot) { return { plot: plot, width: plot.layout.width, height: plot.layout.height, autosize: plot.layout.autosize, place: plot.style.height }; }),
    };
    root.setAttribute("data-bs-theme", "light");
    if (report) report.classList.add("paper");
    before.folds.forEach(function (fold) { fold.open = true; });
    before.charts.forEach(function (chart) {
      const size = { width: WIDTH_PX, height: paperHeight(chart), autosize: false };
      window.Plotly.relayout(chart.plot, Object.assign(size, template("light")));
      // A report keeps a place of the chart's height.
      if (chart.place.endsWith("px")) chart.plot.style.height = size.height + "px";
      // The room for a legend that now has fewer rows is only found the second time, and paper does not wait.
      window.Plotly.relayout(chart.plot, size);
    });
  });

  window.addEventListener("afterprint", function () {
    if (!before) return;
    const then = before;
    before = null;
    root.setAttribute("data-bs-theme", then.theme);
    if (then.report) then.report.classList.remove("paper");
    then.folds.forEach(function (fold) { fold.open = false; });
    then.charts.forEach(function (chart) {
      // A null takes the width out again: the chart fills its card as it did.
      const size = { width: chart.width ?? null, height: chart.height ?? null, autosize: chart.autosize !== false };
      chart.plot.style.height = chart.place;
      window.Plotly.relayout(chart.plot, Object.assign(size, template(then.theme)));
    });
  });
})();
