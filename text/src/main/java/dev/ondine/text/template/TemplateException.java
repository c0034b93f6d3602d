package dev.ondine.text.template;

/** The refusal of a template: it does not parse, it fails while it renders, or it asks for more than its {@link Limits}. */
public final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST_PROBLEM = 2000;

    private final int line;
    private final String problem;
    private final boolean raised;

    TemplateException(int line, String problem, boolean raised) {
        super((line > 0 ? "template line " + line + ": " : "template: ") + shortened(problem));
        this.line = line;
        this.problem = shortened(problem);
        this.raised = raised;
    }

    /** The line of the template, from 1; 0 where the problem has none. */
    public int line() {
        return line;
    }

    /** What was found and what was expected; for {@link #isRaised()} the template's own words. */
    public String problem() {
        return problem;
    }

    /** Whether the template itself refused the conversation, by calling {@code raise_exception}. */
    public boolean isRaised() {
        return raised;
    }

    private static String shortened(String problem) {
        return problem.length() <= LONGEST_PROBLEM ? problem : problem.substring(0, LONGEST_PROBLEM) + "...";
    }
}
