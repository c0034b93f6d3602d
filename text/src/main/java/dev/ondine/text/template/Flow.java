package dev.ondine.text.template;

/** What happens after a statement: on to the next one, or a jump of the innermost loop. */
enum Flow { NEXT, BREAK, CONTINUE }
