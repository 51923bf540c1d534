/* The live page: controls ask for a preview while the hand moves, one question at a time; the address keeps the state. */
(function () {
  "use strict";
  const PAGE = Math.random().toString(36).slice(2);
  const WAIT_MS = 400; // a hand that rests so long gets the search for whole numbers to its end
  const LOOKS = 250; // at 20 ms each
  let config = null, state = {}, shown = [], pins = [], at = -1;
  let number = 0, asking = false, again = false, timer = 0, following = "", sets = [];

  function $(id) { return document.getElementById(id); }
  function none() { return window.dash_clientside.no_update; }
  function presenting() { return document.documentElement.classList.contains("presenting"); }

  /* fuel.price:4.2,limits.n_minus_1:false <-> {place: value} */
  function pack(values) {
    return Object.keys(values).sort().map(function (path) { return path + ":" + values[path]; }).join(",");
  }
  function unpack(text) {
    const values = {};
    (text || "").split(",").forEach(function (part) {
      const cut = part.lastIndexOf(":"), path = part.slice(0, cut), word = part.slice(cut + 1);
      if (!config.controls[path]) return;
      values[path] = word === "true" ? true : word === "false" ? false : Number(word);
    });
    return values;
  }
  /* A pin without changes is the scenario as it is: its place in the address is empty. */
  function takePins(text, names) {
    if (text === null) return [];
    return text.split("|").slice(0, 4).map(function (one, number) {
      return { values: unpack(one), name: (names[number] || "").slice(0, 40) };
    });
  }
  function pin() {
    const field = $("live-pin-name");
    pins = pins.concat([{ values: Object.assign({}, state), name: field.value.trim() }]).slice(-4);
    at = pins.length - 1;
    field.value = "";
    address(); view(); ask();
  }
  function address() {
    const query = new URLSearchParams();
    query.set("scenario", config.scenario);
    if (Object.keys(state).length) query.set("at", pack(state));
    if (shown.join() !== config.first.join()) query.set("show", shown.join(","));
    if (pins.length) query.set("pins", pins.map(function (pin) { return pack(pin.values); }).join("|"));
    if (pins.some(function (pin) { return pin.name; })) {
      query.set("names", pins.map(function (pin) { return pin.name.replace(/\|/g, " "); }).join("|"));
    }
    if (presenting()) query.set("present", "1");
    window.history.replaceState(window.history.state, "", "/live?" + query.toString());
  }

  function question(refine) {
    const body = { scenario: config.scenario, overrides: state, pins: pins, page: PAGE, number: ++number, refine: refine };
    return fetch("/live/ask", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    }).then(function (answer) { return answer.ok ? answer.json() : null; }).catch(function () { return null; });
  }
  function ask() {
    window.clearTimeout(timer);
    if (asking) { again = true; return; }
    asking = true;
    again = false;
    const root = $("live-root");
    if (root) root.classList.add("asking");
    question(false).then(function (answer) {
      return show(answer);
    }).then(function (answer) {
      asking = false;
      if (root) root.classList.remove("asking");
      if (again) return ask();
      if (answer && answer.settled === false) timer = window.setTimeout(refine, WAIT_MS);
      return null;
    });
  }
  /* A later question overtakes this one in the live process, so that it never keeps the hand waiting. */
  function refine() {
    question(true).then(function (answer) { if (answer && answer.status !== "overtaken" && !asking) show(answer); });
  }
  function show(answer) {
    const root = $("live-root");
    if (!root) return null;
    if (!answer) {
      $("live-said").textContent = "No answer from the server; move a control to ask again.";
      return null;
    }
    if (answer.status === "overtaken") return answer;
    Object.keys(answer.words || {}).forEach(function (id) { write(id, answer.words[id]); });
    root.classList.toggle("stale", answer.status !== "plan");
    if (answer.figures) root.classList.toggle("no-front", !answer.figures["live-front"]);
    if (answer.job) follow(answer.job); else if (following) leave();
    return Promise.all(Object.keys(answer.figures || {}).map(function (id) {
      const figure = answer.figures[id], look = Object.assign({}, figure.layout, { width: undefined });
      if (presenting()) look.font = { size: 16 };
      return drawn(id).then(function (plot) { return plot && window.Plotly.react(plot, figure.data, look); });
    })).then(function () {
      root.dataset.answered = String(Number(root.dataset.answered || 0) + 1);
      return answer;
    });
  }

  /* The chart once Dash has drawn it, empty: an answer may come before, and would be drawn over. Null when it has left. */
  function drawn(id) {
    return new Promise(function (resolve) {
      let looks = 0;
      (function look() {
        const plot = document.querySelector("#" + id + " .js-plotly-plot");
        if (plot && plot._fullLayout) resolve(plot);
        else if ($(id) && looks++ < LOOKS) window.setTimeout(look, 20);
        else resolve(plot);
      })();
    });
  }

  /* A table that stands open stays open. */
  function write(id, html) {
    const place = $(id);
    if (!place) return;
    const open = place.querySelector("details[open]");
    place.innerHTML = html;
    if (open && place.querySelector("details")) place.querySelector("details").open = true;
  }
  function post(path, body) {
    return fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body || {}),
    }).then(function (answer) { return answer.json(); });
  }

  function written(control, value) {
    if (control.kind === "flag") return value ? "on" : "off";
    const plain = control.kind === "fraction" ? value * 100 : value;
    const unit = control.kind === "fraction" ? "%" : control.unit === "-" ? "" : control.unit;
    return plain.toLocaleString("en-US", { maximumSignificantDigits: 4 }).replace("-", "\u2212") + " " + unit;
  }
  function valueOf(path) { return path in state ? state[path] : config.controls[path].value; }
  function draw() {
    $("live-controls").replaceChildren.apply($("live-controls"), shown.map(row));
    if (sets.length) drawSets();
  }
  function row(path) {
    const control = config.controls[path], line = document.createElement("div"), id = "live-of-" + path;
    line.className = "live-control";
    const label = document.createElement("label"), out = document.createElement("output");
    const input = document.createElement("input"), away = document.createElement("button");
    label.textContent = control.label;
    label.title = control.help;
    label.htmlFor = input.id = id;
    away.type = "button";
    away.className = "link-button";
    away.textContent = "\u00d7";
    away.setAttribute("aria-label", "Remove the control " + control.label);
    away.addEventListener("click", function () {
      shown = shown.filter(function (one) { return one !== path; });
      delete state[path];
      draw(); address(); ask();
    });
    input.type = control.kind === "flag" ? "checkbox" : "range";
    if (control.kind === "flag") input.checked = valueOf(path);
    else {
      input.min = Math.min(control.low, valueOf(path));
      input.max = Math.max(control.high, valueOf(path));
      input.step = "any";
      input.value = valueOf(path);
    }
    function tell() {
      out.textContent = written(control, valueOf(path));
      line.classList.toggle("changed", path in state);
      input.style.setProperty("--filled", 100 * (input.value - input.min) / (input.max - input.min || 1) + "%");
    }
    input.addEventListener("input", function () {
      const raw = control.kind === "flag" ? input.checked : Number((Math.round(input.value / control.step) * control.step).toPrecision(8));
      const value = control.kind === "integer" ? Math.round(raw) : raw;
      if (value === control.value) delete state[path]; else state[path] = value;
      tell(); address(); view(); ask();
    });
    tell();
    const field = document.createElement("div");
    field.className = control.kind === "flag" ? "live-flag" : "field-slider";
    field.append(input);
    line.append(label, out, away, field);
    return line;
  }

  /* Pins are the saved views: arrow keys step through them, the address carries them. */
  function go(to) {
    if (!pins.length) return;
    at = (to + pins.length) % pins.length;
    state = Object.assign({}, pins[at].values);
    Object.keys(state).forEach(function (path) { if (!shown.includes(path)) shown.push(path); });
    draw(); address(); view(); ask();
  }
  function view() {
    const here = pins.findIndex(function (pin) { return pack(pin.values) === pack(state); });
    const called = here < 0 ? "" : pins[here].name ? "ABCD"[here] + " \u00b7 " + pins[here].name : "Pin " + "ABCD"[here];
    const said = called && called + ": " + (changesOf(state) || "nothing changed");
    const keys = pins.length > 1 ? " \u2190 \u2192 through " + pins.length + " pins," : "";
    $("live-view").textContent = (said || changesOf(state) || "Nothing changed") + "." + keys + " Esc ends.";
  }
  function changesOf(values) {
    return Object.keys(values).map(function (path) {
      return config.controls[path].label + " " + written(config.controls[path], values[path]).trim();
    }).join("; ");
  }
  function present(on) {
    document.documentElement.classList.toggle("presenting", on);
    address(); view();
    window.dispatchEvent(new Event("resize"));
    ask();
  }
  function solve() {
    $("live-full").textContent = "Saving and queueing\u2026";
    post("/live/solve", { scenario: config.scenario, overrides: state }).then(function (answer) {
      if (answer.said) $("live-full").innerHTML = answer.said; else follow(answer.job);
    }).catch(function () { $("live-full").textContent = "The server did not take it; press again."; });
  }
  /* The full solve of the state on the page; once it is done, its plan takes the place of the preview. */
  function follow(job) {
    if (following === job) return;
    following = job;
    look(job);
  }
  function look(job) {
    fetch("/live/job/" + job).then(function (answer) { return answer.json(); }).then(function (answer) {
      if (!$("live-full") || following !== job) return;
      $("live-full").innerHTML = answer.said;
      if (answer.live) window.setTimeout(function () { look(job); }, 700);
      else { following = ""; ask(); }
    }).catch(function () { window.setTimeout(function () { if (following === job) look(job); }, 3000); });
  }
  /* The hand has moved on; the solve goes on without the page, and is found again when its state is. */
  function leave() { following = ""; $("live-full").replaceChildren(); }

  /* Named sets of controls: those that ship, and those that people saved on this server. */
  function takeSets(answer) {
    if (!$("live-sets")) return;
    $("live-set-said").innerHTML = answer.said || "";
    if (answer.sets) { sets = answer.sets; drawSets(); }
  }
  function drawSets() {
    const list = document.createElement("select"), now = shown.join();
    list.id = "live-set";
    list.className = "form-select form-select-sm";
    const rest = sets.map(function (one) { return { name: one.name, own: one.own, controls: known(one.controls) }; });
    const chosen = rest.slice().reverse().find(function (one) { return one.controls.join() === now; });
    [{ name: "Own choice", controls: [] }].concat(rest).forEach(function (one) {
      const option = new Option(one.name, one.name, false, Boolean(chosen) && one.name === chosen.name);
      option.disabled = one.name !== "Own choice" && !one.controls.length; // nothing of it in this scenario
      list.add(option);
    });
    $("live-sets").replaceChildren(list);
    if (chosen && chosen.own) {
      const button = document.createElement("button");
      button.type = "button";
      button.id = "live-set-delete";
      button.className = "link-button";
      button.textContent = "Delete this set";
      $("live-sets").append(button);
    }
  }
  function known(paths) { return paths.filter(function (path) { return config.controls[path]; }); }
  function choose(name) {
    const set = sets.find(function (one) { return one.name === name; });
    if (!set) return;
    shown = known(set.controls);
    Object.keys(state).forEach(function (path) { if (!shown.includes(path)) shown.push(path); });
    draw(); address();
  }
  function changeSets(path, body) {
    post(path, body).then(takeSets).catch(function () { $("live-set-said").textContent = "The server did not answer; try again."; });
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.live = {
    start: function () {
      const root = $("live-root"), query = new URLSearchParams(window.location.search);
      config = JSON.parse(root.dataset.live);
      if (!config.scenario) return none();
      state = unpack(query.get("at"));
      pins = takePins(query.get("pins"), (query.get("names") || "").split("|"));
      shown = (query.get("show") || "").split(",").filter(function (path) { return config.controls[path]; });
      if (!shown.length) shown = config.first.slice();
      Object.keys(state).forEach(function (path) { if (!shown.includes(path)) shown.push(path); });
      document.documentElement.classList.toggle("presenting", query.get("present") === "1");
      $("live-said").textContent = "Starting the preview\u2026 the first answer takes some seconds.";
      draw(); view();
      fetch("/live/sets").then(function (answer) { return answer.json(); }).then(takeSets).catch(function () { return null; });
      window.requestAnimationFrame(function () { ask(); });
      return none();
    },
    open: function (key) {
      if (config && key && key !== config.scenario) window.location.assign("/live?scenario=" + encodeURIComponent(key));
      return none();
    },
  };

  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest("button");
    if (!button || !config || !$("live-root")) return;
    const id = button.id, data = button.dataset;
    if (data.showPin) go(Number(data.showPin));
    if (data.removePin) { pins.splice(Number(data.removePin), 1); at = -1; address(); view(); ask(); }
    if (data.cancelJob) post("/live/job/" + data.cancelJob + "/cancel").then(function (answer) {
      following = "";
      $("live-full").innerHTML = answer.said;
    });
    if (id === "live-set-save") changeSets("/live/sets", { name: $("live-set-name").value, controls: shown });
    if (id === "live-set-delete") changeSets("/live/sets/delete", { name: $("live-set").value });
    if (id === "live-pin") pin();
    if (id === "live-reset") { state = {}; draw(); address(); ask(); }
    if (id === "live-present") present(true);
    if (id === "live-solve") solve();
  });
  document.addEventListener("change", function (event) {
    if (!config) return;
    if (event.target.id === "live-set") choose(event.target.value);
    if (event.target.id !== "live-add") return;
    const path = Object.keys(config.controls).find(function (one) { return config.controls[one].label === event.target.value; });
    if (path && !shown.includes(path)) { shown.push(path); draw(); address(); }
    event.target.value = "";
  });
  document.addEventListener("keydown", function (event) {
    if (!presenting() || !$("live-root")) return;
    if (event.key === "Escape") present(false);
    if (event.key === "ArrowRight") go(at + 1);
    if (event.key === "ArrowLeft") go(at - 1);
  });
  /* While the page is open and looked at, solves keep to one core. */
  window.setInterval(function () {
    if ($("live-root") && !document.hidden) fetch("/live/open", { method: "POST" }).catch(function () { return null; });
  }, 20000);
  /* Presenting belongs to this page alone. */
  window.setInterval(function () { if (presenting() && !$("live-root")) document.documentElement.classList.remove("presenting"); }, 300);
})();
