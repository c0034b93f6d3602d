/** What can be seen and done about tasks from outside: lists, steps as they run, statistics, metrics, health. */
package dev.ondine.server.monitor;
