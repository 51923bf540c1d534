/* The page of a new sweep: its text as a file, and where the keyboard goes on when inputs came or went; a form that is
   only drawn anew keeps it by assets/focus.js. */
(function () {
  "use strict";
  const none = function () { return window.dash_clientside.no_update; };
  let rows = null; // inputs that were there

  /* An input that was added is where one goes on typing; where one was removed, another can be found. */
  function next(before, now) {
    if (before !== null && now.length > before) return now[now.length - 1].querySelector("input");
    if (before !== null && now.length < before) return document.getElementById("sweep-new-input");
    return null;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.sweeps = {
    drawn: function () {
      window.setTimeout(function () {
        const now = document.querySelectorAll(".moving"), before = rows, here = document.activeElement;
        rows = now.length;
        const free = here === document.body || here.id === "sweep-new-input";
        const there = free && next(before, now);
        if (there) there.focus();
      }, 60);
      return none();
    },
    download: function (clicks, text) {
      if (!clicks) return none();
      const name = (/^name:\s*["']?([^"'#\n]*)/m.exec(text) || [])[1] || "";
      const file = name.trim().toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "sweep";
      return { content: text, filename: file + ".yaml", type: "text/yaml" };
    },
  };
})();
