/* The load page: sliders move the charts while the hand is on them, and write into their fields when it lets go. */
(function () {
  "use strict";
  const WAIT_MS = 1500; // after this a lost answer no longer holds the next question back
  const FACTORS = { "": 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 };
  let asked = 0;
  let next = null;

  function none() { return window.dash_clientside.no_update; }
  function triggered() {
    const found = window.dash_clientside.callback_context.triggered;
    if (found.length !== 1 || typeof found[0].value !== "number") return null;
    return { id: JSON.parse(found[0].prop_id.replace(/\.[a-z_]+$/, "")), value: found[0].value };
  }
  /* The number that a field's text means, as far as a slider needs it; the server reads it for good. */
  function numberOf(text) {
    const plain = String(text === null || text === undefined ? "" : text).replace(/\u2212/g, "-").replace(/[,\s$]/g, "");
    const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([kKMG]?)(%?)$/.exec(plain);
    return match ? Number(match[1]) * FACTORS[match[2]] / (match[3] ? 100 : 1) : null;
  }
  function same(one, other) { return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one)); }
  function tidy(value) { return Number(value.toPrecision(10)); }
  /* As the form writes numbers: a fraction in percent. */
  function written(value, control) {
    const number = control === "fraction" ? tidy(value * 100) : tidy(value);
    const text = number.toLocaleString("en-US", { maximumFractionDigits: 9 }).replace("-", "\u2212");
    return control === "fraction" ? text + " %" : text;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.load = {
    /* One question at a time: what moves on meanwhile is asked when the answer has come. */
    moving: function () {
      const found = triggered();
      if (!found) return none();
      const question = { [found.id.path]: found.value };
      if (performance.now() - asked < WAIT_MS) {
        next = question;
        return none();
      }
      asked = performance.now();
      return question;
    },
    answered: function () {
      asked = 0;
      if (next) {
        const question = next;
        next = null;
        asked = performance.now();
        window.dash_clientside.set_props("load-moving", { data: question });
      }
      return none();
    },
    settled: function () {
      next = null;
      return {};
    },
    letGo: function (values, ids, texts, paths) {
      const found = triggered();
      if (!found) return none();
      const place = paths.findIndex(function (id) { return id.path === found.id.path; });
      const number = place < 0 ? null : numberOf(texts[place]);
      if (number !== null && same(number, found.value)) return none();
      const text = written(found.value, found.id.control);
      window.dash_clientside.set_props({ path: found.id.path, type: "editor-field" }, { value: text });
      return none();
    },
    follow: function (texts, paths, values, ids) {
      const byPath = {};
      paths.forEach(function (id, place) { byPath[id.path] = texts[place]; });
      ids.forEach(function (id, place) {
        const number = numberOf(byPath[id.path]);
        if (number !== null && !same(number, values[place])) window.dash_clientside.set_props(id, { value: number });
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
