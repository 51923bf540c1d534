/* Names for what Dash draws without one: fields that pick files, and thumbs of sliders. */
(function () {
  "use strict";
  const NAMELESS = "input[type=file]:not([aria-label]), .dash-slider-thumb:not([aria-label])";

  /* Name of the group around it, else words of the nearest label, heading or button. */
  function words(element) {
    for (let near = element.parentElement; near && near !== document.body; near = near.parentElement) {
      if (near.getAttribute("aria-label")) return near.getAttribute("aria-label");
      const said = near.querySelector("label, legend, h3, h2, .stat-label, button");
      if (said && said.textContent.trim()) return said.textContent.trim();
    }
    return "";
  }
  function name_all() {
    document.querySelectorAll(NAMELESS).forEach(function (element) {
      const found = words(element) || (element.type === "file" ? "Choose a file" : "Value");
      element.setAttribute("aria-label", found);
    });
  }
  let waiting = false;
  new MutationObserver(function () {
    if (waiting) return;
    waiting = true;
    window.requestAnimationFrame(function () { waiting = false; name_all(); });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
