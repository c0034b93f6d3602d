/** JSON from untrusted clients: read within limits, its fields by type and path. */
package dev.ondine.server.json;
