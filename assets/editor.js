/* The editor: what was typed is kept here, in the browser, so that nothing is lost between two answers of the server. */
(function () {
  "use strict";
  const MAX_UNDO = 60; // dashboard/forms/draft.py holds the same number
  const EMPTY = { texts: {}, parts: {}, history: [] };
  let known = {};
  let nonce = null;

  function none() { return window.dash_clientside.no_update; }
  function plain(value) { return value === null || value === undefined ? "" : value; }
  function same(one, other) { return JSON.stringify(one) === JSON.stringify(other); }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.editor = {
    /* Fields changed: only what differs from the value the scenario started from is kept. */
    typed: function (values, ids, drafts, page, bases) {
      if (!page || !bases) return none();
      if (page.nonce !== nonce) { known = {}; nonce = page.nonce; }
      const draft = Object.assign({}, EMPTY, (drafts || {})[page.draft]);
      const texts = Object.assign({}, draft.texts);
      let moved = false;
      ids.forEach(function (id, index) {
        const value = plain(values[index]);
        const before = id.path in known ? known[id.path] : value;
        known[id.path] = value;
        if (same(before, value)) return;
        moved = true;
        if (same(value, plain(bases[id.path]))) delete texts[id.path];
        else texts[id.path] = value;
      });
      if (!moved || (same(texts, draft.texts) && draft.live === nonce)) return none();
      const step = same(texts, draft.texts) ? [] : [{ texts: draft.texts, parts: draft.parts }];
      const history = draft.history.concat(step).slice(-MAX_UNDO);
      const next = { texts: texts, parts: draft.parts, history: history, live: nonce };
      return Object.assign({}, drafts, { [page.draft]: next });
    },
    /* A scenario without unsaved changes is queued at once; the server looks at anything else first. */
    solve: function (clicks, page) {
      const unsaved = document.querySelector("[data-unsaved='yes']");
      if (!clicks || !page.key || unsaved) return none();
      return { key: page.key, nonce: window.dash_clientside.pages.nonce() };
    },
    /* The address may name a part of the form: the page is drawn by then, its pictures may still be on their way. */
    arrive: function () {
      const name = decodeURIComponent(window.location.hash.slice(1));
      window.setTimeout(function () {
        const target = name && document.getElementById(name);
        if (target) target.scrollIntoView({ block: "start" });
      }, 200);
      return none();
    },
    /* Reset writes the value the scenario started from into the field; the rest follows as if it had been typed. */
    reset: function (clicks, bases) {
      const found = window.dash_clientside.callback_context.triggered;
      if (!found.length || !found[0].value) return none();
      const id = JSON.parse(found[0].prop_id.replace(/\.n_clicks$/, ""));
      const field = { path: id.path, type: id.type.replace("reset", "field") };
      window.dash_clientside.set_props(field, { value: bases[id.path] });
      return none();
    },
  };

  /* A link to a field opens what it is folded into, and puts the cursor there. */
  document.addEventListener("click", function (event) {
    const link = event.target.closest && event.target.closest("a[data-goto]");
    const target = link && document.getElementById(link.getAttribute("data-goto"));
    if (!target) return;
    event.preventDefault();
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView({ block: link.hasAttribute("data-top") ? "start" : "center" });
    const input = link.hasAttribute("data-top") ? null : target.querySelector("input, select, textarea");
    if (input) input.focus({ preventScroll: true });
  });

  /* Ctrl+Z takes back, Ctrl+Shift+Z or Ctrl+Y makes again; in a text field these keys are the field's own. */
  document.addEventListener("keydown", function (event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y")) return;
    if (event.target.closest("input:not([type=checkbox]):not([type=range]):not([type=radio]), textarea, [contenteditable]")) return;
    const does = key === "y" || event.shiftKey ? "redo" : "undo";
    const button = document.querySelector("button[data-key=" + does + "]");
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
  });

  /* Drafts outlive a refresh, not the tab. */
  window.addEventListener("beforeunload", function (event) {
    if (document.querySelector("[data-unsaved='yes']")) event.preventDefault();
  });

  /* The list at the left follows what is in view. */
  let asked = false;
  function follow() {
    asked = false;
    const sections = Array.from(document.querySelectorAll(".form-section"));
    if (!sections.length) return;
    const passed = sections.filter(function (section) { return section.getBoundingClientRect().top < 160; });
    const bottom = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
    const here = bottom ? sections[sections.length - 1] : passed[passed.length - 1] || sections[0];
    document.querySelectorAll(".form-nav a").forEach(function (link) {
      link.classList.toggle("on", link.getAttribute("data-goto") === here.id);
    });
  }
  document.addEventListener("scroll", function () {
    if (!asked) { asked = true; window.requestAnimationFrame(follow); }
  }, { passive: true });
})();
