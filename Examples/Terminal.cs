using Spectre.Console;

namespace Examples;

/// <summary>Consoles: colors and progress bars for a terminal, plain text for everything else.</summary>
internal static class Terminal
{
    /// <summary>Wider than any line, so that none is wrapped on its way to a file.</summary>
    private const int UnwrappedWidth = 1000;

    /// <summary>Creates a console that writes to <paramref name="writer"/>.</summary>
    public static IAnsiConsole On(TextWriter writer)
    {
        AnsiConsoleOutput output = new(writer);
        if (output.IsTerminal)
        {
            return AnsiConsole.Create(new AnsiConsoleSettings { Out = output });
        }
        // set explicitly: detection takes some build services for terminals
        IAnsiConsole plain = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = output,
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        plain.Profile.Width = UnwrappedWidth;
        return plain;
    }
}
