import {byId, el, setText} from './elements.js';
import {bytes, count, isKnown, millis, percent, rate} from './numbers.js';
import {CLASSES} from './steps.js';

// What the kernel's figures say: token rate, interrupt latency, predictions, memory.

/** Silent reading at 250 and 1000 words a minute, at 0.75 words a token. Tokens per second. */
const READING = {slow: 250 / 60 / 0.75, fast: 1000 / 60 / 0.75};
const MOST_SEGMENTS = 40;

/** Shows STATS. @param lastRate tokens per second of the chat's last answer; null if there is none */
export function showGauges(stats, lastRate) {
  showRates(stats.rates ?? {}, lastRate);
  showInterrupts(stats.interrupts ?? {}, stats.scheduler ?? {});
  showPredictions(stats.step_error ?? {});
  showMemory(stats.memory ?? {}, new Map((stats.tasks ?? []).map(task => [task.id, task.class])));
}

function showRates(rates, lastRate) {
  const {decode_tokens_per_second: decode, prefill_tokens_per_second: prefill, roof_tokens_per_second: roof} = rates;
  setText(byId('rate-all'), rate(decode));
  setText(byId('rate-chat'), rate(lastRate));
  setText(byId('rate-prefill'), rate(prefill));
  setText(byId('rate-roof'), rate(roof));
  const scale = rateScale(Math.max(decode ?? 0, lastRate ?? 0, roof ?? 0));
  bar('rate-bar-all', scale(decode));
  bar('rate-bar-chat', scale(lastRate));
  mark('mark-slow', scale(READING.slow));
  mark('mark-fast', scale(READING.fast));
  mark('mark-roof', scale(roof));
}

/** Rates span from a large model on a phone to a tiny one here, so the scale is logarithmic. */
function rateScale(most) {
  const end = Math.max(100, most) * 1.25;
  return value => isKnown(value) && value > 0 ? Math.max(0, Math.min(1, Math.log(value) / Math.log(end))) : null;
}

function showInterrupts(interrupts, scheduler) {
  const bound = interrupts.bound_ms ?? scheduler.step_bound_ms;
  const end = Math.max(bound ?? 0, interrupts.max_ms ?? 0) * 1.15 || 1;
  for (const name of ['p50', 'p99', 'max']) {
    const value = interrupts[`${name}_ms`];
    setText(byId(`interrupt-${name}`), millis(value));
    bar(`interrupt-bar-${name}`, isKnown(value) ? value / end : null);
    byId(`interrupt-${name}`).classList.toggle('over-bound', isKnown(value) && isKnown(bound) && value > bound);
  }
  mark('mark-bound', isKnown(bound) ? bound / end : null);
  setText(byId('interrupt-bound'), isKnown(bound) ? `bound ${Number(bound.toFixed(1))} ms` : '');
  setText(byId('interrupt-count'), interrupts.count > 0 ? `${count(interrupts.count)} so far` : 'none so far');
}

function showPredictions({median, p90, bias, count: steps}) {
  setText(byId('error-median'), percent(median));
  setText(byId('error-p90'), percent(p90));
  setText(byId('error-bias'), isKnown(bias) ? `${bias > 0 ? '+' : bias < 0 ? '−' : ''}${percent(Math.abs(bias))}` : '–');
  setText(byId('error-count'), steps > 0 ? `over ${count(steps)} steps` : '');
}

function showMemory(memory, classOf) {
  const {weights_bytes: weights, kv_bytes: kv, prefix_bytes: prefix} = memory;
  const {swapped_bytes: swapped, free_bytes: free, budget_bytes: budget} = memory;
  setText(byId('memory-weights'), bytes(weights));
  setText(byId('memory-kv'), bytes(kv));
  setText(byId('memory-prefix'), bytes(prefix));
  setText(byId('memory-swapped'), bytes(swapped));
  setText(byId('memory-free'), bytes(free));
  setText(byId('memory-budget'), isKnown(budget) ? `of ${bytes(budget)}` : '');
  const used = (weights ?? 0) + (kv ?? 0) + (prefix ?? 0);
  const whole = Math.max(used, isKnown(budget) ? budget : used + (free ?? 0)) || 1;
  const byTask = (memory.kv_by_task ?? []).toSorted((a, b) => rank(classOf.get(a.task)) - rank(classOf.get(b.task)) || a.task - b.task);
  const parts = [{name: 'weights', size: weights ?? 0}, ...keyValues(byTask, kv ?? 0, classOf), {name: 'prefix', size: prefix ?? 0}];
  byId('memory-bar').replaceChildren(...parts.filter(part => part.size > 0).map(part => segment(part, whole)));
}

function rank(name) {
  return CLASSES.indexOf(name ?? 'background');
}

/** A part for each task; what is left of the sum, and of too many tasks, is one part. */
function keyValues(byTask, sum, classOf) {
  const shown = byTask.slice(0, MOST_SEGMENTS);
  const rest = sum - shown.reduce((total, each) => total + each.bytes, 0);
  const parts = shown.map(each => ({name: classOf.get(each.task) ?? 'background', size: each.bytes, task: each.task}));
  return [...parts, {name: 'background', size: rest}];
}

function segment({name, size, task}, whole) {
  const title = `${task === undefined ? name : `KV of task ${task}`}: ${bytes(size)}`;
  const part = el('span', {class: `segment ${name}${task === undefined ? '' : ' kv'}`, title});
  part.style.flexBasis = `${size / whole * 100}%`;
  return part;
}

function bar(id, share) {
  byId(id).style.width = `${(share ?? 0) * 100}%`;
}

function mark(id, share) {
  byId(id).hidden = share === null;
  byId(id).style.left = `${(share ?? 0) * 100}%`;
}
