using Examples;

namespace Engine.Tests.Examples;

/// <summary>A run of the examples program inside the test's process.</summary>
internal sealed record Command(int ExitCode, string Output, string Error)
{
    /// <summary>Runs with these arguments.</summary>
    public static Command Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int exitCode = Program.Run(arguments, output, error);
        return new Command(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The output without what the clock wrote: the last column of the table.</summary>
    public string Timeless => string.Join('\n', Output.Split('\n').Select(line => line.StartsWith('|') ? line[..line.TrimEnd('\r', '|').LastIndexOf('|')] : line));
}
