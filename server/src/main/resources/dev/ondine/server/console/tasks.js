import {announce, byId, el, setText} from './elements.js';
import {count, isKnown, millis} from './numbers.js';
import {CLASSES} from './steps.js';

// The table of tasks, with the means to change them. Rows stay the same elements while their task lives, so that focus stays too.

const ENDED = 6;

export class Tasks {

  #server;
  #body = byId('tasks');
  #rows = new Map();
  #now = 0;

  constructor(server) {
    this.#server = server;
  }

  /** @param nowMillis of the server's clock */
  show(tasks, ended, nowMillis) {
    this.#now = nowMillis;
    const rank = task => CLASSES.indexOf(task.class);
    const shown = [...tasks.toSorted((a, b) => rank(a) - rank(b) || a.id - b.id), ...ended.slice(0, ENDED)];
    const ids = new Set(shown.map(task => task.id));
    for (const [id, row] of this.#rows) {
      if (!ids.has(id)) {
        row.root.remove();
        this.#rows.delete(id);
      }
    }
    shown.forEach((task, i) => this.#place(task, i));
    setText(byId('task-count'), tasks.length === 0 ? 'no task now' : tasks.length === 1 ? '1 task' : `${count(tasks.length)} tasks`);
    byId('no-tasks').hidden = shown.length > 0;
  }

  #place(task, at) {
    const row = this.#rows.get(task.id) ?? new Row(task.id, (path, body) => this.#change(task.id, path, body));
    this.#rows.set(task.id, row);
    row.show(task, this.#now);
    if (this.#body.children[at] !== row.root) {
      this.#body.insertBefore(row.root, this.#body.children[at] ?? null);
    }
  }

  async #change(id, action, body) {
    try {
      const task = await this.#server.json(`v1/tasks/${id}/${action}`, body ?? null);
      this.#rows.get(id)?.show(task, this.#now);
      announce(`Task ${id}: ${action} done.`);
    } catch (e) {
      announce(`Task ${id}: ${e.message}`);
    }
  }
}

class Row {

  root;
  #cells = {};
  #bar = el('span', {class: 'bar-fill'});
  #priority;
  #pause;
  #cancel;
  #isPaused = false;

  constructor(id, change) {
    const cell = (name, label, ...parts) => this.#cells[name] = el('td', {role: 'cell', 'data-label': label}, ...parts);
    this.#priority = el('select', {'aria-label': `class of task ${id}`,
      onchange: () => change('priority', {priority: this.#priority.value})}, ...CLASSES.map(name => el('option', {}, name)));
    this.#pause = el('button', {type: 'button', class: 'quiet', onclick: () => change(this.#isPaused ? 'resume' : 'pause')}, 'Pause');
    this.#cancel = el('button', {type: 'button', class: 'quiet', 'aria-label': `cancel task ${id}`,
      onclick: () => change('cancel')}, 'Cancel');
    this.root = el('tr', {role: 'row', 'data-task': id},
        el('th', {scope: 'row', role: 'rowheader'}, el('span', {class: 'task-id'}, `#${id}`), el('span', {class: 'task-app'})),
        cell('class', 'Class', this.#priority), cell('state', 'State'), cell('deadline', 'Deadline'), cell('budget', 'Budget'),
        cell('progress', 'Progress', el('span', {class: 'bar', 'aria-hidden': 'true'}, this.#bar), el('span', {class: 'bar-text'})),
        cell('actions', 'Change', el('span', {class: 'buttons'}, this.#pause, this.#cancel)));
  }

  show(task, now) {
    const isOver = task.state === 'done';
    this.root.className = `${task.class}${isOver ? ' over' : ''}`;
    setText(this.root.querySelector('.task-app'), task.app ?? '');
    setText(this.#cells.state, state(task));
    for (const [cell, text] of [[this.#cells.deadline, deadline(task, now)], [this.#cells.budget, budget(task)]]) {
      setText(cell, text);
      cell.classList.toggle('empty', text === '–');
    }
    setText(this.#cells.progress.querySelector('.bar-text'), progress(task));
    this.#bar.style.width = `${done(task) * 100}%`;
    if (document.activeElement !== this.#priority) {
      this.#priority.value = task.class;
    }
    this.#isPaused = task.paused;
    setText(this.#pause, task.paused ? 'Resume' : 'Pause');
    this.#pause.setAttribute('aria-label', `${task.paused ? 'resume' : 'pause'} task ${task.id}`);
    this.#priority.disabled = this.#pause.disabled = this.#cancel.disabled = isOver;
  }
}

function state(task) {
  if (task.state === 'done') {
    return task.finish_reason ? `done: ${task.finish_reason}` : 'done';
  }
  const name = task.state === 'parked' && task.parked_as ? `parked, ${task.parked_as}` : task.state;
  const more = [task.paused ? 'paused' : '', task.late ? 'late' : '', task.preemptions > 0 ? `${task.preemptions}× interrupted` : ''];
  return [name, ...more.filter(part => part !== '')].join(', ');
}

function deadline({deadline: wanted, submitted_ms: submitted, first_token_ms: first, done_ms: ended}, now) {
  if (!wanted) {
    return '–';
  }
  const isFirst = isKnown(wanted.first_token_ms) && !isKnown(first);
  const within = isFirst || !isKnown(wanted.completion_ms) ? wanted.first_token_ms : wanted.completion_ms;
  if (!isKnown(within)) {
    return '–';
  }
  const what = isFirst || !isKnown(wanted.completion_ms) ? 'first token' : wanted.tokens > 0 ? `${wanted.tokens} tokens` : 'end';
  const left = submitted + within - (ended ?? (what === 'first token' ? first : null) ?? now);
  return `${what}: ${left >= 0 ? millis(left) : `${millis(-left)} late`}`;
}

function budget({budget: limit, computed, compute_ms: compute, joules}) {
  const parts = limit ? [
    isKnown(limit.tokens) ? `${count(computed)} of ${count(limit.tokens)} tokens` : '',
    isKnown(limit.compute_ms) ? `${millis(compute)} of ${millis(limit.compute_ms)}` : '',
    isKnown(limit.joules) ? `${(joules ?? 0).toFixed(1)} of ${limit.joules} J` : '',
  ].filter(part => part !== '') : [];
  return parts.join(', ') || '–';
}

function progress({prompt_tokens: prompt, computed, generated, most_tokens: most}) {
  return generated === 0 && computed < prompt ? `reads ${count(computed)} of ${count(prompt)}`
      : `${count(prompt)} + ${count(generated)}${most > 0 && most < 1e6 ? ` of ${count(most)}` : ''}`;
}

/** The share of reading while it reads, of writing while it writes. */
function done({prompt_tokens: prompt, computed, generated, most_tokens: most, state: name}) {
  const share = name === 'done' ? 1 : generated === 0 ? computed / prompt : most > 0 ? generated / most : 0;
  return Math.max(0, Math.min(1, share));
}
