using System.CommandLine;
using Spectre.Console;

namespace Examples;

/// <summary>An example as the command line knows it.</summary>
/// <param name="Name">The name of its command.</param>
/// <param name="Description">What it shows, in a sentence.</param>
/// <param name="Configure">Adds options and action to a command; the consoles are those of output and errors.</param>
internal sealed record ExampleEntry(string Name, string Description, Action<Command, IAnsiConsole, IAnsiConsole> Configure);
