// The command line: one line of the scenario language, with what may come next, and errors with their place.

import { by_id, make } from './live_dom.js';
import { known_faults, obey } from './live_faults.js';
import { part_of, quoted } from './live_words.js';

const kMost = 60;
const kTarget = new RegExp('^(hsm\\d+|member \\d+|appliance \\S+|group "(?:[^"\\\\]|\\\\.)*"|' +
                           'client(?: [\\w.-]+)?|all|any) ');

// What may be typed behind what is there: targets first, then what can be done to the one that is named.
function proposals(model, typed) {
  const target = kTarget.exec(typed);
  if (target) {
    const faults = known_faults().filter(fault => fits(fault, target[1])).map(fault => fault.words);
    return faults.map(words => target[1] + ' ' + words)
      .filter(line => line.startsWith(typed) && line !== typed);
  }
  const state = model.state;
  if (!state) { return []; }
  const serials = state.appliances.flatMap(each => each.partitions.map(part => part.serial));
  return ['heal all', ...state.appliances.map(each => 'hsm' + each.number + ' '),
    ...serials.map(serial => 'member ' + serial + ' '),
    ...[...new Set(state.groups.map(group => 'group ' + quoted(group.label) + ' '))],
    ...state.clients.map(client => 'client ' + client.name + ' '), 'all ',
    ...known_faults().filter(fault => part_of(fault) === 'workstation').map(fault => fault.words)]
    .filter(line => line.startsWith(typed) && line !== typed);
}

function fits(fault, target) {
  const first = target.split(' ')[0].replace(/\d+$/, '');
  const part = part_of(fault);
  return first === 'all' || first === 'any' ? fault.targets.includes(first)
    : first === 'client' || first === 'group' ? part === first
    : fault.targets.startsWith('hsmN');
}

// The line with a caret under the place of its error, which is selected in the field.
function show_error(line, error) {
  const box = by_id('line-error');
  if (!error) {
    box.replaceChildren();
  } else if (!error.column) {
    box.replaceChildren(make('p', {}, 'Not done: ' + error.text));
  } else {
    const column = Math.min(error.column, line.length + 1);
    box.replaceChildren(
      make('pre', { 'aria-hidden': 'true' }, line + '\n' + ' '.repeat(column - 1) + '^'),
      make('p', {}, 'Column ' + column + ': ' + error.text));
    by_id('line').setSelectionRange(column - 1, line.length);
  }
}

export function start_command(model) {
  const field = by_id('line'), list = by_id('line-words');
  const propose = () => list.replaceChildren(...proposals(model, field.value).slice(0, kMost)
    .map(value => make('option', { value })));
  field.addEventListener('focus', propose);
  field.addEventListener('input', () => {
    propose();
    field.removeAttribute('aria-invalid');
    show_error('', null);
  });
  by_id('command').addEventListener('submit', async event => {
    event.preventDefault();
    const line = field.value;
    if (line.trim() === '' || event.submitter?.disabled) { return; }
    const error = await obey(line);
    if (!error) { field.value = ''; }
    field.toggleAttribute('aria-invalid', Boolean(error));
    field.focus();
    show_error(line, error);
  });
}
