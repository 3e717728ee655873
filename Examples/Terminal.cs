using Spectre.Console;

namespace Examples;

/// <summary>Where text goes: with colours and moving bars to a terminal, as plain text to all else.</summary>
internal static class Terminal
{
    /// <summary>Wider than any line, so that none is broken on its way to a file.</summary>
    private const int Endless = 1000;

    /// <summary>A console that writes to <paramref name="writer"/>.</summary>
    public static IAnsiConsole On(TextWriter writer)
    {
        AnsiConsoleOutput output = new(writer);
        if (output.IsTerminal)
        {
            return AnsiConsole.Create(new AnsiConsoleSettings { Out = output });
        }
        // told, not detected: some build services are taken for terminals
        IAnsiConsole plain = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = output,
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        plain.Profile.Width = Endless;
        return plain;
    }
}
