/* News of what takes a moment, at the foot of the page: it stays while pages change. Other files call firmwattTray. */
(function () {
  "use strict";
  const STAY_MS = 9000;

  function tray() {
    let found = document.getElementById("tray");
    if (!found) {
      found = document.createElement("div");
      found.id = "tray";
      found.className = "tray";
      document.body.appendChild(found);
    }
    return found;
  }
  function make(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  /* One notice; `key` takes the place of an older notice with the same key. */
  function open(key) {
    const slot = tray();
    slot.querySelectorAll("[data-key]").forEach(function (old) { if (old.getAttribute("data-key") === key) old.remove(); });
    const box = make("div", "tray-notice");
    box.setAttribute("data-key", key);
    const words = make("div", "tray-words");
    words.setAttribute("role", "status");
    const close = make("button", "tray-close");
    close.setAttribute("aria-label", "Close");
    close.appendChild(make("span", "icon icon-close"));
    box.append(words, close);
    slot.appendChild(box);
    let timer = null;
    const notice = {
      box: box,
      /* kind: busy, good, bad, plain; nothing bad or to be read at leisure goes by itself. */
      say: function (kind, title, detail) {
        box.className = "tray-notice " + kind;
        words.setAttribute("role", kind === "bad" ? "alert" : "status");
        words.replaceChildren(make("strong", "", title));
        if (detail) words.appendChild(make("div", "muted small", detail));
        window.clearTimeout(timer);
        if (kind === "good") timer = window.setTimeout(function () { if (!box.matches(":hover, :focus-within")) box.remove(); }, STAY_MS);
        return notice;
      },
      /* A line to copy: a link, a command. */
      line: function (text, label) {
        const field = make("input", "tray-line");
        field.readOnly = true;
        field.value = text;
        field.setAttribute("aria-label", label);
        field.addEventListener("focus", function () { field.select(); });
        words.appendChild(field);
        return notice;
      },
      bar: function () {
        words.appendChild(make("div", "tray-bar"));
        return notice;
      },
      onClose: function (act) { close.addEventListener("click", act); return notice; },
      close: function () { window.clearTimeout(timer); box.remove(); },
    };
    close.addEventListener("click", function () { notice.close(); });
    return notice;
  }

  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text).then(function () { return true; }, function () { return false; });
    }
    const box = document.createElement("textarea");
    box.value = text;
    document.body.appendChild(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return Promise.resolve(done);
  }

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    const box = event.target.closest && event.target.closest(".tray-notice");
    if (box) box.querySelector(".tray-close").click();
  });

  window.firmwattTray = { open: open, copy: copy };
})();
