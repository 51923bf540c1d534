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
    filterCards: function (words) {
      const wanted = (words || "").toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      document.querySelectorAll(".scenario-card").forEach(function (card) {
        const has = card.getAttribute("data-words") || "";
        const on = wanted.every(function (word) { return has.includes(word); });
        card.classList.toggle("filtered", !on);
        left += on ? 1 : 0;
      });
      document.querySelectorAll(".library section").forEach(function (section) {
        const cards = section.querySelectorAll(".scenario-card");
        const shown = section.querySelectorAll(".scenario-card:not(.filtered)");
        section.classList.toggle("filtered", wanted.length > 0 && !shown.length && cards.length >= 0);
      });
      document.querySelectorAll(".none-found").forEach(function (line) { line.hidden = left > 0; });
      return none();
    },
    /* Runs ticked on the rows in view, together with those ticked on rows that are not. */
    choose: function (values, ids, chosen) {
      const seen = ids.map(function (id) { return id.run; });
      const kept = (chosen || []).filter(function (run) { return !seen.includes(run); });
      const ticked = ids.filter(function (_, index) { return values[index]; }).map(function (id) { return id.run; });
      // The order in which they were ticked is that of the comparison.
      const before = (chosen || []).filter(function (run) { return kept.includes(run) || ticked.includes(run); });
      const next = before.concat(ticked.filter(function (run) { return !before.includes(run); }));
      return JSON.stringify(next) === JSON.stringify(chosen || []) ? none() : Array.from(new Set(next));
    },
    chooseMany: function (shown, cleared, ids, chosen) {
      const all = (triggered_id() || "") === "runs-choose-shown";
      const seen = all ? ids.map(function (id) { return id.run; }) : [];
      const next = all ? Array.from(new Set((chosen || []).concat(seen))) : [];
      return [ids.map(function () { return all; }), next];
    },
    chosenBar: function (chosen) {
      const runs = chosen || [];
      const enough = runs.length >= 2 && runs.length <= MOST;
      const words = runs.length === 1 ? "1 run chosen"
        : runs.length > MOST ? runs.length + " runs chosen; at most " + MOST + " fit side by side" : runs.length + " runs chosen";
      return [!runs.length, words, "/compare?runs=" + runs.join(","), enough ? "btn btn-small btn-primary" : "filtered"];
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
    compareBar: function (values, ids) {
      const runs = [];
      (values || []).forEach(function (on, index) {
        if (on && !runs.includes(ids[index].run)) runs.push(ids[index].run);
      });
      if (!runs.length) return [null, true];
      const enough = runs.length >= 2 && runs.length <= MOST;
      const words = runs.length < 2 ? "1 run chosen; choose another to compare"
        : runs.length > MOST ? runs.length + " runs chosen; at most " + MOST + " fit side by side"
        : runs.length + " runs chosen";
      const link = {
        namespace: "dash_core_components", type: "Link",
        props: { children: "Compare", className: "btn btn-primary", href: "/compare?runs=" + runs.join(",") },
      };
      return [[element("Span", {}, words)].concat(enough ? [link] : []), false];
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
