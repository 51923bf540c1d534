/* Charts of stored runs, asked for by the browser itself: dashboard/pictures.py. A run never changes, so an answer is
   kept, and those of the other years are fetched ahead of the hand. */
(function () {
  "use strict";
  const MOST_KEPT = 64;
  // A hand that has rested so long looks at what it sees.
  const REST_MS = 400;
  const kept = new Map();
  const newest = {};

  /* The figure of an address, as text: Plotly writes into what it is given, so every drawing parses its own. */
  function fetched(address) {
    const key = document.documentElement.getAttribute("data-bs-theme") + " " + address;
    if (!kept.has(key)) {
      const answer = fetch(address).then(function (response) {
        return response.ok ? response.text() : response.text().then(function (words) { throw new Error(words); });
      });
      answer.catch(function () { kept.delete(key); });
      kept.set(key, answer);
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
    }
    return kept.get(key);
  }
  function idle() {
    return new Promise(function (then) {
      if (window.requestIdleCallback) window.requestIdleCallback(then, { timeout: 2000 });
      else setTimeout(then, 200);
    });
  }
  function address(chart, runs, choice) {
    return "/pictures/" + chart + "?" + new URLSearchParams(Object.assign({ runs: runs.join(",") }, choice));
  }
  /* The same of other years, the nearest first, one at a time while nothing else is to do. */
  async function ahead(turn, runs, years) {
    const far = function (year) { return Math.abs(year - turn.choice.year); };
    const others = years.filter(function (year) { return year !== turn.choice.year; });
    others.sort(function (one, other) { return far(one) - far(other); });
    for (const year of others.slice(0, MOST_KEPT / 4)) {
      await idle();
      if (newest[turn.chart] !== turn || !document.getElementById(turn.chart)) return;
      await fetched(address(turn.chart, runs, Object.assign({}, turn.choice, { year: year })));
    }
  }
  /* The figure in its place. One that Dash has not drawn yet is left to it. */
  async function draw(chart, figure) {
    const plot = document.querySelector("#" + chart + " .js-plotly-plot");
    if (!plot || !plot._fullLayout) return figure;
    await window.firmwatt.inTurn(plot, function () {
      return window.Plotly.react(plot, figure.data, Object.assign({}, figure.layout, { width: undefined }));
    });
    return window.dash_clientside.no_update;
  }
  /* What stands behind a picture follows when the hand rests: its words and table, which the server writes. */
  async function follow(turn, runs, years) {
    await new Promise(function (then) { setTimeout(then, REST_MS); });
    await idle();
    if (newest[turn.chart] !== turn || !document.getElementById(turn.chart)) return;
    window.dash_clientside.set_props(turn.chart + "-shown", { data: turn.choice });
    await ahead(turn, runs, years);
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.pictures = {
    /* Inputs of the callback are the choice (`compare-year` says `year`); then the runs, and the years there are. */
    show: async function () {
      const context = window.dash_clientside.callback_context;
      const given = Array.from(arguments);
      const choice = {};
      context.inputs_list.forEach(function (input) { choice[input.id.split("-").pop()] = input.value; });
      const [of, options] = given.slice(context.inputs_list.length);
      const runs = (of && of.runs) || (of ? [of] : []);
      const years = (options || []).map(function (option) { return option.value; });
      const before = newest[context.outputs_list.id];
      const turn = newest[context.outputs_list.id] = { chart: context.outputs_list.id, choice: choice };
      if (!context.triggered.length) {
        if (runs.length) ahead(turn, runs, years).catch(function () {});
        return window.dash_clientside.no_update;
      }
      // A slider in the hand asks for more than anybody sees: only the newest follows the one under way.
      if (before && before.answer) await before.answer.catch(function () {});
      if (newest[turn.chart] !== turn) return window.dash_clientside.no_update;
      turn.answer = fetched(address(turn.chart, runs, choice));
      const figure = await turn.answer;
      if (newest[turn.chart] !== turn) return window.dash_clientside.no_update;
      follow(turn, runs, years).catch(function () {});
      return draw(turn.chart, JSON.parse(figure));
    },
  };
})();
