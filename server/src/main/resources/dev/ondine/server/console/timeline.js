import {byId, setText} from './elements.js';
import {CLASSES, described} from './steps.js';

// Every step on a canvas: above, a lane for each task; below, how long the step took against its prediction.

const LABEL = 92;
const AXIS = 18;
const TIMES = 72;
const GAP = 20;
const LANES = 20;
const LANE = {least: 7, most: 22};
/** The right end lags behind the clock, as steps arrive in bundles. Milliseconds. */
const LAG = 150;
const CEILINGS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000];
const HINT = 'Point at a step, or focus the drawing and use the arrow keys; space freezes it.';
const CALM = matchMedia('(prefers-reduced-motion: reduce)');

export class Timeline {

  #steps;
  #canvas = byId('timeline');
  #readout = byId('step-readout');
  #pen = this.#canvas.getContext('2d');
  #spanMillis = 10_000;
  #frozenAt = null;
  #chosen = null;
  #bound = null;
  #colours = {};
  #lastDrawn = 0;
  #isEmpty = true;

  constructor(steps) {
    this.#steps = steps;
    this.#canvas.addEventListener('pointermove', event => this.#point(event));
    this.#canvas.addEventListener('pointerdown', event => this.#point(event));
    this.#canvas.addEventListener('pointerleave', () => this.#choose(null));
    this.#canvas.addEventListener('keydown', event => this.#onKey(event));
    byId('freeze').addEventListener('click', () => this.#freeze(this.#frozenAt === null));
    for (const choice of document.querySelectorAll('input[name=span]')) {
      choice.addEventListener('change', () => {
        this.#spanMillis = Number(choice.value);
      });
    }
    requestAnimationFrame(() => this.#animate());
  }

  /** @param millis that a step should take at most; null if unknown */
  setBound(millis) {
    this.#bound = millis;
  }

  #animate() {
    requestAnimationFrame(() => this.#animate());
    const now = performance.now();
    // 30 pictures a second are smooth enough, and leave the processor to the model; fewer where motion disturbs or nothing moves.
    const pause = CALM.matches ? 1000 : this.#isEmpty ? 400 : 33;
    if (now - this.#lastDrawn >= pause && this.#canvas.clientWidth > 0) {
      this.#lastDrawn = now;
      this.draw();
    }
  }

  #freeze(isFrozen) {
    this.#frozenAt = isFrozen ? this.#end() : null;
    byId('freeze').setAttribute('aria-pressed', String(isFrozen));
    setText(byId('freeze'), isFrozen ? 'Go on' : 'Freeze');
  }

  #end() {
    const now = this.#steps.now();
    return this.#frozenAt ?? (now === null ? 0 : now - LAG);
  }

  #point(event) {
    const box = this.#canvas.getBoundingClientRect();
    const share = (event.clientX - box.left - LABEL) / (box.width - LABEL);
    const time = this.#end() - this.#spanMillis * (1 - share);
    const near = this.#spanMillis / (box.width - LABEL) * 4;
    const found = this.#steps.between(time - near, time + near);
    const distance = step => Math.abs(step.start_ms + step.ms / 2 - time);
    this.#choose(share < 0 || found.length === 0 ? null : found.reduce((a, b) => distance(a) <= distance(b) ? a : b));
  }

  #onKey(event) {
    const move = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (event.key === ' ') {
      event.preventDefault();
      this.#freeze(this.#frozenAt === null);
    } else if (move !== undefined) {
      event.preventDefault();
      this.#freeze(true);
      const shown = this.#steps.between(this.#end() - this.#spanMillis, this.#end());
      const at = shown.indexOf(this.#chosen);
      this.#choose(shown[Math.max(0, Math.min(shown.length - 1, at < 0 ? shown.length - 1 : at + move))] ?? null);
    }
  }

  #choose(step) {
    this.#chosen = step;
    setText(this.#readout, step === null ? HINT : described(step));
  }

  draw() {
    const {width, height} = this.#fit();
    const end = this.#end();
    const area = {left: LABEL, right: width, from: end - this.#spanMillis, to: end};
    area.x = time => LABEL + (time - area.from) / this.#spanMillis * (width - LABEL);
    const steps = this.#steps.between(area.from, area.to);
    this.#isEmpty = steps.length === 0;
    this.#readColours();
    this.#pen.clearRect(0, 0, width, height);
    const bottom = height - AXIS - TIMES - GAP;
    this.#drawGrid(area, height, bottom);
    this.#drawLanes(steps, area, bottom);
    this.#drawTimes(steps, area, height - AXIS);
    this.#drawChosen(area, height);
  }

  /** Matches the canvas to the screen's pixels. */
  #fit() {
    const ratio = devicePixelRatio || 1;
    const width = this.#canvas.clientWidth;
    const height = this.#canvas.clientHeight;
    if (this.#canvas.width !== Math.round(width * ratio) || this.#canvas.height !== Math.round(height * ratio)) {
      this.#canvas.width = Math.round(width * ratio);
      this.#canvas.height = Math.round(height * ratio);
    }
    this.#pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#pen.font = `11px ${getComputedStyle(this.#canvas).fontFamily}`;
    this.#pen.textBaseline = 'middle';
    return {width, height};
  }

  #readColours() {
    const style = getComputedStyle(this.#canvas);
    for (const name of [...CLASSES, 'ink', 'muted', 'grid', 'line', 'bad', 'surface']) {
      this.#colours[name] = style.getPropertyValue(`--${name}`);
    }
  }

  #text(text, x, y, align = 'left', colour = this.#colours.muted) {
    this.#pen.fillStyle = colour;
    this.#pen.textAlign = align;
    this.#pen.fillText(text, x, y);
  }

  #line(x1, y1, x2, y2, colour) {
    this.#pen.fillStyle = colour;
    this.#pen.fillRect(Math.round(x1), Math.round(y1), Math.max(1, Math.round(x2 - x1)), Math.max(1, Math.round(y2 - y1)));
  }

  #drawGrid(area, height, bottom) {
    const ticks = 5;
    for (let i = 0; i <= ticks; i++) {
      const x = LABEL + (area.right - LABEL) * i / ticks;
      this.#line(Math.min(x, area.right - 1), 0, x, height - AXIS, this.#colours.grid);
      const seconds = this.#spanMillis / 1000 * (1 - i / ticks);
      const end = this.#frozenAt === null ? 'now' : 'frozen';
      const align = i === 0 ? 'left' : i === ticks ? 'right' : 'center';
      this.#text(i === ticks ? end : `−${Number(seconds.toFixed(1))} s`, x, height - AXIS / 2 + 1, align);
    }
    this.#line(0, bottom + GAP / 2, area.right, bottom + GAP / 2, this.#colours.line);
  }

  #drawLanes(steps, area, bottom) {
    const lanes = lanesOf(steps);
    const shown = lanes.slice(0, lanes.length > LANES ? LANES - 1 : LANES);
    const rows = shown.length + (lanes.length > shown.length ? 1 : 0);
    const size = Math.max(LANE.least, Math.min(LANE.most, bottom / Math.max(1, rows)));
    shown.forEach((lane, i) => {
      const y = i * size;
      this.#text(`#${lane.task} ${lane.app}`.slice(0, 15), 0, y + size / 2, 'left', this.#colours.ink);
      this.#drawLane(lane, area, y + 1, size - 2);
    });
    if (lanes.length > shown.length) {
      this.#text(`${lanes.length - shown.length} more tasks`, 0, shown.length * size + size / 2);
    }
    if (lanes.length === 0) {
      this.#text('No step ran in this time.', LABEL + (area.right - LABEL) / 2, bottom / 2, 'center');
    }
  }

  /** Reading fills the lane, pale; writing is a full colour in its middle. A pixel is drawn once for each. */
  #drawLane(lane, area, y, height) {
    this.#pen.fillStyle = this.#colours[lane.priority] ?? this.#colours.muted;
    const until = {prefill: -1, decode: -1};
    for (const {step, kind} of lane.parts) {
      const x = Math.max(LABEL, area.x(step.start_ms));
      const right = Math.max(x + 1, area.x(step.start_ms + step.ms) - 0.5);
      if (right > until[kind]) {
        const left = Math.max(x, until[kind]);
        const isPrefill = kind === 'prefill';
        this.#pen.globalAlpha = isPrefill ? 0.42 : 1;
        this.#pen.fillRect(left, isPrefill ? y : y + height * 0.22, right - left, isPrefill ? height : height * 0.56);
        until[kind] = right;
      }
    }
    this.#pen.globalAlpha = 1;
  }

  #drawTimes(steps, area, bottom) {
    const longest = steps.reduce((most, step) => Math.max(most, step.ms, step.predicted_ms ?? 0), 0);
    const ceiling = CEILINGS.find(each => each >= longest * 1.05) ?? longest;
    const y = millis => bottom - Math.min(1, millis / ceiling) * (TIMES - 8);
    this.#text(`${ceiling} ms`, LABEL - 8, y(ceiling), 'right');
    this.#text(`${ceiling / 2}`, LABEL - 8, y(ceiling / 2), 'right');
    this.#text('step time', 0, bottom - 6);
    this.#line(LABEL, y(ceiling / 2), area.right, y(ceiling / 2), this.#colours.grid);
    for (const {x, width, ms, predicted, priority} of columns(steps, area)) {
      this.#pen.globalAlpha = 0.5;
      this.#line(x, y(ms), x + width, bottom, this.#colours[priority] ?? this.#colours.muted);
      this.#pen.globalAlpha = 1;
      if (predicted !== null) {
        this.#line(x, y(predicted) - 1, x + width, y(predicted) + 0.5, this.#colours.ink);
      }
    }
    this.#drawBound(ceiling, y, area);
  }

  #drawBound(ceiling, y, area) {
    if (this.#bound !== null && this.#bound <= ceiling) {
      this.#line(LABEL, y(this.#bound), area.right, y(this.#bound), this.#colours.bad);
      this.#text(`bound ${this.#bound} ms`, area.right - 4, y(this.#bound) - 7, 'right', this.#colours.bad);
    }
  }

  #drawChosen(area, height) {
    if (this.#chosen !== null) {
      const x = area.x(this.#chosen.start_ms + this.#chosen.ms / 2);
      if (x >= LABEL) {
        this.#line(x, 0, x + 1, height - AXIS, this.#colours.ink);
      }
    }
  }
}

function lanesOf(steps) {
  const lanes = new Map();
  for (const step of steps) {
    for (const part of step.parts) {
      let lane = lanes.get(part.task);
      if (lane === undefined) {
        lanes.set(part.task, lane = {task: part.task, app: part.app ?? '', parts: []});
      }
      lane.priority = part.class;
      lane.parts.push({step, kind: part.kind});
    }
  }
  return [...lanes.values()].sort((a, b) => CLASSES.indexOf(a.priority) - CLASSES.indexOf(b.priority) || a.task - b.task);
}

/** Steps as bars; those that share a pixel are one bar, as high as the longest of them. */
function columns(steps, area) {
  const bars = [];
  for (const step of steps) {
    const x = Math.floor(Math.max(area.left, area.x(step.start_ms)));
    const width = Math.max(1, Math.floor(area.x(step.start_ms + step.ms) - x - 0.5));
    const last = bars.at(-1);
    const priority = CLASSES.find(each => step.parts.some(part => part.class === each));
    if (last !== undefined && last.x + last.width > x) {
      if (step.ms > last.ms) {
        Object.assign(last, {ms: step.ms, predicted: step.predicted_ms, priority, width: Math.max(last.width, x + width - last.x)});
      }
    } else {
      bars.push({x, width, ms: step.ms, predicted: step.predicted_ms, priority});
    }
  }
  return bars;
}
