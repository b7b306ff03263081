// The way to hasim: requests with the token, and the stream of events, which is opened again whenever it ends.
// EventSource cannot send headers, so the stream is read with fetch().

const kLongestWait = 5;    // seconds between two tries
const kPatience = 10;      // seconds for an answer
const kSilence = 40;       // hasim says something every 15 s; after so long nobody is there
let token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';

export function use_token(word) { token = word; }

// Throws when nobody answers.
async function ask(path, options = {}) {
  const headers = token ? { Authorization: 'Bearer ' + token } : {};
  const signal = options.signal ?? AbortSignal.timeout(kPatience * 1000);
  return fetch(path, { cache: 'no-store', ...options, headers, signal });
}

export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.detail || problem?.title || 'hasim answered ' + status);
    this.status = status;
    this.problem = problem;
  }
}

async function checked(response) {
  if (response.ok) { return response; }
  throw new Refused(response.status, await response.json().catch(() => null));
}

export async function get_json(path) { return (await checked(await ask(path))).json(); }
export async function get_text(path) { return (await checked(await ask(path))).text(); }
export async function post_text(path, body) {
  return (await checked(await ask(path, { method: 'POST', body }))).json();
}

// Cuts a text/event-stream into events as its pieces arrive.
export class EventReader {
  #rest = '';
  #id = '';
  #kind = '';
  #data = '';

  feed(text, on_event) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    for (const line of lines) { this.#line(line.replace(/\r$/, ''), on_event); }
  }

  #line(line, on_event) {
    if (line === '') {
      if (this.#kind) { on_event(Number(this.#id), this.#kind, JSON.parse(this.#data || '{}')); }
      this.#kind = this.#data = '';
      return;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) { return; }
    const value = line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    const field = line.slice(0, colon);
    if (field === 'id') { this.#id = value; }
    if (field === 'event') { this.#kind = value; }
    if (field === 'data') { this.#data += value; }
  }
}

export class Feed {
  #run = '';        // which hasim it is: its process and start
  #last = 0;        // number of the last event that was read
  #tries = 0;
  #watchdog = 0;
  #retry = null;

  // on.state(state, fresh), on.event(number, kind, data), on.connection(kind, seconds to the next try).
  constructor(on) { this.on = on; }

  async run() {
    for (;;) {
      try {
        await this.#read();
      } catch (error) {
        if (error instanceof Refused && error.status === 401) {
          this.on.connection('token', 0);
          await this.#pause(1e6);
          continue;
        }
      }
      const wait = Math.min(kLongestWait, 0.25 * 2 ** this.#tries);
      this.#tries += 1;
      this.on.connection('lost', wait);
      await this.#pause(wait);
    }
  }

  // Tries now, instead of when its time has come.
  hurry() { this.#retry?.(); }

  // The state, behind which later events count.
  async refresh() {
    const state = await get_json('/api/v1/state');
    const run = state.hasim.process + ' ' + state.hasim.started;
    const fresh = run !== this.#run;
    if (fresh) { this.#last = 0; }
    this.#run = run;
    this.on.state(state, fresh);
  }

  #pause(seconds) {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, Math.min(seconds * 1000, 2 ** 31 - 1));
      this.#retry = () => { clearTimeout(timer); resolve(); };
    });
  }

  async #read() {
    await this.refresh();
    const stop = new AbortController();
    const expect = () => {
      clearTimeout(this.#watchdog);
      this.#watchdog = setTimeout(() => stop.abort(), kSilence * 1000);
    };
    try {
      expect();
      const response = await checked(
        await ask('/api/v1/events?after=' + this.#last, { signal: stop.signal }));
      this.#tries = 0;
      this.on.connection('up', 0);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const events = new EventReader();
      for (;;) {
        expect();
        const { value, done } = await reader.read();
        if (done) { return; }
        events.feed(value, (number, kind, data) => this.#event(number, kind, data));
      }
    } finally {
      clearTimeout(this.#watchdog);
      stop.abort();
    }
  }

  #event(number, kind, data) {
    if (number) { this.#last = number; }
    if (kind === 'gap' || kind === 'configuration') {
      this.refresh().catch(() => {});   // when hasim is gone the stream ends, too
    }
    try {
      this.on.event(number, kind, data);
    } catch (error) {
      reportError(error);   // the page's own mistake, not the connection's
    }
  }
}
