/* What the browser does by itself: theme, charts that follow it, the address, the keyboard. */
(function () {
  "use strict";
  const KEY = "firmwatt-theme";
  const KEEP_MS = 60;
  const ORDER = ["auto", "light", "dark"];
  const media = window.matchMedia("(prefers-color-scheme: dark)");

  function choice() {
    const kept = window.localStorage.getItem(KEY);
    return ORDER.includes(kept) ? kept : "auto";
  }
  function inEffect() {
    const kept = choice();
    return kept === "auto" ? (media.matches ? "dark" : "light") : kept;
  }
  function apply() {
    const theme = inEffect();
    document.documentElement.setAttribute("data-bs-theme", theme);
    document.documentElement.setAttribute("data-theme-choice", choice());
    // The server draws new charts in the theme that this cookie names.
    document.cookie = "firmwatt_theme=" + theme + "; path=/; max-age=34560000; SameSite=Lax";
    return theme;
  }

  let templates = null;
  function recolour() {
    const theme = inEffect();
    if (!templates || !window.Plotly) return;
    document.querySelectorAll(".js-plotly-plot").forEach(function (plot) {
      if (plot.layout) window.Plotly.relayout(plot, { template: templates[theme] });
    });
  }
  function label() {
    const button = document.getElementById("shell-theme");
    if (button) {
      const text = "Theme: " + choice() + " (press to change)";
      button.setAttribute("aria-label", text);
      button.setAttribute("title", text);
    }
  }

  /* What one chart's choice says of the address, the rest of it stays; when the choice itself is painted. */
  function keep(changed) {
    const page = window.location.pathname;
    setTimeout(function () {
      if (window.location.pathname !== page) return;
      const query = new URLSearchParams(window.location.search);
      changed.forEach(function (value, name) { if (value) query.set(name, value); else query.delete(name); });
      const search = "?" + query.toString().replace(/%2C/g, ",");
      if (search !== window.location.search) window.history.replaceState(window.history.state, "", page + search);
    }, KEEP_MS);
  }
  function keepOne(name, value) {
    const changed = new URLSearchParams();
    if (value) changed.set(name, value);
    keep(changed);
    return window.dash_clientside.no_update;
  }

  media.addEventListener("change", function () {
    apply();
    recolour();
  });

  let page = null, led = false, wentBack = false;
  window.addEventListener("popstate", function () { wentBack = window.location.pathname !== page; });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.firmwatt = {
    start: function (data) {
      templates = data;
      window.firmwattTheme = { templates: data };
      apply();
      label();
      return window.dash_clientside.no_update;
    },
    nextTheme: function (clicks) {
      if (clicks) {
        window.localStorage.setItem(KEY, ORDER[(ORDER.indexOf(choice()) + 1) % ORDER.length]);
        apply();
        label();
        recolour();
      }
      return choice();
    },
    rail: function (pathname) {
      const here = pathname || "/";
      led = page !== null && page !== here && !wentBack && !window.location.hash;
      page = here;
      wentBack = false;
      document.querySelectorAll(".rail-entry").forEach(function (entry) {
        const roots = (entry.getAttribute("data-roots") || "").split(" ");
        const on = roots.some(function (root) {
          return root === "/" ? here === "/" : here === root || here.startsWith(root + "/");
        });
        entry.classList.toggle("on", on);
        const link = entry.querySelector("a");
        if (on) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
        // On a phone the rail is a bar that may be longer than the screen: the page in view stays in its view.
        if (on) link.closest(".rail").scrollLeft = entry.offsetLeft - (window.innerWidth - entry.offsetWidth) / 2;
      });
      return window.dash_clientside.no_update;
    },
    arrived: function () {
      // A page that an action leads to is read from its top; back and forward keep their place.
      if (led) requestAnimationFrame(function () { window.scrollTo({ top: 0, behavior: "instant" }); });
      led = false;
      return window.dash_clientside.no_update;
    },
    keepAddress: function (search) {
      // Year and week change in place: the address follows, the page is not built anew.
      if (search) keep(new URLSearchParams(search));
      return window.dash_clientside.no_update;
    },
    showWeek: function (day) {
      // The week of a pressed day stands further up, perhaps out of view.
      const panel = document.querySelector(".dispatch-panel");
      if (day && panel) panel.scrollIntoView({ block: "nearest", behavior: "smooth" });
      return window.dash_clientside.no_update;
    },
    keepMap: function (value) { return keepOne("map", value); },
    keepCosts: function (value) { return keepOne("costs", value); },
    figuresOf: function (year) {
      // Every year is on the page; the chosen one is shown.
      document.querySelectorAll("#run-figures [data-year]").forEach(function (block) {
        block.hidden = block.getAttribute("data-year") !== year;
      });
      return keepOne("figures", year);
    },
  };

  document.addEventListener("keydown", function (event) {
    const target = event.target;
    const typing = target.closest && target.closest("input, textarea, select, [contenteditable], [role=slider], [role=listbox]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?") document.getElementById("shell-help")?.click();
    if (event.key === "s") document.getElementById("shell-share")?.click();
    if (event.key === "t") document.getElementById("shell-theme")?.click();
    const entry = document.querySelectorAll(".rail-entry a")[Number(event.key) - 1];
    if (entry) entry.click();
  });

  apply();
})();
