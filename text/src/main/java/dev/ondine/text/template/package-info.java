/** Chat templates: an interpreter of the Jinja language for templates that are not trusted, and prompts made with it. */
package dev.ondine.text.template;
