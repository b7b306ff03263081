// The HA log as it grows. Rows are added in batches, and only the newest stay; who scrolled up is left there.

import { by_id, make, set_text } from './live_dom.js';
import { moment_text } from './live_words.js';

const kMostRows = 1000;
const kKinds = {
  HALOG_DROPMEMBER: 'down', HALOG_DROPUNRECOVERABLE: 'down', HALOG_MEMBER_DEACTIVATED: 'down',
  HALOG_LOGINFAILED: 'disabled', HALOG_MEMBER_REVOKED: 'disabled', HALOG_UNRECOVERABLE: 'disabled',
  HALOG_RECOVERED: 'up', HALOG_NEWMEMBER: 'waiting', HALOG_REENABLEMEMBER: 'waiting',
  HALOG_RECOVERYFAILED: 'failed',
};

export function kind_of_line(line) {
  return line.id === 'HALOG_RECOVERYFAILED' && line.text.includes('exceeded maximum') ? 'disabled'
    : kKinds[line.id] ?? 'unknown';
}

export class LogView {
  #list = by_id('log');
  #end = by_id('log-end');
  #filter = by_id('log-filter');
  #model;
  #held = false;      // the reader scrolled up
  #unread = 0;

  constructor(model) {
    this.#model = model;
    this.#list.addEventListener('scroll', () => {
      const left = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight;
      this.#held = left > 30;
      if (!this.#held) { this.#unread = 0; }
      this.#show_end();
    }, { passive: true });
    this.#end.addEventListener('click', () => { this.#go_to_end(); this.#list.focus(); });
    this.#filter.addEventListener('input', () => this.rebuild());
  }

  rebuild() {
    const lines = this.#model.lines.filter(line => this.#wanted(line)).slice(-kMostRows);
    this.#list.replaceChildren(...lines.map(row_of));
    this.#go_to_end();
    this.count();
  }

  add(lines) {
    const wanted = lines.filter(line => this.#wanted(line)).slice(-kMostRows);
    if (wanted.length > 0) {
      const list = this.#list;
      const above = this.#held ? list.scrollTop : 0;
      list.append(...wanted.map(row_of));
      let gone = 0;
      while (list.children.length > kMostRows) {
        if (this.#held) { gone += list.firstElementChild.offsetHeight; }
        list.firstElementChild.remove();
      }
      if (this.#held) {
        list.scrollTop = above - gone;
        this.#unread += wanted.length;
        this.#show_end();
      } else {
        list.scrollTop = list.scrollHeight;
      }
    }
    this.count();
  }

  #wanted(line) {
    const words = this.#filter.value.trim().toLowerCase().split(/\s+/);
    const text = (line.id + ' ' + line.text).toLowerCase();
    return words.every(word => text.includes(word));
  }

  #go_to_end() {
    this.#held = false;
    this.#unread = 0;
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#show_end();
  }

  #show_end() {
    this.#end.hidden = !this.#held;
    set_text(this.#end, this.#unread === 0 ? '\u2193 to the end'
      : '\u2193 ' + counted(this.#unread, 'new line'));
  }

  // How many lines there are, and what is shown where there are none.
  count() {
    const log = this.#model.state?.log;
    const lines = Math.max(log?.lines ?? 0, 0);
    set_text(by_id('log-count'), log ? counted(lines, 'line') +
      (log.rotations ? ', ' + counted(log.rotations, 'rotation') : '') +
      (log.not_written ? ', ' + log.not_written.toLocaleString('en') + ' not written' : '') : '');
    const none = this.#list.children.length === 0;
    by_id('log-empty').hidden = !none;
    set_text(by_id('log-empty'), this.#model.lines.length === 0
      ? 'No line yet. Break something.' : 'No line has these words.');
  }
}

function row_of(line) {
  if (line.gap) { return make('li', { class: 'gap' }, line.text); }
  return make('li', { class: kind_of_line(line) },
    make('span', { class: 'when' }, moment_text(line.at)), ' ',
    make('b', {}, line.id), ' ',
    make('code', {}, line.text),
    line.sentence ? make('span', { class: 'sentence' }, line.sentence) : '');
}
