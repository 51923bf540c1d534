/* The load page: sliders move the charts while the hand is on them, and write into their fields when it lets go. */
(function () {
  "use strict";
  const FACTORS = { "": 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 };
  let here = null; // what the page shows: scenario, drafts, tab, year, week
  let asking = false;
  let next = null;

  function none() { return window.dash_clientside.no_update; }
  /* The number that a field's text means, as far as a slider needs it; the server reads it for good. */
  function numberOf(text) {
    const plain = String(text === null || text === undefined ? "" : text).replace(/\u2212/g, "-").replace(/[,\s$]/g, "");
    const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([kKMG]?)(%?)$/.exec(plain);
    return match ? Number(match[1]) * FACTORS[match[2]] / (match[3] ? 100 : 1) : null;
  }
  function tidy(value) { return Number(value.toPrecision(10)); }
  /* As the form writes numbers: a fraction in percent. */
  function written(value, control) {
    const number = control === "fraction" ? tidy(value * 100) : tidy(value);
    const text = number.toLocaleString("en-US", { maximumFractionDigits: 9 }).replace("-", "\u2212");
    return control === "fraction" ? text + " %" : text;
  }

  /* One question at a time: what moves on meanwhile is asked when the answer has come. */
  function ask(moving) {
    if (asking || !here) { next = moving; return; }
    asking = true;
    next = null;
    fetch("/load/preview", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(Object.assign({ moving: moving }, here)),
    }).then(function (answer) { return answer.ok ? answer.json() : null; }).then(function (answer) {
      return answer && Object.keys(moving).length ? show(answer) : null;
    }).finally(function () {
      asking = false;
      if (next) ask(next);
    });
  }
  function show(answer) {
    Object.keys(answer.words).forEach(function (place) {
      const over = document.querySelector("[data-moving='" + place + "']");
      if (over) over.innerHTML = answer.words[place];
    });
    return Promise.all(Object.keys(answer.figures).map(function (id) {
      const plot = document.querySelector("#" + id + " .js-plotly-plot");
      const figure = answer.figures[id];
      return plot ? window.Plotly.react(plot, figure.data, Object.assign({}, figure.layout, { width: undefined })) : null;
    }));
  }

  /* The sliders: one for each place that the form leaves for it. */
  function build(place) {
    const of = place.dataset;
    const range = document.createElement("input");
    range.type = "range";
    range.min = of.low;
    range.max = of.high;
    range.step = of.step;
    range.value = of.value;
    range.setAttribute("aria-label", of.label);
    range.addEventListener("input", function () { fill(range); ask({ [of.path]: Number(range.value) }); });
    range.addEventListener("change", function () {
      next = null;
      const text = written(Number(range.value), of.control);
      window.dash_clientside.set_props({ path: of.path, type: "editor-field" }, { value: text });
    });
    place.replaceChildren(range);
    fill(range);
  }
  function fill(range) {
    const share = (range.value - range.min) / (range.max - range.min || 1);
    range.style.setProperty("--filled", 100 * share + "%");
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.load = {
    here: function (page, drafts, tab, year, week) {
      here = { page: page, drafts: drafts || {}, tab: tab, year: year, week: week };
      return none();
    },
    /* The page itself shows the draft now: what stood over it while a slider moved goes. */
    answered: function () {
      next = null;
      document.querySelectorAll("[data-moving]").forEach(function (over) { over.replaceChildren(); });
      return none();
    },
    follow: function (texts, form, paths) {
      const byPath = {};
      paths.forEach(function (id, place) { byPath[id.path] = texts[place]; });
      document.querySelectorAll(".field-slider").forEach(function (place) {
        if (!place.firstChild) build(place);
        const range = place.firstChild;
        const number = numberOf(byPath[place.dataset.path]);
        if (number === null || document.activeElement === range && range.matches(":active")) return;
        range.min = Math.min(Number(range.min), number);
        range.max = Math.max(Number(range.max), number);
        range.value = number;
        fill(range);
      });
      return none();
    },
    tab: function (tab) {
      document.querySelectorAll("[data-tab]").forEach(function (button) {
        button.setAttribute("aria-selected", button.getAttribute("data-tab") === tab ? "true" : "false");
      });
      // Charts that were hidden have no size yet.
      window.setTimeout(function () { window.dispatchEvent(new Event("resize")); }, 0);
      return "load-body tab-" + tab;
    },
  };

  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest("button[data-tab]");
    if (button) window.dash_clientside.set_props("load-tab", { data: button.getAttribute("data-tab") });
  });
})();
