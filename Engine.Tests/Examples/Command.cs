using System.Diagnostics;
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

    /// <summary>Runs with these arguments in a process of its own, with one more environment variable.</summary>
    public static Command Start((string Name, string Value) variable, params string[] arguments)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(dotnet, [typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[variable.Name] = variable.Value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Command(process.ExitCode, output, error.Result);
    }

    /// <summary>The output without what the clock wrote: the last column of the table.</summary>
    public string Timeless => string.Join('\n', Output.Split('\n')
        .Select(line => line.StartsWith('|') ? line[..line.TrimEnd('\r', '|').LastIndexOf('|')] : line));
}
