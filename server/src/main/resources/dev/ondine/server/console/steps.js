// The steps of the last minute, as the monitor tells them.

/** Steps of one lane's task: urgent classes first, then in the order tasks came. */
export const CLASSES = ['interrupt', 'foreground', 'normal', 'background'];

const KEPT_MILLIS = 65_000;
const MOST = 60_000;

export class Steps {

  #steps = [];
  /** The server's clock less the page's; the quickest message tells it best. Milliseconds. */
  #offset = null;

  /** Takes steps in their order. */
  add(steps) {
    for (const step of steps) {
      this.#steps.push(step);
      this.synchronise(step.start_ms + step.ms);
    }
    const last = this.#steps.at(-1);
    const oldest = last ? last.start_ms - KEPT_MILLIS : 0;
    if (this.#steps.length > MOST || this.#steps[0]?.start_ms < oldest - KEPT_MILLIS) {
      this.#steps = this.#steps.slice(-MOST / 2).filter(step => step.start_ms >= oldest);
    }
  }

  /** Learns the server's clock. */
  synchronise(serverMillis) {
    this.#offset = Math.max(this.#offset ?? -Infinity, serverMillis - performance.now());
  }

  /** Another server may count from another moment. */
  forget() {
    this.#steps = [];
    this.#offset = null;
  }

  /** The server's clock now; null before anything was heard of it. */
  now() {
    return this.#offset === null ? null : performance.now() + this.#offset;
  }

  latest(most) {
    return this.#steps.slice(-most).reverse();
  }

  /** Steps that touch a span of time, in their order. */
  between(from, to) {
    let low = 0;
    let high = this.#steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#steps[middle].start_ms + this.#steps[middle].ms < from) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    let end = low;
    while (end < this.#steps.length && this.#steps[end].start_ms <= to) {
      end++;
    }
    return this.#steps.slice(low, end);
  }
}

/** In words, for those who cannot see the drawing. */
export function described(step) {
  const parts = step.parts.map(part => `#${part.task} ${part.kind === 'prefill' ? `reads ${part.tokens}` : 'writes 1'}`);
  const shown = parts.length > 5 ? [...parts.slice(0, 5), `${parts.length - 5} more`] : parts;
  const predicted = step.predicted_ms === null ? '' : `, predicted ${step.predicted_ms.toFixed(2)}`;
  return `Step ${step.number}: ${step.ms.toFixed(2)} ms${predicted}. ${shown.join(', ')}.`;
}
