const data = JSON.parse(document.getElementById('data').textContent);
const canvas = document.getElementById('lanes');
const ink = canvas.getContext('2d');
const tip = document.getElementById('tip');
const said = document.getElementById('said');
const kUp = data.states.indexOf('up'), kUnknown = data.states.indexOf('unknown');
// What a member out of service does, the worst first: this is at the bottom of a step.
const kOut = ['disabled', 'down', 'recovering'].map(name => data.states.indexOf(name));
const kTop = 4, kAxis = 26;
const whole = { from: -Math.max(1, data.length * 0.01), to: Math.max(1, data.length * 1.01) };
let view = { ...whole };
let chosen = -1;

// Groups keep together; within one the members stand in the order of their first line.
const order = data.lanes.map((lane, i) => i).sort((a, b) =>
  data.lanes[a].group === data.lanes[b].group ? a - b
    : data.lanes[a].group < data.lanes[b].group ? -1 : 1);
const place = [];
order.forEach((lane, i) => { place[lane] = i; });
const several = new Set(data.lanes.map(lane => lane.group)).size > 1;

function stamp(t, form) {
  const d = new Date((data.first + Math.round(t)) * 1000);
  const date = d.getUTCFullYear() + '-' + pad(d.getUTCMonth() + 1) + '-' + pad(d.getUTCDate());
  const clock = pad(d.getUTCHours()) + ':' + pad(d.getUTCMinutes());
  return form === 'date' ? date : form === 'clock' ? clock
    : (form === 'seconds' ? '' : date + ' ') + clock + ':' + pad(d.getUTCSeconds());
}
function size(s) {
  s = Math.round(s);
  const two = (a, u, b, v) => b ? a + u + ' ' + b + v : a + u;
  return s >= 86400 ? two(Math.floor(s / 86400), 'd', Math.floor(s / 3600) % 24, 'h')
    : s >= 3600 ? two(Math.floor(s / 3600), 'h', Math.floor(s / 60) % 60, 'm')
    : s >= 60 ? two(Math.floor(s / 60), 'm', s % 60, 's') : s + 's';
}

// Geometry: labels stand left of the lanes, or above them where there is little room.
function shape() {
  const width = canvas.clientWidth;
  const narrow = width < 620;
  const left = narrow ? 8 : Math.min(330, several ? 285 : 165);
  const pitch = narrow ? 44 : 34;
  return { width, narrow, left, right: width - 10, pitch, bar: 20,
           height: kTop + order.length * pitch + kAxis };
}
function x_of(t, s) {
  return s.left + (t - view.from) / (view.to - view.from) * (s.right - s.left);
}
function t_of(x, s) {
  return view.from + (x - s.left) / (s.right - s.left) * (view.to - view.from);
}
function y_of(lane, s) {
  return kTop + place[lane] * s.pitch + (s.narrow ? 20 : (s.pitch - s.bar) / 2);
}

function axis(s) {
  const wanted = (view.to - view.from) / Math.max(2, Math.floor((s.right - s.left) / 110));
  const step = axis_step(wanted);
  const bottom = s.height - kAxis;
  ink.font = '12px system-ui, "DejaVu Sans", sans-serif';
  ink.textAlign = 'center';
  ink.textBaseline = 'top';
  const start = Math.ceil((data.first + view.from) / step) * step - data.first;
  let day = '';
  for (let t = start; t <= view.to; t += step) {
    const x = x_of(t, s);
    ink.fillStyle = colour('line');
    ink.fillRect(Math.round(x), kTop, 1, bottom - kTop + 4);
    const date = stamp(t, 'date');
    const label = step >= 86400 ? date : date !== day ? date.slice(5) + ' ' + stamp(t, 'clock')
      : stamp(t, step < 60 ? 'seconds' : 'clock');
    day = date;
    ink.fillStyle = colour('soft');
    const half = ink.measureText(label).width / 2;
    ink.fillText(label, Math.min(Math.max(x, s.left + half), s.right - half), bottom + 7);
  }
}

function label(lane, s) {
  const y = kTop + place[lane] * s.pitch;
  ink.textBaseline = 'middle';
  ink.font = '600 13px system-ui, "DejaVu Sans", sans-serif';
  ink.fillStyle = colour('text');
  ink.textAlign = 'left';
  const text = data.lanes[lane].member;
  const row = y + (s.narrow ? 9 : s.pitch / 2);
  ink.fillText(text, s.narrow ? s.left : 2, row);
  if (several) {
    const shift = ink.measureText(text).width + 8 + (s.narrow ? s.left : 2);
    ink.font = '12px system-ui, "DejaVu Sans", sans-serif';
    ink.fillStyle = colour('soft');
    ink.fillText('in ' + data.lanes[lane].group, shift, row);
  }
}

function parts(lane, s, fills) {
  const y = y_of(lane, s);
  const block = (from, to, state, share) => {
    const a = Math.max(s.left, x_of(from, s));
    const b = Math.min(s.right, x_of(to, s));
    if (b < s.left || a > s.right) { return; }
    const quiet = state === kUp ? 6 : state === kUnknown ? 2 : 0;
    const height = quiet || s.bar * share;
    ink.fillStyle = fills[state];
    ink.fillRect(a, y + (quiet ? (s.bar - quiet) / 2 : s.bar - height),
                 Math.max(b - a, quiet ? 0 : 1.5), height);
  };
  ink.fillStyle = colour('track');
  ink.fillRect(s.left, y, s.right - s.left, s.bar);
  for (const part of data.lanes[lane].parts) {
    if (data.exact) { block(part[0], part[1], part[2], 1); continue; }
    const from = part[6] * data.step, to = Math.min(from + data.step, data.length);
    const all = Math.max(1, to - from);
    if (part[kUp]) { block(from, to, kUp, 1); } else if (part[kUnknown]) { block(from, to, kUnknown, 1); }
    let share = 0;
    for (const state of kOut) { share += part[state] / all; }
    for (const state of [...kOut].reverse()) {
      if (part[state]) { block(from, to, state, Math.min(1, share)); }
      share -= part[state] / all;
    }
  }
}

// Lines stand above their lane, so that its colours are seen. Failed attempts are many, and small.
function marks(s) {
  const text = colour('text');
  data.events.forEach((event, i) => {
    const x = x_of(event[0], s);
    if (x < s.left || x > s.right || i === chosen) { return; }
    const form = data.forms[event[2]];
    const small = form.id === 'HALOG_RECOVERYFAILED' && data.states[form.after] === 'recovering';
    const y = y_of(event[1], s);
    ink.fillStyle = text;
    ink.globalAlpha = small ? 0.35 : 0.7;
    ink.fillRect(Math.round(x), y - (small ? 3 : 6), 1, small ? 3 : 6);
    ink.globalAlpha = 1;
  });
  if (cursor.step >= 0) {
    const x = x_of(cursor.step * data.step, s);
    ink.strokeStyle = colour('accent');
    ink.lineWidth = 2;
    ink.strokeRect(x - 2, y_of(order[cursor.row], s) - 4,
                   Math.max(4, x_of((cursor.step + 1) * data.step, s) - x + 4), s.bar + 8);
  }
  if (chosen >= 0 && data.events[chosen]) {
    const event = data.events[chosen];
    const x = x_of(event[0], s), y = y_of(event[1], s);
    ink.strokeStyle = colour('accent');
    ink.lineWidth = 2;
    ink.strokeRect(x - 4, y - 4, 8, s.bar + 8);
  }
}

function draw() {
  const s = shape();
  const scale = window.devicePixelRatio || 1;
  canvas.style.height = s.height + 'px';
  canvas.width = Math.round(s.width * scale);
  canvas.height = Math.round(s.height * scale);
  ink.setTransform(scale, 0, 0, scale, 0, 0);
  ink.fillStyle = colour('card');
  ink.fillRect(0, 0, s.width, s.height);
  const fills = data.states.map(name => name === 'disabled' ? hatch(ink, colour(name)) : colour(name));
  order.forEach(lane => { label(lane, s); parts(lane, s, fills); });
  axis(s);
  marks(s);
  document.getElementById('range').textContent = stamp(Math.max(view.from, 0)) + '  to  ' +
    stamp(Math.min(view.to, data.length)) + '  (' +
    size(Math.min(view.to, data.length) - Math.max(view.from, 0)) + ')';
}

let waiting = 0;
function later() {
  if (!waiting) { waiting = requestAnimationFrame(() => { waiting = 0; draw(); list(); }); }
}

function show(from, to) {
  const least = 4;
  const length = Math.min(Math.max(to - from, least), whole.to - whole.from);
  from = Math.min(Math.max(from, whole.from), whole.to - length);
  view = { from, to: from + length };
  later();
}
function zoom(factor, around) {
  show(around - (around - view.from) * factor, around + (view.to - around) * factor);
}
function middle() {
  const event = data.events[chosen];
  return event && event[0] >= view.from && event[0] <= view.to ? event[0]
    : (view.from + view.to) / 2;
}

function words(i) {
  const event = data.events[i];
  return data.forms[event[2]].id + ' \u2014 ' + event[4];
}
function choose(i) {
  if (!data.events[i]) { return; }
  chosen = i;
  said.textContent = words(i);
  const t = data.events[i][0];
  if (t < view.from || t > view.to) {
    const half = (view.to - view.from) / 2;
    show(t - half, t + half);
  }
  later();
}
// Without single lines the arrow keys go from step to step, and from lane to lane.
const cursor = { row: 0, step: -1 };
function go(steps, rows) {
  const last = Math.floor(data.length / data.step);
  cursor.step = Math.min(Math.max(cursor.step + steps, 0), last);
  cursor.row = Math.min(Math.max(cursor.row + rows, 0), order.length - 1);
  said.textContent = step_words(order[cursor.row], cursor.step);
  later();
}
function step(direction) {
  if (!data.exact) { go(direction, 0); return; }
  if (chosen < 0) {
    const seen = data.events.findIndex(event => event[0] >= view.from);
    choose(Math.max(0, seen));
  } else {
    choose(Math.min(Math.max(chosen + direction, 0), data.events.length - 1));
  }
}
// The line nearest in time in the lane above or below.
function change_lane(direction) {
  if (!data.exact) { go(0, direction); return; }
  if (chosen < 0) { step(1); return; }
  const [at, lane] = data.events[chosen];
  const next = order[place[lane] + direction];
  let best = -1;
  data.events.forEach((event, i) => {
    if (event[1] === next &&
        (best < 0 || Math.abs(event[0] - at) < Math.abs(data.events[best][0] - at))) {
      best = i;
    }
  });
  choose(best);
}

function nearest(x, y, s) {
  let best = -1, least = 14;
  data.events.forEach((event, i) => {
    const row = y_of(event[1], s);
    if (y < row - 8 || y > row + s.bar + 8) { return; }
    const distance = Math.abs(x_of(event[0], s) - x);
    if (distance < least) { least = distance; best = i; }
  });
  return best;
}
// What stands at a point where no line is near.
function state_at(x, y, s) {
  const lane = order.find(each => y >= y_of(each, s) - 4 && y <= y_of(each, s) + s.bar + 4);
  const t = t_of(x, s);
  if (lane === undefined || x < s.left || t < 0 || t > data.length) { return ''; }
  if (data.exact) {
    const who = 'member ' + data.lanes[lane].member;
    const part = data.lanes[lane].parts.find(each => t >= each[0] && t < each[1]);
    return part ? who + ': ' + data.states[part[2]] + ' for ' + size(part[1] - part[0]) + ', from ' +
      stamp(part[0]) : '';
  }
  return step_words(lane, Math.floor(t / data.step));
}
function step_words(lane, number) {
  const part = data.lanes[lane].parts[number];
  const who = 'member ' + data.lanes[lane].member;
  return part ? who + ', ' + size(data.step) + ' from ' + stamp(part[6] * data.step) + ': ' +
    data.states.map((name, i) => part[i] ? name + ' ' + size(part[i]) : '').filter(Boolean).join(', ') +
    '; ' + part[5] + ' lines' : '';
}
function point(x, y) {
  const s = shape();
  const i = nearest(x, y, s);
  const text = i >= 0 ? words(i) : state_at(x, y, s);
  tip.hidden = !text;
  if (!text) { return i; }
  tip.textContent = text;
  tip.style.left = Math.max(0, Math.min(x + 12, s.width - tip.offsetWidth - 4)) + 'px';
  tip.style.top = (y + 18) + 'px';
  if (i < 0) { said.textContent = text; }
  return i;
}

const fingers = new Map();
let spread = 0, moved = 0;
canvas.addEventListener('pointerdown', event => {
  fingers.set(event.pointerId, event);
  canvas.setPointerCapture(event.pointerId);
  moved = 0;
  spread = 0;
});
canvas.addEventListener('pointermove', event => {
  const last = fingers.get(event.pointerId);
  const s = shape();
  if (!last) { point(event.offsetX, event.offsetY); return; }
  fingers.set(event.pointerId, event);
  const second = (view.to - view.from) / (s.right - s.left);
  if (fingers.size === 2) {
    const [a, b] = [...fingers.values()];
    const now = Math.max(10, Math.abs(a.offsetX - b.offsetX));
    if (spread) { zoom(spread / now, t_of((a.offsetX + b.offsetX) / 2, s)); }
    spread = now;
  } else {
    moved += Math.abs(event.offsetX - last.offsetX);
    if (moved > 3) {
      tip.hidden = true;
      const by = (last.offsetX - event.offsetX) * second;
      show(view.from + by, view.to + by);
    }
  }
});
function lifted(event) {
  fingers.delete(event.pointerId);
  spread = 0;
  if (event.type === 'pointerup' && moved <= 3) { choose(point(event.offsetX, event.offsetY)); }
}
canvas.addEventListener('pointerup', lifted);
canvas.addEventListener('pointercancel', lifted);
canvas.addEventListener('pointerleave', () => { tip.hidden = true; });
canvas.addEventListener('wheel', event => {
  if (!event.ctrlKey && !event.metaKey) { return; }
  event.preventDefault();
  zoom(event.deltaY > 0 ? 1.25 : 0.8, t_of(event.offsetX, shape()));
}, { passive: false });
const keys = {
  ArrowRight: () => step(1), ArrowLeft: () => step(-1),
  ArrowDown: () => change_lane(1), ArrowUp: () => change_lane(-1),
  Home: () => data.exact ? choose(0) : go(-1e9, 0),
  End: () => data.exact ? choose(data.events.length - 1) : go(1e9, 0),
  '+': () => zoom(0.5, middle()), '=': () => zoom(0.5, middle()), '-': () => zoom(2, middle()),
  0: () => show(whole.from, whole.to),
};
canvas.addEventListener('keydown', event => {
  if (keys[event.key] && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    keys[event.key]();
  }
});
const buttons = { in: '+', out: '-', all: 0, before: 'ArrowLeft', after: 'ArrowRight' };
for (const id of Object.keys(buttons)) {
  document.getElementById(id).addEventListener('click', keys[buttons[id]]);
}
document.querySelectorAll('#outages tbody tr').forEach(row => {
  const from = Number(row.dataset.from), to = Number(row.dataset.to);
  const go = () => {
    const room = Math.max(30, (to - from) * 0.25);
    show(from - room, to + room);
    canvas.scrollIntoView({ block: 'center' });
  };
  row.tabIndex = 0;
  row.addEventListener('click', go);
  row.addEventListener('keydown', event => { if (event.key === 'Enter') { go(); } });
});

// A column is sorted by a click on its head, and the other way round by the next one.
document.querySelectorAll('table.sorts').forEach(table => {
  const heads = [...table.tHead.rows[0].cells];
  const value = (row, column) => {
    const cell = row.cells[column];
    const text = cell.dataset.sort ?? cell.textContent;
    return text !== '' && !isNaN(text) ? Number(text) : text;
  };
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const down = head.ariaSort === 'ascending';
      heads.forEach(each => { each.ariaSort = null; });
      head.ariaSort = down ? 'descending' : 'ascending';
      const rows = [...table.tBodies[0].rows].map(row => [value(row, column), row]);
      rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0) * (down ? -1 : 1));
      table.tBodies[0].append(...rows.map(([, row]) => row));
    });
  });
});

// The lines of the part that is in view.
function list() {
  const section = document.getElementById('lines');
  section.hidden = !data.exact;
  if (!data.exact) { return; }
  const kMost = 200;
  const seen = data.events.filter(event => event[0] >= view.from && event[0] <= view.to);
  document.getElementById('lines-said').textContent =
    (seen.length <= kMost ? '' : 'The first ' + kMost + ' of ') + seen.length +
    ' in the time shown above';
  document.getElementById('lines-list').replaceChildren(...seen.slice(0, kMost).map(event => {
    const item = document.createElement('li');
    item.className = data.states[data.forms[event[2]].after];
    item.textContent = event[4];
    return item;
  }));
}

new ResizeObserver(later).observe(canvas.parentElement);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', later);
window.addEventListener('beforeprint', draw);
window.addEventListener('afterprint', later);
draw();
list();
