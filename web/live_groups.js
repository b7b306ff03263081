// The numbers at the top, and the groups: who serves, who is away, when the next try is.

import { by_id, icon, make, say_state, set_attribute, set_text } from './live_dom.js';
import { inflict, open_dialog } from './live_faults.js';
import { group_key, member_key } from './live_model.js';
import { attempts_words, group_words, kind_of, length_text, member_words, quoted,
         wait_text } from './live_words.js';

// ---- tiles

const kTiles = [
  ['calls per second', 'rate'], ['done', 'done'], ['retried', 'retried'],
  ['lost', 'lost'], ['in flight', 'in_flight'], ['longest call', 'longest'],
];

export class Tiles {
  #values = {};
  #curve;

  constructor(model) {
    this.model = model;
    this.#curve = make('canvas', { class: 'curve', 'aria-hidden': 'true' });
    by_id('tiles').append(...kTiles.map(([name, key]) => {
      this.#values[key] = make('dd', {}, '\u2013');
      return make('div', { class: 'tile', 'data-of': key }, make('dt', {}, name), this.#values[key],
        key === 'rate' ? this.#curve : '');
    }));
  }

  update() {
    const calls = this.model.state?.calls;
    if (!calls) { return; }
    const number = value => value.toLocaleString('en');
    const rate = this.model.rate();
    set_text(this.#values.rate, number(rate >= 100 ? Math.round(rate) : Number(rate.toFixed(1))));
    for (const key of ['done', 'retried', 'lost', 'in_flight']) {
      set_text(this.#values[key], number(calls[key]));
    }
    set_text(this.#values.longest, calls.longest ? length_text(calls.longest) : '\u2013');
    set_attribute(this.#values.lost.parentElement, 'data-some', String(calls.lost > 0));
    this.#draw();
  }

  // The last calls per second as a small curve.
  #draw() {
    const canvas = this.#curve, scale = window.devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (width === 0) { return; }
    canvas.width = width * scale;
    canvas.height = height * scale;
    const ink = canvas.getContext('2d');
    ink.scale(scale, scale);
    const rates = this.model.samples.map(sample => sample.rate);
    const most = Math.max(1, ...rates);
    ink.strokeStyle = colour('accent');
    ink.lineWidth = 1.5;
    ink.beginPath();
    rates.forEach((rate, i) => {
      ink.lineTo(width * (i + 120 - rates.length) / 119, height - 2 - rate / most * (height - 4));
    });
    ink.stroke();
  }
}

// ---- groups

export class Groups {
  #box = by_id('groups');
  #cards = new Map();

  constructor(model, go_to) {
    this.model = model;
    this.go_to = go_to;    // shows a member's place among the appliances
  }

  rebuild() {
    const groups = [...this.model.groups.values()];
    this.#cards = new Map(groups.map(group =>
      [group_key(group.client, group.label), new GroupCard(this.model, group, this.go_to)]));
    this.#box.replaceChildren(...[...this.#cards.values()].map(card => card.element));
    by_id('groups-head').parentElement.hidden =
      groups.length === 0 && this.model.state.clients.length === 0;
    this.update(this.#cards.keys());
  }

  update(keys) { for (const key of keys) { this.#cards.get(key)?.update(); } }
  tick() { for (const card of this.#cards.values()) { card.tick(); } }
}

class GroupCard {
  constructor(model, group, go_to) {
    this.model = model;
    this.group = group;
    this.state = make('p', { class: 'state' });
    this.next = make('p', { class: 'next' });
    this.strip = make('ul', { class: 'strip', 'aria-label': 'members of ' + group.label });
    const target = 'group ' + quoted(group.label);
    this.element = make('article', { class: 'card group' },
      make('div', { class: 'head' },
        make('h3', {}, group.label + (model.state.clients.length > 1 ? ', ' + group.client : '')),
        make('div', { class: 'tools' },
          make('button', { type: 'button', class: 'button small act',
            title: 'Manual recovery: HARecover is incremented',
            'aria-label': 'Recover ' + group.label + ' by hand',
            click: () => inflict(target, 'recover') }, 'Recover'),
          make('button', { type: 'button', class: 'button small act',
            'aria-label': 'More that can be done to the group ' + group.label,
            click: () => open_dialog('Group ' + group.label, target, ['group']) }, 'More'))),
      make('div', { class: 'head' }, this.state, make('span', { class: 'soft' }, group.serial)),
      this.strip, this.next);
    this.dots = group.members.map(member => this.#dot(member, go_to));
    this.strip.append(...this.dots.map(dot => make('li', {}, dot)));
  }

  #dot(member, go_to) {
    return make('button', { type: 'button', class: 'dot',
      click: () => go_to(member_key(this.group.client, this.group.label, member.serial)) });
  }

  update() {
    const group = this.group, members = group.members;
    const [kind, words] = group_words(group);
    const serving = members.filter(member => member.state === 'active').length;
    say_state(this.state, kind, kind === 'unknown' ? words
      : words + ', ' + serving + ' of ' + members.length + ' in service');
    members.forEach((member, i) => {
      const dot = this.dots[i], kind = kind_of(member.state);
      const words = member.serial + ': ' + member_words(group, member);
      if (dot.dataset.kind !== kind) {
        dot.dataset.kind = kind;
        dot.replaceChildren(icon(kind));
        if (members.length <= 6) { dot.append(' ', member.serial); }
      }
      set_attribute(dot, 'aria-label', words);
      set_attribute(dot, 'title', words);
    });
    this.tick();
  }

  tick() { set_text(this.next, this.#next_words()); }

  // When dropped members are tried again, or that some are not.
  #next_words() {
    const with_kind = kind => this.group.members.filter(each => kind_of(each.state) === kind);
    const retried = with_kind('down'), given_up = with_kind('disabled').length;
    const wait = this.model.until_tick(this.group);
    if (retried.length > 0 && wait !== null) {
      const attempts = retried.length === 1 ? attempts_words(this.group, retried[0]) : '';
      return 'next try in ' + wait_text(wait) + (attempts ? ' (' + attempts + ')' : '');
    }
    return given_up === 0 ? ''
      : counted(given_up, 'member is', 'members are') + ' not retried: Recover tries again';
  }
}
