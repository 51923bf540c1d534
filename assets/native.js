/* Dash brings a polyfill for old browsers that replaces what reads numbers and trims words, in every browser, by something
   many times slower; drawing a chart calls these by the thousand. The head of the page has kept the browser's own. */
(function () {
  "use strict";
  const own = window.firmwattNative;
  if (!own) return;
  window.parseInt = Number.parseInt = own.parseInt;
  window.parseFloat = Number.parseFloat = own.parseFloat;
  Object.keys(own.text).forEach(function (name) {
    Object.defineProperty(String.prototype, name, { value: own.text[name], writable: true, configurable: true });
  });
})();
