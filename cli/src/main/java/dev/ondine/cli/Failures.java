package dev.ondine.cli;

import dev.ondine.api.TaskFailedException;
import dev.ondine.files.ModelFileException;
import dev.ondine.kernels.machine.CodeMemoryException;
import dev.ondine.models.CapacityException;
import dev.ondine.os.RefusedException;
import dev.ondine.text.template.TemplateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says in one line of standard error why a command could not do its work. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final Console console;

    Failures(Console console) {
        this.console = console;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        return wrongUse(failure.getCommandLine().getCommandName(), failure.getMessage());
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        if (failure instanceof ParameterException wrongUse) {
            return handleParseException(wrongUse, new String[0]);
        }
        return fail(failure, parsed.hasMatchedOption("--stacktrace"));
    }

    int wrongUse(String command, String problem) {
        say(command + ": " + problem + "; see " + command + " --help");
        return ExitCode.WRONG_USE;
    }

    int fail(Throwable failure, boolean stacktrace) {
        if (stacktrace) {
            failure.printStackTrace(console.err());
        }
        say("ondine: " + describe(failure));
        return ExitCode.FAILED;
    }

    /** Not all that was to be printed could be. */
    int incomplete(String reason) {
        say("ondine: standard output cannot be written (" + reason + "); what it holds is not complete");
        return ExitCode.FAILED;
    }

    /** One sentence for the user; what nobody foresaw names its type and how to see more. */
    static String describe(Throwable failure) {
        return switch (failure) {
            case ModelFileException e -> e.getMessage();
            case CapacityException e -> e.getMessage() + " (-c)";
            case RefusedException e -> e.getMessage();
            case TaskFailedException e -> e.getMessage();
            case CodeMemoryException e -> e.getMessage();
            case TemplateException e when e.isRaised() -> "the chat template refuses these messages: " + e.problem();
            case TemplateException e -> "the chat template fails: " + e.getMessage();
            case IllegalArgumentException e -> e.getMessage();
            case OutOfMemoryError e -> "out of memory (" + e.getMessage() + "); a shorter context (-c) or a smaller model needs less";
            case UncheckedIOException e -> describe(e.getCause());
            case NoSuchFileException e -> e.getFile() + ": there is no such file; check the path";
            case AccessDeniedException e -> e.getFile() + ": access denied; check its permissions";
            case FileSystemException e -> e.getMessage();
            case IOException e -> "cannot read or write: " + e.getMessage();
            default -> failure + " (a bug of Ondine's; --stacktrace shows where)";
        };
    }

    private void say(String message) {
        console.flush();
        console.say(Display.harmless(String.join(" ", message.split("\\R+"))));
    }
}
