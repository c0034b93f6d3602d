/** What a request is refused with, in the words of each API. */
package dev.ondine.server.failure;
