/* Numbers of the table of cases, as `engine.wording.grouped` writes them: equal decimals, thousands apart, true minus. */
(function () {
  "use strict";
  window.dashAgGridFunctions = window.dashAgGridFunctions || {};
  window.dashAgGridFunctions.decimals = function (value, decimals, scale) {
    if (value === null || value === undefined) return "";
    const [whole, fraction] = Math.abs(value / scale).toFixed(decimals).split(".");
    const text = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") + (fraction ? "." + fraction : "");
    return value < 0 && /[1-9]/.test(text) ? "\u2212" + text : text;
  };
})();
