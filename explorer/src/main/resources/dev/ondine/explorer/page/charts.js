'use strict';

// What the five charts draw, as options of ECharts.
const charts = (() => {

  const SIZES = [3e7, 1e12];
  // Models below would stand where the lines have their names.
  const SMALLEST = 1e8;
  const BATCHES = [...new Set(Array.from({length: 41}, (_, i) => Math.round(2 ** (i / 4))))];
  const CONTEXTS = Array.from({length: 25}, (_, i) => Math.round(2 ** (8 + i / 2)));
  const LENGTHS = Array.from({length: 17}, (_, i) => i);
  const SPEEDS = [0.1, 10000];
  const FORMATS = [16, 8, 4];

  const finite = value => Number.isFinite(value) ? value : null;

  function base(colours, more) {
    return {
      animation: false,
      textStyle: {fontFamily: colours.font, color: colours.muted},
      color: [colours.accent, colours.second, colours.third, colours.neutral],
      grid: {left: 4, right: 18, top: 34, bottom: 22, containLabel: true},
      legend: {top: 0, left: 0, itemWidth: 16, itemHeight: 3, itemGap: 16, icon: 'roundRect', selectedMode: false,
        textStyle: {color: colours.muted, fontSize: 12}},
      tooltip: {trigger: 'axis', confine: true, backgroundColor: colours.surface, borderColor: colours.line, borderWidth: 1,
        padding: [6, 10], textStyle: {color: colours.ink, fontSize: 12}, axisPointer: {lineStyle: {color: colours.neutral, type: 'dotted'}},
        extraCssText: 'box-shadow: 0 2px 10px rgba(0,0,0,.12); font-variant-numeric: tabular-nums;'},
      ...more,
    };
  }

  function axis(colours, name, more) {
    const {axisLabel, ...rest} = more ?? {};
    return {
      name, nameLocation: 'middle', nameGap: 26, nameTextStyle: {color: colours.muted, fontSize: 12},
      axisLine: {lineStyle: {color: colours.line}}, axisTick: {show: false}, minorTick: {show: false},
      axisLabel: {color: colours.muted, fontSize: 11.5, hideOverlap: true, ...axisLabel},
      splitLine: {lineStyle: {color: colours.grid}},
      ...rest,
    };
  }

  const line = (name, colour, data, more) => ({
    name, type: 'line', data, showSymbol: false, symbol: 'circle', lineStyle: {width: 2, color: colour}, itemStyle: {color: colour},
    emphasis: {disabled: true}, ...more,
  });

  const dot = (colours, colour, data, label) => ({
    type: 'scatter', data: data.every(value => value !== null) ? [data] : [], symbolSize: 11, z: 6, tooltip: {show: false},
    itemStyle: {color: colour, borderColor: colours.surface, borderWidth: 2, opacity: 1},
    label: label ? {show: true, formatter: label, position: 'right', distance: 7, color: colours.ink, fontSize: 12.5, fontWeight: 600,
      textBorderColor: colours.surface, textBorderWidth: 3} : {show: false},
  });

  function marks(colours, entries) {
    return {
      silent: true, symbol: 'none', lineStyle: {color: colours.neutral, type: [4, 4], width: 1},
      label: {color: colours.muted, fontSize: 11.5, position: 'insideEndTop', textBorderColor: colours.surface, textBorderWidth: 3},
      data: entries,
    };
  }

  // What a tooltip shows of one place on the horizontal axis.
  const tip = (heading, format) => points => [heading(points[0].value[0]),
    ...points.filter(point => point.value[1] !== null && !Number.isNaN(point.value[1]))
        .map(point => `${point.marker}${point.seriesName} <b>${format(point.value[1])}</b>`)].join('<br>');

  const speedText = value => `${numbers.plain(value)} tok/s`;

  // Width of a letter, and height of a name, in decades of the chart of sizes.
  const LETTER = 0.037;
  const HEIGHT = 0.2;

  // Names the dots, as long as a name covers no other name or dot.
  function withNames(dots, now) {
    const placed = dots.map(dot => ({dot, x: Math.log10(dot.parameters), y: Math.log10(dot.tokensPerSecond)}));
    const names = [];
    const hits = (name, x, y) => Math.abs(y - name.y) < HEIGHT / 2 && x > name.left && x < name.right;
    const overlap = (a, b) => Math.abs(a.y - b.y) < HEIGHT && a.left < b.right && b.left < a.right;
    if (now.tokensPerSecond > 0) {
      const x = Math.log10(now.parameters);
      names.push({left: x - 0.1, right: x + 0.1 + 1.3 * LETTER * now.name.length, y: Math.log10(now.tokensPerSecond)});
    }
    return placed.map(({dot, x, y}) => {
      const width = LETTER * dot.name.length + 0.06;
      const atEnd = x + width > Math.log10(SIZES[1]);
      const name = atEnd ? {left: x - width, right: x - 0.03, y} : {left: x + 0.03, right: x + width, y};
      const named = !names.some(other => overlap(other, name)) && !placed.some(other => other.dot !== dot && hits(name, other.x, other.y));
      if (named) {
        names.push(name);
      }
      return {...dot, named, side: atEnd ? 'left' : 'right'};
    });
  }

  function catalogueDots(view, colours) {
    const {scenario, results, models, narrow} = view;
    const dots = models.map(shape => ({...plan.peer(scenario, shape), id: shape.id, name: shape.name, rumoured: shape.rumoured}))
        .filter(peer => peer.tokensPerSecond >= SPEEDS[0] && peer.parameters >= SMALLEST && !(peer.fits && peer.id === scenario.shape.id));
    const hollow = {color: colours.surface, borderColor: colours.neutral, borderWidth: 1.2};
    const now = {parameters: scenario.shape.parameters, tokensPerSecond: results.tokensPerSecond, name: scenario.shape.name};
    return withNames(dots, now).map(dot => ({
      name: dot.name, fits: dot.fits, rumoured: dot.rumoured, value: [dot.parameters, dot.tokensPerSecond],
      itemStyle: dot.fits ? undefined : hollow, label: {show: dot.named && !narrow, position: dot.side},
    }));
  }

  function size(view, colours) {
    const {scenario, results} = view;
    const lines = [...FORMATS, scenario.bits].map((width, i) => {
      const colour = i === FORMATS.length ? colours.accent : colours.neutral;
      return line('', colour, plan.sizeLine(scenario, width, SIZES), {tooltip: {show: false}, silent: true,
        lineStyle: {width: i === FORMATS.length ? 2.5 : 1, color: colour}});
    });
    lines[0].markLine = marks(colours, [['silent reading', results.silentReading], ['skimming', results.skimming]]
        .map(([name, speed]) => ({yAxis: speed, label: {formatter: `${name} ${numbers.plain(speed)}`}})));
    const names = [...FORMATS.filter(width => Math.abs(Math.log2(width / scenario.bits)) > 0.3), scenario.bits].map(width => ({
      value: plan.sizeLine(scenario, width, SIZES)[0], label: {formatter: `${numbers.plain(width)} bits`,
        color: width === scenario.bits ? colours.accent : colours.muted}}));
    return base(colours, {
      grid: {left: 4, right: 18, top: 12, bottom: 22, containLabel: true},
      legend: {show: false},
      tooltip: {...base(colours).tooltip, trigger: 'item', formatter: point =>
          `${point.data.name}<br>${numbers.count(point.value[0])} parameters${point.data.rumoured ? ', rumoured' : ''}<br><b>`
          + `${speedText(point.value[1])}</b>${point.data.fits ? '' : '<br>does not fit'}`},
      xAxis: axis(colours, 'parameters', {type: 'log', min: SIZES[0], max: SIZES[1], axisLabel: {formatter: numbers.count}}),
      yAxis: axis(colours, '', {type: 'log', min: SPEEDS[0], max: SPEEDS[1], axisLabel: {formatter: numbers.plain}}),
      series: [...lines,
        {type: 'scatter', symbolSize: 0.1, z: 5, silent: true, data: names,
          label: {show: true, position: 'right', offset: [-2, -9], fontSize: 11.5, textBorderColor: colours.surface,
            textBorderWidth: 3}},
        {type: 'scatter', symbolSize: 6, z: 4, itemStyle: {color: colours.neutral, opacity: 1}, label: {formatter: '{b}',
          distance: 4, fontSize: 11, color: colours.muted, textBorderColor: colours.surface, textBorderWidth: 3},
          emphasis: {disabled: true}, data: catalogueDots(view, colours)},
        dot(colours, colours.accent, [scenario.shape.parameters, finite(results.tokensPerSecond)],
            scenario.shape.name + (results.fits ? '' : ' from flash'))],
    });
  }

  function batching(view, colours) {
    const {scenario, results} = view;
    const curve = plan.batchCurve(scenario, BATCHES);
    const most = plan.largestBatch(results, scenario.batch);
    const entries = [];
    if (results.crossover >= 1 && results.crossover <= 1024) {
      entries.push({xAxis: results.crossover, label: {formatter: `B* ${numbers.plain(results.crossover)}`, position: 'end', distance: 4}});
    }
    if (most >= 2 && most <= 1024) {
      entries.push({xAxis: most, label: {formatter: `memory full ${numbers.whole(most)}`, distance: 4,
        position: Math.abs(Math.log2(most / results.crossover)) < 3 ? 'insideEndTop' : 'end'}});
    }
    return base(colours, {
      tooltip: {...base(colours).tooltip, formatter: tip(batch => `batch ${numbers.whole(batch)}`, speedText)},
      xAxis: axis(colours, 'sequences together', {type: 'log', logBase: 4, min: 1, max: 1024, axisLabel: {formatter: numbers.whole}}),
      yAxis: axis(colours, '', {type: 'log', axisLabel: {formatter: numbers.plain}}),
      series: [
        line('all together', colours.accent, curve.map(([batch, speed]) => [batch, finite(batch * speed)]),
            {markLine: marks(colours, entries)}),
        line('each', colours.second, curve.map(([batch, speed]) => [batch, finite(speed)])),
        dot(colours, colours.accent, [scenario.batch, finite(results.totalTokensPerSecond)]),
        dot(colours, colours.second, [scenario.batch, finite(results.tokensPerSecond)]),
      ],
    });
  }

  function memory(view, colours) {
    const {scenario, results} = view;
    const curve = plan.memoryCurve(scenario, CONTEXTS);
    const gigabytes = value => value / 1e9;
    const capacity = results.capacityBytes;
    const top = 1.25 * Math.max(gigabytes(results.totalBytes), finite(gigabytes(capacity)) ?? 0);
    return base(colours, {
      tooltip: {...base(colours).tooltip, formatter: tip(context => `${numbers.tokens(context)} tokens`,
          value => `${numbers.plain(value)} GB`)},
      xAxis: axis(colours, 'tokens of context', {type: 'log', logBase: 4, min: 256, max: 1048576, axisLabel: {formatter: numbers.tokens}}),
      yAxis: axis(colours, '', {type: 'value', min: 0, max: Number(top.toPrecision(2)), axisLabel: {formatter: numbers.plain}}),
      series: [
        line('with keys and values', colours.second, curve.map(([context, bytes]) => [context, gigabytes(bytes.totalBytes)]),
            {areaStyle: {opacity: 0.16}}),
        line('weights', colours.accent, curve.map(([context, bytes]) => [context, gigabytes(bytes.weightBytes)]), {
          areaStyle: {color: colours.fill, opacity: 1}, z: 3,
          markLine: marks(colours, Number.isNaN(capacity) ? [] : [{yAxis: gigabytes(capacity),
            label: {formatter: `free for a model ${numbers.text(numbers.bytes(capacity))}`, position: 'insideStartTop'}}])}),
        dot(colours, results.fits ? colours.accent : colours.bad, [Math.max(256, scenario.context), gigabytes(results.totalBytes)]),
      ],
    });
  }

  function speculation(view, colours) {
    const {scenario, results} = view;
    const curve = plan.speculationCurve(scenario, results, LENGTHS);
    const now = results.draftedTokensPerSecond / results.tokensPerSecond;
    return base(colours, {
      tooltip: {...base(colours).tooltip, formatter: tip(length => `draft of ${length}`, numbers.times)},
      xAxis: axis(colours, 'draft length γ', {type: 'value', min: 0, max: LENGTHS.at(-1), interval: 4, splitLine: {show: false}}),
      yAxis: axis(colours, '', {type: 'value', min: 0, splitNumber: 4, axisLabel: {formatter: value => `${numbers.plain(value)}×`}}),
      series: [
        line('if a check costs one step', colours.neutral, curve.map(point => [point.length, point.ideal]),
            {lineStyle: {width: 1.5, color: colours.neutral, type: [5, 4]},
              markLine: marks(colours, [{yAxis: 1, label: {formatter: 'without drafts'}}])}),
        line('on this device', colours.accent, curve.map(point => [point.length, finite(point.here)])),
        dot(colours, colours.accent, [Math.min(scenario.draftTokens, LENGTHS.at(-1)), finite(now)]),
      ],
    });
  }

  function link(view, colours) {
    const {scenario, results, narrow} = view;
    const most = Math.max(200, 2 * scenario.roundTripSeconds * 1e3);
    const ends = speed => [[0, finite(speed)], [most, finite(speed)]];
    const roundTrips = Array.from({length: 41}, (_, i) => i * most / 40);
    const curve = plan.linkCurve(scenario, roundTrips.map(milliseconds => milliseconds / 1e3));
    return base(colours, {
      grid: {...base(colours).grid, top: narrow ? 52 : 34},
      legend: {...base(colours).legend, data: ['device', 'cloud, streamed', 'draft here, verify there']},
      tooltip: {...base(colours).tooltip, formatter: tip(milliseconds => `round trip ${numbers.plain(milliseconds)} ms`, speedText)},
      xAxis: axis(colours, 'round trip, ms', {type: 'value', min: 0, max: most, splitLine: {show: false}}),
      yAxis: axis(colours, '', {type: 'log', axisLabel: {formatter: numbers.plain}}),
      series: [
        line('device', colours.accent, ends(results.tokensPerSecond)),
        line('cloud, streamed', colours.second, ends(results.cloudTokensPerSecond)),
        line('draft here, verify there', colours.third, curve.map(point => [point.roundTrip * 1e3, finite(point.together)])),
        line('drafting on meanwhile', colours.third, curve.map(point => [point.roundTrip * 1e3, finite(point.overlapped)]),
            {lineStyle: {width: 1.5, color: colours.third, type: [5, 4]}}),
        dot(colours, colours.third, [scenario.roundTripSeconds * 1e3, finite(results.togetherTokensPerSecond)]),
      ],
    });
  }

  return {size, batching, memory, speculation, link};
})();
