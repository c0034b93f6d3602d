'use strict';

// The numbers above the charts, and the sentence below each chart's name.
const headline = (() => {
  const {plain, whole, times, bytes, joules, seconds, text, count} = numbers;
  const byId = id => document.getElementById(id);

  const WAITS = {
    memory: ['memory', 'more bandwidth or fewer bits help'],
    compute: ['arithmetic', 'a higher peak or a smaller batch helps'],
    overhead: ['overhead', 'each step costs more than its work'],
    flash: ['flash', 'the weights do not fit in memory'],
    unknown: ['unknown', 'a figure of the device is not known'],
  };

  function put(id, [value, unit], tone = '') {
    const output = byId(id);
    output.className = tone;
    output.replaceChildren(Object.assign(document.createElement('b'), {textContent: value}));
    if (unit) {
      output.append(Object.assign(document.createElement('i'), {textContent: unit}));
    }
  }

  const note = (id, sentence) => { byId(id).textContent = sentence; };

  function tiles(scenario, results) {
    put('speed', [plain(results.tokensPerSecond), Number.isFinite(results.tokensPerSecond) ? 'tokens/s' : '']);
    const known = Number.isFinite(results.tokensPerSecond);
    const why = results.fits ? 'a figure of the device is not known' : 'it does not fit, and no flash speed is known';
    note('speed-note', !known ? why : [
      scenario.batch > 1 ? `${plain(results.totalTokensPerSecond)} all ${whole(scenario.batch)} together` : '',
      scenario.draftTokens > 0 ? `${plain(results.draftedTokensPerSecond)} with drafts of ${scenario.draftTokens}` : '',
    ].filter(part => part).join(' · '));
    const sized = !Number.isNaN(results.capacityBytes);
    put('fits', [!sized ? 'unknown' : results.fits ? 'fits' : 'does not fit', ''], !sized ? '' : results.fits ? 'yes' : 'no');
    note('fits-note', `${text(bytes(results.totalBytes))}${sized ? ` of ${text(bytes(results.capacityBytes))}` : ''}, `
        + `keys and values ${text(bytes(results.kvBytes))}`);
    put('ttft', seconds(results.ttftSeconds));
    note('ttft-note', Number.isNaN(results.ttftSeconds)
        ? (results.fits ? 'no peak is known for so many tokens' : 'it does not fit')
        : `${plain(results.prefillTokensPerSecond)} tokens/s of prompt`);
    put('energy', unitOf(joules(results.joulesPerToken)));
    note('energy-note', !known ? '' : `${plain(results.joulesPerToken * results.totalTokensPerSecond)} W while it decodes`);
    note('strip', `${plain(results.tokensPerSecond)} tok/s · ${!sized ? 'memory unknown' : results.fits ? 'fits' : 'does not fit'} · `
        + `first token ${text(seconds(results.ttftSeconds))} · ${text(joules(results.joulesPerToken))}/token`);
    const [bound, advice] = WAITS[results.bound];
    put('bound', [bound, '']);
    note('bound-note', results.fits || known ? advice : 'it does not fit');
  }

  const unitOf = ([value, unit]) => [value, unit && unit + '/token'];

  function reading(results) {
    const speeds = [['Silent reading, 238 wpm', results.silentReading], ['Normal reading, 250 wpm', results.normalReading],
      ['Skimming, 1000 wpm', results.skimming]];
    byId('reading').replaceChildren(...speeds.map(([name, speed]) => {
      const row = document.createElement('div');
      const label = Object.assign(document.createElement('span'), {textContent: `${name}: `});
      label.append(Object.assign(document.createElement('i'), {textContent: `${plain(speed)} tok/s`}));
      const ratio = results.tokensPerSecond / speed;
      const value = Object.assign(document.createElement('b'), {textContent: times(ratio), className: ratio >= 1 ? 'yes' : 'no'});
      row.append(label, value);
      return row;
    }));
  }

  function choices(scenario, state, device) {
    const parts = device ? ['memory bandwidth', 'memory capacity', 'int8 peak'].map(key => figureText(device, key))
        : ['every figure below is yours'];
    const changed = device ? settings.fields.filter(field => field.spec && differs(device, field, state[field.key])) : [];
    note('device-note', parts.join(' · ')
        + (changed.length ? `. Changed: ${changed.map(field => field.label.toLowerCase()).join(', ')}` : ''));
    const shape = scenario.shape;
    note('model-note', state.model === 'custom' ? '' : [
      `${count(shape.parameters)} parameters${shape.rumoured ? ', rumoured' : ''}`,
      shape.activeParameters < shape.parameters ? `${count(shape.activeParameters)} active` : '',
      shape.attention.length > 0 ? `${text(bytes(2 * cost.ModelShape.kvElementsPerToken(shape)))} keys and values a token in 16 bits`
          : shape.state > 0 ? `${text(bytes(2 * shape.state))} of state in 16 bits` : 'cache unknown, left out',
    ].filter(part => part).join(' · '));
  }

  function figureText(device, key) {
    const [value, trust] = device.figures[key] ?? [];
    const field = settings.fields.find(candidate => candidate.spec === key);
    return value === undefined ? `${field.label} unknown` : `${plain(value / field.factor)} ${field.unit} ${trust}`;
  }

  function differs(device, field, value) {
    const stated = device.figures[field.spec]?.[0];
    const usual = stated === undefined ? (field.blank ? NaN : field.start) : Number((stated / field.factor).toPrecision(12));
    return !Object.is(usual, value);
  }

  function captions(scenario, results) {
    note('size-note', `${plain(scenario.device.bandwidth / 1e9)} GB/s, ${plain(100 * scenario.efficiency.memory)} % reached. Lines: `
        + 'dense models, weights alone. Dots: the catalogue in this use; hollow ones do not fit, their speed is as if they did');
    note('batching-note', Number.isNaN(results.crossover) ? 'The peak is not known; only small batches have a speed'
        : `From ${plain(results.crossover)} sequences on, products wait for arithmetic`);
    note('memory-note', `${text(bytes(results.totalBytes))} at ${whole(scenario.context)} tokens`
        + (scenario.batch > 1 ? ` in each of ${whole(scenario.batch)} sequences` : ''));
    const curve = plan.speculationCurve(scenario, results, Array.from({length: 33}, (_, length) => length));
    const best = curve.reduce((most, point) => point.here > most.here ? point : most, curve[0]);
    note('speculation-note', Number.isFinite(best.here) && best.here > 1.005 ? `Best with γ = ${best.length}: ${times(best.here)}`
        : Number.isFinite(best.here) ? 'Drafting does not pay here' : 'The speed here is not known');
    note('link-note', scenario.draftTokens === 0 ? 'A draft length of 0 sends each token by itself'
        : `${plain(results.expectedTokens)} tokens a round trip; dashed: drafting on while waiting`);
  }

  function spoken(scenario, results) {
    return `${scenario.shape.name}: ${plain(results.tokensPerSecond)} tokens per second, `
        + `${results.fits ? 'fits in memory' : 'does not fit'}, `
        + `first token after ${text(seconds(results.ttftSeconds))}, ${text(joules(results.joulesPerToken))} a token, `
        + `bound by ${WAITS[results.bound][0]}`;
  }

  function describe(results) {
    const labels = {
      size: `Token speed by model size. Now ${plain(results.tokensPerSecond)} tokens per second.`,
      batching: `Token speed by batch. Now ${plain(results.totalTokensPerSecond)} tokens per second together.`,
      memory: `Memory by context. Now ${text(bytes(results.totalBytes))}.`,
      speculation: `Speed-up by draft length. Now ${plain(results.draftedTokensPerSecond / results.tokensPerSecond)} times.`,
      link: `Device and cloud by round trip. Together ${plain(results.togetherTokensPerSecond)} tokens per second.`,
    };
    Object.entries(labels).forEach(([id, label]) => byId(id).setAttribute('aria-label', label));
  }

  function show(scenario, results, state, device) {
    tiles(scenario, results);
    reading(results);
    choices(scenario, state, device);
    captions(scenario, results);
    describe(results);
  }

  return {show, spoken};
})();
