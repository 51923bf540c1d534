/* The frontier page: its whole state is its address, so that what is no longer selected leaves it too. */
(function () {
  "use strict";
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.frontier = {
    address: function (search) {
      if (search && search !== window.location.search && window.location.pathname === "/frontier") {
        window.history.replaceState(window.history.state, "", window.location.pathname + search);
      }
      return window.dash_clientside.no_update;
    },
  };
})();
