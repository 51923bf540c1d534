/* Charts are drawn one after another, what is in view first: dashboard/components/graph.py. */
(function () {
  "use strict";
  const React = window.React;
  const waiting = new Set();
  let drawing = false;

  /* Pixels between a place and the window; nothing for one in view, and one that is hidden comes last. */
  function away(place) {
    const box = place.getBoundingClientRect();
    if (!box.width) return Infinity;
    return Math.max(0, box.top - window.innerHeight, -box.bottom);
  }
  function nearest() {
    const turns = Array.from(waiting, function (turn) { return { turn: turn, away: turn.place ? away(turn.place) : Infinity }; });
    return turns.reduce(function (best, one) { return one.away < best.away ? one : best; }).turn;
  }
  /* After the picture that is under way; the very first waits for Plotly itself. */
  function painted(then) {
    requestAnimationFrame(function () {
      if (window.Plotly) setTimeout(then, 0);
      else painted(then);
    });
  }
  function next() {
    drawing = waiting.size > 0;
    if (!drawing) return;
    const turn = nearest();
    waiting.delete(turn);
    turn.draw();
    painted(next);
  }
  function enqueue(turn) {
    waiting.add(turn);
    if (!drawing) {
      drawing = true;
      // All that one answer brings is known before the first of it is drawn.
      queueMicrotask(next);
    }
    return function () { waiting.delete(turn); };
  }

  window.firmwatt = window.firmwatt || {};
  window.firmwatt.Graph = function (props) {
    const [drawn, draw] = React.useState(null);
    const place = React.useRef(null);
    React.useLayoutEffect(function () {
      return enqueue({ place: place.current, draw: function () { draw(props.figure); } });
    }, [props.figure]);
    const chart = drawn
      ? React.createElement(window.dash_core_components.Graph, { ...props, figure: drawn })
      : React.createElement("div", { id: props.id, className: "dash-graph", style: props.style });
    return React.createElement("div", { ref: place, className: "graph" }, chart);
  };
})();
