/* Draws a Still: what no callback can touch, as the elements that dashboard/components/still.py wrote down. */
(function () {
  "use strict";
  const React = window.React;

  /* Words, numbers and nothing are themselves; the rest is [element, its properties, what is in it]. */
  function draw(part) {
    if (!Array.isArray(part)) return part;
    const [tag, props, inside] = part;
    const children = inside.map(draw);
    if (tag === null) return React.createElement(React.Fragment, null, ...children);
    if (tag === "") return React.createElement(window.dash_core_components.Link, { setProps: function () {}, ...props }, ...children);
    if (props.href) props.href = window.dash_clientside.clean_url(props.href);
    return React.createElement(tag, props, ...children);
  }

  window.firmwatt = window.firmwatt || {};
  window.firmwatt.Still = function (given) {
    return React.useMemo(function () { return draw(JSON.parse(given.parts)); }, [given.parts]);
  };
})();
