/** From requests to tasks: the parameters that all APIs share, and what is told when a task is refused. */
package dev.ondine.server.task;
