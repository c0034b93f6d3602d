// The official client of OpenAI: the Responses API.

import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { alarm, base, idle, model, rejection, run, wake } from './cases.mjs';

const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none', maxRetries: 0 });
const tools = [{ type: 'function', name: 'set_alarm', description: 'Sets an alarm', parameters: alarm, strict: true }];
const story = { model, input: 'Tell me a story.', max_output_tokens: 16, temperature: 0 };

await run({
  async 'answers'() {
    const response = await client.responses.create(story);
    assert.equal(response.object, 'response');
    assert.equal(response.status, 'incomplete');
    assert.equal(response.incomplete_details.reason, 'max_output_tokens');
    assert.ok(response.output_text.length > 10);
    assert.equal(response.usage.output_tokens, 16);
    assert.equal(response.usage.total_tokens, response.usage.input_tokens + 16);
  },

  async 'takes items and instructions'() {
    const response = await client.responses.create({
      model, temperature: 0, instructions: 'Be brief.', max_output_tokens: 16,
      input: [
        { role: 'developer', content: 'Answer in English.' },
        { role: 'user', content: [{ type: 'input_text', text: 'Tell me a story.' }] },
      ],
    });
    assert.equal(response.output[0].type, 'message');
    assert.equal(response.instructions, 'Be brief.');
  },

  async 'streams events in order'() {
    const whole = await client.responses.create(story);
    const kinds = [];
    let text = '';
    let number = 0;
    let last;
    for await (const event of await client.responses.create({ ...story, stream: true })) {
      assert.equal(event.sequence_number, number++);
      if (kinds.at(-1) !== event.type) {
        kinds.push(event.type);
      }
      text += event.type === 'response.output_text.delta' ? event.delta : '';
      last = event;
    }
    assert.deepEqual(kinds, ['response.created', 'response.in_progress', 'response.output_item.added', 'response.content_part.added',
      'response.output_text.delta', 'response.output_text.done', 'response.content_part.done', 'response.output_item.done',
      'response.incomplete']);
    assert.equal(text, whole.output_text);
    assert.equal(last.response.output[0].content[0].text, text);
  },

  async 'the helper puts a stream together'() {
    const final = await client.responses.stream({ ...story, max_output_tokens: 200, input: wake }).finalResponse();
    assert.equal(final.status, 'completed');
    assert.ok(final.output_text.includes('set_alarm'));
  },

  async 'calls a tool, and takes what came of it'() {
    const first = await client.responses.create({ model, input: wake, tools, temperature: 0 });
    const [call] = first.output.filter((item) => item.type === 'function_call');
    assert.equal(call.name, 'set_alarm');
    assert.deepEqual(JSON.parse(call.arguments), { time: '18:30' });
    const second = await client.responses.create({
      model, tools, temperature: 0, max_output_tokens: 40, previous_response_id: first.id,
      input: [{ type: 'function_call_output', call_id: call.call_id, output: 'done' }],
    });
    assert.equal(second.previous_response_id, first.id);
    assert.ok(second.usage.input_tokens > first.usage.input_tokens);
  },

  async 'streams a call'() {
    const kinds = new Set();
    const stream = client.responses.stream({ model, input: wake, tools, temperature: 0 });
    stream.on('event', (event) => kinds.add(event.type));
    const final = await stream.finalResponse();
    assert.equal(final.output[0].type, 'function_call');
    assert.deepEqual(final.output[0].parsed_arguments, { time: '18:30' });
    assert.ok(kinds.has('response.function_call_arguments.delta'));
    assert.ok(kinds.has('response.function_call_arguments.done'));
    assert.ok(kinds.has('response.completed'));
  },

  async 'answers in the form of a schema'() {
    const schema = { type: 'object', properties: { mood: { enum: ['glad', 'sad'] } }, required: ['mood'], additionalProperties: false };
    const response = await client.responses.parse({
      ...story, max_output_tokens: 60, text: { format: { type: 'json_schema', name: 'mood', schema, strict: true } },
    });
    assert.ok(['glad', 'sad'].includes(response.output_parsed.mood));
  },

  async 'keeps responses, lists their input, forgets them'() {
    const made = await client.responses.create(story);
    assert.equal((await client.responses.retrieve(made.id)).output_text, made.output_text);
    const items = [];
    for await (const item of client.responses.inputItems.list(made.id)) {
      items.push(item);
    }
    assert.equal(items.length, 1);
    assert.equal(items[0].role, 'user');
    await client.responses.delete(made.id);
    assert.ok(await rejection(client.responses.retrieve(made.id)) instanceof OpenAI.NotFoundError);
  },

  async 'does not keep what is not to be kept'() {
    const made = await client.responses.create({ ...story, store: false });
    assert.ok(await rejection(client.responses.retrieve(made.id)) instanceof OpenAI.NotFoundError);
    assert.ok(await rejection(client.responses.create({ ...story, previous_response_id: made.id })) instanceof OpenAI.APIError);
  },

  async 'works in the background until it is cancelled'() {
    const begun = await client.responses.create({ ...story, max_output_tokens: 400, temperature: 1, background: true });
    assert.ok(['queued', 'in_progress'].includes(begun.status));
    const ended = await client.responses.cancel(begun.id);
    assert.ok(['cancelled', 'completed', 'incomplete'].includes(ended.status));
    await idle();
  },

  async 'reports errors by their classes'() {
    assert.ok(await rejection(client.responses.create({ ...story, model: 'nobody' })) instanceof OpenAI.NotFoundError);
    const wrong = await rejection(client.responses.create({ ...story, tools: [{ type: 'web_search' }] }));
    assert.ok(wrong instanceof OpenAI.BadRequestError);
    assert.equal(wrong.param, 'tools[0].type');
  },

  async 'stops when the client does'() {
    const stream = await client.responses.create({ ...story, max_output_tokens: 400, temperature: 1, stream: true });
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') {
        stream.controller.abort();
      }
    }
    await idle();
  },
});
