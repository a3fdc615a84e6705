// Making and changing elements. Texts only ever become text nodes; styles that depend on figures are set property by property.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children. */
export function el(name, attributes = {}, ...children) {
  return dressed(document.createElement(name), attributes, children);
}

/** The same in SVG. */
export function svg(name, attributes = {}, ...children) {
  return dressed(document.createElementNS(SVG, name), attributes, children);
}

function dressed(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Finds one element of the document. */
export function find(selector) {
  return document.querySelector(selector);
}

/** Changes a text only where it differs, so that readers of the screen are left in peace. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** An icon of the document's sprite. */
export function icon(name) {
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `#i-${name}` }));
}

/**
 * The course of a figure as a line, with an area below it. Gaps stay gaps. The viewBox has one unit per step, so that redrawing is
 * writing one attribute.
 */
export function course(values, { top, height }) {
  let line = "";
  let area = "";
  let start = -1;
  const y = (value) => (height - 2 - (Math.min(value, top) / (top || 1)) * (height - 4)).toFixed(1);
  values.forEach((value, x) => {
    const isGap = value === null;
    if (!isGap) line += `${start < 0 ? "M" : "L"}${x} ${y(value)}`;
    if (!isGap && start < 0) {
      start = x;
      area += `M${x} ${height}`;
    }
    if (!isGap) area += `L${x} ${y(value)}`;
    const ends = start >= 0 && (isGap || x === values.length - 1);
    if (!ends) return;
    const last = isGap ? x - 1 : x;
    // A single step is a dot: a line of no length with a round cap.
    if (last === start) line += "h.01";
    area += `L${last} ${height}Z`;
    start = -1;
  });
  return { line, area };
}
