'use strict';

// What the user set, in the units of the page, and how it is written after the # of the address.
const settings = (() => {

  const log = {toSlider: Math.log10, fromSlider: place => Number((10 ** place).toPrecision(3))};
  const linear = {toSlider: value => value, fromSlider: value => value};
  // Powers of two and half way between them: 1024, 1536, 2048.
  const binary = {
    toSlider: value => {
      const power = Math.floor(Math.log2(value));
      return 2 * (power + value / 2 ** power - 1);
    },
    fromSlider: place => 2 ** Math.floor(place / 2) * (place % 2 === 1 ? 1.5 : 1),
  };

  // key: the name in the address; factor: page unit to SI unit; blank: an empty box means unknown, NaN.
  const number = (key, label, unit, least, most, start, more = {}) =>
      ({key, label, unit, least, most, start, scale: linear, step: 0.01, factor: 1, ...more});

  const fields = [
    number('bandwidth', 'Bandwidth', 'GB/s', 0.1, 100000, 76.8,
        {group: 'device', scale: log, step: 0.01, slider: [1, 10000], factor: 1e9, spec: 'memory bandwidth'}),
    number('mbu', 'Reached (MBU)', '%', 1, 120, 75, {group: 'device', slider: [5, 100], step: 1, factor: 0.01}),
    number('parameters', 'Parameters', '10⁹', 0.001, 100000, 7, {group: 'model', scale: log, slider: [0.1, 2000], factor: 1e9}),
    number('bits', 'Bits per weight', 'bit', 0.5, 32, 4, {group: 'model', slider: [1, 16], step: 0.25}),
    number('context', 'Context', 'tokens', 0, 1e8, 4096, {group: 'use', scale: binary, slider: [128, 1048576], step: 1, whole: true}),
    number('prompt', 'Prompt length', 'tokens', 1, 1e7, 512, {group: 'use', scale: binary, slider: [1, 131072], step: 1, whole: true}),
    number('batch', 'Batch', 'sequences', 1, 1e6, 1, {group: 'use', scale: binary, slider: [1, 1024], step: 1, whole: true}),
    number('words', 'Tokens per word', '', 0.5, 10, 1.333, {group: 'use', slider: [1, 4]}),
    number('acceptance', 'Acceptance α', '', 0, 1, 0.7, {group: 'draft', slider: [0, 1]}),
    number('draft', 'Draft length γ', 'tokens', 0, 1000, 4, {group: 'draft', slider: [0, 16], step: 1, whole: true}),
    number('cost', 'Cost of a draft', '× step', 0, 10, 0.1, {group: 'draft', slider: [0, 1]}),
    number('rtt', 'Round trip (RTT)', 'ms', 0, 60000, 50, {group: 'cloud', slider: [0, 500], step: 1, factor: 1e-3}),

    number('capacity', 'Memory', 'GB', 0.001, 1e6, 24, {group: 'more', factor: 1e9, blank: true, spec: 'memory capacity'}),
    number('reserved', 'Kept by the system', 'GB', 0, 1e6, 0, {group: 'more', factor: 1e9, spec: 'memory reserved'}),
    number('shared', 'Other traffic', 'GB/s', 0, 1e5, 0, {group: 'more', factor: 1e9, spec: 'shared traffic'}),
    number('int8', 'INT8 peak', 'TOPS', 0.001, 1e7, NaN, {group: 'more', factor: 1e12, blank: true, spec: 'int8 peak'}),
    number('fp16', 'FP16 peak', 'TFLOPS', 0.001, 1e7, NaN, {group: 'more', factor: 1e12, blank: true, spec: 'fp16 peak'}),
    number('fp8', 'FP8 peak', 'TFLOPS', 0.001, 1e7, NaN, {group: 'more', factor: 1e12, blank: true, spec: 'fp8 peak'}),
    number('mfu', 'Share of the peak', '%', 0.1, 100, 50, {group: 'more', factor: 0.01}),
    number('overhead', 'Overhead of a step', 'ms', 0, 1000, 0, {group: 'more', factor: 1e-3, spec: 'step overhead'}),
    number('flash', 'Flash reads', 'GB/s', 0.001, 1000, NaN, {group: 'more', factor: 1e9, blank: true, spec: 'flash read'}),
    number('ebit', 'Energy of memory', 'pJ/bit', 0.01, 1000, 7, {group: 'more', factor: 1e-12, spec: 'memory energy'}),
    number('emac', 'Energy of a MAC', 'pJ', 0.001, 1000, 0.23, {group: 'more', factor: 1e-12, spec: 'mac energy'}),
    number('idle', 'Idle power', 'W', 0, 1e6, 0, {group: 'more', spec: 'idle power'}),
    number('kvbits', 'Bits per key, value', 'bit', 1, 32, 16, {group: 'modelMore'}),
    number('kv', 'KV numbers a token', 'numbers', 0, 1e9, 0, {group: 'modelMore', whole: true, customOnly: true}),
    number('cloudbits', 'Bits per weight there', 'bit', 0.5, 32, 8, {group: 'cloudMore'}),
  ];
  fields.find(field => field.key === 'parameters').customOnly = true;

  const byKey = new Map(fields.map(field => [field.key, field]));
  const choices = ['device', 'model', 'cloud'];

  // The nearest valid value; undefined if the text is no number.
  function valid(field, value) {
    if (value === null || value === '' || Number.isNaN(value)) {
      return field.blank ? NaN : undefined;
    }
    const number = Number(value);
    if (Number.isNaN(number)) {
      return undefined;
    }
    const inRange = Math.min(field.most, Math.max(field.least, number));
    return field.whole ? Math.round(inRange) : inRange;
  }

  // Keeps what is valid of what somebody typed into the address; everything else stays as it is.
  function merged(state, changes, known) {
    const result = {...state};
    for (const [key, value] of Object.entries(changes)) {
      if (choices.includes(key) && known(key, value)) {
        result[key] = value;
      } else if (byKey.has(key)) {
        result[key] = valid(byKey.get(key), value) ?? state[key];
      }
    }
    return result;
  }

  const starts = () => Object.fromEntries(fields.map(field => [field.key, field.start]));

  function toFragment(state) {
    const parts = new URLSearchParams();
    choices.forEach(key => parts.set(key, state[key]));
    fields.filter(field => !field.customOnly || state.model === 'custom').forEach(field => {
      const value = state[field.key];
      parts.set(field.key, Number.isNaN(value) ? '' : String(value));
    });
    return parts.toString();
  }

  function fromFragment(text) {
    return Object.fromEntries(new URLSearchParams(text.replace(/^#/, '')));
  }

  const inBase = (state, key) => state[key] * byKey.get(key).factor;

  return {fields, byKey, valid, merged, starts, toFragment, fromFragment, inBase};
})();
