'use strict';

// The cost model of the roofline module, name for name. SI units; NaN is what nobody has published.
const cost = (() => {

  // Rows up to which even a slow accelerator waits for memory.
  const FEW_ROWS = 8;
  // Bytes of a number of recurrent state, which is kept in 16 bits.
  const STATE_BYTES = 2;

  const sum = (list, number) => list.reduce((total, item) => total + number(item), 0);

  const StoredFormat = {
    bytes: (bits, elements) => elements * bits / 8,
    // Weights of 8 bits and fewer are multiplied as bytes.
    computeBits: bits => bits > 16 ? 32 : bits > 8 ? 16 : 8,
  };

  const ExpertUnion = {
    expected: (experts, active, tokens) => experts * -Math.expm1(tokens * Math.log1p(-active / experts)),
  };

  const AttentionGroup = {
    reach: (group, depth) => group.window === 0 ? depth : Math.min(depth, group.window),
  };

  const ModelShape = {
    // A model of which only the number of parameters is known.
    ofParameters: (parameters, kvElements) => ({
      id: 'custom', name: 'a dense model', parameters, activeParameters: parameters, layer: parameters, lookup: 0, output: 0, vector: 0,
      experts: [], activeExperts: 0, state: 0, vocabSize: 0,
      attention: kvElements > 0 ? [{layers: 1, heads: 0, headDim: 0, kvElements, window: 0}] : [],
    }),
    kvElements: (shape, depth) => sum(shape.attention, group => group.layers * group.kvElements * AttentionGroup.reach(group, depth)),
    kvElementsPerToken: shape => sum(shape.attention, group => group.layers * group.kvElements),
  };

  const Step = {
    decode: (sequences, depth) => ({rows: sequences, logitsRows: sequences, sequences, depth}),
    prefill: (tokens, depth, last) => ({rows: tokens, logitsRows: last ? 1 : 0, sequences: 1, depth}),
    verify: (draftTokens, sequences, depth) => {
      const rows = (draftTokens + 1) * sequences;
      return {rows, logitsRows: rows, sequences, depth};
    },
    meanReach: step => step.depth + (step.rows / step.sequences + 1) / 2,
  };

  const Demand = {
    of: (shape, bits, kvBits, step) => {
      const products = [
        {weights: step.rows * shape.lookup, rows: 0},
        {weights: shape.layer, rows: step.rows},
        {weights: step.logitsRows > 0 ? shape.output : 0, rows: step.logitsRows},
        {weights: shape.vector, rows: 0},
        ...shape.experts.map(group => {
          const union = ExpertUnion.expected(group.experts, shape.activeExperts, step.rows);
          return {weights: group.elements * union, rows: step.rows * shape.activeExperts / union};
        }),
      ].filter(product => product.weights > 0);
      const reach = Step.meanReach(step);
      const kvBytes = StoredFormat.bytes(kvBits, ModelShape.kvElements(shape, step.depth + step.rows / step.sequences));
      const weightBytes = StoredFormat.bytes(bits, sum(products, product => product.weights));
      const cacheBytes = step.sequences * kvBytes + step.rows * StoredFormat.bytes(kvBits, ModelShape.kvElementsPerToken(shape))
          + 2 * step.sequences * shape.state * STATE_BYTES;
      const attention = step.rows * sum(shape.attention,
          group => 2 * group.layers * group.heads * group.headDim * AttentionGroup.reach(group, reach));
      return {
        products, bits, weightBytes, cacheBytes, bytes: weightBytes + cacheBytes,
        attentionMultiplyAccumulates: attention, attentionRows: step.rows / step.sequences,
        multiplyAccumulates: sum(products, product => product.weights * product.rows) + attention,
      };
    },
  };

  const longer = (memorySeconds, computeSeconds, rows) => Number.isNaN(computeSeconds)
      ? (rows <= FEW_ROWS ? memorySeconds : NaN)
      : Math.max(memorySeconds, computeSeconds);

  const RooflineModel = {
    // What is reached of a device: bytes/s and operations/s.
    of: (device, efficiency) => {
      const first = (...values) => values.find(value => !Number.isNaN(value)) ?? NaN;
      const byteOperations = first(device.int8Peak, device.fp8Peak, device.fp16Peak) * efficiency.compute;
      return {
        bytesPerSecond: (device.bandwidth - device.sharedTraffic) * efficiency.memory,
        byteOperations,
        halfOperations: first(device.fp16Peak * efficiency.compute, byteOperations / 2),
        overheadSeconds: device.stepOverhead,
      };
    },
    time: (model, demand) => {
      const peak = StoredFormat.computeBits(demand.bits) <= 8 ? model.byteOperations : model.halfOperations;
      let seconds = 0;
      let compute = 0;
      for (const product of demand.products) {
        const computeSeconds = product.rows === 0 ? 0 : 2 * product.weights * product.rows / peak;
        compute += computeSeconds;
        seconds += longer(StoredFormat.bytes(demand.bits, product.weights) / model.bytesPerSecond, computeSeconds, product.rows);
      }
      const attentionSeconds = 2 * demand.attentionMultiplyAccumulates / model.halfOperations;
      seconds += longer(demand.cacheBytes / model.bytesPerSecond, attentionSeconds, demand.attentionRows);
      return {
        seconds: seconds + model.overheadSeconds,
        memorySeconds: demand.bytes / model.bytesPerSecond,
        computeSeconds: compute + attentionSeconds,
        overheadSeconds: model.overheadSeconds,
      };
    },
    bound: time => {
      if (Number.isNaN(time.seconds)) {
        return 'unknown';
      }
      const most = Math.max(time.memorySeconds, Number.isNaN(time.computeSeconds) ? 0 : time.computeSeconds);
      return time.overheadSeconds > most ? 'overhead' : time.memorySeconds >= most ? 'memory' : 'compute';
    },
  };

  const Crossover = {
    // Rows at which arithmetic takes as long as reading the weights.
    rows: (operationsPerSecond, bytesPerWeight, bytesPerSecond) => operationsPerSecond * bytesPerWeight / (2 * bytesPerSecond),
    of: (model, bits) => Crossover.rows(StoredFormat.computeBits(bits) <= 8 ? model.byteOperations : model.halfOperations, bits / 8,
        model.bytesPerSecond),
  };

  const Efficiency = {
    // Share of the bandwidth that tuned programs reach where nothing was measured.
    typicalMemory: shape => {
      if (shape.vocabSize >= 200000 && shape.parameters < 3e9) {
        return 0.5;
      }
      return 0.5 + 0.25 * Math.min(1, Math.max(0, (shape.parameters - 2e9) / 1e9));
    },
    typicalCompute: 0.5,
  };

  // Leviathan et al., arXiv 2211.17192.
  const Speculation = {
    // (1 - α^(γ+1)) / (1 - α)
    expectedTokens: (acceptance, draftTokens) => {
      let tokens = 1;
      for (let i = 0; i < draftTokens; i++) {
        tokens = 1 + acceptance * tokens;
      }
      return tokens;
    },
    tokensPerSecond: (acceptance, draftTokens, draftSeconds, verifySeconds) =>
        Speculation.expectedTokens(acceptance, draftTokens) / (draftTokens * draftSeconds + verifySeconds),
    // If the check costs one step, and a drafted token that share of one.
    speedUp: (acceptance, draftTokens, costRatio) =>
        Speculation.expectedTokens(acceptance, draftTokens) / (draftTokens * costRatio + 1),
  };

  // The device drafts, the cloud checks; waitSeconds is the round trip and the check.
  const LinkedSpeculation = {
    tokensPerSecond: (acceptance, draftTokens, draftSeconds, waitSeconds) =>
        Speculation.tokensPerSecond(acceptance, draftTokens, draftSeconds, waitSeconds),
    // The device drafts on while it waits, on the guess that all is accepted.
    overlappedRoundSeconds: (acceptance, draftTokens, draftSeconds, waitSeconds) => {
      const right = Math.pow(acceptance, draftTokens + 1);
      const rest = Math.min(Math.max((draftTokens + 1) * draftSeconds - waitSeconds, 0), draftTokens * draftSeconds);
      return waitSeconds + right * rest + (1 - right) * draftTokens * draftSeconds;
    },
    overlappedTokensPerSecond: (acceptance, draftTokens, draftSeconds, waitSeconds) =>
        Speculation.expectedTokens(acceptance, draftTokens)
        / LinkedSpeculation.overlappedRoundSeconds(acceptance, draftTokens, draftSeconds, waitSeconds),
  };

  const Energy = {
    tokenJoules: (bytes, joulesPerBit, multiplyAccumulates, joulesPerMultiplyAccumulate, idleWatts, seconds) =>
        8 * bytes * joulesPerBit + multiplyAccumulates * joulesPerMultiplyAccumulate + idleWatts * seconds,
  };

  const Footprint = {
    of: (shape, bits, kvBits, context, batch, device) => {
      const weightBytes = StoredFormat.bytes(bits, shape.parameters);
      const kvBytes = batch * (StoredFormat.bytes(kvBits, ModelShape.kvElements(shape, context)) + STATE_BYTES * shape.state);
      const capacityBytes = device.capacity - device.reserved;
      const fits = !(weightBytes + kvBytes > capacityBytes);
      const residentShare = fits ? 1 : Math.min(1, Math.max(0, (capacityBytes - kvBytes) / weightBytes));
      return {weightBytes, kvBytes, totalBytes: weightBytes + kvBytes, capacityBytes, fits, residentShare};
    },
  };

  const ReadingSpeed = {
    tokensPerSecond: (wordsPerMinute, tokensPerWord) => wordsPerMinute * tokensPerWord / 60,
  };

  return {
    StoredFormat, ExpertUnion, ModelShape, Step, Demand, RooflineModel, Crossover, Efficiency, Speculation, LinkedSpeculation, Energy,
    Footprint, ReadingSpeed,
  };
})();
