// Breaking and healing: how long a fault lasts, the dialog with all that can be done to a thing, and what is sent.

import { by_id, make, set_text } from './live_dom.js';
import { post_text, Refused } from './live_feed.js';
import { kGiven, moment_text, part_of, wanted_behind } from './live_words.js';

const kLengths = [['', 'until healed'], ['10s', '10 s'], ['30s', '30 s'], ['60s', '1 min'],
                  ['other', 'other\u2026']];
let vocabulary = [];
let lasts = '';                // "" or a duration: what new faults get behind `for`
const lengths = new Set();     // the choices on the page: they show the same

export function learn(faults) { vocabulary = faults; }
export function known_faults() { return vocabulary; }

// The entry of the vocabulary that a fault in force, or a line without its target, begins with.
export function fault_of(text) {
  let best;
  for (const fault of vocabulary) {
    const fits = text === fault.words || text.startsWith(fault.words + ' ');
    if (fits && fault.words.length > (best?.words.length ?? 0)) { best = fault; }
  }
  return best;
}

// ---- how long

// Behind the words of a button: "for 30 s"; empty when a fault lasts until it is healed.
export function for_length() {
  return lasts && ' for ' + (kLengths.find(([value]) => value === lasts)?.[1] ?? lasts);
}

// Makes `select` and the field beside it a choice of how long faults last; all of them show the same.
export function offer_lengths(select, field, on_change) {
  select.append(...kLengths.map(([value, text]) => make('option', { value }, text)));
  const choice = { select, field };
  lengths.add(choice);
  show_length(choice);
  const choose = () => {
    lasts = select.value === 'other' ? field.value.trim() : select.value;
    for (const each of lengths) { show_length(each, each === choice); }
    on_change();
  };
  select.addEventListener('change', () => {
    choose();
    if (select.value === 'other') { field.focus(); }
  });
  field.addEventListener('input', choose);
  return () => lengths.delete(choice);
}

function show_length({ select, field }, own = false) {
  if (!own) {
    const usual = kLengths.some(([value]) => value === lasts);
    select.value = usual ? lasts : 'other';
    if (!usual) { field.value = lasts; }
  }
  field.hidden = select.value !== 'other';
}

function with_length(line, fault) {
  return lasts && fault?.may_last ? line + ' for ' + lasts : line;
}

// ---- sending

let closing = 0;
export function tell(text, failed = false) {
  const box = by_id('said');
  set_text(box.firstElementChild, text);
  box.dataset.kind = failed ? 'failed' : 'done';
  box.classList.add('shown');
  clearTimeout(closing);
  if (!failed) { closing = setTimeout(untell, 5000); }
}
export function untell() { by_id('said').classList.remove('shown'); }

// Sends a line. Says that it was done, or returns why not: { text, column }, where a column is known.
export async function obey(line) {
  try {
    const answer = await post_text('/api/v1/commands', line);
    tell(answer.done.map(each => each.text + (each.later ? ': will be done'
      : ', done at ' + moment_text(each.at))).join('; '));
    return null;
  } catch (error) {
    return !(error instanceof Refused) ? { text: 'hasim does not answer.' }
      : error.problem?.errors?.[0] ?? { text: error.message };
  }
}

// Does a fault to a target, for as long as is chosen; returns as obey does.
function try_to(target, words) {
  return obey(with_length((target ? target + ' ' : '') + words, fault_of(words)));
}
export async function inflict(target, words) {
  const error = await try_to(target, words);
  if (error) { tell('Not done: ' + error.text, true); }
}

// ---- the dialog

// Everything that can be done to a thing: `parts` are those of part_of, `title` says which thing it is.
export function open_dialog(title, target, parts) {
  const dialog = by_id('breaking');
  const faults = vocabulary.filter(fault => parts.includes(part_of(fault)));
  const select = make('select', { id: 'dialog-lasts' });
  const field = make('input', { 'aria-label': 'how long, such as 45s or 5m', placeholder: '45s' });
  const forget = offer_lengths(select, field, () => {});
  const close = () => dialog.close();
  dialog.replaceChildren(
    make('div', { class: 'head' }, make('h2', { id: 'breaking-head' }, title),
      make('button', { type: 'button', class: 'button', click: close }, 'Close')),
    faults.some(fault => fault.may_last)
      ? make('p', { class: 'lasts' }, make('label', { for: 'dialog-lasts' }, 'A fault lasts'), ' ',
          select, ' ', field)
      : '',
    make('ul', { class: 'faults' }, ...faults.map(fault => choice_of(fault, target, close))));
  dialog.addEventListener('close', forget, { once: true });
  dialog.showModal();
}

function choice_of(fault, target, close) {
  const wanted = wanted_behind(fault);
  const field = wanted === '' ? '' : make('input', {
    value: kGiven[fault.words] ?? '', placeholder: wanted, required: !wanted.startsWith('['),
    'aria-label': fault.words + ': ' + wanted, autocomplete: 'off', spellcheck: 'false' });
  const form = make('form', { submit: async event => {
    event.preventDefault();
    const behind = field === '' ? '' : field.value.trim();
    const error = await try_to(target, fault.words + (behind ? ' ' + behind : ''));
    problem.textContent = error ? 'Not done: ' + error.text : '';
    if (!error) { close(); }
  } },
    make('button', { class: 'button act' }, make('code', {}, fault.words)), field,
    fault.may_last ? '' : make('span', { class: 'once' }, 'once'));
  const problem = make('p', { class: 'problem', role: 'alert' });
  return make('li', {}, form, make('div', {}, make('p', { class: 'does' }, plain(fault.does)),
    make('p', { class: 'soft' }, 'The client sees: ' + plain(fault.client_sees)), problem));
}

// The manual's texts mark words of the language with backquotes.
function plain(text) { return text.replaceAll('`', ''); }
