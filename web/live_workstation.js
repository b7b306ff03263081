// The client machine: its log, the processes on it, and what is wrong with them.

import { by_id, make, set_text } from './live_dom.js';
import { inflict, open_dialog } from './live_faults.js';
import { moment_text, opposite_of } from './live_words.js';

export class Workstation {
  #box = by_id('workstation');

  constructor(model) { this.model = model; }

  rebuild() {
    const state = this.model.state;
    this.faults = make('div', { class: 'now' });
    this.log = make('p', { class: 'soft' });
    this.diagnostic = make('p', { class: 'notice', hidden: true });
    const may = state.hasim.mode === 'run';   // else the applications are processes of their own
    this.#box.replaceChildren(
      make('div', { class: 'head' }, make('h3', {}, 'Client machine'),
        !may ? '' : make('div', { class: 'tools' },
          make('button', { type: 'button', class: 'button small act',
            'aria-label': 'More that can be done to the client machine',
            click: () => open_dialog('Client machine', '', ['workstation']) }, 'More'))),
      this.log, this.faults, this.diagnostic,
      make('ul', { class: 'clients' }, ...state.clients.map(client => this.#client(client, may))));
    this.#box.hidden = false;
    this.update();
  }

  #client(client, may) {
    const target = 'client ' + client.name;
    return make('li', {}, make('b', {}, client.name),
      make('span', { class: 'soft' }, client.pid ? 'pid ' + client.pid : ''),
      !may ? '' : make('span', { class: 'tools' },
        make('button', { type: 'button', class: 'button small act',
          'aria-label': 'Restart the process ' + client.name,
          click: () => inflict(target, 'restart') }, 'Restart'),
        make('button', { type: 'button', class: 'button small act',
          'aria-label': 'more that can be done to the process ' + client.name,
          click: () => open_dialog('Process ' + client.name, target, ['client']) }, '\u2026')));
  }

  update() {
    const { workstation, log } = this.model.state;
    set_text(this.log, log ? log_words(log) : '');
    const said = this.model.diagnostic;
    this.diagnostic.hidden = !said;
    if (said) { set_text(this.diagnostic, moment_text(said.at) + ': ' + said.text); }
    const shown = workstation.faults.join('\n');
    if (this.shown === shown && this.faults.isConnected) { return; }
    this.shown = shown;
    this.faults.replaceChildren(...workstation.faults.map(text => {
      const mend = opposite_of(text);
      return make('span', { class: 'chip wrong' }, text, mend
        ? make('button', { type: 'button', class: 'button small act', 'data-does': 'mend',
            click: () => inflict('', mend) }, mend)
        : '');
    }));
  }
}

function log_words(log) {
  return 'log: ' + counted(log.lines, 'line') +
    (log.bytes === null ? '' : ', ' + counted(log.bytes, 'byte')) +
    (log.rotations ? ', ' + counted(log.rotations, 'rotation') : '') +
    (log.not_written ? '; ' + counted(log.not_written, 'line') + ' not written' : '');
}
