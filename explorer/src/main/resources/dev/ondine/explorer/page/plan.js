'use strict';

// What the page shows of a scenario: {shape, device, efficiency, energy, bits, kvBits, context, prompt, batch, acceptance, draftTokens,
// draftCost, cloud, cloudEfficiency, cloudBits, roundTripSeconds, tokensPerWord}.
const plan = (() => {

  const {
    Crossover, Demand, Efficiency, Energy, Footprint, LinkedSpeculation, ModelShape, ReadingSpeed, RooflineModel, Speculation, Step,
  } = cost;

  // Most prompt tokens of a step.
  const CHUNK = 512;

  const stepTime = (s, model, bits, step) => RooflineModel.time(model, Demand.of(s.shape, bits, s.kvBits, step));

  // Weights that do not fit come from flash, over which nothing is hidden.
  const flashSeconds = (s, footprint, demand) => footprint.residentShare === 1 ? 0
      : demand.weightBytes * (1 - footprint.residentShare) / s.device.flashRead;

  function decode(s, model, batch, footprint) {
    const demand = Demand.of(s.shape, s.bits, s.kvBits, Step.decode(batch, s.context));
    const time = RooflineModel.time(model, demand);
    const seconds = time.seconds + flashSeconds(s, footprint, demand);
    const bound = Number.isNaN(seconds) ? 'unknown' : footprint.residentShare < 1 ? 'flash' : RooflineModel.bound(time);
    return {demand, seconds, bound, tokensPerSecond: 1 / seconds, bytesPerToken: demand.bytes / batch};
  }

  function prefillSeconds(s, model, bits, footprint) {
    let seconds = 0;
    for (let done = 0; done < s.prompt; done += CHUNK) {
      const chunk = Math.min(CHUNK, s.prompt - done);
      const demand = Demand.of(s.shape, bits, s.kvBits, Step.prefill(chunk, done, done + chunk === s.prompt));
      seconds += RooflineModel.time(model, demand).seconds + (footprint ? flashSeconds(s, footprint, demand) : 0);
    }
    return seconds;
  }

  // Tokens per second of a sequence if drafts of this length are checked on the device.
  function drafted(s, model, plain, footprint, draftTokens) {
    const check = Demand.of(s.shape, s.bits, s.kvBits, Step.verify(draftTokens, s.batch, s.context));
    const verifySeconds = RooflineModel.time(model, check).seconds + flashSeconds(s, footprint, check);
    return Speculation.tokensPerSecond(s.acceptance, draftTokens, s.draftCost * plain.seconds, verifySeconds);
  }

  // The same model in the cloud; the draft model stays here.
  function cloudRates(s, model) {
    const there = RooflineModel.of(s.cloud, s.cloudEfficiency);
    const draftSeconds = s.draftCost * stepTime(s, model, s.bits, Step.decode(s.batch, s.context)).seconds;
    const verifySeconds = stepTime(s, there, s.cloudBits, Step.verify(s.draftTokens, s.batch, s.context)).seconds;
    return {
      tokensPerSecond: 1 / stepTime(s, there, s.cloudBits, Step.decode(s.batch, s.context)).seconds,
      ttftSeconds: s.roundTripSeconds + prefillSeconds(s, there, s.cloudBits, null),
      togetherAt: roundTrip =>
          LinkedSpeculation.tokensPerSecond(s.acceptance, s.draftTokens, draftSeconds, roundTrip + verifySeconds),
      overlappedAt: roundTrip =>
          LinkedSpeculation.overlappedTokensPerSecond(s.acceptance, s.draftTokens, draftSeconds, roundTrip + verifySeconds),
      passesPerToken: 1 / Speculation.expectedTokens(s.acceptance, s.draftTokens),
    };
  }

  function evaluate(s) {
    const model = RooflineModel.of(s.device, s.efficiency);
    const footprint = Footprint.of(s.shape, s.bits, s.kvBits, s.context, s.batch, s.device);
    const plain = decode(s, model, s.batch, footprint);
    const ttftSeconds = prefillSeconds(s, model, s.bits, footprint);
    const cloud = cloudRates(s, model);
    return {
      ...footprint,
      tokensPerSecond: plain.tokensPerSecond,
      totalTokensPerSecond: plain.tokensPerSecond * s.batch,
      bytesPerToken: plain.bytesPerToken,
      bound: plain.bound,
      ttftSeconds,
      prefillTokensPerSecond: s.prompt / ttftSeconds,
      joulesPerToken: Energy.tokenJoules(plain.demand.bytes, s.energy.joulesPerBit, plain.demand.multiplyAccumulates,
          s.energy.joulesPerMac, s.energy.idleWatts, plain.seconds) / s.batch,
      crossover: Crossover.of(model, s.bits),
      expectedTokens: Speculation.expectedTokens(s.acceptance, s.draftTokens),
      speculationSpeedUp: Speculation.speedUp(s.acceptance, s.draftTokens, s.draftCost),
      draftedTokensPerSecond: drafted(s, model, plain, footprint, s.draftTokens),
      cloudTokensPerSecond: cloud.tokensPerSecond,
      cloudTtftSeconds: cloud.ttftSeconds,
      togetherTokensPerSecond: cloud.togetherAt(s.roundTripSeconds),
      overlappedTokensPerSecond: cloud.overlappedAt(s.roundTripSeconds),
      cloudPassesPerToken: cloud.passesPerToken,
      silentReading: ReadingSpeed.tokensPerSecond(238, s.tokensPerWord),
      normalReading: ReadingSpeed.tokensPerSecond(250, s.tokensPerWord),
      skimming: ReadingSpeed.tokensPerSecond(1000, s.tokensPerWord),
    };
  }

  // The largest batch whose caches fit beside the weights; NaN where the capacity is unknown.
  function largestBatch(results, batch) {
    return Math.floor((results.capacityBytes - results.weightBytes) * batch / results.kvBytes);
  }

  // Dense models of any size, weights alone, one sequence.
  function sizeLine(s, bits, sizes) {
    const model = RooflineModel.of(s.device, s.efficiency);
    return sizes.map(parameters => {
      const shape = ModelShape.ofParameters(parameters, 0);
      return [parameters, 1 / RooflineModel.time(model, Demand.of(shape, bits, s.kvBits, Step.decode(1, 0))).seconds];
    });
  }

  // A model of the catalogue in the same use; its speed is that of a device that holds it.
  function peer(s, shape) {
    const model = RooflineModel.of(s.device, s.efficiency);
    const time = RooflineModel.time(model, Demand.of(shape, s.bits, s.kvBits, Step.decode(s.batch, s.context)));
    const {fits} = Footprint.of(shape, s.bits, s.kvBits, s.context, s.batch, s.device);
    return {parameters: shape.parameters, tokensPerSecond: 1 / time.seconds, fits};
  }

  function batchCurve(s, batches) {
    const model = RooflineModel.of(s.device, s.efficiency);
    return batches.map(batch => {
      const footprint = Footprint.of(s.shape, s.bits, s.kvBits, s.context, batch, s.device);
      return [batch, decode(s, model, batch, footprint).tokensPerSecond];
    });
  }

  function memoryCurve(s, contexts) {
    return contexts.map(context => [context, Footprint.of(s.shape, s.bits, s.kvBits, context, s.batch, s.device)]);
  }

  function speculationCurve(s, results, lengths) {
    const model = RooflineModel.of(s.device, s.efficiency);
    const plain = decode(s, model, s.batch, results);
    return lengths.map(length => ({
      length,
      ideal: Speculation.speedUp(s.acceptance, length, s.draftCost),
      here: drafted(s, model, plain, results, length) * plain.seconds,
    }));
  }

  function linkCurve(s, roundTrips) {
    const cloud = cloudRates(s, RooflineModel.of(s.device, s.efficiency));
    return roundTrips.map(roundTrip => ({roundTrip, together: cloud.togetherAt(roundTrip), overlapped: cloud.overlappedAt(roundTrip)}));
  }

  const typical = (device, shape) => ({
    memory: Number.isNaN(device.memoryEfficiency) ? Efficiency.typicalMemory(shape) : device.memoryEfficiency,
    compute: Number.isNaN(device.computeEfficiency) ? Efficiency.typicalCompute : device.computeEfficiency,
  });

  return {
    evaluate, largestBatch, sizeLine, peer, batchCurve, memoryCurve, speculationCurve, linkCurve, typical,
  };
})();
