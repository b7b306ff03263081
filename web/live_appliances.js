// The appliances: each with its cable, NTLS, power and partitions, the members that stand on them, and the buttons that
// break them.

import { by_id, make, say_state, set_attribute, set_text } from './live_dom.js';
import { fault_of, for_length, inflict, open_dialog } from './live_faults.js';
import { member_key } from './live_model.js';
import { attempts_words, kind_of, length_text, member_words, opposite_of, part_of, wait_text,
         whole_text } from './live_words.js';

const kThings = [
  { part: 'cable', name: 'Cable', fault: 'cable out', well: 'in', break: 'Pull out',
    mend: 'Plug in' },
  { part: 'ntls', name: 'NTLS', fault: 'ntls stop', well: 'running', break: 'Stop', mend: 'Start' },
  { part: 'power', name: 'Power', fault: 'power off', well: 'on', break: 'Switch off',
    mend: 'Switch on' },
];
const kStates = {
  running: ['up', 'running'], ntls_stopped: ['down', 'NTLS stopped'],
  ntls_restarting: ['waiting', 'NTLS restarting'], rebooting: ['waiting', 'rebooting'],
  off: ['down', 'switched off'],
};

const kTroubles = ['lost', 'down', 'disabled'];

export class Appliances {
  #box = by_id('appliances');
  #cards = new Map();
  #rows = new Map();     // by member_key

  constructor(model) {
    this.model = model;
    by_id('trouble').addEventListener('change', () => this.#show_trouble());
  }

  rebuild() {
    const places = new Map(this.model.state.appliances.map(each => [each.number, []]));
    const homeless = [];
    for (const [key, { group, member }] of this.model.members) {
      (places.get(member.appliance) ?? homeless).push({ key, group, member });
    }
    this.#cards = new Map(this.model.state.appliances.map(appliance =>
      [appliance.number, new Card(this.model, appliance, places.get(appliance.number))]));
    const rows = [...this.#cards.values()].flatMap(card => card.rows);
    this.#rows = new Map(rows.map(row => [row.key, row]));
    this.#box.replaceChildren(...[...this.#cards.values()].map(card => card.element));
    this.#box.classList.toggle('many', this.#cards.size > 6);
    this.#add_homeless(homeless);
    this.update(this.#cards.keys());
    this.update_members(this.#rows.keys());
  }

  #add_homeless(members) {
    if (members.length === 0) { return; }
    const rows = members.map(each => new MemberRow(this.model, each));
    for (const row of rows) { this.#rows.set(row.key, row); }
    this.#box.append(make('article', { class: 'card appliance' },
      make('h3', {}, 'On no appliance'),
      make('ul', { class: 'members' }, ...rows.map(row => row.element))));
  }

  update(numbers) {
    for (const number of numbers) { this.#cards.get(number)?.update(); }
    this.#show_trouble();
  }
  update_members(keys) { for (const key of keys) { this.#rows.get(key)?.update(); } }
  tick() { for (const row of this.#rows.values()) { row.tick(); } }
  // What the buttons would do has another length.
  relabel() { for (const card of this.#cards.values()) { card.relabel(); } }

  #show_trouble() {
    const only = by_id('trouble').checked;
    let shown = 0;
    for (const card of this.#cards.values()) {
      card.element.hidden = only && !card.trouble();
      shown += card.element.hidden ? 0 : 1;
    }
    by_id('nothing-wrong').hidden = shown > 0 || this.#cards.size === 0;
  }

  go_to(key) {
    const row = this.#rows.get(key);
    if (!row) { return; }
    const card = row.element.closest('.appliance');
    if (card) { card.hidden = false; }
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    row.element.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' });
    row.element.tabIndex = -1;
    row.element.focus({ preventScroll: true });
  }
}

class Card {
  constructor(model, appliance, members) {
    this.model = model;
    this.number = appliance.number;
    const hsm = 'hsm' + appliance.number;
    this.hsm = hsm;
    this.state = make('p', { class: 'state' });
    this.where = make('p', { class: 'soft' });
    this.heal = make('button', { type: 'button', class: 'button small act',
      'aria-label': 'Heal ' + hsm, click: () => inflict(hsm, 'heal') }, 'Heal');
    this.link = new Link(model.state.clients.length > 1 ? 'clients' : 'client', hsm);
    this.things = kThings.map(kind => new Thing(kind, hsm, ' of ' + hsm, hsm));
    this.rows = members.map(each => new MemberRow(model, each));
    this.partitions = appliance.partitions.map(part => new Partition(part, hsm,
      this.rows.filter(row => row.member.serial === part.serial)));
    this.element = make('article', { class: 'card appliance' },
      make('div', { class: 'head' }, make('h3', {}, hsm), this.state, this.heal),
      this.where, this.link.element,
      make('ul', { class: 'things' }, ...this.things.map(thing => thing.element)),
      ...this.partitions.map(part => part.element));
  }

  get appliance() { return this.model.appliances.get(this.number); }

  trouble() {
    const appliance = this.appliance;
    return appliance.state !== 'running' || appliance.faults.length > 0 || !appliance.reachable ||
      appliance.partitions.some(part => part.faults.length > 0 || part.zeroised) ||
      this.rows.some(row => kTroubles.includes(kind_of(row.member.state)));
  }

  update() {
    const appliance = this.appliance;
    say_state(this.state, ...(kStates[appliance.state] ?? ['unknown', appliance.state]));
    const name = appliance.name && appliance.name !== this.hsm ? appliance.name + ', ' : '';
    set_text(this.where, name + appliance.address);
    this.link.update(appliance);
    const faults = appliance.faults.map(text => ({ text, part: part_of_text(text) }));
    for (const thing of this.things) {
      thing.update(faults.filter(each => each.part === thing.kind.part).map(each => each.text),
                   state_says(thing.kind.part, appliance.state));
    }
    for (const part of this.partitions) {
      const news = appliance.partitions.find(each => each.serial === part.serial);
      if (news) { part.update(news); }
    }
    const broken = faults.length > 0 || appliance.state !== 'running' ||
      appliance.partitions.some(part => part.faults.length > 0);
    this.heal.classList.toggle('idle', !broken);
    set_attribute(this.element, 'data-trouble', String(this.trouble()));
  }

  relabel() {
    for (const thing of this.things) { thing.relabel(); }
    for (const part of this.partitions) { part.thing.relabel(); }
  }
}

function part_of_text(text) {
  const fault = fault_of(text);
  return fault ? part_of(fault) : 'cable';
}

// What the appliance's state says of a thing, where no fault in force does.
function state_says(part, state) {
  if (part === 'power') { return { off: 'off', rebooting: 'rebooting' }[state]; }
  if (part === 'ntls') {
    return { ntls_stopped: 'stopped', ntls_restarting: 'restarting', off: 'no power',
             rebooting: 'no power' }[state];
  }
  return undefined;
}

// The way between client and appliance, drawn.
class Link {
  constructor(client, hsm) {
    this.words = make('span', { class: 'words' });
    this.element = make('div', { class: 'link', 'data-kind': 'whole' },
      make('span', { class: 'end' }, client), make('i', { class: 'wire' }), this.words,
      make('i', { class: 'wire' }), make('span', { class: 'end' }, hsm));
  }

  update(appliance) {
    const [kind, words] = link_of(appliance);
    set_attribute(this.element, 'data-kind', kind);
    set_text(this.words, words);
  }
}

function link_of(appliance) {
  const has = (...words) =>
    appliance.faults.find(text => words.some(word => text.startsWith(word)));
  if (has('cable out')) { return ['cut', 'cable out']; }
  if (appliance.state === 'off' || appliance.state === 'rebooting') { return ['cut', 'no power']; }
  if (has('silence', 'flap cable')) { return ['cut', has('silence', 'flap cable')]; }
  if (appliance.state !== 'running') { return ['stopped', 'NTLS does not listen']; }
  if (has('refuse')) { return ['stopped', 'refuses new connections']; }
  if (has('accept then silence', 'certificate expired', 'connection limit')) {
    return ['stopped', has('accept then silence', 'certificate expired', 'connection limit')];
  }
  if (has('delay', 'bandwidth')) { return ['slow', 'slow: ' + has('delay', 'bandwidth')]; }
  const other = appliance.faults.find(text => part_of_text(text) === 'cable');
  if (other) { return ['slow', other]; }
  return appliance.reachable ? ['whole', counted(appliance.connections, 'connection')]
    : ['stopped', 'not reachable'];
}

// One thing that can be broken: what is in force, the button that breaks or mends it, and the one for everything else.
class Thing {
  #mends = false;

  constructor(kind, target, of, hsm) {
    this.kind = kind;
    this.target = target;
    this.of = of;
    this.now = make('span', { class: 'now' });
    this.button = make('button', { type: 'button', class: 'button small act', click: () =>
      inflict(target, this.#mends ? opposite_of(kind.fault) : kind.fault) });
    const title = kind.name + of;
    this.element = make('li', { class: 'thing' },
      make('span', { class: 'what' }, kind.name), this.now,
      make('span', { class: 'tools' }, this.button,
        make('button', { type: 'button', class: 'button small act', 'aria-label':
          'More for: ' + title, click: () => open_dialog(title, target, [kind.part]) }, '\u2026')));
    this.relabel();
  }

  update(faults, otherwise) {
    this.#mends = faults.some(text => text.startsWith(this.kind.fault)) ||
      Boolean(otherwise) && otherwise !== 'no power';
    const shown = [...faults, otherwise].join('\n');
    if (this.shown !== shown) {
      this.shown = shown;
      set_attribute(this.element, 'data-well', String(faults.length === 0 && !otherwise));
      this.now.replaceChildren(...(faults.length === 0 ? [otherwise ?? this.kind.well]
        : faults.map(text => make('span', { class: 'chip wrong' }, text))));
    }
    this.relabel();
  }

  relabel() {
    const word = this.#mends ? this.kind.mend : this.kind.break;
    const text = word + (this.#mends ? '' : for_length());
    set_text(this.button, text);
    set_attribute(this.button, 'aria-label', text + ': ' + this.kind.name + this.of);
    set_attribute(this.button, 'data-does', this.#mends ? 'mend' : 'break');
  }
}

const kPartition = { part: 'partition', name: 'Partition', fault: 'deactivate', break: 'Deactivate',
                     mend: 'Activate', well: 'activated' };

class Partition {
  constructor(part, hsm, rows) {
    this.serial = part.serial;
    const kind = { ...kPartition, name: 'Partition ' + part.serial };
    this.thing = new Thing(kind, 'member ' + part.serial, ' on ' + hsm, hsm);
    this.assign = make('button', { type: 'button', class: 'button small act', hidden: true,
      'aria-label': 'Assign partition ' + part.serial, 'data-does': 'mend',
      click: () => inflict('member ' + part.serial, 'assign') }, 'Assign');
    this.thing.element.querySelector('.tools').prepend(this.assign);
    this.element = make('div', { class: 'partition' },
      make('ul', { class: 'things' }, this.thing.element),
      make('ul', { class: 'members', 'aria-label': 'members on partition ' + part.serial },
        ...rows.map(row => row.element)));
  }

  update(part) {
    const told = [...part.faults];
    const say = (yes, words) => {
      if (yes && !told.some(text => text.startsWith(words))) { told.push(words); }
    };
    say(!part.activated, 'deactivate');
    say(!part.assigned, 'revoke');
    say(part.zeroised, 'zeroise');
    say(part.pin_locked, 'lock pin');
    this.thing.update(told);
    this.assign.hidden = part.assigned;
  }
}

class MemberRow {
  constructor(model, { key, group, member }) {
    this.model = model;
    this.key = key;
    this.group = group;
    this.member = member;
    this.state = make('span', { class: 'state' });
    this.raw = make('span', { class: 'soft' });
    this.more = make('span', { class: 'more' });
    const client = model.state.clients.length > 1 ? group.client + ', ' : '';
    this.element = make('li', { class: 'member' }, this.state,
      make('span', { class: 'of' }, client + group.label,
        member.role === 'standby' ? ' (standby)' : ''), this.raw, this.more);
  }

  update() {
    const member = this.member;
    say_state(this.state, kind_of(member.state), member_words(this.group, member));
    set_text(this.raw, member.state ?? '');
    set_attribute(this.element, 'data-kind', kind_of(member.state));
    this.tick();
  }

  tick() {
    const { member, group } = this;
    const told = [];
    const out = this.model.out_for(this.key);
    if (member.state !== 'active' && member.state !== null && out !== null) {
      told.push('out for ' + whole_text(out));
    }
    const attempts = attempts_words(group, member);
    if (attempts) { told.push(attempts); }
    if (member.state === 'dropped' && group.attempts_allowed !== 0) {
      const wait = this.model.until_tick(group);
      told.push(wait === null ? 'being tried now' : 'next in ' + wait_text(wait));
    }
    if (told.length === 0 && member.drops > 0) {
      told.push(counted(member.drops, 'drop'));
      if (member.down > 0) { told.push('down ' + length_text(member.down) + ' in all'); }
    }
    set_text(this.more, told.join(', '));
  }
}
