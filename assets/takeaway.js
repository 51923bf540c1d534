/* The Take away menu: a file of the view that the address names, fetched beside the page; nothing else waits for it. */
(function () {
  "use strict";
  const SECOND_MS = 1000;

  function here() { return encodeURIComponent(window.location.pathname + window.location.search); }

  function setOpen(menu, on) {
    menu.classList.toggle("open", on);
    menu.querySelector(".takeaway-open").setAttribute("aria-expanded", String(on));
    if (on) menu.querySelector(".takeaway-item").focus();
  }
  function openMenus() { return Array.from(document.querySelectorAll(".takeaway.open")); }

  function nameOf(answer, otherwise) {
    const found = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "");
    return found ? found[1] : otherwise;
  }
  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 60 * SECOND_MS);
  }
  function size(bytes) {
    return bytes < 1e6 ? Math.max(1, Math.round(bytes / 1e3)) + " kB" : (bytes / 1e6).toFixed(1) + " MB";
  }
  /* Errors of Firmwatt come as words; anything else says what it was. */
  async function failure(answer) {
    const words = (answer.headers.get("Content-Type") || "").startsWith("text/plain") ? await answer.text() : "";
    return new Error(words || "The server answered " + answer.status + ". Try again; its log says more.");
  }

  async function fetchFile(format, label, hint) {
    const notice = window.firmwattTray.open("takeaway-" + format);
    const stop = new AbortController();
    const began = Date.now();
    const say = function () {
      const seconds = Math.round((Date.now() - began) / SECOND_MS);
      notice.say("busy", "Making: " + label, seconds + " s so far (" + hint + "). You can go on working; closing this cancels it.").bar();
    };
    say();
    const clock = window.setInterval(say, SECOND_MS);
    notice.onClose(function () { stop.abort(); });
    try {
      const answer = await fetch("/takeaway/" + format + "?of=" + here(), { signal: stop.signal });
      if (!answer.ok) throw await failure(answer);
      const blob = await answer.blob();
      const name = nameOf(answer, "firmwatt." + format);
      window.clearInterval(clock);
      save(blob, name);
      notice.say("good", "Saved", name + ", " + size(blob.size));
    } catch (error) {
      window.clearInterval(clock);
      if (error.name !== "AbortError") notice.say("bad", "Not made: " + label, String(error.message || error));
    }
  }

  async function command(format) {
    const notice = window.firmwattTray.open("takeaway-command").say("busy", "One moment…");
    try {
      const answer = await fetch("/takeaway/command/" + format + "?of=" + here());
      if (!answer.ok) throw await failure(answer);
      const line = await answer.text();
      const copied = await window.firmwattTray.copy(line);
      notice.say("plain", copied ? "Command copied" : "The same from a terminal", "Other formats by --format; docs/sharing.md has them, and the same from Python.");
      notice.line(line, "Command that makes the same file");
    } catch (error) {
      notice.say("bad", "No command", String(error.message || error));
    }
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest(".takeaway-open");
    openMenus().forEach(function (menu) { if (!button || !menu.contains(button)) setOpen(menu, false); });
    if (button) {
      const menu = button.closest(".takeaway");
      setOpen(menu, !menu.classList.contains("open"));
    }
    const item = event.target.closest && event.target.closest(".takeaway-item");
    if (!item) return;
    const format = item.getAttribute("data-takeaway");
    if (format) fetchFile(format, item.getAttribute("data-label"), item.getAttribute("data-hint"));
    else command(item.getAttribute("data-takeaway-command"));
  });

  document.addEventListener("keydown", function (event) {
    const menu = openMenus()[0];
    if (!menu) return;
    const items = Array.from(menu.querySelectorAll(".takeaway-item"));
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      setOpen(menu, false);
      menu.querySelector(".takeaway-open").focus();
    } else if (to !== undefined) {
      event.preventDefault();
      items[(to + items.length) % items.length].focus();
    }
  });
})();
