/* Charts are drawn one after another, what is in view first: dashboard/components/graph.py. */
(function () {
  "use strict";
  const React = window.React;
  const waiting = new Set();
  let busy = false;

  /* Pixels between a place and the window; nothing for one in view, and one that is hidden comes last. */
  function away(place) {
    const box = place.getBoundingClientRect();
    if (!box.width) return Infinity;
    return Math.max(0, box.top - window.innerHeight, -box.bottom);
  }
  function nearest() {
    const turns = Array.from(waiting, function (turn) { return { turn: turn, away: away(turn.place) }; });
    return turns.reduce(function (best, one) { return one.away < best.away ? one : best; }).turn;
  }
  /* After the picture that is under way; the very first waits for Plotly itself. */
  function painted(then) {
    requestAnimationFrame(function () {
      if (!window.Plotly) painted(then);
      else requestAnimationFrame(function () { setTimeout(then, 0); });
    });
  }
  function next() {
    if (busy || !waiting.size) return;
    const turn = nearest();
    waiting.delete(turn);
    busy = true;
    turn.draw();
    painted(function () {
      busy = false;
      next();
    });
  }
  /* Draw when it is a place's turn; what is out of view waits a frame for what may still come and is in view. */
  function enqueue(turn) {
    waiting.add(turn);
    if (away(turn.place) === 0) queueMicrotask(next);
    else requestAnimationFrame(next);
    return function () { waiting.delete(turn); };
  }

  window.firmwatt = window.firmwatt || {};
  window.firmwatt.inTurn = function (place, draw) {
    return new Promise(function (done, failed) {
      enqueue({ place: place, draw: function () { try { done(draw()); } catch (error) { failed(error); } } });
    });
  };
  window.firmwatt.Graph = function (props) {
    const [drawn, draw] = React.useState(null);
    const place = React.useRef(null);
    // Dash would keep each zoom in its figure and draw that again: over what the browser has drawn itself since.
    const setProps = React.useCallback(function (changed) {
      const told = Object.assign({}, changed);
      delete told.figure;
      if (Object.keys(told).length) props.setProps(told);
    }, [props.setProps]);
    React.useLayoutEffect(function () {
      return enqueue({ place: place.current, draw: function () { draw(props.figure); } });
    }, [props.figure]);
    const chart = drawn
      ? React.createElement(window.dash_core_components.Graph, { ...props, setProps: setProps, figure: drawn })
      : React.createElement("div", { id: props.id, className: "dash-graph", style: props.style });
    return React.createElement("div", { ref: place, className: "graph" }, chart);
  };
})();
