/* Library and runs: what needs no server. */
(function () {
  "use strict";
  const MOST = 6;
  const FAST_MS = 400;
  const none = function () { return window.dash_clientside.no_update; };

  /* Every press is a new one: without the nonce Dash would take two equal presses for one job. */
  function nonce() {
    return Date.now().toString(36) + Math.random().toString(36).slice(2, 12);
  }
  function triggered() {
    const found = window.dash_clientside.callback_context.triggered;
    return found.length && found[0].value ? JSON.parse(found[0].prop_id.replace(/\.[a-z_]+$/, "")) : null;
  }
  function triggered_id() {
    const found = window.dash_clientside.callback_context.triggered;
    return found.length ? found[0].prop_id.split(".")[0] : null;
  }
  /* Of a tick: runs are chosen by their id, scenarios by their key. */
  function key_of(id) { return id.type === "runs-select" ? id.run : id.key; }
  function bar(chosen, runs, noun) {
    const enough = runs.length >= 2 && runs.length <= MOST;
    const words = chosen.length + " " + noun + (chosen.length === 1 ? "" : "s") + " chosen"
      + (runs.length > MOST ? "; at most " + MOST + " fit side by side" : "");
    return [!chosen.length, words, "/compare?runs=" + runs.join(","), enough ? "btn btn-small btn-primary" : "filtered"];
  }
  function element(type, props, children) {
    return { namespace: "dash_html_components", type: type, props: Object.assign({ children: children }, props) };
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.pages = {
    nonce: nonce,
    solve: function () {
      const id = triggered();
      return id ? [{ key: id.key, nonce: nonce() }, FAST_MS] : [none(), none()];
    },
    /* The words until the server has answered. */
    queueing: function (request) {
      return request ? [element("Div", { className: "muted mirror-words" }, "Queueing…"), null] : [none(), none()];
    },
    /* The address says what of a list is asked for, all of it: what is no longer asked for leaves it. */
    listAddress: function (search) {
      if (typeof search === "string" && search !== window.location.search) {
        window.history.replaceState(window.history.state, "", window.location.pathname + search);
      }
      return none();
    },
    /* What is ticked on the rows in view, together with what is ticked on rows that are not. */
    choose: function (values, ids, chosen) {
      const seen = ids.map(key_of), ticked = seen.filter(function (_, index) { return values[index]; });
      // The order in which they were ticked is that of the comparison.
      const before = (chosen || []).filter(function (key) { return !seen.includes(key) || ticked.includes(key); });
      const next = Array.from(new Set(before.concat(ticked)));
      return JSON.stringify(next) === JSON.stringify(chosen || []) ? none() : next;
    },
    chooseMany: function (shown, cleared, ids, chosen) {
      const all = /-choose-shown$/.test(triggered_id() || "");
      const next = all ? Array.from(new Set((chosen || []).concat(ids.map(key_of)))) : [];
      return [ids.map(function () { return all; }), next];
    },
    chosenRuns: function (chosen) { return bar(chosen || [], chosen || [], "run"); },
    /* Scenarios are compared by their latest runs; two of them can share one. */
    chosenScenarios: function (chosen, shown) {
      const found = (chosen || []).map(function (key) { return ((shown || {})[key] || [])[2]; }).filter(Boolean);
      return bar(chosen || [], Array.from(new Set(found)), "scenario");
    },
    pager: function (turned) {
      const one = !turned || turned.pages < 2;
      return [turned ? turned.words : "", one || turned.page < 2, one || turned.page >= turned.pages, one, one];
    },
    /* Another page: what was said of a solve belongs to the one that was left. */
    quiet: function () { return [null, null]; },
    /* Rows of the catalogue: every word typed, and the kind or the own ones alone. */
    filterEquipment: function (words, kind) {
      const wanted = (words || "").toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      document.querySelectorAll(".equipment-kind").forEach(function (section) {
        const right = !kind || kind === "own" || section.getAttribute("data-kind") === kind;
        let shown = 0;
        section.querySelectorAll(".equipment-row").forEach(function (row) {
          const has = row.getAttribute("data-words") || "";
          const own = kind !== "own" || row.getAttribute("data-own") === "yes";
          const on = right && own && wanted.every(function (word) { return has.includes(word); });
          row.classList.toggle("filtered", !on);
          shown += on ? 1 : 0;
        });
        section.classList.toggle("filtered", !shown);
        left += shown;
      });
      document.querySelectorAll(".none-found").forEach(function (line) { line.hidden = left > 0; });
      return none();
    },
  };
})();

/* A scenario file dropped anywhere on the library is imported, as if it had been picked. */
(function () {
  "use strict";
  function target(event) {
    const files = event.dataTransfer && Array.from(event.dataTransfer.types || []).includes("Files");
    return files ? document.querySelector("#library-import input[type=file]") : null;
  }
  document.addEventListener("dragover", function (event) {
    if (!target(event)) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", function (event) {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", function (event) {
    const input = target(event);
    document.body.classList.remove("dropping");
    if (!input || event.target.closest("#library-import")) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
