'use strict';

(() => {
  const catalogue = JSON.parse(document.getElementById('catalogue').textContent);
  const devices = new Map(catalogue.devices.map(device => [device.id, device]));
  const shapes = new Map(catalogue.models.map(shape => [shape.id, shape]));
  const byId = id => document.getElementById(id);
  const root = document.documentElement;
  const inputs = new Map();
  const drawn = new Map();
  const shown = new Map();
  let state = startState();
  let results = {};
  let lastUpdateMillis = 0;
  let pendingAddress = 0;
  let pendingSpeech = 0;

  function figure(device, key) {
    return device?.figures[key]?.[0] ?? NaN;
  }

  function known(choice, id) {
    return choice !== 'cloud' && id === 'custom' || (choice === 'model' ? shapes : devices).has(id);
  }

  /* ---- state ---- */

  function startState() {
    const first = (wanted, map) => map.has(wanted) ? wanted : map.keys().next().value ?? 'custom';
    const start = {...settings.starts(), device: first('dimensity-9300', devices), model: first('llama-2-7b', shapes),
      cloud: first('h100', devices)};
    return withStart(withTypical(withDevice(start)), catalogue.start);
  }

  // A device or model that is named brings its own figures; numbers that are named beside it win.
  function withStart(base, changes) {
    const chosen = settings.merged(base, {device: changes.device, model: changes.model, cloud: changes.cloud}, known);
    const figures = changes.device === undefined ? chosen : withDevice(chosen);
    const named = changes.device === undefined && changes.model === undefined ? figures : withTypical(figures);
    return settings.merged(named, changes, known);
  }

  function withDevice(from) {
    const device = devices.get(from.device);
    if (!device) {
      return from;
    }
    const changed = {...from};
    settings.fields.filter(field => field.spec).forEach(field => {
      const value = figure(device, field.spec) / field.factor;
      changed[field.key] = Number.isNaN(value) && !field.blank ? field.start : Number(value.toPrecision(12));
    });
    return changed;
  }

  function withTypical(from) {
    const share = plan.typical(deviceOf(devices.get(from.device)), shapeOf(from));
    return {...from, mbu: Number((100 * share.memory).toPrecision(3)), mfu: Number((100 * share.compute).toPrecision(3))};
  }

  function shapeOf(from) {
    return shapes.get(from.model) ?? cost.ModelShape.ofParameters(settings.inBase(from, 'parameters'), from.kv);
  }

  function deviceOf(device) {
    return {
      bandwidth: figure(device, 'memory bandwidth'), sharedTraffic: figure(device, 'shared traffic') || 0,
      int8Peak: figure(device, 'int8 peak'), fp16Peak: figure(device, 'fp16 peak'), fp8Peak: figure(device, 'fp8 peak'),
      stepOverhead: figure(device, 'step overhead') || 0, memoryEfficiency: figure(device, 'memory efficiency'),
      computeEfficiency: figure(device, 'compute efficiency'),
    };
  }

  function scenarioOf(from) {
    const value = key => settings.inBase(from, key);
    const shape = shapeOf(from);
    const cloud = deviceOf(devices.get(from.cloud));
    return {
      shape, cloud, cloudEfficiency: plan.typical(cloud, shape),
      device: {bandwidth: value('bandwidth'), sharedTraffic: Math.min(value('shared'), 0.99 * value('bandwidth')),
        capacity: value('capacity'), reserved: value('reserved'), int8Peak: value('int8'), fp16Peak: value('fp16'), fp8Peak: value('fp8'),
        stepOverhead: value('overhead'), flashRead: value('flash')},
      efficiency: {memory: value('mbu'), compute: value('mfu')},
      energy: {joulesPerBit: value('ebit'), joulesPerMac: value('emac'), idleWatts: value('idle')},
      bits: value('bits'), kvBits: value('kvbits'), context: value('context'), prompt: value('prompt'), batch: value('batch'),
      acceptance: value('acceptance'), draftTokens: value('draft'), draftCost: value('cost'),
      cloudBits: value('cloudbits'), roundTripSeconds: value('rtt'), tokensPerWord: value('words'),
    };
  }

  function set(changes) {
    const started = performance.now();
    state = withStart(state, changes);
    update();
    lastUpdateMillis = performance.now() - started;
  }

  /* ---- what is shown ---- */

  function update() {
    const scenario = scenarioOf(state);
    results = plan.evaluate(scenario);
    showSettings();
    headline.show(scenario, results, state, devices.get(state.device));
    draw({scenario, results, models: catalogue.models});
    clearTimeout(pendingAddress);
    pendingAddress = setTimeout(writeAddress, 200);
    clearTimeout(pendingSpeech);
    pendingSpeech = setTimeout(() => { byId('spoken').textContent = headline.spoken(scenario, results); }, 900);
  }

  function draw(view) {
    const colours = palette();
    for (const [name, option] of Object.entries(charts)) {
      const chart = drawn.get(name);
      const wanted = option({...view, narrow: chart.getWidth() < 480}, colours);
      // Most settings change few charts; the functions in an option follow from what is compared.
      const seen = JSON.stringify(wanted);
      if (shown.get(name) !== seen) {
        shown.set(name, seen);
        chart.setOption(wanted);
        chart.getZr().flush();
      }
    }
  }

  function palette() {
    const style = getComputedStyle(root);
    const names = ['accent', 'second', 'third', 'neutral', 'ink', 'muted', 'line', 'grid', 'surface', 'fill', 'bad'];
    return {font: style.fontFamily, ...Object.fromEntries(names.map(name => [name, style.getPropertyValue('--' + name).trim()]))};
  }

  function showSettings() {
    byId('device').value = state.device;
    byId('model').value = state.model;
    byId('cloud').value = state.cloud;
    for (const [key, {row, box, slider}] of inputs) {
      const field = settings.byKey.get(key);
      const value = state[key];
      row.hidden = Boolean(field.customOnly) && state.model !== 'custom';
      if (document.activeElement !== box) {
        box.value = Number.isNaN(value) ? '' : String(Number(value.toPrecision(6)));
      }
      if (slider) {
        const at = field.scale.toSlider(Math.max(value, field.slider[0]));
        slider.value = at;
        slider.style.setProperty('--done', `${100 * (slider.value - slider.min) / (slider.max - slider.min)}%`);
        slider.setAttribute('aria-valuetext', `${numbers.plain(value)} ${field.unit}`);
      }
    }
  }

  function writeAddress() {
    try {
      history.replaceState(null, '', '#' + settings.toFragment(state));
    } catch {
      // A browser that forbids it still shows everything.
    }
  }

  /* ---- controls ---- */

  function build() {
    fill(byId('device'), [['custom', 'Any device'], ...groupedDevices()]);
    fill(byId('model'), [['custom', 'Any dense model'], ...catalogue.models.map(shape => [shape.id, shape.name, shape.maker])]);
    fill(byId('cloud'), groupedDevices());
    settings.fields.forEach(addField);
    ['device', 'model', 'cloud'].forEach(choice => byId(choice).addEventListener('change', event => set({[choice]: event.target.value})));
    byId('controls').onsubmit = event => event.preventDefault();
    byId('reset').onclick = () => { state = startState(); set({}); };
    byId('print').onclick = () => print();
    byId('copy').onclick = copyLink;
    byId('theme').onclick = () => { setTheme(root.dataset.theme === 'dark' ? 'light' : 'dark'); update(); };
  }

  function groupedDevices() {
    return catalogue.devices.map(device => [device.id, device.name, device.kind]);
  }

  function fill(select, entries) {
    const groups = new Map();
    for (const [id, name, group] of entries) {
      if (group && !groups.has(group)) {
        const element = document.createElement('optgroup');
        element.label = group;
        groups.set(group, select.appendChild(element));
      }
      (groups.get(group) ?? select).append(new Option(name, id));
    }
  }

  function addField(field) {
    const row = document.createElement('div');
    row.className = 'field';
    const label = document.createElement('label');
    label.textContent = field.label;
    label.htmlFor = 'box-' + field.key;
    const entry = document.createElement('span');
    entry.className = 'entry';
    const box = Object.assign(document.createElement('input'), {type: 'number', id: 'box-' + field.key, min: field.least, max: field.most,
      step: 'any', inputMode: 'decimal', placeholder: field.blank ? 'unknown' : ''});
    const unit = document.createElement('span');
    unit.textContent = field.unit;
    entry.append(box, unit);
    row.append(label, entry);
    box.oninput = () => set({[field.key]: box.value});
    box.onblur = () => showSettings();
    const slider = field.slider ? addSlider(field, row) : null;
    inputs.set(field.key, {row, box, slider});
    document.querySelector(`[data-group=${field.group}]`).append(row);
  }

  function addSlider(field, row) {
    const [least, most] = field.slider.map(field.scale.toSlider);
    const slider = Object.assign(document.createElement('input'), {type: 'range', min: least, max: most, step: field.step});
    slider.setAttribute('aria-label', field.label);
    slider.oninput = () => set({[field.key]: field.scale.fromSlider(Number(slider.value))});
    row.append(slider);
    return slider;
  }

  async function copyLink() {
    writeAddress();
    const button = byId('copy');
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Copy it from the address bar';
    }
    setTimeout(() => { button.textContent = 'Copy link'; }, 2000);
  }

  /* ---- theme, size, paper ---- */

  function setTheme(theme) {
    root.dataset.theme = theme;
    byId('theme').setAttribute('aria-pressed', String(theme === 'dark'));
    byId('theme').textContent = theme === 'dark' ? 'Light' : 'Dark';
  }

  function resize() {
    drawn.forEach(chart => chart.resize());
    update();
  }

  function followPaper() {
    let before = null;
    addEventListener('beforeprint', () => {
      before = {theme: root.dataset.theme, open: document.querySelector('details').open};
      document.querySelector('details').open = true;
      setTheme('light');
      update();
      // A4 without its margins is 703 px wide.
      drawn.forEach((chart, name) => chart.resize(name === 'size' ? {width: 670, height: 250} : {width: 322, height: 190}));
    });
    addEventListener('afterprint', () => {
      document.querySelector('details').open = before.open;
      setTheme(before.theme);
      update();
      drawn.forEach(chart => chart.resize({width: 'auto', height: 'auto'}));
    });
  }

  function start() {
    build();
    byId('echarts-version').textContent = echarts.version;
    for (const name of Object.keys(charts)) {
      drawn.set(name, echarts.init(byId(name), null, {renderer: 'svg'}));
    }
    setTheme(root.dataset.theme);
    state = withStart(state, settings.fromFragment(location.hash));
    set({});
    new ResizeObserver(resize).observe(byId('results'));
    addEventListener('hashchange', () => { state = withStart(startState(), settings.fromFragment(location.hash)); set({}); });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', event => {
      setTheme(event.matches ? 'dark' : 'light');
      update();
    });
    followPaper();
  }

  window.ondine = {set, state: () => ({...state}), results: () => ({...results}), lastUpdateMillis: () => lastUpdateMillis};
  start();
})();
