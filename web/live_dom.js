// Elements, made without markup: whatever the server says becomes text.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== false && value !== undefined && value !== null) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.filter(child => child !== null && child !== ''));
  return element;
}

export function by_id(id) { return document.getElementById(id); }

export function set_text(element, text) {
  if (element.textContent !== text) { element.textContent = text; }
}

export function set_attribute(element, name, value) {
  if (element.getAttribute(name) !== value) { element.setAttribute(name, value); }
}

function svg(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) { element.setAttribute(name, value); }
  element.append(...children);
  return element;
}

// Each kind of state has a shape of its own; `mark` is what stands in it.
const kShapes = {
  up: 'M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1z',
  lost: 'M8 1.2 15.4 14.4H.6z',
  down: 'M3.2 2h9.6L14 3.2v9.6L12.8 14H3.2L2 12.8V3.2z',
  disabled: 'M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z',
  waiting: 'M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1zm0 2.4a4.6 4.6 0 1 1 0 9.2 4.6 4.6 0 1 1 0-9.2z',
  unknown: 'M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1zm0 1.6a5.4 5.4 0 1 1 0 10.8A5.4 5.4 0 1 1 8 2.6z',
};
const kMarks = {
  up: 'm4.8 8.2 2.3 2.3 4.2-4.6', lost: 'M8 5.8v4m0 1.6v.6',
  down: 'm5.2 5.2 5.6 5.6m0-5.6-5.6 5.6', disabled: 'M4.5 8h7', waiting: 'M8 6.2v2h1.6',
  unknown: 'M5.5 8h5',
};

export function icon(kind) {
  return svg('svg', { viewBox: '0 0 16 16', class: 'icon ' + kind, 'aria-hidden': 'true' },
             svg('path', { d: kShapes[kind], class: 'shape', 'fill-rule': 'evenodd' }),
             svg('path', { d: kMarks[kind], class: 'mark' }));
}

// A slot for an icon and the words behind it, changed together.
export function say_state(element, kind, words) {
  if (element.dataset.kind === kind && element.dataset.words === words) { return; }
  element.dataset.kind = kind;
  element.dataset.words = words;
  element.replaceChildren(icon(kind), ' ', words);
}
