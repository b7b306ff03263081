// What the page says of states, times and faults, in plain words.

// `kind` is the colour, pattern and shape: up, lost, down, disabled, waiting, unknown.
const kMemberStates = {
  active: { kind: 'up', words: 'in service' },
  connecting: { kind: 'waiting', words: 'connecting' },
  lost: { kind: 'lost', words: 'connection lost, not yet noticed' },
  dropped: { kind: 'down', words: 'dropped, being retried' },
  login_failed: { kind: 'disabled', words: 'login failed: autorecovery off' },
  exhausted: { kind: 'disabled', words: 'given up: autorecovery off' },
  revoked: { kind: 'disabled', words: 'revoked: not retried' },
  ineligible: { kind: 'disabled', words: 'cannot come back by itself: not retried' },
  removed: { kind: 'unknown', words: 'removed from the group' },
};
const kNoProcess = { kind: 'unknown', words: 'no process' };

export const kLegend = [
  ['up', 'in service'], ['lost', 'lost, not yet noticed'], ['down', 'dropped, being retried'],
  ['disabled', 'not retried any more'], ['waiting', 'connecting'], ['unknown', 'no process'],
];

export function kind_of(state) { return (kMemberStates[state] ?? kNoProcess).kind; }

export function member_words(group, member) {
  if (member.state === null) {
    return group.elsewhere ? 'only its client knows how it is' : kNoProcess.words;
  }
  if (member.state === 'dropped' && group.attempts_allowed === 0) { return 'dropped, not retried'; }
  if (member.state === 'active' && member.role === 'standby') {
    return group.members.some(each => each.role === 'active' && each.state === 'active')
      ? 'standing by' : 'in service, stands in';
  }
  return kMemberStates[member.state]?.words ?? member.state;
}

const kGroupStates = {
  finalized: ['unknown', 'not initialised'],
  initializing: ['waiting', 'initialising'],
  serving: ['up', 'serving'],
  latched: ['disabled', 'latched: only C_Finalize and C_Initialize help'],
};
export function group_words(group) {
  if (group.state === null || group.state === undefined) { return ['unknown', 'no process']; }
  const [kind, words] = kGroupStates[group.state] ?? ['unknown', group.state];
  const left = group.members.some(member => member.state === 'active');
  return group.state !== 'serving' || left ? [kind, words] : ['down', 'no member left: calls fail'];
}

export function attempts_words(group, member) {
  if (member.state !== 'dropped' && member.state !== 'exhausted') { return ''; }
  const allowed = group.attempts_allowed;
  if (allowed === 0) { return ''; }
  if (member.attempts === 0) { return 'no attempt yet'; }
  return 'attempt ' + member.attempts + (allowed > 0 ? ' of ' + allowed : ', no limit');
}

// "12.3 s", "1 min 5 s", "2 h 5 min", "3 d 4 h"; "123 ms" below a second.
export function length_text(seconds) {
  if (seconds < 0) { return '\u2212' + length_text(-seconds); }
  if (seconds === 0) { return '0 s'; }
  if (seconds < 0.9995) { return Math.max(1, Math.round(seconds * 1000)) + ' ms'; }
  if (seconds < 59.95) { return Number(seconds.toFixed(1)) + ' s'; }
  return whole_text(seconds);
}

// The same without tenths: for what counts along.
export function whole_text(seconds) {
  const s = Math.max(0, Math.floor(seconds + 1e-6));
  const two = (large, unit, small, small_unit) =>
    large + ' ' + unit + (small ? ' ' + small + ' ' + small_unit : '');
  return s < 60 ? s + ' s'
    : s < 3600 ? two(Math.floor(s / 60), 'min', s % 60, 's')
    : s < 86400 ? two(Math.floor(s / 3600), 'h', Math.floor(s / 60) % 60, 'min')
    : two(Math.floor(s / 86400), 'd', Math.floor(s / 3600) % 24, 'h');
}

// What is still to wait: tenths when they are few.
export function wait_text(seconds) {
  return seconds >= 10 ? whole_text(seconds) : Math.max(0, seconds).toFixed(1) + ' s';
}

// Where a moment stands in the run: "12.3 s", "2:05.3", "1:02:05.3".
export function moment_text(at) {
  const tenths = Math.floor(at * 10 + 1e-6);
  const s = Math.floor(tenths / 10), part = '.' + tenths % 10;
  if (s < 60) { return s + part + ' s'; }
  const hours = Math.floor(s / 3600), minutes = Math.floor(s / 60) % 60;
  return (hours ? hours + ':' + pad(minutes) : minutes) + ':' + pad(s % 60) + part;
}

// ---- faults

const kOpposites = {
  'cable out': 'cable in', 'ntls stop': 'ntls start', 'power off': 'power on',
  deactivate: 'activate', revoke: 'assign', 'disk full': 'disk free',
  'log directory missing': 'log directory back',
};
export function opposite_of(words) { return kOpposites[words]; }

// Which part of an appliance a fault belongs to.
export function part_of(fault) {
  if (fault.chapter === 'Network') { return 'cable'; }
  if (fault.chapter === 'Partition') { return 'partition'; }
  if (fault.chapter === 'Client machine') { return 'workstation'; }
  if (fault.chapter === 'Client process') { return 'client'; }
  if (fault.chapter.startsWith('Group')) { return 'group'; }
  if (fault.chapter === 'Healing') { return 'healing'; }
  if (/cable|swizzle/.test(fault.words)) { return 'cable'; }
  return /power|reboot|activation/.test(fault.words) ? 'power' : 'ntls';
}

// What may stand behind a fault's words, to begin with; the usage says what it means.
export const kGiven = {
  'idle cut': '30s', 'cut after': '1000 bytes', delay: '500ms', bandwidth: '800B/s', reboot: '60s',
  'ntls restart': '10s', 'activation lasts': '60s', 'connection limit': '1', pin: '"another pin"',
  busy: '5s', slow: '3', return: 'CKR_DEVICE_ERROR', 'flap cable': 'period 20s duty 50%',
  'flap ntls': 'period 20s duty 50%', 'rolling restart': '', swizzle: '', mode: 'activeBasic',
  'clock jump': '1h', sign: '1', login: '', restart: '', 'add member': '', 'remove member': '',
};

// What a usage wants behind the words, without `for D`: "FACTOR"; empty when nothing.
export function wanted_behind(fault) {
  return fault.usage.slice(fault.words.length).replace(/\s*\[for D\]\s*$/, '').trim();
}

export function quoted(text) {
  return '"' + text.replace(/["\\]/g, '\\$&') + '"';
}
