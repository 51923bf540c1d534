/* The short tour: by itself on the first visit of the library, again from the help panel. dashboard/tour.py says its words. */
(function () {
  "use strict";
  const KEY = "firmwatt-tour", LOOK_MS = 250, LOOKS = 80, GAP = 14;
  const GO = { ArrowRight: 1, Enter: 1, ArrowLeft: -1 };
  let steps = [], at = 0, card = null, ring = null, before = null;

  /* Where storage is closed to us the tour would come every time: then rather never by itself. */
  function seen() { try { return Boolean(window.localStorage.getItem(KEY)); } catch (error) { return true; } }
  function remember() { try { window.localStorage.setItem(KEY, "seen"); } catch (error) { return; } }
  function presenting() { return new URLSearchParams(window.location.search).get("present") === "1"; }
  function make(tag, properties, parts) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append.apply(made, parts || []);
    return made;
  }
  function button(text, css, act) {
    const made = make("button", { type: "button", className: css, textContent: text });
    made.addEventListener("click", act);
    return made;
  }
  function target() {
    return steps[at].targets.map(function (one) { return document.querySelector(one); }).find(function (one) { return one && one.offsetParent; });
  }

  function start() {
    const data = document.getElementById("shell-tour");
    if (card || !data || presenting()) return;
    steps = JSON.parse(data.dataset.steps);
    before = document.activeElement;
    at = 0;
    ring = make("div", { className: "tour-ring" });
    card = make("section", { className: "tour-card" });
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-labelledby", "tour-title");
    document.body.append(ring, card);
    remember();
    show();
  }
  function show() {
    const last = at === steps.length - 1;
    const next = button(last ? "Done" : "Next", "btn btn-small btn-primary tour-next", function () { go(1); });
    next.setAttribute("aria-describedby", "tour-place tour-title tour-words");
    const tools = [button(last ? "Close" : "Skip the tour", "link-button", end), make("span", { className: "tour-space" })];
    if (at) tools.push(button("Back", "btn btn-small btn-quiet", function () { go(-1); }));
    card.replaceChildren(
      make("p", { id: "tour-place", className: "tour-place", textContent: at + 1 + " of " + steps.length }),
      make("h2", { id: "tour-title", textContent: steps[at].title }),
      make("p", { id: "tour-words", textContent: steps[at].words }),
      make("div", { className: "tour-tools" }, last ? tools.slice(1).concat(next) : tools.concat(next)),
    );
    const found = target();
    if (found) found.scrollIntoView({ block: "nearest", inline: "nearest" });
    place();
    next.focus({ preventScroll: true });
  }
  /* Beside what it points at, else beneath it; a phone has it above the bar at its foot (firmwatt-5-tour.css). */
  function place() {
    const found = card && target();
    if (!card) return;
    ring.hidden = !found;
    if (!found) { card.style.left = card.style.top = ""; return; }
    const box = found.getBoundingClientRect(), wide = card.offsetWidth, high = card.offsetHeight;
    Object.assign(ring.style, { left: box.left - 4 + "px", top: box.top - 4 + "px", width: box.width + 8 + "px", height: box.height + 8 + "px" });
    const beside = box.left < 300 && box.right + GAP + wide < window.innerWidth;
    const left = beside ? box.right + GAP : Math.min(box.left, window.innerWidth - wide - GAP);
    const top = beside ? box.top - GAP : box.bottom + GAP;
    card.style.left = Math.max(GAP, left) + "px";
    card.style.top = Math.max(GAP, Math.min(top, window.innerHeight - high - GAP)) + "px";
  }
  function go(by) {
    at += by;
    if (at >= steps.length) end();
    else { at = Math.max(0, at); show(); }
  }
  function end() {
    if (!card) return;
    const inside = card.contains(document.activeElement);
    card.remove();
    ring.remove();
    card = ring = null;
    if (inside && before && before.focus && before.isConnected) before.focus({ preventScroll: true });
  }

  /* Captured, so that no other key of the page answers too. Whoever types or presses elsewhere has begun without the tour. */
  document.addEventListener("keydown", function (event) {
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    const on = event.target.closest && event.target.closest(".tour-card button");
    if (event.key === "Escape") end();
    else if (event.key in GO && (event.key !== "Enter" || !on)) go(GO[event.key]);
    else if (!["Tab", "Shift", "Enter", " "].includes(event.key)) return end();
    else return undefined;
    event.preventDefault();
    event.stopPropagation();
    return undefined;
  }, true);
  document.addEventListener("pointerdown", function (event) { if (card && !card.contains(event.target)) end(); }, true);
  window.addEventListener("popstate", end);
  window.addEventListener("resize", place);
  document.addEventListener("scroll", place, { passive: true, capture: true });

  /* From the help panel: it closes first, it would keep the focus to itself. */
  document.addEventListener("click", function (event) {
    if (!event.target.closest || !event.target.closest(".tour-start")) return;
    document.getElementById("shell-help").click();
    when(function () { return !document.querySelector(".offcanvas"); }, start);
  });
  function when(ready, act, looks) {
    if (ready()) act();
    else if ((looks || 0) < LOOKS) window.setTimeout(when, LOOK_MS, ready, act, (looks || 0) + 1);
  }
  /* Only where people arrive by themselves: a link that was shared opens what it is about. */
  function library() { return window.location.pathname === "/" && !window.location.search; }
  if (!seen() && library()) {
    when(function () { return document.querySelector("#shell-page h1"); }, function () { if (library()) start(); });
  }
})();
