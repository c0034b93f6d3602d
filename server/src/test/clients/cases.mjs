// Runs named cases one after another and prints one JSON line for each: {"name", "ok", "error"}.

const [base, model] = process.argv.slice(2);

/** Where the server is, and the model that it has. */
export { base, model };

export const wake = 'Wake me at half past six';

/** The schema of the embedded model's alarm. */
export const alarm = {
  type: 'object',
  properties: { time: { type: 'string', description: 'hh:mm' } },
  required: ['time'],
  additionalProperties: false,
};

export async function run(cases) {
  for (const [name, body] of Object.entries(cases)) {
    let failure = null;
    try {
      await body();
    } catch (error) {
      failure = String(error?.stack ?? error);
    }
    console.log(JSON.stringify({ name, ok: failure === null, error: failure }));
  }
}

/** What a promise is rejected with. */
export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
}

/** Waits until the server works on nothing any more. */
export async function idle() {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { data } = await (await fetch(`${base}/v1/tasks`)).json();
    if (data.every((task) => task.state === 'done')) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server still works for a client that has gone');
}
