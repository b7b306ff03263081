// The live page: shows a run of hasim as it is, and breaks it.

import { Appliances } from './live_appliances.js';
import { start_command } from './live_command.js';
import { by_id, make, set_attribute, set_text } from './live_dom.js';
import { inflict, learn, offer_lengths, tell, untell } from './live_faults.js';
import { Feed, get_json, get_text, use_token } from './live_feed.js';
import { Groups, Tiles } from './live_groups.js';
import { LogView } from './live_log.js';
import { Model } from './live_model.js';
import { Timeline } from './live_timeline.js';
import { member_words, whole_text } from './live_words.js';
import { Workstation } from './live_workstation.js';

const kFrame = 100;          // ms between two changes of the page, however many events there are
const kAnnounce = 2500;      // ms between two announcements to a screen reader

const model = new Model();
const appliances = new Appliances(model);
const groups = new Groups(model, key => appliances.go_to(key));
const tiles = new Tiles(model);
const workstation = new Workstation(model);
const log = new LogView(model);
const timeline = new Timeline(model);

// ---- drawing: events only mark what changed, frames show it

let asked = false, last_frame = 0;
function later() {
  if (asked) { return; }
  asked = true;
  const wait = Math.max(0, last_frame + kFrame - performance.now());
  setTimeout(() => requestAnimationFrame(show), wait);
}

function show() {
  asked = false;
  last_frame = performance.now();
  const changed = model.take_changes();
  if (!model.state) { return; }
  if (changed.everything) {
    build();
  } else {
    groups.update(changed.groups);
    appliances.update(changed.appliances);
    appliances.update_members(changed.members);
    if (changed.workstation || changed.calls) { workstation.update(); log.count(); show_buttons(); }
    if (changed.lines.length > 0) { log.add(changed.lines); }
    if (changed.story) { timeline.draw_soon(); }
  }
  if (changed.diagnostic) { tell(changed.diagnostic); }
  announce(changed.moves);
}

function build() {
  const focused = document.activeElement?.getAttribute('aria-label');
  show_run();
  groups.rebuild();
  workstation.rebuild();
  appliances.rebuild();
  log.rebuild();
  timeline.rebuild();
  show_buttons();
  if (focused) { document.querySelector('[aria-label="' + CSS.escape(focused) + '"]')?.focus(); }
}

// What goes on by itself: time, countdowns, the timeline's right end.
let ticks = 0;
function tick() {
  if (!model.state || document.hidden) { return; }
  const now = connected === 'up' ? model.now() : model.heard_at();
  set_text(by_id('now'), whole_text(now));
  set_text(by_id('date'), new Date(model.date_at_0 + now * 1000).toISOString()
    .slice(0, 19).replace('T', ' '));
  if (connected !== 'up') { return; }
  groups.tick();
  appliances.tick();
  ticks += 1;
  if (ticks % 2 === 0) { tiles.update(); timeline.draw_soon(); }
}
setInterval(tick, 250);

function show_run() {
  const { hasim } = model.state;
  set_text(by_id('mode'), hasim.mode);
  by_id('mode').hidden = false;
  set_text(by_id('speed'), hasim.speed === 1 ? 'real time' : '\u00d7' + hasim.speed);
  by_id('files').replaceChildren(
    make('span', {}, 'configuration ', make('b', {}, hasim.configuration)), ' ',
    make('span', {}, hasim.log ? 'log ' : 'no log', hasim.log ? make('b', {}, hasim.log) : ''), ' ',
    make('span', {}, 'hasim ' + hasim.version + ', process ' + hasim.process));
  document.body.dataset.mode = hasim.mode;
  document.title = 'hasim ' + hasim.mode + ' \u2013 ' + hasim.configuration.split('/').pop();
}

// ---- announcements

let moved = [], announcing = 0;
function announce(moves) {
  moved.push(...moves);
  if (moved.length === 0 || announcing) { return; }
  announcing = setTimeout(() => {
    announcing = 0;
    const last = new Map(moved.map(each => [each, each]));
    moved = [];
    const all = [...model.members.values()];
    const sentence = ({ group, member }) =>
      'Member ' + member.serial + ' of ' + group.label + ': ' + member_words(group, member) + '.';
    const words = last.size <= 3 ? [...last.keys()].map(sentence)
      : [counted(last.size, 'member') + ' changed.',
         all.filter(({ member }) => member.state === 'active').length + ' of ' + all.length +
           ' are in service.'];
    set_text(by_id('announced'), words.join(' '));
  }, kAnnounce);
}

// ---- the connection

let connected = 'waiting', next_try = 0;
function show_connection(kind, wait) {
  connected = kind;
  const badge = by_id('connection');
  set_attribute(badge, 'data-kind', kind);
  set_text(badge, { up: 'connected', waiting: 'connecting', token: 'a token is needed',
                    lost: 'connection lost, reconnecting' }[kind]);
  document.body.dataset.connection = kind;
  by_id('token').hidden = kind !== 'token';
  clearTimeout(next_try);
  by_id('retry').hidden = kind !== 'lost';
  if (kind === 'lost') { show_wait(wait); }
  show_buttons();
}

function show_wait(wait) {
  const until = performance.now() + wait * 1000;
  const say = () => {
    const left = Math.ceil((until - performance.now()) / 1000);
    set_text(by_id('retry'), left > 0 ? 'next try in ' + left + ' s: try now' : 'trying\u2026');
    next_try = setTimeout(say, 250);
  };
  say();
}

// Nothing can be done while nobody is there to do it.
function show_buttons() {
  for (const button of document.querySelectorAll('.act')) { button.disabled = connected !== 'up'; }
}

let taught = false;
const feed = new Feed({
  state: (state, fresh) => {
    model.apply_state(state, fresh);
    if (!taught) {
      taught = true;
      get_json('/api/v1/faults').then(faults => { learn(faults); model.mark_all(); later(); })
        .catch(() => { taught = false; });
    }
    later();
  },
  event: (number, kind, data) => {
    const jumped = kind === 'fault' && /clock jump/.test(data.text) && !model.is_late(number);
    model.apply_event(number, kind, data);
    if (jumped) { feed.refresh().catch(() => {}); }   // the state has the new date
    later();
  },
  connection: show_connection,
});

// ---- buttons

by_id('heal-all').addEventListener('click', () => inflict('', 'heal all'));
by_id('retry').addEventListener('click', () => feed.hurry());
by_id('download').addEventListener('click', async () => {
  try {
    const text = await get_text('/api/v1/scenario');
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    make('a', { href: address, download: 'hasim-outage.hasim' }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  } catch (error) {
    tell('No scenario: ' + error.message, true);
  }
});
by_id('said').lastElementChild.addEventListener('click', untell);
by_id('token').addEventListener('submit', event => {
  event.preventDefault();
  use_token(by_id('token-word').value.trim());
  feed.hurry();
});
offer_lengths(by_id('lasts'), by_id('lasts-other'), () => appliances.relabel());
addEventListener('online', () => feed.hurry());
start_command(model);
show_connection('waiting', 0);
feed.run();
