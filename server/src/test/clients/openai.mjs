// The official client of OpenAI: chat, completions, embeddings, models.

import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { alarm, base, idle, model, rejection, run, wake } from './cases.mjs';

const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none', maxRetries: 0 });
const messages = [{ role: 'user', content: wake }];
const tools = [{ type: 'function', function: { name: 'set_alarm', description: 'Sets an alarm', parameters: alarm, strict: true } }];
const story = [{ role: 'user', content: 'Tell me a story.' }];

await run({
  async 'lists and finds models'() {
    const found = [];
    for await (const each of client.models.list()) {
      found.push(each.id);
    }
    assert.ok(found.includes(model));
    assert.equal((await client.models.retrieve(model)).id, model);
  },

  async 'answers a chat'() {
    const answer = await client.chat.completions.create({ model, messages: story, max_completion_tokens: 12, temperature: 0 });
    assert.equal(answer.object, 'chat.completion');
    assert.equal(answer.choices[0].message.role, 'assistant');
    assert.equal(answer.choices[0].finish_reason, 'length');
    assert.ok(answer.choices[0].message.content.length > 10);
    assert.equal(answer.usage.completion_tokens, 12);
    assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + 12);
  },

  async 'streams what it answers'() {
    const whole = await client.chat.completions.create({ model, messages: story, max_completion_tokens: 12, temperature: 0 });
    const stream = await client.chat.completions.create({
      model, messages: story, max_completion_tokens: 12, temperature: 0, stream: true, stream_options: { include_usage: true },
    });
    let text = '';
    let usage = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? '';
      usage = chunk.usage ?? usage;
    }
    assert.equal(text, whole.choices[0].message.content);
    assert.deepEqual(usage.completion_tokens, 12);
  },

  async 'the helper puts a stream together'() {
    const runner = client.chat.completions.stream({ model, messages: story, max_completion_tokens: 12, temperature: 0 });
    const whole = await client.chat.completions.create({ model, messages: story, max_completion_tokens: 12, temperature: 0 });
    const final = await runner.finalChatCompletion();
    assert.equal(final.choices[0].message.content, whole.choices[0].message.content);
    assert.equal(final.choices[0].finish_reason, 'length');
  },

  async 'calls a tool'() {
    const answer = await client.chat.completions.create({ model, messages, tools, temperature: 0 });
    const [call] = answer.choices[0].message.tool_calls;
    assert.equal(answer.choices[0].finish_reason, 'tool_calls');
    assert.equal(call.function.name, 'set_alarm');
    assert.deepEqual(JSON.parse(call.function.arguments), { time: '18:30' });
  },

  async 'streams a call'() {
    const final = await client.chat.completions.stream({ model, messages, tools, temperature: 0 }).finalChatCompletion();
    const [call] = final.choices[0].message.tool_calls;
    assert.equal(call.function.name, 'set_alarm');
    assert.deepEqual(JSON.parse(call.function.arguments), { time: '18:30' });
    assert.equal(final.choices[0].finish_reason, 'tool_calls');
  },

  async 'the helper runs a tool and comes back'() {
    const asked = [];
    const runner = client.chat.completions.runTools({
      model, messages, temperature: 0, max_completion_tokens: 60,
      tools: [{
        type: 'function',
        function: { name: 'set_alarm', description: 'Sets an alarm', parameters: alarm, parse: JSON.parse,
          function: (found) => { asked.push(found); return 'done'; } },
      }],
    }, { maxChatCompletions: 2 });
    await runner.done();
    assert.deepEqual(asked[0], { time: '18:30' });
    assert.ok(runner.messages.some((message) => message.role === 'tool' && message.content === 'done'));
  },

  async 'answers in the form of a schema'() {
    const schema = { type: 'object', properties: { mood: { enum: ['glad', 'sad'] }, count: { type: 'integer' } },
      required: ['mood', 'count'], additionalProperties: false };
    const answer = await client.chat.completions.parse({
      model, messages: story, temperature: 0, max_completion_tokens: 100,
      response_format: { type: 'json_schema', json_schema: { name: 'mood', schema, strict: true } },
    });
    const value = JSON.parse(answer.choices[0].message.content);
    assert.ok(['glad', 'sad'].includes(value.mood));
    assert.ok(Number.isInteger(value.count));
  },

  async 'tells log probabilities'() {
    const answer = await client.chat.completions.create({
      model, messages: story, temperature: 0, max_completion_tokens: 3, logprobs: true, top_logprobs: 2,
    });
    const scores = answer.choices[0].logprobs.content;
    assert.equal(scores.length, 3);
    assert.equal(scores[0].top_logprobs.length, 2);
    assert.equal(scores[0].token, scores[0].top_logprobs[0].token);
    assert.ok(scores[0].logprob <= 0);
  },

  async 'completes a text'() {
    const answer = await client.completions.create({ model, prompt: 'Once upon', max_tokens: 8, temperature: 0, echo: true, logprobs: 1 });
    assert.ok(answer.choices[0].text.startsWith('Once upon'));
    assert.equal(answer.choices[0].logprobs.token_logprobs[0], null);
    assert.equal(answer.usage.completion_tokens, 8);
  },

  async 'embeds texts'() {
    const plain = await client.embeddings.create({ model, input: ['a cat', 'a dog'], encoding_format: 'float' });
    const packed = await client.embeddings.create({ model, input: ['a cat', 'a dog'] });
    assert.equal(plain.data.length, 2);
    assert.equal(plain.data[1].index, 1);
    assert.ok(Math.abs(Math.hypot(...plain.data[0].embedding) - 1) < 1e-3);
    assert.deepEqual(packed.data[0].embedding.map(Math.fround), plain.data[0].embedding.map(Math.fround));
  },

  async 'reports errors by their classes'() {
    assert.ok(await rejection(client.chat.completions.create({ model: 'nobody', messages })) instanceof OpenAI.NotFoundError);
    const wrong = await rejection(client.chat.completions.create({ model, messages, temperature: -1 }));
    assert.ok(wrong instanceof OpenAI.BadRequestError);
    assert.equal(wrong.param, 'temperature');
    assert.equal(wrong.type, 'invalid_request_error');
    assert.ok(await rejection(client.models.retrieve('../../etc/passwd')) instanceof OpenAI.NotFoundError);
  },

  async 'stops when the client does'() {
    const stream = await client.chat.completions.create({
      model, messages: story, max_completion_tokens: 400, temperature: 1, seed: 1, stream: true });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta?.content) {
        stream.controller.abort();
      }
    }
    await idle();
  },
});
