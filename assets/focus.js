/* The keyboard keeps its place: an element that is drawn anew takes the focus that its forerunner had; Escape closes a badge's list. */
(function () {
  "use strict";
  const SOON_MS = 5000;
  let held = null;

  document.addEventListener("focusin", function (event) {
    held = event.target.id ? { id: event.target.id, element: event.target, path: window.location.pathname } : null;
  });
  document.addEventListener("pointerdown", function () { held = null; }, true);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Tab") held = held && held.element.isConnected ? held : null;
    if (event.key !== "Escape") return;
    const badge = document.querySelector(".mark-open[open]");
    if (!badge) return;
    badge.open = false;
    badge.querySelector("summary").focus();
  });

  new MutationObserver(function () {
    if (!held || held.element.isConnected) return;
    held.since = held.since || performance.now();
    if (held.path !== window.location.pathname || performance.now() - held.since > SOON_MS) held = null;
    const again = held && document.activeElement === document.body && document.getElementById(held.id);
    if (again) again.focus({ preventScroll: true });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
