/* The page of a new sweep: its text as a file, named after the sweep. */
(function () {
  "use strict";
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.sweeps = {
    download: function (clicks, text) {
      if (!clicks) return window.dash_clientside.no_update;
      const name = (/^name:\s*["']?([^"'#\n]*)/m.exec(text) || [])[1] || "";
      const file = name.trim().toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "sweep";
      return { content: text, filename: file + ".yaml", type: "text/yaml" };
    },
  };
})();
