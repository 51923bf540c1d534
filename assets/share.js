/* The Share button of every page: the address is the state, the server gives it a short link. */
(function () {
  "use strict";
  /* What a page holds beside its address, by the beginning of its path: it stays in this browser. */
  const STAYS = {
    "/edit": "Changes that you have not saved stay in this browser: save them as a scenario first to share them.",
    "/load": "Changes that you have not saved stay in this browser: save them as a scenario first to share them.",
    "/sweeps/new": "What you have changed here stays in this browser: download the YAML, or launch the sweep and share its page.",
  };

  function staysHere() {
    const found = Object.keys(STAYS).find(function (root) {
      return window.location.pathname === root || window.location.pathname.startsWith(root + "/");
    });
    return found ? STAYS[found] : "";
  }

  async function shortLink(address) {
    const answer = await fetch("/s", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ address: address }),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.error || "The server gave no link.");
    return window.location.origin + said.path;
  }

  async function share() {
    const tray = window.firmwattTray;
    const notice = tray.open("share").say("busy", "Making the link…");
    let link;
    try {
      link = await shortLink(window.location.pathname + window.location.search);
    } catch (error) {
      notice.say("bad", "No short link could be made", String(error.message || error) + " The address of the page itself works too:");
      notice.line(window.location.href, "Address of this view");
      return;
    }
    const copied = await tray.copy(link);
    const where = ["localhost", "127.0.0.1", "[::1]"].includes(window.location.hostname)
      ? "It opens on this computer alone, because Firmwatt is open at a local address here." : "It opens this very view for everybody who reaches this server.";
    notice.say("plain", copied ? "Link copied" : "Link to this view", [where, staysHere()].filter(Boolean).join(" "));
    notice.line(link, "Short link to this view");
    if (!copied) notice.box.querySelector(".tray-line").focus();
  }

  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("#shell-share")) share();
  });
})();
