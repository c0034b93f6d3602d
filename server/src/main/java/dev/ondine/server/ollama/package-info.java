/** The API of Ollama. */
package dev.ondine.server.ollama;
