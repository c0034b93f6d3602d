import {events} from './events.js';

// The server this page came from.

const KEY = 'ondine.key';

/** What the server refused, in its own words. */
export class Refusal extends Error {

  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export class Server {

  #askForKey;
  #asking = null;

  /** @param askForKey gives a promise of a key, or of null if the user has none; told whether one was refused */
  constructor(askForKey) {
    this.#askForKey = askForKey;
  }

  /** The JSON that answers a request. A body makes it a POST. */
  async json(path, body) {
    const response = await this.#fetch(path, body, undefined);
    return response.json();
  }

  /** The field that says whose a task is. A key may speak for an app of its own, so with a key it is left out. */
  owner(app) {
    return sessionStorage.getItem(KEY) === null ? {app} : {};
  }

  post(path) {
    return this.json(path, null);
  }

  /** The events that answer a request, as {name, data}. */
  async* events(path, body, signal) {
    yield* events(await this.#fetch(path, body, signal));
  }

  async #fetch(path, body, signal) {
    for (;;) {
      const key = sessionStorage.getItem(KEY);
      const response = await fetch(path, this.#request(body, key, signal));
      if (response.ok) {
        return response;
      }
      if (response.status !== 401 || !await this.#anotherKey(key)) {
        throw await refusal(response);
      }
    }
  }

  #request(body, key, signal) {
    const headers = key === null ? {} : {Authorization: `Bearer ${key}`};
    if (body === undefined) {
      return {headers, signal, cache: 'no-store'};
    }
    const text = body === null ? undefined : JSON.stringify(body);
    return {method: 'POST', headers: {...headers, 'Content-Type': 'application/json'}, body: text, signal};
  }

  /** Whether there is another key to try than this one. Requests that are refused at once ask the user once. */
  async #anotherKey(refused) {
    if (sessionStorage.getItem(KEY) !== refused) {
      return true;
    }
    this.#asking ??= this.#askForKey(refused !== null).finally(() => {
      this.#asking = null;
    });
    const key = await this.#asking;
    if (key !== null) {
      sessionStorage.setItem(KEY, key);
    }
    return key !== null;
  }
}

async function refusal(response) {
  const text = await response.text();
  try {
    const {error} = JSON.parse(text);
    return new Refusal(response.status, error.message ?? String(error));
  } catch {
    return new Refusal(response.status, text.slice(0, 300) || `the server answered ${response.status}`);
  }
}
