// What is known of the run: the state that hasim told, what events made of it, and the story so far.
// Views read it, and `changed` says which of them must look again.

const kMostSegments = 2000, kMostMarks = 5000, kMostLines = 2000, kMostSamples = 120;

export function member_key(client, group, member) { return client + '\n' + group + '\n' + member; }
export function group_key(client, group) { return client + '\n' + group; }

class Changed {
  everything = false;
  calls = false;
  workstation = false;
  story = false;             // the timeline
  members = new Set();
  groups = new Set();
  appliances = new Set();
  lines = [];
  moves = [];                // members that changed their state, to be announced
  diagnostic = '';
}

// The next state of the whole has the counts; this keeps them up until then.
function count_change(member, to) {
  if (to === 'active' && member.state !== 'connecting' && member.state !== null) {
    member.recovered += 1;
  }
  if (to === 'dropped' && member.state !== 'dropped') {
    member.drops += 1;
    member.attempts = 0;
  }
}

// What is there, whatever its state: when this changes the page is built anew.
function shape_of(state) {
  return JSON.stringify([state.hasim, state.clients, state.appliances.map(each =>
    [each.number, each.name, each.partitions.map(part => part.serial)]), state.groups.map(group =>
    [group.client, group.label, group.serial,
     group.members.map(member => [member.serial, member.appliance, member.role])])]);
}

export class Model {
  state = null;
  members = new Map();       // by member_key: { group, member, since }
  groups = new Map();
  appliances = new Map();    // by number
  changed = new Changed();

  constructor() { this.forget(); }

  // Another run: what was is not its story.
  forget() {
    this.state = null;
    this.shape = '';
    this.lanes = new Map();  // by member_key: [{ at, state }], in the order of time
    this.faults = [];        // { at, text }
    this.lines = [];         // { at, id, text, sentence, member, ... }
    this.samples = [];       // { at, rate, lost }
    this.last_calls = null;
    this.diagnostic = null;  // the last one: { at, text }
    this.told_from = null;   // the story is known from here on
    this.calls_seen = 0;
    this.out_since = new Map();
  }

  take_changes() {
    const changed = this.changed;
    this.changed = new Changed();
    return changed;
  }

  // ---- time

  now() {
    if (!this.state) { return 0; }
    return this.base + (performance.now() - this.base_real) / 1000 * this.state.hasim.speed;
  }
  #set_now(at) { this.base = at; this.base_real = performance.now(); }
  // Time goes on by itself; an event from further ahead, or from well behind, sets it right.
  #hear_time(at) {
    const ahead = at - this.now();
    this.heard = Math.max(this.heard, at);
    if (ahead > 0 || ahead < -2 * this.state.hasim.speed) { this.#set_now(at); }
  }
  // The moment of the last word from hasim, where time stands while the connection is lost.
  heard_at() { return this.heard ?? 0; }

  // ---- the whole state

  apply_state(state, fresh) {
    if (fresh) { this.forget(); }
    this.#set_now(state.now);
    this.heard = state.now;
    this.date_at_0 = Date.parse(state.time) - state.now * 1000;
    this.told_from ??= state.now;
    this.told_at = state.now;
    this.appliances = new Map(state.appliances.map(each => [each.number, each]));
    const shape = shape_of(state);
    if (shape === this.shape) {
      this.#renew(state);
    } else {
      this.shape = shape;
      this.#take(state);
    }
    for (const [key, { member }] of this.members) { this.#lay(key, member.state, state.now); }
  }

  #take(state) {
    this.state = state;
    this.groups.clear();
    this.members.clear();
    for (const group of state.groups) {
      group.elsewhere = state.hasim.mode === 'appliances';   // its clients are other processes
      this.groups.set(group_key(group.client, group.label), group);
      for (const member of group.members) {
        this.members.set(member_key(group.client, group.label, member.serial), { group, member });
      }
    }
    this.changed.everything = true;
  }

  // The same groups and appliances as before: what views hold of them stays, with new values.
  #renew(state) {
    state.groups.forEach((news, i) => {
      const group = this.state.groups[i], members = group.members;
      news.members.forEach((member, n) => Object.assign(members[n], member));
      Object.assign(group, news, { members });
    });
    this.state = { ...state, groups: this.state.groups };
    this.changed.calls = this.changed.workstation = this.changed.story = true;
    this.mark_all();
  }

  mark_all() {
    for (const key of this.groups.keys()) { this.changed.groups.add(key); }
    for (const key of this.members.keys()) { this.changed.members.add(key); }
    for (const number of this.appliances.keys()) { this.changed.appliances.add(number); }
  }

  // What a member's lane says must be what its state is.
  #lay(key, state, at) {
    const lane = this.#lane(key);
    if (lane.length === 0) {
      lane.push({ at, state, guessed: true });
    } else if (lane[lane.length - 1].state !== state) {
      lane.push({ at, state });
    }
  }

  #lane(key) {
    if (!this.lanes.has(key)) { this.lanes.set(key, []); }
    return this.lanes.get(key);
  }

  // ---- events

  is_late(number) { return number <= (this.state?.event ?? 0); }

  // An event that the state already contains adds to the story alone.
  apply_event(number, kind, data) {
    if (!this.state) { return; }
    const late = this.is_late(number);
    if (data.at !== undefined) { this.#told(number, data.at, late); }
    switch (kind) {
    case 'line': this.#line(data, late); break;
    case 'member': this.#member(data, late); break;
    case 'fault': this.#fault(data); break;
    case 'calls': this.#calls(data, late); break;
    case 'group': if (!late) { this.#group(data, { state: data.state }); } break;
    case 'ticks': if (!late) { this.#group(data, { next: data.next }); } break;
    case 'appliance': if (!late) { this.#appliance(data); } break;
    case 'workstation':
      if (!late) { this.state.workstation = data; this.changed.workstation = true; }
      break;
    case 'diagnostic': this.#diagnostic(data, late); break;
    case 'gap': this.#gap(); break;
    }
  }

  #told(number, at, late) {
    if (number === 1) { this.told_from = 0; }
    if (at < this.told_from) { this.told_from = at; }
    if (!late) { this.#hear_time(at); }
  }

  #line(data, late) {
    this.lines.push(data);
    if (this.lines.length > 2 * kMostLines) { this.lines.splice(0, kMostLines); }
    this.changed.lines.push(data);
    if (this.changed.lines.length > 2 * kMostLines) { this.changed.lines.splice(0, kMostLines); }
    this.changed.story = true;
    const found = this.members.get(member_key(data.client, data.group, data.member));
    if (found && !late && data.attempt !== undefined) {
      found.member.attempts = data.attempt;
      this.changed.members.add(member_key(data.client, data.group, data.member));
    }
  }

  // Events were missed: the log file has what the page has not.
  #gap() {
    const text = 'Lines may be missing here. The log file has them.';
    const line = { gap: true, at: this.heard, id: '', text };
    this.lines.push(line);
    this.changed.lines.push(line);
  }

  #diagnostic(data, late) {
    this.diagnostic = data;
    this.changed.workstation = true;
    if (!late) { this.changed.diagnostic = data.text; }
  }

  #member(data, late) {
    const key = member_key(data.client, data.group, data.member);
    const before = this.#extend(this.#lane(key), data.at, data.to);
    this.changed.story = true;
    const since = this.out_since.get(key);
    if (data.to === 'active' || data.to === null) {
      this.out_since.delete(key);
    } else if (before === 'active') {
      this.out_since.set(key, data.at);
    }
    const found = this.members.get(key);
    if (!found || late) { return; }
    const member = found.member;
    count_change(member, data.to);
    if (data.to === 'active' && since !== undefined) {
      member.down += data.at - Math.max(since, this.told_at);   // up to then hasim counted
    }
    member.state = data.to;
    this.changed.members.add(key);
    this.changed.groups.add(group_key(data.client, data.group));
    if (member.appliance !== null) { this.changed.appliances.add(member.appliance); }
    if (this.changed.moves.length < 1000) { this.changed.moves.push(found); }
  }

  // Adds to a lane, and returns the state before. The story may be told late: what was before the page was opened goes
  // to its place, and the guess that the state was always as it is now has had its time.
  #extend(lane, at, state) {
    let place = lane.length;
    while (place > 0 && lane[place - 1].at > at) { place -= 1; }
    const before = lane[place - 1];
    lane.splice(place, 0, { at, state });
    if (lane[place + 1]?.guessed) { lane.splice(place + 1, 1); }
    if (lane.length > kMostSegments) { lane.splice(0, kMostSegments / 4); }
    return before?.state;
  }

  #fault(data) {
    this.faults.push(data);
    if (this.faults.length > kMostMarks) { this.faults.splice(0, kMostMarks / 4); }
    this.changed.story = true;
  }

  #calls(data, late) {
    const before = this.last_calls;
    if (before && data.at > before.at && this.state) {
      this.samples.push({ at: data.at, rate: (data.done - before.done) / (data.at - before.at),
                          lost: data.lost - before.lost });
      if (this.samples.length > kMostSamples) { this.samples.shift(); }
    }
    this.last_calls = data;
    if (late) { return; }
    this.calls_seen = performance.now();
    this.state.calls = data;
    if (data.log) { this.state.log = data.log; }
    this.changed.calls = true;
  }

  #group(data, news) {
    const key = group_key(data.client, data.group);
    const group = this.groups.get(key);
    if (!group) { return; }
    Object.assign(group, news);
    this.changed.groups.add(key);
    for (const member of group.members) {
      this.changed.members.add(member_key(data.client, data.group, member.serial));
    }
  }

  #appliance(data) {
    this.appliances.set(data.number, data);
    const place = this.state.appliances.findIndex(each => each.number === data.number);
    if (place < 0) {
      this.state.appliances.push(data);
      this.changed.everything = true;
    } else {
      this.state.appliances[place] = data;
      this.changed.appliances.add(data.number);
    }
  }

  // ---- what follows from it

  // Calls per simulated second; 0 when nothing was heard of calls for a while.
  rate() {
    const last = this.samples[this.samples.length - 1];
    return last && performance.now() - this.calls_seen < 2500 ? last.rate : 0;
  }

  // Seconds to the group's next tick, or null.
  until_tick(group) {
    if (group.next === null || group.next === undefined) { return null; }
    const now = this.now();
    if (group.next < now && group.every > 0) {
      group.next += Math.ceil((now - group.next) / group.every) * group.every;
    }
    return Math.max(0, group.next - now);
  }

  out_for(key) {
    const since = this.out_since.get(key);
    return since === undefined ? null : Math.max(0, this.now() - since);
  }
}
