// The timeline that fills: a lane for each member, marks for what was done and for lines of the log.

import { by_id, icon, make, set_text } from './live_dom.js';
import { kind_of_line } from './live_log.js';
import { member_key } from './live_model.js';
import { kind_of, kLegend, length_text, member_words, moment_text } from './live_words.js';

const kSpans = [['0', 'the whole run'], ['60', 'the last minute'], ['300', 'the last 5 minutes'],
                ['1800', 'the last 30 minutes'], ['7200', 'the last 2 hours']];
const kFont = 'system-ui, "DejaVu Sans", sans-serif';
const kColours = { up: 'up', lost: 'recovering', down: 'down', disabled: 'disabled',
                   waiting: 'accent', unknown: 'unknown' };

export class Timeline {
  #canvas = by_id('lanes');
  #axis = by_id('axis');
  #said = by_id('lanes-said');
  #span = by_id('span');
  #order = [];
  #chosen = null;
  #seen = true;
  #rest = 0;           // not drawn again before this moment

  constructor(model) {
    this.model = model;
    this.#span.append(...kSpans.map(([value, text]) => make('option', { value }, text)));
    this.#span.addEventListener('change', () => this.draw());
    by_id('legend').append(...kLegend.map(([kind, words]) =>
      make('li', {}, icon(kind), make('i', { class: kind }), words)),
      make('li', {}, make('i', { class: 'flag' }), 'something was done'));
    for (const kind of ['pointermove', 'pointerdown']) {
      this.#canvas.addEventListener(kind, event => this.#point(event.offsetX, event.offsetY));
    }
    this.#canvas.addEventListener('keydown', event => this.#key(event));
    new IntersectionObserver(entries => {
      this.#seen = entries.at(-1).isIntersecting;
      this.draw();
    }).observe(this.#canvas);
    new ResizeObserver(() => this.draw()).observe(by_id('lanes-box'));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
  }

  rebuild() {
    this.#order = [...this.model.members.entries()].map(([key, { group, member }]) =>
      ({ key, group, member }));
    this.#chosen = null;
    this.draw();
  }

  // ---- geometry

  #shape() {
    const width = this.#canvas.clientWidth, many = this.#order.length > 14;
    const narrow = width < 620;
    const left = narrow ? 6 : this.model.groups.size > 1 ? 270 : 140;
    const pitch = narrow ? 38 : many ? 18 : 30;
    return { width, narrow, left, right: width - 8, pitch, bar: many && !narrow ? 10 : 16, top: 26,
             height: 26 + Math.max(1, this.#order.length) * pitch + 4 };
  }

  // From where to where. The whole run grows by round steps, so that it fills.
  #view() {
    const now = this.model.now(), span = Number(this.#span.value);
    if (span === 0) {
      const from = Math.min(this.model.told_from ?? 0, now);
      const length = Math.max(60, (now - from) * 1.02);
      const step = axis_step(length / 8);
      return { from, to: from + Math.ceil(length / step) * step, now };
    }
    return { from: now - span * 0.98, to: now + span * 0.02, now };
  }

  #y(i, s) { return s.top + i * s.pitch + (s.narrow ? 18 : (s.pitch - s.bar) / 2); }

  // ---- drawing

  // As time and events go on: the more there is to draw, the less often it is drawn.
  draw_soon() {
    const begin = performance.now();
    if (begin < this.#rest) { return; }
    this.draw();
    const end = performance.now();
    this.#rest = end + Math.max(200, 8 * (end - begin));
  }

  draw() {
    if (!this.#seen || !this.model.state || this.#canvas.clientWidth === 0) { return; }
    const s = this.#shape(), v = this.#view();
    const ink = prepare(this.#canvas, s.height);
    const x = t => s.left + (t - v.from) / (v.to - v.from) * (s.right - s.left);
    const fills = this.#fills(ink);
    this.#order.forEach(({ key, group, member }, i) => {
      this.#label(ink, s, i, group, member);
      this.#lane(ink, s, v, x, i, this.model.lanes.get(key) ?? [], fills);
    });
    this.#marks(ink, s, v, x);
    ink.fillStyle = colour('accent');
    ink.fillRect(Math.round(x(v.now)), 4, 1.5, s.height - 4);
    this.#draw_axis(s, v, x);
  }

  #fills(ink) {
    const fills = {};
    for (const [kind, name] of Object.entries(kColours)) { fills[kind] = colour(name); }
    fills.disabled = hatch(ink, fills.disabled);
    fills.lost = stripes(ink, fills.lost);
    fills.track = colour('track');
    return fills;
  }

  #label(ink, s, i, group, member) {
    const y = s.top + i * s.pitch + (s.narrow ? 8 : s.pitch / 2);
    ink.textBaseline = 'middle';
    ink.textAlign = 'left';
    ink.fillStyle = colour('text');
    ink.font = '600 ' + (s.pitch < 20 ? 11 : 12.5) + 'px ' + kFont;
    ink.fillText(member.serial, s.narrow ? s.left : 2, y);
    if (this.model.groups.size > 1) {
      const shift = ink.measureText(member.serial).width + 8 + (s.narrow ? s.left : 2);
      ink.font = (s.pitch < 20 ? 11 : 12) + 'px ' + kFont;
      ink.fillStyle = colour('soft');
      const client = this.model.state.clients.length > 1 ? ', ' + group.client : '';
      const room = (s.narrow ? s.right : s.left) - shift - 10;
      ink.fillText(fitting(ink, group.label + client, room), shift, y);
    }
  }

  #lane(ink, s, v, x, i, lane, fills) {
    const y = this.#y(i, s), end = Math.min(v.now, v.to);
    ink.fillStyle = fills.track;
    ink.fillRect(s.left, y, s.right - s.left, s.bar);
    let drawn = -1, drawn_height = 0;
    lane.forEach((segment, n) => {
      const begin = segment.guessed ? this.model.told_from : segment.at;
      const until = n + 1 < lane.length ? lane[n + 1].at : end;
      const a = Math.max(s.left, x(begin)), b = Math.min(s.right, x(until));
      if (b < s.left || a > s.right || b < a) { return; }
      const kind = kind_of(segment.state);
      const height = { up: s.bar * 0.35, unknown: 2, waiting: s.bar * 0.5 }[kind] ?? s.bar;
      if (b < drawn + 1 && height <= drawn_height) { return; }   // too short to be seen beside it
      drawn = Math.floor(b);
      drawn_height = height;
      ink.fillStyle = fills[kind];
      const width = Math.max(b - a, height === s.bar ? 1.5 : 0.5);
      ink.fillRect(a, y + (s.bar - height) / 2, width, height);
    });
  }

  // Flags for what was done, with a thin line through all lanes; ticks above a lane for lines of the log.
  #marks(ink, s, v, x) {
    const text = colour('text'), line = colour('soft');
    ink.font = '12px ' + kFont;
    ink.textBaseline = 'middle';
    this.model.faults.forEach((fault, n) => {
      if (fault.at < v.from || fault.at > v.to) { return; }
      const at = Math.round(x(fault.at)), next = this.model.faults[n + 1];
      ink.fillStyle = line;
      ink.globalAlpha = 0.35;
      ink.fillRect(at, 16, 1, s.height - 16);
      ink.globalAlpha = 1;
      ink.fillStyle = text;
      ink.beginPath();
      ink.moveTo(at - 4, 6); ink.lineTo(at + 4, 6); ink.lineTo(at, 15);
      ink.fill();
      const room = Math.min(s.right, next ? x(next.at) - 6 : s.right) - at - 8;
      if (ink.measureText(fault.text).width < room) { ink.fillText(fault.text, at + 8, 10); }
    });
    const place = new Map(this.#order.map(({ key }, i) => [key, i]));
    ink.fillStyle = text;
    for (const each of this.model.lines) {
      const i = place.get(member_key(each.client, each.group, each.member));
      if (i === undefined || each.at < v.from || each.at > v.to) { continue; }
      const small = kind_of_line(each) === 'failed';
      ink.globalAlpha = small ? 0.4 : 0.8;
      ink.fillRect(Math.round(x(each.at)), this.#y(i, s) - (small ? 3 : 5), 1, small ? 3 : 5);
    }
    ink.globalAlpha = 1;
    this.#frame(ink, s, v, x, place);
  }

  #frame(ink, s, v, x, place) {
    const chosen = this.#chosen;
    if (!chosen || chosen.at < v.from || chosen.at > v.to) { return; }
    const i = chosen.id ? place.get(member_key(chosen.client, chosen.group, chosen.member)) : -1;
    ink.strokeStyle = colour('accent');
    ink.lineWidth = 2;
    ink.strokeRect(x(chosen.at) - 5, i < 0 ? 3 : this.#y(i, s) - 6, 10, i < 0 ? 15 : s.bar + 10);
  }

  #draw_axis(s, v, x) {
    const ink = prepare(this.#axis, 24);
    const step = axis_step((v.to - v.from) / Math.max(2, Math.floor((s.right - s.left) / 90)));
    ink.font = '12px ' + kFont;
    ink.textAlign = 'center';
    ink.textBaseline = 'top';
    ink.fillStyle = colour('soft');
    for (let t = Math.max(0, Math.ceil(v.from / step) * step); t <= v.to; t += step) {
      ink.fillRect(Math.round(x(t)), 0, 1, 4);
      const words = t < 60 ? t + ' s' : moment_text(t).replace(/\.0$/, '');
      const half = ink.measureText(words).width / 2;
      ink.fillText(words, Math.min(Math.max(x(t), s.left + half), s.right - half), 7);
    }
  }

  // ---- reading

  #point(at_x, at_y) {
    const s = this.#shape(), v = this.#view();
    const t = v.from + (at_x - s.left) / (s.right - s.left) * (v.to - v.from);
    const near = 6 * (v.to - v.from) / (s.right - s.left);
    const i = Math.floor((at_y - s.top) / s.pitch);
    const mark = i < 0 ? nearest(this.model.faults, t, near)
      : nearest(this.model.lines.filter(line => this.#order[i] &&
          member_key(line.client, line.group, line.member) === this.#order[i].key), t, near);
    this.#chosen = mark;
    set_text(this.#said, mark ? mark_words(mark) : this.#state_words(i, t));
    this.draw();
  }

  #state_words(i, t) {
    const entry = this.#order[i];
    const lane = this.model.lanes.get(entry?.key);
    if (!lane || t > this.model.now()) { return '\u00a0'; }
    const n = lane.findLastIndex(segment => segment.at <= t || segment.guessed);
    if (n < 0) { return '\u00a0'; }
    const until = lane[n + 1]?.at ?? this.model.now();
    return entry.member.serial + ' in ' + entry.group.label + ': ' +
      member_words(entry.group, { ...entry.member, state: lane[n].state }) + ' for ' +
      length_text(until - lane[n].at) + ', from ' + moment_text(lane[n].at);
  }

  #key(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1, Home: -1e9, End: 1e9 }[event.key];
    if (by === undefined || event.ctrlKey || event.altKey || event.metaKey) { return; }
    event.preventDefault();
    const marks = [...this.model.faults, ...this.model.lines].sort((a, b) => a.at - b.at);
    if (marks.length === 0) { return; }
    const at = this.#chosen ? marks.indexOf(this.#chosen) : marks.length;
    this.#chosen = marks[Math.min(Math.max(at + by, 0), marks.length - 1)];
    set_text(this.#said, mark_words(this.#chosen));
    this.draw();
  }
}

function mark_words(mark) {
  return moment_text(mark.at) + ': ' + (mark.id ? mark.id + ' \u2014 ' + mark.text : mark.text);
}

function nearest(marks, t, near) {
  let best = null;
  for (const mark of marks) {
    const off = Math.abs(mark.at - t);
    if (off <= near && (!best || off < Math.abs(best.at - t))) { best = mark; }
  }
  return best;
}

// `text` cut to a width.
function fitting(ink, text, width) {
  if (ink.measureText(text).width <= width) { return text; }
  let length = text.length;
  const part = () => text.slice(0, length) + '\u2026';
  while (length > 1 && ink.measureText(part()).width > width) { length -= 1; }
  return part();
}

// Upright lines: the pattern of what was lost and not noticed.
function stripes(ink, back) {
  const tile = document.createElement('canvas');
  tile.width = 6;
  tile.height = 4;
  const t = tile.getContext('2d');
  t.fillStyle = back;
  t.fillRect(0, 0, 4, 4);
  return ink.createPattern(tile, 'repeat');
}

function prepare(canvas, height) {
  const scale = window.devicePixelRatio || 1, width = canvas.clientWidth;
  canvas.style.height = height + 'px';
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const ink = canvas.getContext('2d');
  ink.setTransform(scale, 0, 0, scale, 0, 0);
  ink.clearRect(0, 0, width, height);
  return ink;
}
