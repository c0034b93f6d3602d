import {byId, el, setText} from './elements.js';
import {count, percent} from './numbers.js';
import {showGauges} from './gauges.js';
import {Steps} from './steps.js';
import {Tasks} from './tasks.js';
import {Timeline} from './timeline.js';

// What the kernel does, live.

const LISTED = 12;
const RETRY_MILLIS = [500, 1000, 2000, 5000];

export class Monitor {

  #server;
  #load;
  #lastRate;
  #steps = new Steps();
  #timeline = new Timeline(this.#steps);
  #tasks;
  #failures = 0;

  /** @param lastRate gives the tokens per second of the chat's last answer, or null */
  constructor(server, load, lastRate) {
    this.#server = server;
    this.#load = load;
    this.#lastRate = lastRate;
    this.#tasks = new Tasks(server);
    setInterval(() => this.#list(), 1000);
    this.#listen();
  }

  /** Asks for the figures now; else they come once a second. */
  async refresh() {
    try {
      this.#take('stats', await this.#server.json('v1/stats'));
    } catch (e) {
      this.#connected(false, e.message);
    }
  }

  async #listen() {
    for (;;) {
      try {
        for await (const {name, data} of this.#server.events('v1/monitor')) {
          this.#failures = 0;
          this.#take(name, JSON.parse(data));
        }
        this.#connected(false, 'The server closed the connection.');
      } catch (e) {
        this.#connected(false, e.message);
        if (e.status === 401 || e.status === 403) {
          return;
        }
      }
      this.#steps.forget();
      await new Promise(resolve => setTimeout(resolve, RETRY_MILLIS[Math.min(this.#failures++, RETRY_MILLIS.length - 1)]));
    }
  }

  #take(name, value) {
    if (name === 'steps') {
      this.#steps.add(value.steps);
    } else if (name === 'stats') {
      this.#steps.synchronise(value.now_ms);
      this.#timeline.setBound(value.scheduler?.step_bound_ms ?? null);
      this.#tasks.show(value.tasks, value.ended ?? [], value.now_ms);
      this.#load.show(value.ended ?? []);
      showGauges(value, this.#lastRate());
      this.#connected(true, [value.kernels, value.scheduler?.policy].filter(part => part).join(' · '));
    }
  }

  #connected(isConnected, text) {
    byId('connection').className = isConnected ? 'on' : 'off';
    setText(byId('connection-text'), isConnected ? text || 'connected' : `not connected: ${text}`);
  }

  /** The last steps as a table, for those who cannot use the drawing; only while it is open. */
  #list() {
    if (!byId('step-list').open) {
      return;
    }
    const rows = this.#steps.latest(LISTED).map(step => [
      count(step.number), step.model, step.ms.toFixed(2), step.predicted_ms?.toFixed(2) ?? '–',
      step.predicted_ms ? percent((step.predicted_ms - step.ms) / step.ms) : '–', count(step.decode_rows), count(step.prefill_tokens),
      step.parts.slice(0, 6).map(part => `#${part.task}`).join(' ') + (step.parts.length > 6 ? ' …' : ''),
    ]);
    byId('step-rows').replaceChildren(...rows.map(cells => el('tr', {}, ...cells.map(cell => el('td', {}, cell)))));
  }
}
