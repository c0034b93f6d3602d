/** HTTP: connections with deadlines, who may come in, routes, and answers in one piece or as a stream. */
package dev.ondine.server.http;
